"""The portal of a provider: for customers, without an account, in plain words, one page at a time."""
