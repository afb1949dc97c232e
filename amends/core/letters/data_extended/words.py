"""The words by which somebody hears that their request about personal data takes longer than a month, and why.

DP-03   two months longer, told with the reason within the first
"""

from __future__ import annotations

from amends.core import saying
from amends.core.data_requests import counted
from amends.core.letters.blocks import Paragraph
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.sentences.data_requests import ASKS, rights
from amends.core.letters.sentences.dates import next_dates
from amends.core.letters.sentences.phrases import ending, greeting, own_words, reaching_us, subject


def extended(matter: LetterMatter) -> Writing:
    """We need up to two months longer, and why."""
    found, longer = counted(matter.case, matter.book), matter.case.data_extended
    because = longer.because if longer else ""
    by = (
        f"We will answer you by {saying.day(found.day)}, and sooner if we can."
        if found is not None and found.stands is None
        else "The time runs on as soon as we have what we asked you for."
    )
    blocks = (
        greeting(matter),
        Paragraph(
            f"You asked us {ASKS[matter.case.kind]}. We need longer than a month for it, because {because}. {by}"
        ),
        *own_words(matter.free_text),
        *rights(),
        *next_dates(matter),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, "we need longer"), blocks
