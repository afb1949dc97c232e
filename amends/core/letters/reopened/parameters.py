"""What the letter about a reopened case needs of it: that it is open again."""

from amends.core.letters.parameters import ALWAYS, Parameter

REOPENING = Parameter(
    "reopening",
    lambda m: m.case.reopened is not None and m.case.closed is None,
    "the case was not reopened",
)

PARAMETERS = (*ALWAYS, REOPENING)
