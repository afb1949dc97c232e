"""An example of a reply."""

from __future__ import annotations

from collections.abc import Iterator

from amends.core.letters.kind import Shown
from amends.core.letters.sentences.papers import DIGESTS, NAMES
from amends.core.letters.story import handled
from amends.core.rulebook import Rulebook


def examples(book: Rulebook, name: str) -> Iterator[Shown]:
    """Those that a story under this code reaches."""
    told = "Yes: you may send us the photographs by email, as large as they are. We will add them to your complaint."
    yield "a question answered", "a person's own words", handled(book, name).matter(11, 6, words=told)
    sent = "Here are the prices that you asked for. They hold until the end of March."
    extra = {DIGESTS: "0" * 64, NAMES: "Your tariff, November 2026.pdf"}
    yield (
        "a paper sent with it",
        "a file of the case goes along",
        handled(book, name).matter(11, 6, words=sent, extra=extra),
    )
