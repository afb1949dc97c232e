"""An example of word of an outage's end."""

from __future__ import annotations

from collections.abc import Iterator

from amends.core.letters.kind import Shown
from amends.core.letters.story import handled, moment
from amends.core.rulebook import Rulebook


def examples(book: Rulebook, name: str) -> Iterator[Shown]:
    """Those that a story under this code reaches."""
    told = {
        "outage": "No broadband in Mill Lane",
        "outage since": moment(11, 16, 7, 40).isoformat(),
        "outage until": moment(11, 16, 16, 5).isoformat(),
    }
    says = "The cable is joined again. We are working out your refund and will write to you."
    yield (
        "over",
        "that it is over, and what comes next",
        handled(book, name).matter(11, 16, 17, words=says, extra=told),
    )
