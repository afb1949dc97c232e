"""Sentences that several letters share, each written once: the greeting, the dates, what we proposed, the schemes."""
