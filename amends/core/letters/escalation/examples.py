"""Examples of an escalation, under a code that has a next stage or speaks of one."""

from __future__ import annotations

from collections.abc import Iterator

from amends.core import facts as f
from amends.core.code import Trigger
from amends.core.letters.kind import Shown
from amends.core.letters.story import refused
from amends.core.rulebook import Rulebook


def examples(book: Rulebook, name: str) -> Iterator[Shown]:
    """Those that a story under this code reaches."""
    stages = book.code.stages if book.code else ()
    up = refused(book, name)
    if len(stages) > 1:
        up.told(
            11, 20, 9, 30, f.StageEntered, stage=1, role=stages[1].role, why="the customer is not satisfied"
        )
        yield "refused", "the next stage by name", up.matter(11, 20)
    elif book.code is not None and Trigger.ESCALATION_ASKED in book.promises:
        up.told(11, 20, 9, 30, f.EscalationAsked, channel="phone")
        yield "asked", "a next stage that the code speaks of", up.matter(11, 20)
