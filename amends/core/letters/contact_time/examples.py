"""An example of the letter about a contact time."""

from __future__ import annotations

from collections.abc import Iterator

from amends.core import facts as f
from amends.core.letters.kind import Shown
from amends.core.letters.story import handled, moment
from amends.core.rulebook import Rulebook


def examples(book: Rulebook, name: str) -> Iterator[Shown]:
    """Those that a story under this code reaches."""
    agreed = handled(book, name)
    agreed.told(
        11, 5, 14, 20, f.ContactTimeAgreed, appointment="t1", starts=moment(11, 9, 13, 0), ends=moment(11, 9, 14, 0),
        person="17", number="01632 960812",
    )  # fmt: skip
    yield "a call", "a time to speak, agreed on the phone", agreed.matter(11, 5, 15)
