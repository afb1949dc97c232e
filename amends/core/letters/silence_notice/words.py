"""The words of a notice to a customer who does not answer.

A-consent: silence alone is not consent; only a code with a clause for it, two dated notices and a named person.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from amends.core import saying
from amends.core.calendar import london_date
from amends.core.letters.blocks import Block, Heading, Paragraph
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.sentences.dates import next_dates
from amends.core.letters.sentences.phrases import ending, greeting, own_words, reaching_us, subject
from amends.core.letters.sentences.proposal import quoted
from amends.core.rulebook import Times

OPTIONAL = {
    "please tell us": "Please tell us either way.",
}
"""The sentences that a provider may say otherwise, by the names by which its file calls them."""


def silence_notice(matter: LetterMatter) -> Writing:
    """We have not heard from the customer; what happens if we still do not, and when."""
    blocks = (
        greeting(matter),
        Paragraph(
            f"We wrote to you about your {matter.noun} {matter.case.reference} and have not had your answer. "
            f"Is it settled for you? {OPTIONAL['please tell us']}"
        ),
        *_open_proposal(matter),
        *own_words(matter.free_text),
        Heading("If we do not hear from you"),
        *(Paragraph(said) for said in _if_silent(matter)),
        *next_dates(matter),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, "is it settled for you?"), blocks


def _open_proposal(matter: LetterMatter) -> Iterator[Block]:
    proposed = matter.case.open_outcome
    if proposed is not None:
        yield Paragraph(f"On {saying.day(london_date(proposed.at))} we told you this:")
        yield from quoted(proposed) or (Paragraph("Our proposal of that day, which you have."),)


def _if_silent(matter: LetterMatter) -> Iterator[str]:
    closing = matter.book.code.closing if matter.book.code else None
    assert closing is not None
    before = [
        x for x in matter.case.letters_of("silence-notice") if not x.lost and _since_heard(matter, x.decided)
    ]
    times = matter.book.times(closing.silence_apart, matter.now)
    after = _not_before(times, str(closing.silence_apart))
    if len(before) + 1 < closing.silence_notices:
        yield f"We will write to you once more, {after}."
    else:
        yield (
            f"If we have still heard nothing, one of our managers may decide, {after}, to close it. You will be told, "
            "and you can open it again whenever you like."
        )


def _since_heard(matter: LetterMatter, moment: datetime) -> bool:
    return all(moment > c.at for c in matter.case.contacts if c.inbound and not c.machine)


def _not_before(times: Times, apart: str) -> str:
    return f"not before {saying.moment(times.due)}" if times.due else f"not before {apart} have passed"
