"""The question: what we need from the customer, by when, and what happens if no answer comes."""

from amends.core.kinds import QUESTION
from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import REPLY
from amends.core.letters.question.examples import examples
from amends.core.letters.question.parameters import PARAMETERS
from amends.core.letters.question.words import question

LETTER = LetterKind(
    id=QUESTION,
    title="A question",
    says="What we need from the customer, by when, and what happens if no answer comes.",
    lane=REPLY,
    parameters=PARAMETERS,
    writer=question,
    examples=examples,
)
