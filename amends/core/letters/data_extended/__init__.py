"""Your request needs longer: a request about personal data needs longer than a month, and why."""

from amends.core.letters.data_extended.examples import examples
from amends.core.letters.data_extended.parameters import PARAMETERS
from amends.core.letters.data_extended.words import extended
from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import REPLY

LETTER = LetterKind(
    id="data-extended",
    title="Your request needs longer",
    says="A request about personal data needs longer than a month, and why.",
    lane=REPLY,
    promises=(),
    parameters=PARAMETERS,
    writer=extended,
    examples=examples,
)
