"""What a letter is made of: paragraphs, headings, details, bullets, quotes and links, whose text can do no harm.

Names, outcomes and a customer's own words come in as data. Every block cleans its text as it is made, so that there
is no block anywhere with a control character, a direction override or half a character in it; none is ever read as
markup (L25).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # control characters
    "\xad\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"  # they show nothing and hide in words
    "\u202a-\u202e\u2066-\u2069"  # direction overrides, which make text read as other text
    "\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e0fff"  # no characters at all, and invisible tags
    "]"
)
_HALVES = re.compile("[\ud800-\udfff]")
_GAPS = re.compile("\n{3,}")


def clean(text: str) -> str:
    """The text without what could mislead a reader or break a page; lines are kept, half characters become "�"."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = _HALVES.sub("\ufffd", _LINE_ENDS.sub("\n", text))
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", text).replace("\t", " "))
    return _GAPS.sub("\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()


def one_line(text: str) -> str:
    """The text cleaned, on one line."""
    return " ".join(clean(text).split())


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; a line break within it is kept."""

    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean(self.text))

    def to_json(self) -> dict[str, Any]:
        """The block as it is frozen."""
        return {"kind": "paragraph", "text": self.text}


@dataclass(frozen=True, slots=True)
class Heading:
    """What the blocks after it are about."""

    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", one_line(self.text))

    def to_json(self) -> dict[str, Any]:
        """The block as it is frozen."""
        return {"kind": "heading", "text": self.text}


@dataclass(frozen=True, slots=True)
class Details:
    """Pairs of a label and what it stands for; a value may have several lines.

    `ours` says that they come from the provider or the law's directory and never from a customer: web addresses and
    mailboxes among them then become links on a screen.
    """

    rows: tuple[tuple[str, str], ...]
    ours: bool = False

    def __post_init__(self) -> None:
        rows = tuple((one_line(label), clean(value)) for label, value in self.rows)
        object.__setattr__(self, "rows", rows)

    def to_json(self) -> dict[str, Any]:
        """The block as it is frozen."""
        return {"kind": "details", "rows": [list(row) for row in self.rows], "ours": self.ours}


@dataclass(frozen=True, slots=True)
class Bullets:
    """Things of which each stands alone."""

    items: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", tuple(clean(item) for item in self.items))

    def to_json(self) -> dict[str, Any]:
        """The block as it is frozen."""
        return {"kind": "bullets", "items": list(self.items)}


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody wrote, as they wrote it: an outcome, a position."""

    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean(self.text))

    def to_json(self) -> dict[str, Any]:
        """The block as it is frozen."""
        return {"kind": "quote", "text": self.text}


@dataclass(frozen=True, slots=True)
class Link:
    """A place on the web that we made ourselves. Anything but a plain http(s) address is shown as text only."""

    text: str
    address: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", one_line(self.text))
        object.__setattr__(self, "address", one_line(self.address))

    @property
    def leads(self) -> bool:
        """Whether a press may follow it."""
        return is_web_address(self.address)

    def to_json(self) -> dict[str, Any]:
        """The block as it is frozen."""
        return {"kind": "link", "text": self.text, "address": self.address}


Block = Paragraph | Heading | Details | Bullets | Quote | Link

_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"'\\]+")
_MAILBOX = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def is_web_address(text: str) -> bool:
    """Whether the whole text is an address that a browser may open."""
    return _WEB_ADDRESS.fullmatch(text) is not None


def is_mailbox(text: str) -> bool:
    """Whether the whole text is a plain mailbox."""
    return _MAILBOX.fullmatch(text) is not None


def blocks_to_json(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """The blocks as they are frozen."""
    return [block.to_json() for block in blocks]


def blocks_from_json(written: Sequence[Mapping[str, Any]]) -> tuple[Block, ...]:
    """The blocks that were frozen. Raises ValueError for a kind that is none: a newer program wrote it."""
    return tuple(block_from_json(block) for block in written)


def block_from_json(written: Mapping[str, Any]) -> Block:
    """One frozen block."""
    match dict(written):
        case {"kind": "paragraph", "text": str(text)}:
            return Paragraph(text)
        case {"kind": "heading", "text": str(text)}:
            return Heading(text)
        case {"kind": "details", "rows": list(rows), "ours": bool(ours)}:
            return Details(tuple((str(label), str(value)) for label, value in rows), ours)
        case {"kind": "bullets", "items": list(items)}:
            return Bullets(tuple(str(item) for item in items))
        case {"kind": "quote", "text": str(text)}:
            return Quote(text)
        case {"kind": "link", "text": str(text), "address": str(address)}:
            return Link(text, address)
    raise ValueError(f"no block of a letter: {written!r}")
