"""The words of the introduction.

O-handler: the handler introduces themselves, sets expectations and gives direct details.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from amends.core import saying
from amends.core.case import step
from amends.core.code import Owed
from amends.core.facts import HandlerIntroduced
from amends.core.letters.blocks import Block, Paragraph
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.sentences.dates import next_dates
from amends.core.letters.sentences.phrases import (
    ending,
    first_receipt,
    greeting,
    own_words,
    reaching_us,
    subject,
)

KEEPS = (Owed.HANDLER_INTRODUCTION,)
OPTIONAL = {
    "what I do": "I will look into what went wrong, tell you what I find, and say what we will do about it.",
}
"""The sentences that a provider may say otherwise, by the names by which its file calls them."""


def introduction(matter: LetterMatter) -> Writing:
    """Who looks after the case, and how to reach them."""
    blocks = (
        greeting(matter),
        Paragraph(
            f"My name is {matter.case.handler_name}. I look after your {matter.noun} {matter.case.reference}, "
            f"which we received {first_receipt(matter)}. I will stay with it until it is settled."
        ),
        *own_words(matter.free_text),
        Paragraph(OPTIONAL["what I do"]),
        *_rhythm(matter),
        *next_dates(matter, KEEPS),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, "who looks after it"), blocks


def _rhythm(matter: LetterMatter) -> Iterator[Block]:
    if days := matter.case.update_days:
        yield Paragraph(
            f"You will hear from me at least every {saying.counted(days, 'working day')}, as we agreed."
        )


def recorded(matter: LetterMatter) -> LetterMatter:
    """The customer has met the handler once this letter is decided: it promises no introduction any more."""
    case, now = matter.case, matter.now
    if case.introduced is None or case.introduction_lost or case.introduce_again is not None:
        return replace(matter, case=step(case, HandlerIntroduced(at=now, logged=now, channel="")))
    return matter
