"""A written letter: its words as blocks, and the same words as plain text and as HTML."""

from __future__ import annotations

import hashlib
import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

from amends.core import saying
from amends.core.letters.blocks import (
    Block,
    Bullets,
    Details,
    Heading,
    Link,
    Paragraph,
    Quote,
    blocks_from_json,
    blocks_to_json,
    is_mailbox,
    is_web_address,
    one_line,
)

WIDTH = 76
"""Characters in a line of plain text, so that a mail can be quoted once more within 78 (RFC 5322, 2.1.1)."""

_JOINT = "\x1f"
"""Holds a date together while lines are filled; the blocks let no control character in, so nobody can have typed it."""

_REFERENCE = re.compile(r"\b[A-Z]{1,4}-[0-9A-Z]{3,4}-[0-9A-Z]{3,4}\b")
"""What is said and copied whole, and so stands on one line: the reference of a case."""

LAW, ACKNOWLEDGEMENT, REPLY, BULK = range(4)
"""The lanes in which mail leaves: a thousand outage notices never hold up an ADR letter."""


@dataclass(frozen=True, slots=True)
class Letter:
    """Words that are ready to be frozen. The subject is one line."""

    letter: str
    """Which letter it is: the id of a `LetterKind`."""
    subject: str
    blocks: tuple[Block, ...]
    lane: int = REPLY
    encloses: str = ""
    """What goes with it: `code ` and its fingerprint, `letter ` and the key of an earlier one; empty if it goes alone."""
    format: str = ""
    """One of `formats.Format`, where this letter was asked for in one; empty for the customer's own."""
    own_words: str = ""
    """Which version of the provider's own words stands in it; empty where none does."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "subject", one_line(self.subject))

    def to_json(self) -> dict[str, Any]:
        """The letter as it is frozen."""
        return {**self._rest(), "blocks": blocks_to_json(self.blocks)}

    def _rest(self) -> dict[str, Any]:
        """All but its blocks, as it is frozen; what is empty is left out."""
        more = {"encloses": self.encloses, "format": self.format, "own words": self.own_words}
        return {
            "letter": self.letter,
            "subject": self.subject,
            "lane": self.lane,
            **{name: value for name, value in more.items() if value},
        }

    @property
    def digest(self) -> str:
        """SHA-256 of the words: the letter's id, subject, blocks and what it encloses, as canonical JSON."""
        rest = {name: value for name, value in self._rest().items() if name != "lane"}
        # "blocks" sorts before every other name, so the whole is what one dump of it all would be.
        written = f'{{"blocks":[{",".join(map(_canonical, self.blocks))}],{_dumped(rest)[1:]}'
        return hashlib.sha256(written.encode()).hexdigest()

    def text(self) -> str:
        """The letter as plain text, lines no longer than `WIDTH` except for a word that is longer itself."""
        return "\n\n".join(_plain(block) for block in self.blocks) + "\n"

    def fragment(self) -> str:
        """The letter as HTML to stand within a page, its headings below the page's own; everything is escaped."""
        return "\n".join(_marked_up(block) for block in self.blocks)

    def html(self) -> str:
        """The letter as a whole HTML page, fit for a mail: no script, no image, nothing fetched."""
        return _PAGE.format(title=escape(self.subject), body=self.fragment())


def letter_from_json(written: Mapping[str, Any]) -> Letter:
    """The letter that was frozen."""
    return Letter(
        str(written["letter"]),
        str(written["subject"]),
        blocks_from_json(written["blocks"]),
        int(written["lane"]),
        str(written.get("encloses", "")),
        str(written.get("format", "")),
        str(written.get("own words", "")),
    )


