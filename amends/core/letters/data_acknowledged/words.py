"""The words by which somebody hears that we have their request about personal data, and by when it is answered.

DP-03   within one month of its receipt
DP-06   nothing is disclosed before we know who asks, so it repeats nothing that we hold
"""

from __future__ import annotations

from collections.abc import Iterator

from amends.core import saying
from amends.core.data_requests import absolute, counted
from amends.core.kinds import CaseKind
from amends.core.letters.blocks import Block, Paragraph
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.sentences.data_requests import ASKS, policy
from amends.core.letters.sentences.dates import next_dates
from amends.core.letters.sentences.phrases import ending, first_receipt, greeting, reaching_us, subject


def acknowledged(matter: LetterMatter) -> Writing:
    """We have the request, and this is the day by which it is answered."""
    blocks = (
        greeting(matter),
        Paragraph(
            f"You asked us {ASKS[matter.case.kind]}. We received your request {first_receipt(matter)}. "
            f"Its reference is {matter.case.reference}. It costs you nothing."
        ),
        *_by_when(matter),
        *_first(matter),
        *policy(matter),
        *next_dates(matter),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, "we have received it"), blocks


def _by_when(matter: LetterMatter) -> Iterator[Block]:
    found = counted(matter.case, matter.book)
    if found is not None and found.stands is None:
        yield Paragraph(f"We will answer you by {saying.day(found.day)}, and sooner if we can.")


def _first(matter: LetterMatter) -> Iterator[Block]:
    if matter.case.kind is CaseKind.DATA_OBJECTION:
        if absolute(matter.case):
            yield Paragraph("We are stopping our marketing to you now. You need not give us a reason.")
        else:
            yield Paragraph("We are stopping that use while we look at your objection.")
    elif not matter.case.identity_passed:
        yield Paragraph(
            "First we have to be sure that it is you who asks. If we cannot tell, we will ask you for no more than we "
            "need. The days on which we wait for that do not count."
        )
