"""Your request is done: what was done about personal data, and what was not and why."""

from amends.core.letters.data_answered.examples import examples
from amends.core.letters.data_answered.parameters import PARAMETERS
from amends.core.letters.data_answered.words import KEEPS, answered
from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import REPLY

LETTER = LetterKind(
    id="data-answered",
    title="Your request is done",
    says="What was done about personal data, and what was not and why.",
    lane=REPLY,
    promises=KEEPS,
    parameters=PARAMETERS,
    writer=answered,
    examples=examples,
)
