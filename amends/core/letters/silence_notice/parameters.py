"""What a silence notice needs of the case: a code that has a clause for silence."""

from amends.core.letters.parameters import ALWAYS, Parameter

SILENCE_CLAUSE = Parameter(
    "silence clause",
    lambda m: bool(m.book.code and m.book.code.closing and m.book.code.closing.silence),
    "the code has no clause for silence, and silence alone never closes a complaint (A-consent)",
)

PARAMETERS = (*ALWAYS, SILENCE_CLAUSE)
