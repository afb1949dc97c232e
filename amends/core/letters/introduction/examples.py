"""An example of the introduction."""

from __future__ import annotations

from collections.abc import Iterator

from amends.core.letters.kind import Shown
from amends.core.letters.story import handled
from amends.core.rulebook import Rulebook


def examples(book: Rulebook, name: str) -> Iterator[Shown]:
    """Those that a story under this code reaches."""
    yield "after the first call", "the handler's direct details", handled(book, name).matter(11, 5, 15)
