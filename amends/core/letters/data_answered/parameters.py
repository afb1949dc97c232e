"""What this letter needs of the case: that the request is answered."""

from amends.core.letters.parameters import ALWAYS, Parameter

DATA_ANSWER = Parameter(
    "data answer", lambda m: m.case.data_answer is not None, "the request is not answered"
)

PARAMETERS = (*ALWAYS, DATA_ANSWER)
