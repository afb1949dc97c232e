"""The question once more: its day has passed and nothing has come, so the desk asks again by itself."""

from amends.core.kinds import QUESTION_AGAIN
from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import REPLY
from amends.core.letters.question_again.examples import examples
from amends.core.letters.question_again.parameters import PARAMETERS
from amends.core.letters.question_again.words import question_again

LETTER = LetterKind(
    id=QUESTION_AGAIN,
    title="The question once more",
    says="The day for an answer has passed and none has come: we ask again.",
    lane=REPLY,
    automatic=True,
    parameters=PARAMETERS,
    writer=question_again,
    examples=examples,
)
