"""What the letter with a copy of the code needs of the case: a code, and somebody who asked for it."""

from amends.core.letters.parameters import REFERENCE, Parameter

CODE = Parameter("code", lambda m: m.book.code is not None, "no code is in force: adopt it first")
COPY = Parameter("copy", lambda m: m.case.copy_waiting is not None, "nobody waits for a copy of the code")

PARAMETERS = (REFERENCE, CODE, COPY)
