"""An example of an extension."""

from __future__ import annotations

from collections.abc import Iterator

from amends.core import facts as f
from amends.core.letters.kind import Shown
from amends.core.letters.story import handled, moment
from amends.core.rulebook import Rulebook


def examples(book: Rulebook, name: str) -> Iterator[Shown]:
    """Those that a story under this code reaches."""
    longer = handled(book, name)
    clause = next((c.id for c in longer.matter(11, 10).clocks if c.running), "O-outcome")
    longer.told(
        11, 11, 9, 0, f.PromiseExtended, clock=clause, until=moment(11, 30, 17, 30),
        why="The part for the cabinet comes on 27 November.",
    )  # fmt: skip
    yield "a part is late", "a promise with a later time", longer.matter(11, 11)
