"""The reply: an answer in a person's own words."""

from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import REPLY
from amends.core.letters.reply.examples import examples
from amends.core.letters.reply.parameters import PARAMETERS
from amends.core.letters.reply.words import KEEPS, reply
from amends.core.letters.sentences.papers import encloses_papers

LETTER = LetterKind(
    id="reply",
    title="Reply",
    says="An answer in a person's own words.",
    lane=REPLY,
    promises=KEEPS,
    parameters=PARAMETERS,
    writer=reply,
    examples=examples,
    encloses=encloses_papers,
)
