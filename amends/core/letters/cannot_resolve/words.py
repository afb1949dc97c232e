"""The words where we can do no more.

N-cannot-resolve, I-final: we say so in writing where we cannot resolve it.
"""

from __future__ import annotations

from amends.core.code import Owed
from amends.core.letters.blocks import Block, Heading, Paragraph
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
        *_what_we_say(matter),
        *map(Paragraph, told(matter.case)),
        *next_dates(matter, (*KEEPS, Owed.OUTCOME)),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, "we cannot settle it"), blocks


def _what_we_say(matter: LetterMatter) -> tuple[Block, ...]:
    """What we proposed and where we stand; where we proposed nothing, why we cannot settle it stands for that."""
    why = own_words(matter.free_text)
    proposed = bool(matter.case.outcomes or matter.case.position.strip() or matter.case.deadlocked)
    return why if why and not proposed else (*position(matter), *why)
