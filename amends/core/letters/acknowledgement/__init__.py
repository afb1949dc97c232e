"""The acknowledgement: we have it, this is its reference, and this happens next."""

from amends.core.letters.acknowledgement.examples import examples
from amends.core.letters.acknowledgement.parameters import PARAMETERS
from amends.core.letters.acknowledgement.words import KEEPS, OPTIONAL, acknowledgement
from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import ACKNOWLEDGEMENT

LETTER = LetterKind(
    id="acknowledgement",
    title="Acknowledgement",
    says="We have your complaint; this is its reference and what happens next.",
    lane=ACKNOWLEDGEMENT,
    automatic=True,
    promises=KEEPS,
    parameters=PARAMETERS,
    writer=acknowledgement,
    examples=examples,
    optional=OPTIONAL,
)
