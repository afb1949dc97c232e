"""The follow-up of a call: what was said on the phone, in writing."""

from amends.core.letters.call_follow_up.examples import examples
from amends.core.letters.call_follow_up.parameters import PARAMETERS
from amends.core.letters.call_follow_up.words import KEEPS, OPTIONAL, call_follow_up
from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import REPLY

LETTER = LetterKind(
    id="call-follow-up",
    title="Follow-up of a call",
    says="What was said on the phone, in writing.",
    lane=REPLY,
    promises=KEEPS,
    parameters=PARAMETERS,
    writer=call_follow_up,
    examples=examples,
    optional=OPTIONAL,
)
