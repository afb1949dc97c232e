"""Sets letters as PDF/UA-1 on A4, ordinary or in large print, whatever anybody typed: typst, with fonts that ship with it.

A character that none of the fonts has is printed as its number (`[U+12345]`) and named in the answer, so that a person
hears of it; it never stops a letter (design: names and words in any script come out right).
"""

from __future__ import annotations

import hashlib
import json
import re
import textwrap
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from amends.core import saying
from amends.core.calendar import midnight
from amends.core.letters.blocks import Block, Bullets, Details, Heading, Link, Paragraph, Quote, one_line
from amends.desk.accent import shades
from amends.desk.logo import SVG

TEMPLATES = Path(__file__).parent / "typst"
FONTS = Path(__file__).parent / "fonts"
FAMILY = "Atkinson Hyperlegible"

WINDOW_LINES = 7
"""Lines that the window of a DL envelope shows, wherever within its play the sheet lies."""
WINDOW_WIDTH = 42
"""Characters in such a line; those of East Asia count twice."""

LETTER = "letter.typ"
LARGE_PRINT = "large-print.typ"
MANIFEST = "manifest.typ"

_LINE = 48
_LONGEST_WORD = 40
_ROUNDS = 4


class TemplateBroken(Exception):
    """The template cannot set even plain English: a mistake of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """What stands around the words: who writes to whom, when, about which case."""

    provider_name: str
    address: tuple[str, ...]
    """The provider's own address, one line per line."""
    reference: str
    date: date
    to: tuple[str, ...]
    """The customer's name and address, one line per line, as they go into the window."""
    lang: str = "en-GB"
    logo: bytes = b""
    """A PNG or SVG that `logo.judged` has let through; the name stands in its place where there is none."""
    logo_type: str = ""
    returns_to: str = ""
    """Where undelivered letters go back to, in small print on top of the window; empty for none."""
    accent: str = ""
    """The provider's colour, `#rrggbb`; one that cannot be read on white gives way to a dark one."""


@dataclass(frozen=True, slots=True)
class MadePdf:
    """A PDF as it was made, once."""

    content: bytes
    sha256: str
    replaced: tuple[str, ...]
    """Characters that no font has, as they were printed: `[U+12345]`."""
    address_cut: bool = False
    """Whether the address has more lines than the window shows; it then stands in full at the end of the letter."""

    @property
    def doubts(self) -> tuple[str, ...]:
        """What a person should look at before it is posted, one sentence each."""
        found = []
        if self.replaced:
            found.append(f"No font has {saying.listed(self.replaced)}: printed as numbers.")
        if self.address_cut:
            found.append(
                f"The address is longer than the window of the envelope: {WINDOW_LINES} lines are shown."
            )
        return tuple(found)


def pdf_bytes(subject: str, blocks: Sequence[Block], letterhead: Letterhead) -> MadePdf:
    """The letter as PDF/UA-1 for a window envelope. The same words and letterhead give the same bytes."""
    window, cut = window_lines(letterhead.to, _room(letterhead))
    body = [block for block in blocks if not _is_empty(block)]
    if cut:
        body.append(Details((("Address in full", "\n".join(letterhead.to)),)))
    return _set(LETTER, lambda gone: _page(subject, body, letterhead, window, gone), letterhead.date, cut=cut)


def large_print_bytes(title: str, blocks: Sequence[Block], letterhead: Letterhead) -> MadePdf:
    """The words in large print, as PDF/UA-1: its own layout, 18 point and more.

    With an address in `letterhead.to` a cover sheet goes before it, for the window of the envelope: the one place where
    smaller print stands. The address is repeated in full within the letter. Without one there is no cover.
    """
    window, cut = window_lines(letterhead.to, _room(letterhead))
    body = [block for block in blocks if not _is_empty(block)]

    def page(gone: set[str]) -> dict[str, Any]:
        said = _Setter(gone)
        return {
            **_page(title, body, letterhead, letterhead.to, gone), "window": [said.window(line) for line in window],
        }  # fmt: skip

    return _set(LARGE_PRINT, page, letterhead.date, cut=cut)


def manifest_bytes(
    title: str, provider: str, columns: Sequence[str], rows: Sequence[Sequence[str]], day: date
) -> MadePdf:
    """The list that lies on top of a print batch, as PDF/UA-1: a table with a line for each letter."""

    def page(gone: set[str]) -> dict[str, Any]:
        said = _Setter(gone)
        return {
            "title": said.plain(title), "provider": said.plain(provider), "columns": list(columns),
            "rows": [[said.plain(cell) for cell in row] for row in rows], "fonts": list(_families()),
        }  # fmt: skip

    return _set(MANIFEST, page, day, cut=False)


