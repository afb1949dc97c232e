"""Examples of a credit note."""

from __future__ import annotations

from collections.abc import Iterator

from amends.core import facts as f
from amends.core.letters.kind import Shown
from amends.core.letters.story import refunded
from amends.core.rulebook import Rulebook


def examples(book: Rulebook, name: str) -> Iterator[Shown]:
    """Those that a story under this code reaches."""
    story = refunded(book, name)
    story.told(11, 19, 9, 0, f.OutcomeAnswered, outcome="o1", accepted=True, how="portal", words="Thank you.")
    coming = story.matter(11, 19, extra={"award": "1"})
    yield "on its way", "by when it comes, and how it was worked out", coming
    number = coming.case.awards[0].number(coming.case.reference)
    story.told(11, 20, 9, 0, f.AwardFate, award="1", fate="handed over", billing=number)
    story.told(12, 1, 9, 0, f.AwardFate, award="1", fate="given", billing=number, why="Bill 2026-12")
    shown = story.matter(12, 1, extra={"award": "1", "bill": "2026-12"})
    yield "on a bill", "on which bill it stands", shown
    story.told(
        12, 3, 9, 0, f.AwardFate, award="1", fate="reversed", billing=number, why="The bill was cancelled"
    )
    gone = story.matter(12, 3, extra={"award": "1", "bill": "2026-12"})
    yield "taken back", "that it is off the bill again, and still owed", gone
