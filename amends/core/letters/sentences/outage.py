"""What letters about an outage have in common: what is affected, since when, until when, and what the code says of it.

S-outage   a major failure is told as one, and mended as fast as can be
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from amends.core import citing, saying
from amends.core.code import Owed, Reason
from amends.core.letters.blocks import Block, Details, Paragraph
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.parameters import Parameter
from amends.core.letters.sentences.dates import next_dates
from amends.core.letters.sentences.phrases import ending, greeting, own_words, reaching_us, subject

KEEPS = (Owed.UPDATE,)
OUTAGE = Parameter(
    "outage", lambda m: bool(m.extra.get("outage") and m.extra.get("outage since")), "no outage is named"
)
"""It comes as `outage` (what is affected), `outage since` and, once it is over, `outage until` (ISO moments) in `extra`."""


def of_an_outage(matter: LetterMatter, first: str, about: str) -> Writing:
    """A letter about an outage: what it says first, and what its subject says it is about."""
    blocks = (
        greeting(matter),
        Paragraph(f"We write about your {matter.noun} {matter.case.reference}. {first}"),
        Details(_rows(matter)),
        *own_words(matter.free_text),
        *_promise(matter),
        *next_dates(matter, KEEPS),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, about), blocks


def _rows(matter: LetterMatter) -> tuple[tuple[str, str], ...]:
    rows = [("What is affected", matter.extra["outage"]), ("Since", _moment(matter, "outage since"))]
    if matter.extra.get("outage until"):
        rows.append(("Until", _moment(matter, "outage until")))
    return tuple(rows)


def _moment(matter: LetterMatter, name: str) -> str:
    return saying.moment(datetime.fromisoformat(matter.extra[name]))


def _promise(matter: LetterMatter) -> Iterator[Block]:
    """What the code says of major failures, while one lasts."""
    clause = citing.clause_for(matter.book.code, Reason.MAJOR_FAILURE)
    if clause is not None and not matter.extra.get("outage until"):
        yield Paragraph(f"Our code says, in {clause.id}: {clause.says}")
