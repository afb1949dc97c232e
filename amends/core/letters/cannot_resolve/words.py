"""The words where we can do no more.

N-cannot-resolve, I-final: we say so in writing where we cannot resolve it.
"""

from __future__ import annotations

from amends.core.code import Owed
from amends.core.letters.blocks import Heading, Paragraph
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.sentences.dates import next_dates
from amends.core.letters.sentences.phrases import ending, greeting, own_words, reaching_us, subject
from amends.core.letters.sentences.proposal import position
from amends.core.personal_data import told

KEEPS = (Owed.CANNOT_RESOLVE, Owed.REPLY, Owed.WRITTEN_RESPONSE, Owed.UPDATE)


def cannot_resolve(matter: LetterMatter) -> Writing:
    """We can do no more, and what the customer may do about it."""
    blocks = (
        greeting(matter),
        Paragraph(
            f"We are sorry: we cannot settle your {matter.noun} {matter.case.reference} in the way that you asked for."
        ),
        Heading("What we say"),
        *position(matter),
        *own_words(matter.free_text),
        *map(Paragraph, told(matter.case)),
        *next_dates(matter, KEEPS),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, "we cannot settle it"), blocks
