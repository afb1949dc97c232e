"""What the letter about an extension needs of the case: a promise with a later time."""

from amends.core.letters.parameters import ALWAYS, Parameter

EXTENSION = Parameter("extension", lambda m: bool(m.case.extensions), "no promise was given a later time")

PARAMETERS = (*ALWAYS, EXTENSION)
