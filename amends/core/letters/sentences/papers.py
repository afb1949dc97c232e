"""What goes with a letter: files of its case, named in its words and bound to them by their digests.

F-tariffs: a customer's own tariff by email. A letter names what comes with it, so that whoever reads it knows when
something is missing; the digests stand in what is frozen, so that it is proved which file that was.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from amends.core import saying
from amends.core.letters.blocks import Block, Paragraph, one_line

if TYPE_CHECKING:
    from amends.core.letters.matter import LetterMatter

FILES: Final = "files"
"""How `Letter.encloses` begins where files go with a letter; their SHA-256 follow."""
DIGESTS, NAMES = "files", "file names"
"""The values of `LetterMatter.extra`: digests with a space between them, and names a line each."""


def papers(matter: LetterMatter) -> Iterator[Block]:
    """The sentence that names what goes with the letter; nothing where nothing does."""
    names = [one_line(name) for name in matter.extra.get(NAMES, "").split("\n") if name.strip()]
    if names:
        yield Paragraph(f"With this letter: {saying.listed(names)}.")


def encloses_papers(matter: LetterMatter) -> tuple[str, str]:
    """The files that go with it, by their digests."""
    digests = matter.extra.get(DIGESTS, "")
    return (f"{FILES} {digests}" if digests else ""), ""
