"""Examples of the silence notice, under a code that has a clause for it."""

from __future__ import annotations

from collections.abc import Iterator

from amends.core import facts as f
from amends.core.letters.kind import Shown
from amends.core.letters.story import answered
from amends.core.rulebook import Rulebook


def examples(book: Rulebook, name: str) -> Iterator[Shown]:
    """Those that a story under this code reaches."""
    closing = book.code.closing if book.code else None
    if closing is None or not closing.silence:
        return
    quiet = answered(book, name)
    yield "first", "we ask, and say when we ask again", quiet.matter(12, 3)
    quiet.told(
        12, 3, 10, 0, f.LetterDecided, key="s1", letter="silence-notice", channel="email", digest="0" * 64
    )
    quiet.told(12, 3, 10, 1, f.LetterFate, key="s1", fate="sent")
    yield "last", "a manager may close it", quiet.matter(12, 18)
