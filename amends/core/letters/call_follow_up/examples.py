"""An example of the follow-up of a call."""

from __future__ import annotations

from collections.abc import Iterator

from amends.core.letters.kind import Shown
from amends.core.letters.story import handled
from amends.core.rulebook import Rulebook


def examples(book: Rulebook, name: str) -> Iterator[Shown]:
    """Those that a story under this code reaches."""
    said = (
        "You told us that the line goes dead within minutes of rain, and that two visits were missed. "
        "We will test the line overnight and send an engineer on Tuesday."
    )
    yield "after a call", "what was said", handled(book, name).matter(11, 5, 15, words=said)
