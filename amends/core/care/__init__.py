"""Kinds of case besides complaints: what each asks for, its steps, and which keeps what the code promises."""
