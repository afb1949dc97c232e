"""Examples of an earlier letter in each format that is sent by itself."""

from __future__ import annotations

from collections.abc import Iterator

from amends.core.letters.kind import Shown
from amends.core.letters.story import handled
from amends.core.rulebook import Rulebook


def examples(book: Rulebook, name: str) -> Iterator[Shown]:
    """Those that a story under this code reaches."""
    before = handled(book, name)
    for wanted in ("large print", "Braille", "audio"):
        asked = {"of": "a1", "format": wanted, "subject": "we have received it"}
        yield f"in {wanted}", "an earlier letter in another format", before.matter(11, 6, extra=asked)
    aloud = {"of": "a1", "format": "audio", "subject": "we have received it", "recording": "attached"}
    yield "in audio, attached", "an earlier letter that is read aloud here", before.matter(11, 6, extra=aloud)
