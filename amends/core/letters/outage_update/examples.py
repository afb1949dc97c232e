"""An example of an update on an outage."""

from __future__ import annotations

from collections.abc import Iterator

from amends.core.letters.kind import Shown
from amends.core.letters.story import handled, moment
from amends.core.rulebook import Rulebook


def examples(book: Rulebook, name: str) -> Iterator[Shown]:
    """Those that a story under this code reaches."""
    told = {"outage": "No broadband in Mill Lane", "outage since": moment(11, 16, 7, 40).isoformat()}
    says = "A digger cut a cable. Engineers are there. You will hear from us again at 3 pm."
    yield (
        "while it lasts",
        "one incident, told once to all",
        handled(book, name).matter(11, 16, words=says, extra=told),
    )
