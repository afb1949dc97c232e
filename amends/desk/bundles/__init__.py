"""A copy of personal data: what is held of one person brought together, each mark decided, handed out as a zip."""
