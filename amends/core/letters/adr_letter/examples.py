"""Examples of the ADR letter: at deadlock, and at the time limit with an outcome and without."""

from __future__ import annotations

from collections.abc import Iterator

from amends.core import facts as f
from amends.core.letters.kind import Shown
from amends.core.letters.story import OTHER_MEMBER, answered, deadlocked, handled
from amends.core.rulebook import Rulebook


def examples(book: Rulebook, name: str) -> Iterator[Shown]:
    """Those that a story under this code reaches."""
    yield "deadlock", "outcome told, refused, no further review", deadlocked(book, name).matter(11, 27, 16)
    yield (
        "time limit with outcome",
        "six weeks have passed and no answer has come",
        answered(book, name).matter(12, 16),
    )
    waits = handled(book, name)
    yield (
        "time limit without outcome",
        "six weeks have passed and we have not answered yet",
        waits.matter(12, 16, memberships=OTHER_MEMBER),
    )
    priced = deadlocked(book, name)
    priced.told(
        11, 27, 15, 0, f.SchemeLimitsFound, grounds="commercial", why="the price rise of July", by="manager"
    )
    yield (
        "about a price",
        "the scheme may not take it, and the letter says so",
        priced.matter(11, 27, 16, memberships=OTHER_MEMBER),
    )
    yield (
        "scheme unknown",
        "nobody has recorded which scheme is the provider's",
        waits.matter(12, 16, memberships=()),
    )
