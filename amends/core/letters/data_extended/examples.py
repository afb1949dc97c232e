"""Examples of this letter."""

from __future__ import annotations

from collections.abc import Iterator

from amends.core import facts as f
from amends.core.letters.kind import Shown
from amends.core.letters.story import asked_about_data
from amends.core.rulebook import Rulebook


def examples(book: Rulebook, name: str) -> Iterator[Shown]:
    """Those that a story under this code reaches."""
    copy = asked_about_data(book, name, asks="for themselves", sent="on our website")
    copy.told(11, 20, 9, 0, f.DataRequestExtended, because="it is complex", why="Eleven years of letters.")
    words = "You have been with us for eleven years, and much of it is on paper."
    yield "eleven years", "why, and the new day", copy.matter(11, 20, words=words)
