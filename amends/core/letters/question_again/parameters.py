"""What asking once more needs of the case: a question whose day has passed without a word from the customer."""

from amends.core.letters.parameters import ALWAYS, Parameter

OPEN_QUESTION = Parameter(
    "question",
    lambda m: bool(m.case.questions_to_chase(m.now)),
    "the customer owes us no answer whose day has passed",
)

PARAMETERS = (*ALWAYS, OPEN_QUESTION)
