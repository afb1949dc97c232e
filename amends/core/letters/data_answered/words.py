"""The words by which somebody hears what was done about their personal data, and what was not and why.

DP-03, DP-07, DP-08, DP-09, DP-10, DP-11.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amends.core import saying
from amends.core.care import data, steps
from amends.core.code import Owed
from amends.core.data_answers import DONE, GROUNDS
from amends.core.data_requests import handed_out
from amends.core.kinds import CaseKind
from amends.core.letters.blocks import Block, Bullets, Heading, Paragraph
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.sentences.data_requests import ASKS, policy, rights
from amends.core.letters.sentences.dates import next_dates
from amends.core.letters.sentences.phrases import ending, greeting, own_words, reaching_us, subject

KEEPS = (Owed.DATA_ANSWER,)


def answered(matter: LetterMatter) -> Writing:
    """It is done, whole or in part: what was done, and what was not and why."""
    blocks = (
        greeting(matter),
        Paragraph(f"You asked us {ASKS[matter.case.kind]}. {_DID[matter.case.kind]}"),
        *_told(matter),
        *_in_part(matter),
        *own_words(matter.free_text),
        *rights(),
        *policy(matter),
        *next_dates(matter, KEEPS),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, "our answer"), blocks


_DID: Final = {
    CaseKind.DATA_ACCESS: "Here is how you get it.",
    CaseKind.DATA_CORRECTION: "This is what we have done.",
    CaseKind.DATA_OBJECTION: "We have stopped it.",
    CaseKind.DATA_ERASURE: "This is what we have decided.",
}


def _told(matter: LetterMatter) -> Iterator[Block]:
    given = steps.given(matter.case)
    if matter.case.kind is CaseKind.DATA_ACCESS:
        yield from _how_to_get_it(matter)
    elif matter.case.kind is CaseKind.DATA_CORRECTION:
        yield from _lines("Where we put it right", given.get("where", ""))
        yield from _lines("Who we told", given.get("told", ""))
    elif matter.case.kind is CaseKind.DATA_ERASURE:
        yield from _lines("What we erase", given.get("erased", ""))
        yield from _lines("What we keep, and why", given.get("kept", ""))
    elif given.get(data.OBJECTS) == data.MARKETING:
        yield Paragraph(
            "You get no more marketing from us. So that it stays so, we keep a note of who does not want it. "
            "Something that was sent already may still arrive."
        )


def _lines(heading: str, words: str) -> Iterator[Block]:
    lines = tuple(line.strip() for line in words.splitlines() if line.strip())
    if lines:
        yield Heading(heading)
        yield Bullets(lines)


def _how_to_get_it(matter: LetterMatter) -> Iterator[Block]:
    bundle = handed_out(matter.case)
    if bundle is None or bundle.given is None:
        return
    if bundle.last_day is not None:
        until = saying.day(bundle.last_day)
        yield Paragraph(
            f"It waits for you on our website, with your request. You can fetch it there once, until {until}; keep it "
            "in a safe place. If you miss that day, or need it again, ask us."
        )
    else:
        yield Paragraph("We will send it to you by post.")
    yield Paragraph(
        "It shows everything that we hold about you in plain pages, and again as a file that a program can read. "
        "Information about other people is taken out where they have not agreed that you see it."
    )


def _in_part(matter: LetterMatter) -> Iterator[Block]:
    answer = matter.case.data_answer
    if answer is not None and answer.answer != DONE:
        yield Heading("What we have not done, and why")
        yield Paragraph(f"We have not done all of it, because {GROUNDS[answer.ground]}.")
        yield from own_words(answer.why)
