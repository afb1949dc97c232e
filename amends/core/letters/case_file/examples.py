"""Examples of the cover of the case file."""

from __future__ import annotations

from collections.abc import Iterator

from amends.core import facts as f
from amends.core.letters.kind import Shown
from amends.core.letters.story import OTHER_MEMBER, deadlocked, handled
from amends.core.rulebook import Rulebook


def examples(book: Rulebook, name: str) -> Iterator[Shown]:
    """Those that a story under this code reaches."""
    taken = deadlocked(book, name)
    taken.told(
        11, 27, 16, 1, f.LetterDecided, key="d1", letter="adr-letter", channel="email", digest="0" * 64
    )
    taken.told(11, 27, 16, 2, f.LetterFate, key="d1", fate="sent")
    taken.told(
        12, 4, 12, 0, f.SchemeReferred, scheme="communications-ombudsman", number="CO-118204", by="handler"
    )
    yield "at deadlock", "our last position, in our own words", taken.matter(12, 8)
    unanswered = handled(book, name)
    unanswered.told(12, 18, 12, 0, f.SchemeReferred, scheme="cisas", by="handler")
    follows = "Our engineer's report follows this week."
    yield (
        "no outcome told",
        "the time limit passed, and we had not answered yet",
        unanswered.matter(12, 21, words=follows, memberships=OTHER_MEMBER),
    )
