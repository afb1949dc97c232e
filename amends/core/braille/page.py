"""Lays Braille out on pages of 25 lines of 40 cells, as a BRF file holds them.

The usual conventions: the title centred; a heading in cell 5 after an empty line, and never the last line of a page;
a paragraph begins in cell 3 and goes on in cell 1; an item of a list begins in cell 1 and goes on in cell 3; a label
and what it stands for likewise; what somebody wrote stands two cells in. The last line bears the number of the page.
A word that is longer than a line goes on in the next after dot 5 (The Rules of UEB 2013, 10.13).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from amends.core.braille.grade1 import grade1
from amends.core.letters.blocks import Block, Bullets, Details, Heading, Link, Paragraph, Quote

CELLS = 40
LINES = 25
GOES_ON = '"'
"""Dot 5 at the end of a line: the word goes on in the next."""
PAGE_ENDS = "\f"
_TITLE_CELLS = CELLS - 6
"""A title leaves three cells free on either side."""
_BEGIN_A_SIGN = frozenset('@^_".;,#/')
"""Cells after which no line ends: what follows belongs to them."""
_ACCENTS_BEGIN = frozenset("^@")
_TOGETHER = 6
"""So many lines of an address or a signature stay on one page."""

Translator = Callable[[str], str]
"""One line of text to one line of ASCII Braille, its words parted by single spaces."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of Braille. `with_next` keeps it on the page of the line after it."""

    cells: str
    with_next: bool = False


def brf(title: str, blocks: Sequence[Block], *, table: Translator = grade1) -> str:
    """The words as a BRF file: ASCII Braille in lines of at most 40 cells, 25 to a page, a form feed between pages."""
    lines = [line for group in _groups(title, blocks, table) for line in group]
    return PAGE_ENDS.join("".join(f"{line}\n" for line in page) for page in _numbered(_pages(lines), table))


def as_bytes(pages: str) -> bytes:
    """The bytes of a BRF file: its lines end as embossers and note-takers expect."""
    return pages.replace("\n", "\r\n").encode("ascii")


# --- Blocks to lines ----------------------------------------------------------------------------------------------


def _groups(title: str, blocks: Sequence[Block], table: Translator) -> Iterator[list[Line]]:
    """The lines of the title and of each block, with the empty lines between them."""
    yield [
        Line(line.cells.center(CELLS).rstrip(), with_next=True)
        for line in _filled(table(title), _TITLE_CELLS, 0, 0)
    ]
    yield [Line("", with_next=True)]
    before: Block | None = None
    held = False
    for block in blocks:
        lines = list(_lines(block, table))
        if not lines:
            continue
        if before is not None and _stands_apart(before, block):
            yield [Line("", with_next=held)]
        yield lines
        before, held = block, lines[-1].with_next


def _stands_apart(before: Block, block: Block) -> bool:
    """Whether an empty line parts two blocks: not two paragraphs, whose beginnings are seen, nor a heading and its own."""
    if isinstance(before, Heading):
        return False
    return not (isinstance(block, Paragraph | Link) and isinstance(before, Paragraph | Link))


def _lines(block: Block, table: Translator) -> Iterator[Line]:
    match block:
        case Heading(text):
            yield from (replace(line, with_next=True) for line in _filled(table(text), CELLS, 4, 4))
        case Paragraph(text):
            yield from _kept_apart(text, table, 2, 0)
        case Quote(text):
            for part in text.split("\n\n"):
                yield from _kept_apart(part, table, 4, 2)
        case Bullets(items):
            for item in items:
                yield from _item(f"• {item}", table)
        case Details(rows):
            for label, value in rows:
                yield from _row(label, value, table)
        case Link(text, address):
            yield from (replace(line, with_next=True) for line in _filled(table(f"{text}:"), CELLS, 2, 0))
            yield from _filled(table(address), CELLS, 2, 2)


def _kept_apart(text: str, table: Translator, first: int, then: int) -> Iterator[Line]:
    """A paragraph: each of its own lines begins as one, so that those of a signature stay apart.

    What announces the next block stays on its page.
    """
    found = [line for part in text.split("\n") for line in _filled(table(part), CELLS, first, then)]
    signature = "\n" in text and len(found) <= _TOGETHER
    announces = text.endswith(":")
    for place, line in enumerate(found):
        last = place == len(found) - 1
        yield replace(line, with_next=announces if last else signature)


def _item(text: str, table: Translator) -> Iterator[Line]:
    first, *others = text.split("\n")
    yield from _filled(table(first), CELLS, 0, 2)
    for line in others:
        yield from _filled(table(line), CELLS, 2, 2)


def _row(label: str, value: str, table: Translator) -> Iterator[Line]:
    if "\n" not in value:
        yield from _filled(table(f"{label}: {value}"), CELLS, 0, 2)
        return
    yield from (replace(line, with_next=True) for line in _filled(table(f"{label}:"), CELLS, 0, 2))
    for line in value.split("\n"):
        yield from _filled(table(line), CELLS, 2, 4)


def _filled(cells: str, width: int, first: int, then: int) -> Iterator[Line]:
    """Words of Braille in lines of so many cells, the first and the others set in."""
    line = " " * first
    for word in cells.split():
        gap = "" if not line.strip() else " "
        if len(line) + len(gap) + len(word) <= width:
            line += gap + word
            continue
        if gap:
            yield Line(line)
            line = " " * then
        *pieces, rest = _parted(word, width - len(line), width - then)
        for piece in pieces:
            yield Line(line + piece, with_next=True)
            line = " " * then
        line += rest
    if line.strip():
        yield Line(line)


def _parted(word: str, room: int, later: int) -> Iterator[str]:
    """The pieces of a word that is longer than a line, each but the last with the sign that it goes on."""
    while len(word) > room:
        at = _best_end(word, room - 1)
        yield word[:at] + GOES_ON
        word, room = word[at:], later
    yield word


def _best_end(word: str, room: int) -> int:
    """Where to part: after a slash or a hyphen, before a full stop, else as late as no sign is torn in two."""
    slashes = {at for at in range(2, room + 1) if word[at - 2 : at] == "_/"}
    whole = {at for at in range(1, room + 1) if word[at - 1] not in _BEGIN_A_SIGN}
    whole -= {at for at in whole if at > 1 and word[at - 2] in _ACCENTS_BEGIN}
    good = slashes | {at for at in whole if word[at - 1] == "-" or word[at] == "4"}
    late = {at for at in good if at > room // 2}
    return max(late or whole or slashes, default=room)


# --- Lines to pages -----------------------------------------------------------------------------------------------


def _pages(lines: Sequence[Line]) -> Iterator[list[str]]:
    """The lines page by page, without the last line; no page begins with an empty line or ends with a heading."""
    start = 0
    while True:
        while start < len(lines) and not lines[start].cells:
            start += 1
        if start == len(lines):
            return
        full = end = min(start + LINES - 1, len(lines))
        while start < end < len(lines) and lines[end - 1].with_next:
            end -= 1
        if end == start:  # more belongs together than a page holds
            end = full
        yield [line.cells for line in lines[start:end]]
        start = end


def _numbered(pages: Iterator[list[str]], table: Translator) -> Iterator[list[str]]:
    for number, page in enumerate(pages, 1):
        room = [""] * (LINES - 1 - len(page))
        yield [*page, *room, table(str(number)).rjust(CELLS)]
