"""The agreed contact time: when we will speak, as agreed."""

from amends.core.letters.contact_time.examples import examples
from amends.core.letters.contact_time.parameters import PARAMETERS
from amends.core.letters.contact_time.words import KEEPS, OPTIONAL, contact_time
from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import REPLY

LETTER = LetterKind(
    id="contact-time",
    title="Agreed contact time",
    says="When we will speak, as agreed.",
    lane=REPLY,
    promises=KEEPS,
    parameters=PARAMETERS,
    writer=contact_time,
    examples=examples,
    optional=OPTIONAL,
)
