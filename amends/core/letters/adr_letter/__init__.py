"""The ADR letter: the right to go to an independent scheme, at deadlock and at the time limit."""

from amends.core.letters.adr_letter.examples import examples
from amends.core.letters.adr_letter.parameters import PARAMETERS
from amends.core.letters.adr_letter.words import KEEPS, OPTIONAL, adr_letter
from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import LAW

LETTER = LetterKind(
    id="adr-letter",
    title="ADR letter",
    says="The right to go to an independent scheme, free of charge: which, how and by when.",
    lane=LAW,
    automatic=True,
    promises=KEEPS,
    parameters=PARAMETERS,
    writer=adr_letter,
    examples=examples,
    optional=OPTIONAL,
)
