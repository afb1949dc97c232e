"""Closed: on which evidence, and how to open the case again."""

from amends.core.letters.closed.examples import examples
from amends.core.letters.closed.parameters import PARAMETERS
from amends.core.letters.closed.words import closed
from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import REPLY

LETTER = LetterKind(
    id="closed",
    title="Closed",
    says="The case is closed, on which evidence, and how to open it again.",
    lane=REPLY,
    parameters=PARAMETERS,
    writer=closed,
    examples=examples,
)
