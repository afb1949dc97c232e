"""The outcome: what we found and propose, and what the customer can do if they do not agree."""

from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import REPLY
from amends.core.letters.outcome.examples import examples
from amends.core.letters.outcome.parameters import PARAMETERS
from amends.core.letters.outcome.words import KEEPS, outcome, recorded

LETTER = LetterKind(
    id="outcome",
    title="Outcome",
    says="What we found and propose, and what the customer can do if they do not agree.",
    lane=REPLY,
    promises=KEEPS,
    parameters=PARAMETERS,
    writer=outcome,
    examples=examples,
    recorded=recorded,
)
