"""Open again: the case is open again and has lost no date."""

from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import REPLY
from amends.core.letters.reopened.examples import examples
from amends.core.letters.reopened.parameters import PARAMETERS
from amends.core.letters.reopened.words import KEEPS, reopened

LETTER = LetterKind(
    id="reopened",
    title="Open again",
    says="The case is open again and has lost no date.",
    lane=REPLY,
    promises=KEEPS,
    parameters=PARAMETERS,
    writer=reopened,
    examples=examples,
)