def _dumped(value: object) -> str:
    """Canonical JSON."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


# Most blocks are the same from letter to letter, and a worker writes hundreds a second.
@lru_cache(maxsize=2048)
def _canonical(block: Block) -> str:
    return _dumped(block.to_json())


@lru_cache(maxsize=2048)
def _plain(block: Block) -> str:
    match block:
        case Paragraph(text):
            return _wrapped(text)
        case Heading(text):
            return f"{_wrapped(text)}\n{'-' * min(len(text), WIDTH)}"
        case Details(rows):
            return "\n".join(_plain_row(label, value) for label, value in rows)
        case Bullets(items):
            return "\n".join(_wrapped(item, "* ", "  ") for item in items)
        case Quote(text):
            return _wrapped(text, "    ", "    ")
        case Link(text, address):
            return f"{_wrapped(f'{text}:')}\n{address}"


def _plain_row(label: str, value: str) -> str:
    if "\n" in value:
        return f"{_wrapped(f'{label}:')}\n{_wrapped(value, '  ', '  ')}"
    return _wrapped(f"{label}: {value}", "", "  ")


def _wrapped(text: str, first: str = "", then: str = "") -> str:
    return "\n".join(_wrapped_lines(text, first, then))


def _wrapped_lines(text: str, first: str, then: str) -> Iterator[str]:
    """Each line of the text in lines of the page; the lines of a text that has several stay apart."""
    for number, line in enumerate(text.split("\n")):
        begin = then if number else first
        if len(begin) + len(line) <= WIDTH and line == line.strip() and line.isprintable():
            yield begin + line if line else ""  # as `textwrap` would say, which takes its time
            continue
        found = textwrap.wrap(
            saying.unbroken(line, _JOINT), WIDTH, initial_indent=begin, subsequent_indent=then,
            break_long_words=False, break_on_hyphens=False,
        )  # fmt: skip
        yield from (part.replace(_JOINT, " ") for part in found or [""])


@lru_cache(maxsize=2048)
def _marked_up(block: Block) -> str:
    match block:
        case Paragraph(text):
            return f'<p dir="auto">{_escaped(text)}</p>'
        case Heading(text):
            return f'<h2 dir="auto">{_escaped(text)}</h2>'
        case Details(rows, ours):
            lines = "".join(
                f'<tr><th scope="row" dir="auto">{_escaped(label)}</th>'
                f'<td dir="auto">{_value(value, linked=ours)}</td></tr>'
                for label, value in rows
            )
            return f"<table>{lines}</table>"
        case Bullets(items):
            return "<ul>" + "".join(f'<li dir="auto">{_escaped(item)}</li>' for item in items) + "</ul>"
        case Quote(text):
            return f'<blockquote dir="auto">{_escaped(text)}</blockquote>'
        case Link(text, address):
            return (
                _link(block.text, block.address)
                if block.leads
                else f"<p>{_escaped(text)}: {_escaped(address)}</p>"
            )


def _escaped(text: str) -> str:
    said = escape(saying.unbroken(text)).replace("\n", "<br>")
    return _REFERENCE.sub(r'<span class="whole">\g<0></span>', said)


def _link(text: str, address: str) -> str:
    return f'<p><a href="{escape(address)}">{_escaped(text)}</a><br>{_escaped(address)}</p>'


def _value(value: str, *, linked: bool) -> str:
    if linked and is_web_address(value):
        return f'<a href="{escape(value)}">{_escaped(value)}</a>'
    if linked and is_mailbox(value):
        return f'<a href="mailto:{escape(value)}">{_escaped(value)}</a>'
    return _escaped(value)


_PAGE = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1.0625em/1.5 "Atkinson Hyperlegible", Verdana, Arial, sans-serif; color: #1d1d1f; background: #fff;
  max-width: 38em; margin: 1.5em auto; padding: 0 1em; overflow-wrap: anywhere }}
a {{ color: #1b4f72 }}
h2 {{ font-size: 1.15em; margin: 1.6em 0 .4em }}
table {{ border-collapse: collapse; margin: 1em 0 }}
th {{ text-align: start; vertical-align: top; padding: .3em 1.5em .3em 0; width: 13.5em }}
.whole {{ white-space: nowrap }}
td {{ vertical-align: top; padding: .3em 0 }}
blockquote {{ margin: 1em 0; padding: .2em 0 .2em 1em; border-inline-start: 3px solid #767676 }}
@media (max-width: 30em) {{
  tr, th, td {{ display: block; width: auto; padding: 0 }}
  tr {{ margin-bottom: .8em }}
}}
@media (prefers-color-scheme: dark) {{
  body {{ color: #ececec; background: #1c1c1e }}
  a {{ color: #9ecbf0 }}
}}
</style>
</head>
<body>
{body}
</body>
</html>
"""
