"""How long words are kept: a period that the provider chooses, an announcement, holds, erasing, and what a restore undid."""
