"""The credit note: money that the customer gets, how it was worked out, and by when."""

from amends.core.letters.credit_note.examples import examples
from amends.core.letters.credit_note.parameters import PARAMETERS
from amends.core.letters.credit_note.words import credit_note
from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import REPLY

LETTER = LetterKind(
    id="credit-note",
    title="Credit note",
    says="Money that the customer gets: how it was worked out, and by when or on which bill.",
    lane=REPLY,
    parameters=PARAMETERS,
    writer=credit_note,
    examples=examples,
)
