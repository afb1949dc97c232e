"""Examples of the acknowledgement."""

from __future__ import annotations

from collections.abc import Iterator

from amends.core.letters.kind import Shown
from amends.core.letters.story import received
from amends.core.rulebook import Rulebook


def examples(book: Rulebook, name: str) -> Iterator[Shown]:
    """Those that a story under this code reaches."""
    yield "by email", "the usual one", received(book, name).matter(11, 4)
    yield "by post", "the complaint came in a letter", received(book, name, "letter").matter(11, 4)
