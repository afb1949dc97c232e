"""The words about a complaint that has gone to the next stage.

O-reopen, N-md, I-directors: who holds the complaint next, by name of the role.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from amends.core.code import Stage, StageKind
from amends.core.letters.blocks import Block, Details, Paragraph
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.sentences.dates import next_dates
from amends.core.letters.sentences.phrases import ending, greeting, own_words, reaching_us, subject


def escalation(matter: LetterMatter) -> Writing:
    """Who holds the complaint now."""
    role, stage = matter.case.stage_role, _stage(matter)
    outside = stage is not None and stage.kind is StageKind.TRADE_BODY
    now_with = f"is now with {role}" if outside else f"is now with our {role}, who will look at it afresh"
    blocks = (
        greeting(matter),
        Paragraph(f"Your {matter.noun} {matter.case.reference} {now_with}."),
        *_reached_at(stage),
        Paragraph(
            "Nothing that you told us is lost, and all dates still count from the day on which you first told us."
        ),
        *own_words(matter.free_text),
        *next_dates(matter),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, f"it is now with {'' if outside else 'our '}{role}"), blocks


def _reached_at(stage: Stage | None) -> Iterator[Block]:
    """How to reach the stage, where the code gives a mailbox, a number or an address and does not only point to one."""
    if stage is not None and re.search(r"[@\d]", stage.contact):
        yield Details((("How to reach them", stage.contact),), ours=True)


def _stage(matter: LetterMatter) -> Stage | None:
    stages = matter.book.code.stages if matter.book.code else ()
    return next((s for s in stages if s.role == matter.case.stage_role), None)
