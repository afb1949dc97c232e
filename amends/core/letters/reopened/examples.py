"""An example of a case that is open again."""

from __future__ import annotations

from collections.abc import Iterator

from amends.core import facts as f
from amends.core.letters.kind import Shown
from amends.core.letters.story import settled
from amends.core.rulebook import Rulebook


def examples(book: Rulebook, name: str) -> Iterator[Shown]:
    """Those that a story under this code reaches."""
    again = settled(book, name)
    again.told(11, 25, 9, 0, f.CaseReopened, why="The line is off again.")
    yield "not settled after all", "first receipt stands", again.matter(11, 25)
