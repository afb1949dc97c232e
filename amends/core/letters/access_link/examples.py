"""An example of the letter with a sign-in link."""

from __future__ import annotations

from collections.abc import Iterator

from amends.core.letters.kind import Shown
from amends.core.letters.story import moment, received
from amends.core.rulebook import Rulebook


def examples(book: Rulebook, name: str) -> Iterator[Shown]:
    """Those that a story under this code reaches."""
    link = {
        "link": "https://amends.example/larkfield/in/k7QmV2xR",
        "link until": moment(11, 4, 10, 15).isoformat(),
    }
    yield "asked for", "the customer asked to see the case", received(book, name).matter(11, 4, extra=link)
