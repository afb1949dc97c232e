"""Examples of an outcome."""

from __future__ import annotations

from collections.abc import Iterator

from amends.core.letters.kind import Shown
from amends.core.letters.story import answered, refunded
from amends.core.rulebook import Rulebook


def examples(book: Rulebook, name: str) -> Iterator[Shown]:
    """Those that a story under this code reaches."""
    yield "with a payment", "what was found and is offered", answered(book, name).matter(11, 18, 11)
    yield "with its arithmetic", "how a refund was worked out", refunded(book, name).matter(11, 18, 11)
