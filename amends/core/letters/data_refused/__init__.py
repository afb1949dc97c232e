"""Your request is turned down: why nothing is done about personal data, and where one goes then."""

from amends.core.letters.data_refused.examples import examples
from amends.core.letters.data_refused.parameters import PARAMETERS
from amends.core.letters.data_refused.words import KEEPS, refused
from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import REPLY

LETTER = LetterKind(
    id="data-refused",
    title="Your request is turned down",
    says="Why nothing is done about personal data, and where one goes then.",
    lane=REPLY,
    promises=KEEPS,
    parameters=PARAMETERS,
    writer=refused,
    examples=examples,
)
