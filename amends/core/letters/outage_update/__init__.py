"""The update on an outage: how it stands, written once for all its customers."""

from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import BULK
from amends.core.letters.outage_update.examples import examples
from amends.core.letters.outage_update.parameters import PARAMETERS
from amends.core.letters.outage_update.words import KEEPS, outage_update

LETTER = LetterKind(
    id="outage-update",
    title="Outage: how it stands",
    says="How an outage stands, written once for all its customers.",
    lane=BULK,
    promises=KEEPS,
    parameters=PARAMETERS,
    writer=outage_update,
    examples=examples,
)
