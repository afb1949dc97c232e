"""We cannot settle it: said in writing, with our position."""

from amends.core.letters.cannot_resolve.examples import examples
from amends.core.letters.cannot_resolve.parameters import PARAMETERS
from amends.core.letters.cannot_resolve.words import KEEPS, cannot_resolve
from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import REPLY

LETTER = LetterKind(
    id="cannot-resolve",
    title="We cannot settle it",
    says="We say in writing that we cannot settle the complaint.",
    lane=REPLY,
    promises=KEEPS,
    parameters=PARAMETERS,
    writer=cannot_resolve,
    examples=examples,
)
