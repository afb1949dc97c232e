"""The words around what was written in a chat.

O-updates: wherever we speak, a written follow-up goes out. A transcript answers nothing and keeps no promise.
"""

from __future__ import annotations

from amends.core.letters.blocks import Paragraph, Quote
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.sentences.dates import next_dates
from amends.core.letters.sentences.phrases import ending, greeting, reaching_us, subject


def chat_transcript(matter: LetterMatter) -> Writing:
    """What was written in a chat, word for word."""
    blocks = (
        greeting(matter),
        Paragraph(
            f"Thank you for chatting with us. This is what was written. We keep it with your {matter.noun} "
            f"{matter.case.reference}."
        ),
        Quote(matter.free_text),
        *next_dates(matter),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, "our chat"), blocks
