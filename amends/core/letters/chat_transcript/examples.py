"""An example of a transcript."""

from __future__ import annotations

from collections.abc import Iterator

from amends.core.letters.kind import Shown
from amends.core.letters.story import handled
from amends.core.rulebook import Rulebook


def examples(book: Rulebook, name: str) -> Iterator[Shown]:
    """Those that a story under this code reaches."""
    chat = (
        "Tuesday 3 November 2026\n09:10 Priya Nair (customer): The line drops each time it rains.\n"
        f"09:12 Amy Reed ({name}): I am sorry. An engineer will look at the cabinet."
    )
    yield "after a chat", "what was written", handled(book, name).matter(11, 5, 15, words=chat)
