"""A copy of personal data as people read it and as programs do: one page of HTML, and one file of JSON.

DP-03, DP-11. Both say the same. They begin with what the law wants told with a copy: what the data are used for, who gets
them, how long they are kept, where they came from, and which rights there are.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from amends.core import saying
from amends.core.personal_data import COMMISSIONER
from amends.desk.bundles.deciding import STAFF_POLICY, Decided, lines_of
from amends.desk.case_files.pieces import Numbered
from amends.desk.case_files.zipped import Packed

STYLE: Final = (
    "body{font:1.05rem/1.6 system-ui,sans-serif;margin:2rem auto;max-width:46rem;padding:0 1rem;color:#1b1b1b;"
    "background:#fff;overflow-wrap:anywhere}h1{line-height:1.2}h2{margin-top:2.5rem;border-top:1px solid #777;"
    "padding-top:1.5rem}article{margin:1.25rem 0;padding-left:1rem;border-left:3px solid #bbb}.quiet{color:#555}"
    "p.words{white-space:pre-line}dt{font-weight:600}dd{margin:0 0 .5rem;white-space:pre-line}"
    "@media (prefers-color-scheme:dark){body{color:#eee;background:#161616}.quiet{color:#bbb}}"
    "@media print{body{margin:0;max-width:none}article{break-inside:avoid}}"
)


@dataclass(frozen=True, slots=True)
class Cover:
    """Whose copy it is, of what, from whom, and what stands at its beginning."""

    provider: str
    reference: str
    name: str
    made: datetime
    about: tuple[tuple[str, str], ...]
    """What the law wants told with a copy: a heading and its words."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing as it goes."""

    when: str
    at: str
    what: str
    lines: tuple[tuple[str, str], ...]
    documents: tuple[Packed, ...]
    why_out: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """The things under one heading, as they go."""

    title: str
    pieces: tuple[Piece, ...]


def cover_words(months: int, policy: str, staff: str) -> tuple[tuple[str, str], ...]:
    """What the law wants told with a copy. `months` is how long a case is kept after it is closed."""
    more = f" More stands in our privacy policy: {policy}" if policy else ""
    told = {
        "What we use it for": "To deal with your complaints, requests and services, and to show that we did so as the rules "
        "for telecoms companies ask.",
        "Why we may": "The rules of Ofcom make us deal with complaints and keep records of them; the rest we need for our "
        "contract with you, or you agreed to it.",
        "Who gets it": "Those of our people who work on it; suppliers that we ask for what your case needs; those who carry "
        "our mail and post; and, if you take a complaint there, the independent scheme. Whom your case names stands below.",
        "How long we keep it": f"A case is kept for {saying.counted(months, 'month')} after it is closed, unless a dispute "
        "about it is still open.",
        "Where it came from": "From you, from people who spoke or wrote for you, and from our own work. Where it came from "
        "somebody else, that stands below.",
        "What you can ask": "That we put it right, erase it, use it less, hand it to somebody else, or stop a use of it. "
        f"You can complain to us, and to {COMMISSIONER}.{more}",
        "How it was decided about you": "By people. No machine decides a complaint here.",
        "What is taken out": "Information about other people who have not agreed that you see it. In its place stands what "
        f"it was. {STAFF_POLICY[staff]}",
    }
    return tuple(told.items())


def chapters(decided: Decided, numbered: Sequence[Numbered], packed: Sequence[Packed]) -> tuple[Chapter, ...]:
    """Everything as it goes, under its headings."""
    documents = {x.paper.id: p for x, p in zip(numbered, packed, strict=True)}
    found = []
    for section in decided.held.sections:
        pieces = []
        for thing in section.things:
            why = decided.why_out(thing)
            pieces.append(
                Piece(
                    saying.moment(thing.at) if thing.at else "", thing.at.isoformat() if thing.at else "",
                    "Something that was written for colleagues" if why else decided.words(thing.what),
                    () if why else tuple(lines_of(thing, decided)), tuple(documents[p.id] for p in thing.papers), why,
                )
            )  # fmt: skip
        found.append(Chapter(section.title, tuple(pieces)))
    return tuple(found)


def as_json(cover: Cover, chapters: Sequence[Chapter]) -> bytes:
    """The same as a program reads it: UTF-8, with the meaning of each field in its name."""
    told: dict[str, Any] = {
        "what this is": "a copy of the personal data that the provider holds of one person",
        "provider": cover.provider,
        "request": cover.reference,
        "person": cover.name,
        "made": cover.made.isoformat(),
        "about": dict(cover.about),
        "chapters": [
            {
                "title": chapter.title,
                "entries": [
                    {
                        "at": piece.at or None,
                        "what": piece.what,
                        "lines": [{"label": label, "words": words} for label, words in piece.lines],
                        "left out because": piece.why_out or None,
                        "documents": [_document(x) for x in piece.documents],
                    }
                    for piece in chapter.pieces
                ],
            }
            for chapter in chapters
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _document(x: Packed) -> dict[str, Any]:
    if not x.file:
        return {"number": x.number, "not here because": x.why_not}
    return {"number": x.number, "what": x.what, "file": x.file, "bytes": x.size, "sha256": x.sha256}


def as_html(cover: Cover, chapters: Sequence[Chapter]) -> bytes:
    """The same as people read it, on a screen or on paper; it needs nothing but itself and the files beside it."""
    title = f"What {cover.provider} holds about you"
    index = format_html_join(
        "", '<li><a href="#part-{}">{}</a></li>', ((n, c.title) for n, c in enumerate(chapters, 1))
    )
    about = format_html_join("", "<dt>{}</dt><dd>{}</dd>", cover.about)
    parts = format_html_join(
        "",
        '<section><h2 id="part-{}">{}</h2>{}</section>',
        (
            (n, c.title, format_html_join("", "{}", ((_piece(p),) for p in c.pieces)))
            for n, c in enumerate(chapters, 1)
        ),
    )
    return format_html(
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        "<title>{title}</title><style>{style}</style></head><body><main><h1>{title}</h1><p>{name}<br>"
        '<span class="quiet">Your request {reference}. Made {made}.</span></p><nav aria-label="Contents"><ol>'
        '<li><a href="#about">About this copy</a></li>{index}</ol></nav><h2 id="about">About this copy</h2><dl>{about}</dl>'
        "{parts}</main></body></html>",
        title=title, style=SafeString(STYLE), name=cover.name, reference=cover.reference,
        made=saying.moment(cover.made), index=index, about=about, parts=parts,
    ).encode()  # fmt: skip


def _piece(piece: Piece) -> SafeString:
    lines = format_html_join("", "{}", ((_line(label, words),) for label, words in piece.lines))
    documents = format_html_join("", "<li>{}</li>", ((_said(x),) for x in piece.documents))
    return format_html(
        '<article><p>{}<strong dir="auto">{}</strong></p>{}{}{}</article>',
        format_html('<span class="quiet">{}</span><br>', piece.when) if piece.when else "",
        piece.what,
        format_html("<p>Left out: {}.</p>", piece.why_out) if piece.why_out else "",
        lines,
        format_html("<ul>{}</ul>", documents) if piece.documents else "",
    )


def _line(label: str, words: str) -> SafeString:
    if label:
        return format_html('<p class="words" dir="auto"><strong>{}:</strong> {}</p>', label, words)
    return format_html('<p class="words" dir="auto">{}</p>', words)


def _said(x: Packed) -> SafeString:
    if x.file:
        return format_html('Document {}: <a href="{}" dir="auto">{}</a>', x.number, x.file, x.what)
    return format_html("Document {}: not here, {}", x.number, x.why_not)
