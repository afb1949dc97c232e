"""What this letter needs of the case: that the request is turned down."""

from amends.core.data_answers import REFUSED
from amends.core.letters.parameters import ALWAYS, Parameter

DATA_REFUSAL = Parameter(
    "data refusal",
    lambda m: m.case.data_answer is not None and m.case.data_answer.answer == REFUSED,
    "the request is not turned down",
)

PARAMETERS = (*ALWAYS, DATA_REFUSAL)
