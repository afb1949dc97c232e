"""The case file for a scheme: built from the facts of a case, as one PDF, and as a zip with every document."""
