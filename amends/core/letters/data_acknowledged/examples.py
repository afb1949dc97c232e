"""Examples of this letter."""

from __future__ import annotations

from collections.abc import Iterator

from amends.core.kinds import CaseKind
from amends.core.letters.kind import Shown
from amends.core.letters.story import asked_about_data
from amends.core.rulebook import Rulebook


def examples(book: Rulebook, name: str) -> Iterator[Shown]:
    """Those that a story under this code reaches."""
    copy = asked_about_data(book, name, asks="for themselves", sent="on our website")
    yield "a copy", "by when it is answered", copy.matter(11, 4)
    marketing = asked_about_data(book, name, CaseKind.DATA_OBJECTION, **{"objects to": "direct marketing"})
    yield "no more marketing", "it stops at once", marketing.matter(11, 4)
