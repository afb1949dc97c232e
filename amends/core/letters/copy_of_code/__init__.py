"""The copy of the code: the code that the customer asked for goes with it."""

from amends.core.kinds import COPY_LETTER
from amends.core.letters.copy_of_code.examples import examples
from amends.core.letters.copy_of_code.parameters import PARAMETERS
from amends.core.letters.copy_of_code.words import KEEPS, copy_of_code, encloses
from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import REPLY

LETTER = LetterKind(
    id=COPY_LETTER,
    title="Copy of the code",
    says="The code that the customer asked for goes with it, free of charge.",
    lane=REPLY,
    automatic=True,
    promises=KEEPS,
    parameters=PARAMETERS,
    writer=copy_of_code,
    examples=examples,
    encloses=encloses,
)