Page = Callable[[set[str]], dict[str, Any]]
"""What a template is given, with these characters replaced by their numbers."""


def _set(template: str, page: Page, day: date, *, cut: bool) -> MadePdf:
    """The page by its template, with the number of every character that no font has."""
    replaced = _private(json.dumps(page(set()), ensure_ascii=False))
    for _ in range(_ROUNDS):
        content = _compiled(template, page(replaced), day)
        if isinstance(content, bytes):
            return _made(content, replaced, cut=cut)
        if not content - replaced:
            break
        replaced |= content
    return _plainest(template, page, day, cut=cut)


def _private(text: str) -> set[str]:
    """Characters that mean something else to everybody: a font that has a shape for one does not know what it is."""
    return {c for c in text if c > "\ud7ff" and unicodedata.category(c) == "Co"}


def _is_empty(block: Block) -> bool:
    match block:
        case Details(rows):
            return not rows
        case Bullets(items):
            return not items
        case Paragraph(text) | Heading(text) | Quote(text) | Link(text, _):
            return not text


def _plainest(template: str, page: Page, day: date, *, cut: bool) -> MadePdf:
    """With the number of every character that is not of this country's keyboards: set by any font."""
    foreign = {c for c in json.dumps(page(set()), ensure_ascii=False) if c > "\u00ff"} - set(_OUR_OWN)
    content = _compiled(template, page(foreign), day)
    if not isinstance(content, bytes):
        raise TemplateBroken(f"the template of letters does not set plain text: {content}")
    return _made(content, foreign, cut=cut)


_OUR_OWN = "–—‘’“”•…·€"


def _made(content: bytes, replaced: set[str], *, cut: bool) -> MadePdf:
    numbers = tuple(_number(c) for c in sorted(replaced))
    return MadePdf(content, hashlib.sha256(content).hexdigest(), numbers, cut)


def _number(character: str) -> str:
    return f"[U+{ord(character):04X}]"


# --- The compiler -------------------------------------------------------------------------------------------------

_one_at_a_time = Lock()
_NO_FONT = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')


@cache
def _compiler(template: str) -> typst.Compiler:
    return typst.Compiler(
        str(TEMPLATES / template), root=str(TEMPLATES), font_paths=[str(FONTS)], ignore_system_fonts=True
    )


@cache
def _families() -> tuple[str, ...]:
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    return tuple(sorted(found.families(), key=lambda family: (_rank(family), family)))


def _rank(family: str) -> int:
    """Which font is asked first: ours, then those of one script, then those that have a little of everything."""
    if family in (FAMILY, "Noto Sans"):
        return 0 if family == FAMILY else 1
    return 2 if family.startswith("Noto") and not family.endswith(_LAST) else 3


_LAST = ("Emoji", "Math", "Symbols", "Symbols2")


def _compiled(template: str, page: Mapping[str, Any], day: date) -> bytes | set[str]:
    """The PDF, or the characters for which no font has a shape."""
    try:
        # A compiler is one for the process, and not made for two threads at once.
        with _one_at_a_time:
            made = _compiler(template).compile(
                format="pdf",
                sys_inputs={"letter": json.dumps(page, ensure_ascii=False)},
                pdf_standards=["ua-1"],
                timestamp=int(midnight(day).timestamp()),
            )
    except typst.TypstError as refused:
        missing = {c for text in _NO_FONT.findall(refused.diagnostic) for c in _unescaped(text)}
        if not missing:
            raise
        return missing
    assert isinstance(made, bytes)
    return made


def _unescaped(text: str) -> str:
    r"""The text of a message of the compiler, which writes what cannot be seen as `\u{f0000}`."""
    text = re.sub(r"\\u\{([0-9a-f]+)\}", lambda found: chr(int(found[1], 16)), text)
    return re.sub(r"\\(.)", r"\1", text)


# --- The page as data ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _ink(accent: str) -> str:
    return shades(accent).light


def _page(
    subject: str, blocks: Sequence[Block], head: Letterhead, to: Sequence[str], replaced: set[str]
) -> dict[str, Any]:
    said = _Setter(replaced)
    subject = subject.strip() or head.reference.strip() or "Letter"
    lang, _, region = head.lang.partition("-")
    return {
        "title": said.plain(subject),
        "provider": said.short(head.provider_name),
        "provider-text": said.text(head.provider_name),
        "from": [said.text(line) for line in head.address],
        "to": [said.window(line) for line in to],
        "reference": said.short(head.reference),
        "date": saying.day(head.date),
        "subject": said.text(subject),
        "blocks": [said.block(block) for block in blocks],
        "logo": _logo(head),
        "returns": f"Return to: {said.plain(head.returns_to)}" if head.returns_to else "",
        "fonts": list(_families()),
        "lang": lang,
        "region": region or None,
        "accent": _ink(head.accent),
    }


