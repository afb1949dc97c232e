"""What the letter at the end needs of the case: that it is closed."""

from amends.core.letters.parameters import ALWAYS, Parameter

CLOSING = Parameter("closing", lambda m: m.case.closed is not None, "the case is not closed")

PARAMETERS = (*ALWAYS, CLOSING)
