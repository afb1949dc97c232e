"""An example of an update."""

from __future__ import annotations

from collections.abc import Iterator

from amends.core.letters.kind import Shown
from amends.core.letters.story import handled
from amends.core.rulebook import Rulebook


def examples(book: Rulebook, name: str) -> Iterator[Shown]:
    """Those that a story under this code reaches."""
    waits = "Our engineer was at the cabinet today and found water in it. A new joint goes in on Monday 16 November."
    yield "work goes on", "what has been found so far", handled(book, name).matter(11, 10, words=waits)
