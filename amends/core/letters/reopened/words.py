"""The words to whoever says that it is not settled after all.

O-reopen: a reopened complaint still counts from its first receipt.
"""

from __future__ import annotations

from amends.core import saying
from amends.core.calendar import london_date
from amends.core.code import Owed
from amends.core.letters.blocks import Paragraph
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.sentences.dates import next_dates
from amends.core.letters.sentences.phrases import ending, first_day, greeting, own_words, reaching_us, subject

KEEPS = (Owed.UPDATE,)


def reopened(matter: LetterMatter) -> Writing:
    """It is open again, and no date has been lost."""
    assert matter.case.reopened is not None
    blocks = (
        greeting(matter),
        Paragraph(
            f"We opened your {matter.noun} {matter.case.reference} again on "
            f"{saying.day(london_date(matter.case.reopened))}. We are sorry that it is not settled yet. It still counts "
            f"from {first_day(matter)}, when we first received it, so you have lost no time."
        ),
        *own_words(matter.free_text),
        *next_dates(matter, KEEPS),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, "it is open again"), blocks
