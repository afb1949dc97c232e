"""The silence notice: we have not heard from the customer, and ask."""

from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import REPLY
from amends.core.letters.silence_notice.examples import examples
from amends.core.letters.silence_notice.parameters import PARAMETERS
from amends.core.letters.silence_notice.words import OPTIONAL, silence_notice

LETTER = LetterKind(
    id="silence-notice",
    title="Is it settled?",
    says="We have not heard from the customer, and ask.",
    lane=REPLY,
    parameters=PARAMETERS,
    writer=silence_notice,
    examples=examples,
    optional=OPTIONAL,
)
