"""The update: how the complaint stands."""

from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import REPLY
from amends.core.letters.sentences.papers import encloses_papers
from amends.core.letters.update.examples import examples
from amends.core.letters.update.parameters import PARAMETERS
from amends.core.letters.update.words import KEEPS, update

LETTER = LetterKind(
    id="update",
    title="Update",
    says="How the complaint stands.",
    lane=REPLY,
    promises=KEEPS,
    parameters=PARAMETERS,
    writer=update,
    examples=examples,
    encloses=encloses_papers,
)
