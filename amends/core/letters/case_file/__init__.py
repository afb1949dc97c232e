"""The case-file cover: to the scheme, on top of the case file."""

from amends.core.letters.case_file.examples import examples
from amends.core.letters.case_file.parameters import PARAMETERS
from amends.core.letters.case_file.words import cover
from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import REPLY

LETTER = LetterKind(
    id="case-file",
    title="Case-file cover",
    says="To the scheme, on top of the case file: the complaint, and where we stand.",
    lane=REPLY,
    parameters=PARAMETERS,
    writer=cover,
    examples=examples,
)
