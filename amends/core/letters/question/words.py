"""The words of a question.

I-information  we may ask for what we need in order to consider the complaint
I-timeframes   by when an answer is asked for, and by when we answer
A-consent      what happens if none comes: nothing is closed, and we go on with what we have
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from amends.core import saying
from amends.core.letters.blocks import Block, Paragraph, Quote
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.sentences.dates import next_dates
from amends.core.letters.sentences.phrases import ending, greeting, reaching_us, subject

if TYPE_CHECKING:
    from collections.abc import Iterator


def question(matter: LetterMatter) -> Writing:
    """What we need to know, by when, and what happens if no answer comes."""
    blocks = (
        greeting(matter),
        Paragraph(
            f"We are looking into your {matter.noun} {matter.case.reference}. To do that well we need this from you:"
        ),
        Quote(matter.free_text),
        Paragraph(
            f"Please answer by {saying.day(date.fromisoformat(matter.extra['answer by']))}. You can reply to this "
            "letter or email, answer on our website, or call us. If you need longer, or do not have it, just tell us."
        ),
        Paragraph(
            "If we hear nothing by then, we will ask you once more. After that we go on with what we have. We will "
            f"not close your {matter.noun} because you did not answer."
        ),
        *the_law_goes_on(matter),
        *next_dates(matter),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, "a question for you"), blocks


def the_law_goes_on(matter: LetterMatter) -> Iterator[Block]:
    """What a question never changes, where a scheme may come after it."""
    if matter.noun == "complaint":
        yield Paragraph(
            "This changes nothing about your right to go to an independent scheme, or about its date."
        )