def _logo(head: Letterhead) -> str | list[int] | None:
    """The logo as the template takes it: an SVG as its text, a PNG as its bytes."""
    if not head.logo:
        return None
    return head.logo.decode() if head.logo_type == SVG else list(head.logo)


class _Setter:
    """Words as the template takes them: lines with their direction, and numbers where no font has a character."""

    def __init__(self, replaced: set[str]) -> None:
        self._replaced = {ord(c): _number(c) for c in replaced}

    def plain(self, text: str) -> str:
        return one_line(text).translate(self._replaced)

    def short(self, text: str) -> str:
        """The text where there is room for one line only."""
        plain = self.plain(text)
        return plain if len(plain) <= _LINE else f"{plain[: _LINE - 1]}…"

    def text(self, text: str, longest: int = _LONGEST_WORD) -> dict[str, Any]:
        """The text in its lines; a word longer than `longest` may go on in the next."""
        shown = saying.unbroken(text.translate(self._replaced))
        return {
            "lines": [_breakable(line, longest) for line in shown.split("\n")],
            "rtl": right_to_left(text),
        }

    def window(self, line: str) -> dict[str, Any]:
        """A line of an address: a word of half a line or more may go on in the next, for it may be of wide letters."""
        return self.text(line, WINDOW_WIDTH // 2)

    def block(self, block: Block) -> dict[str, Any]:
        match block:
            case Paragraph(text):
                return {"kind": "paragraph", "text": self.text(text)}
            case Heading(text):
                return {"kind": "heading", "text": self.text(text)}
            case Details(rows):
                return {
                    "kind": "details",
                    "rows": [[self.text(label), self.text(value)] for label, value in rows],
                }
            case Bullets(items):
                return {"kind": "bullets", "items": [self.text(item) for item in items]}
            case Quote(text):
                return {"kind": "quote", "paragraphs": [self.text(part) for part in text.split("\n\n")]}
            case Link(text, address):
                return {
                    "kind": "link", "text": self.text(text), "shown": self.text(address),
                    "address": address, "leads": block.leads,
                }  # fmt: skip


def right_to_left(text: str) -> bool:
    """Whether the first letter of the text that has a direction runs from right to left."""
    directions = (unicodedata.bidirectional(c) for c in text)
    return next((d in ("R", "AL") for d in directions if d in ("L", "R", "AL")), False)


def _breakable(line: str, longest: int) -> str:
    """The line with places to break a word that is longer than any word is, so that it stays on the page."""
    return " ".join(
        "\u200b".join(textwrap.wrap(word, longest)) if len(word) > longest else word
        for word in line.split(" ")
    )


def _room(head: Letterhead) -> int:
    """The lines of the window that are left for whom the letter is to."""
    return WINDOW_LINES - bool(head.returns_to)


def window_lines(lines: Sequence[str], room: int = WINDOW_LINES) -> tuple[tuple[str, ...], bool]:
    """The address as the window shows it, and whether something had to be left out of it.

    Long lines go on in the next; where there are too many, short ones share a line, and at last the middle is cut:
    the name above it and the town and country below it deliver the letter.
    """
    cleaned = [one_line(line) for line in lines if one_line(line)]
    whole = [part for line in cleaned for part in _parts(line)]
    if len(whole) <= room:
        return tuple(whole), False
    packed = [part for line in _packed(cleaned) for part in _parts(line)]
    if len(packed) <= room:
        return tuple(packed), False
    return (*packed[: room - 3], "…", *packed[-2:]), True


def _parts(line: str) -> list[str]:
    """The line in pieces that fit the window."""
    pieces = [""]
    for word in line.split(" "):
        longer = f"{pieces[-1]} {word}".strip()
        if _width(longer) <= WINDOW_WIDTH:
            pieces[-1] = longer
        else:
            # A mailbox or a Welsh village stands whole where a line can hold it, and goes on in the next where none can.
            pieces += [word] if _width(word) <= WINDOW_WIDTH else textwrap.wrap(word, WINDOW_WIDTH // 2)
    return [piece for piece in pieces if piece]


def _packed(lines: Sequence[str]) -> list[str]:
    """The first line, then as few further ones as hold the rest, joined by commas."""
    packed = list(lines[:1])
    for line in lines[1:]:
        shared = f"{packed[-1]}, {line}"
        if len(packed) > 1 and _width(shared) <= WINDOW_WIDTH:
            packed[-1] = shared
        else:
            packed.append(line)
    return packed


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
