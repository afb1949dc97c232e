"""The letter in another format: an earlier one, in the format that the customer asked for."""

from amends.core.kinds import FORMAT_LETTER
from amends.core.letters.format_sent.examples import examples
from amends.core.letters.format_sent.parameters import PARAMETERS
from amends.core.letters.format_sent.words import encloses, format_sent
from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import REPLY

LETTER = LetterKind(
    id=FORMAT_LETTER,
    title="Letter in another format",
    says="An earlier letter in the format that the customer asked for.",
    lane=REPLY,
    parameters=PARAMETERS,
    writer=format_sent,
    examples=examples,
    encloses=encloses,
)
