"""The end of an outage, written once for all its customers."""

from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import BULK
from amends.core.letters.outage_end.examples import examples
from amends.core.letters.outage_end.parameters import PARAMETERS
from amends.core.letters.outage_end.words import KEEPS, outage_end

LETTER = LetterKind(
    id="outage-end",
    title="Outage: it is over",
    says="That an outage is over, written once for all its customers.",
    lane=BULK,
    promises=KEEPS,
    parameters=PARAMETERS,
    writer=outage_end,
    examples=examples,
)
