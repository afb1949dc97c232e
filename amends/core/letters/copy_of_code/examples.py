"""Examples of the letter with a copy of the code."""

from __future__ import annotations

from collections.abc import Iterator

from amends.core import facts as f
from amends.core.kinds import CaseKind
from amends.core.letters.kind import Shown
from amends.core.letters.story import Story, received
from amends.core.rulebook import Rulebook


def examples(book: Rulebook, name: str) -> Iterator[Shown]:
    """Those that a story under this code reaches."""
    if book.code is None:
        return
    yield "by email", "the code is attached", asked(book, name, "email", "").matter(11, 4)
    in_print = asked(book, name, "letter", "large print")
    yield "by post, in large print", "the code follows the letter", in_print.matter(11, 4)
    embossed = asked(book, name, "letter", "Braille")
    yield "in Braille", "a person makes it, and it follows", embossed.matter(11, 4)


def asked(book: Rulebook, provider_name: str, channel: str, wanted: str) -> Story:
    """Somebody who asks for a copy, by this channel and in this format."""
    story = received(book, provider_name, "form", CaseKind.COPY_OF_CODE)
    story.told(
        11, 4, 9, 20, f.ComplaintDecided, contact="c1", complaint=False, why="Asked for a copy of the code."
    )
    story.told(11, 4, 9, 20, f.CopyAsked, copy="1", channel=channel, format=wanted)
    return story
