"""The introduction: who looks after the complaint, and how to reach them."""

from amends.core.letters.introduction.examples import examples
from amends.core.letters.introduction.parameters import PARAMETERS
from amends.core.letters.introduction.words import KEEPS, OPTIONAL, introduction, recorded
from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import REPLY

LETTER = LetterKind(
    id="introduction",
    title="Introduction",
    says="Who looks after the complaint, and how to reach them.",
    lane=REPLY,
    promises=KEEPS,
    parameters=PARAMETERS,
    writer=introduction,
    examples=examples,
    optional=OPTIONAL,
    recorded=recorded,
)
