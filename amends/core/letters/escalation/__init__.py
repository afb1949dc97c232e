"""The escalation taken: who holds the complaint now, by the name of the role."""

from amends.core.letters.escalation.examples import examples
from amends.core.letters.escalation.parameters import PARAMETERS
from amends.core.letters.escalation.words import escalation
from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import REPLY

LETTER = LetterKind(
    id="escalation",
    title="Taken to the next stage",
    says="Who holds the complaint now, by the name of the role.",
    lane=REPLY,
    parameters=PARAMETERS,
    writer=escalation,
    examples=examples,
)
