"""An example of a question."""

from __future__ import annotations

from collections.abc import Iterator

from amends.core.letters.kind import Shown
from amends.core.letters.story import handled
from amends.core.rulebook import Rulebook

WANTED = "Which lamp on the router is red when the line goes dead? A photograph would help us most."


def examples(book: Rulebook, name: str) -> Iterator[Shown]:
    """Those that a story under this code reaches."""
    by = {"answer by": "2026-11-17"}
    asked = handled(book, name).matter(11, 10, words=WANTED, extra=by)
    yield "a photograph", "what we need, and by when", asked
