"""We have your request: we have a request about personal data, and answer it by this day."""

from amends.core.letters.data_acknowledged.examples import examples
from amends.core.letters.data_acknowledged.parameters import PARAMETERS
from amends.core.letters.data_acknowledged.words import acknowledged
from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import ACKNOWLEDGEMENT

LETTER = LetterKind(
    id="data-acknowledged",
    title="We have your request",
    says="We have a request about personal data, and answer it by this day.",
    lane=ACKNOWLEDGEMENT,
    automatic=True,
    promises=(),
    parameters=PARAMETERS,
    writer=acknowledged,
    examples=examples,
)
