"""The words of an update.

O-updates: the customer hears how it stands, at the interval that was agreed.
"""

from __future__ import annotations

from amends.core import saying
from amends.core.code import Owed
from amends.core.letters.blocks import Paragraph
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.sentences.dates import next_dates
from amends.core.letters.sentences.papers import papers
from amends.core.letters.sentences.phrases import ending, greeting, own_words, reaching_us, subject

KEEPS = (Owed.UPDATE,)


def update(matter: LetterMatter) -> Writing:
    """How the case stands."""
    blocks = (
        greeting(matter),
        Paragraph(
            f"This is how your {matter.noun} {matter.case.reference} stands today, {saying.day(matter.today)}."
        ),
        *own_words(matter.free_text),
        *papers(matter),
        *next_dates(matter, KEEPS),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, "how it stands"), blocks
