"""What this letter needs of the case: that its month was made longer."""

from amends.core.letters.parameters import ALWAYS, Parameter

DATA_EXTENSION = Parameter(
    "data extension", lambda m: m.case.data_extended is not None, "its month was not made longer"
)

PARAMETERS = (*ALWAYS, DATA_EXTENSION)
