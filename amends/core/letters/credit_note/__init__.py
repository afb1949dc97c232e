"""The credit note: money that the customer gets, how it was worked out, and by when; or that a bill lost it again."""

from amends.core.letters.credit_note.examples import examples
from amends.core.letters.credit_note.parameters import PARAMETERS
from amends.core.letters.credit_note.words import credit_note
from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import REPLY

LETTER = LetterKind(
    id="credit-note",
    title="Credit note",
    says="Money that the customer gets: how it was worked out, by when or on which bill, or that it is off the bill again.",
    lane=REPLY,
    parameters=PARAMETERS,
    writer=credit_note,
    examples=examples,
)
