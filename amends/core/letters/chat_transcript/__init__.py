"""The transcript of a chat: what was written, word for word."""

from amends.core.letters.chat_transcript.examples import examples
from amends.core.letters.chat_transcript.parameters import PARAMETERS
from amends.core.letters.chat_transcript.words import chat_transcript
from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import REPLY

LETTER = LetterKind(
    id="chat-transcript",
    title="Transcript of a chat",
    says="What was written in a chat, word for word.",
    lane=REPLY,
    parameters=PARAMETERS,
    writer=chat_transcript,
    examples=examples,
)
