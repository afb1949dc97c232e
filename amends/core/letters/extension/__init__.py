"""The extension: a promise of ours that needs longer, and its new time."""

from amends.core.letters.extension.examples import examples
from amends.core.letters.extension.parameters import PARAMETERS
from amends.core.letters.extension.words import extension
from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import REPLY

LETTER = LetterKind(
    id="extension",
    title="We need longer",
    says="A promise of ours that needs longer, and its new time.",
    lane=REPLY,
    parameters=PARAMETERS,
    writer=extension,
    examples=examples,
)
