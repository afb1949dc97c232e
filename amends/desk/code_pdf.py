"""Sets a published code as PDF/UA-1 on A4, in ordinary and in large print, from the same parts as its page.

As with letters, a character that no font has is printed as its number and never stops a document.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from amends.core.dated import in_words
from amends.core.letters.blocks import Block, Bullets, Details, Heading, Link, Paragraph, Quote
from amends.core.publish.as_blocks import APPLIES_TODAY, title
from amends.core.publish.parts import Panel, Piece, Points, Steps, Today, dates_in_force, in_short, parts
from amends.core.publish.promised import serves
from amends.core.publish.published import Change, ClauseShown, PublishedCode, SchemeShown, StageShown
from amends.core.publish.telling import (
    NOT_GIVEN,
    decision,
    first_capital,
    point_label,
    point_words,
    reaching,
    step_contact,
    step_words,
)
from amends.desk.typeset import MadePdf, _families, _ink, _set, _Setter

ORDINARY, LARGE = False, True

_LINE = 70
_BREAKS_FROM = 900
"""Characters from which a clause may go on over the page; shorter ones stay together."""


def code_pdf(code: PublishedCode, accent: str = "") -> MadePdf:
    """The code in ordinary print. The same code, day and colour give the same bytes."""
    return _made(code, accent, large=ORDINARY)


def large_print_pdf(code: PublishedCode, accent: str = "") -> MadePdf:
    """The code in 18 point and more, laid out for it: one thing below the other, nothing in small print."""
    return _made(code, accent, large=LARGE)


def _made(code: PublishedCode, accent: str, *, large: bool) -> MadePdf:
    return _set("code.typ", lambda gone: _page(code, accent, gone, large=large), code.as_of, cut=False)


# --- The page as data -------------------------------------------------------------------------------------------------


def _page(code: PublishedCode, accent: str, replaced: set[str], *, large: bool) -> dict[str, Any]:
    said = _CodeSetter(replaced)
    return {
        "large": large,
        "title": said.plain(title(code)) or code.code,
        "running": said.cut(title(code)),
        "provider": said.cut(code.provider_name),
        "heading": said.text(code.title),
        "about": [said.text(line) for line in _about(code)],
        "note": said.text(f"About this document. {code.note}") if code.note else None,
        "short-title": said.text("In short"),
        "short": [
            [said.text(row.what), said.text(first_capital(row.by_when)), said.text(row.counted)]
            for row in in_short(code)
        ],
        "contents-title": said.text("Contents"),
        "applies-today": APPLIES_TODAY,
        "parts": [
            {"title": said.text(part.title), "pieces": [said.piece(piece) for piece in part.pieces]}
            for part in parts(code)
        ],
        "fonts": list(_families()),
        "lang": "en",
        "region": "GB",
        "accent": _ink(accent),
    }


def _about(code: PublishedCode) -> list[str]:
    lines = [f"{dates_in_force(code)}. Version: {code.version}."]
    if code.serves:
        lines.append(f"For {serves(frozenset(code.serves))}.")
    return [*lines, f"The law beside the clauses is that of {in_words(code.as_of)}."]


class _CodeSetter(_Setter):
    """Pieces of a published code as the template takes them."""

    def cut(self, text: str) -> str:
        """The text where there is room for one line only."""
        plain = self.plain(text)
        return plain if len(plain) <= _LINE else f"{plain[: _LINE - 1]}…"

    def all(self, texts: Iterable[str]) -> list[dict[str, Any]]:
        return [self.text(text) for text in texts if text]

    def rows(self, pairs: Iterable[tuple[str, str]]) -> list[list[dict[str, Any]]]:
        return [[self.text(label), self.text(words)] for label, words in pairs]

    def piece(self, piece: Piece) -> dict[str, Any]:
        match piece:
            case ClauseShown():
                return self._clause(piece)
            case Points(points):
                pairs = ((point_label(p), "\n".join((p.value or NOT_GIVEN, *point_words(p)))) for p in points)
                return {"kind": "rows", "rows": self.rows(pairs)}
            case Steps(stages):
                return {"kind": "steps", "steps": [self._step(stage) for stage in stages]}
            case Today(note):
                return {"kind": "today", "notes": [self.text(note.text)]}
            case Panel(scheme):
                return self._scheme(scheme)
            case Change():
                return self._change(piece)
            case _:
                return self.plain_block(piece)

    def plain_block(self, piece: Block) -> dict[str, Any]:
        match piece:
            case Heading(text):
                return {"kind": "heading", "text": self.text(text)}
            case Paragraph(text) | Quote(text):
                return {"kind": "paragraph", "text": self.text(text)}
            case Bullets(items):
                return {"kind": "bullets", "items": self.all(items)}
            case Details(pairs):
                return {"kind": "rows", "rows": self.rows(pairs)}
            case Link(text, address):
                return {"kind": "rows", "rows": self.rows([(text, address)])}

    def _step(self, stage: StageShown) -> dict[str, Any]:
        return {
            "role": self.text(first_capital(stage.role) or stage.id),
            "words": self.all((*step_words(stage), step_contact(stage))),
        }

    def _scheme(self, scheme: SchemeShown) -> dict[str, Any]:
        return {
            "kind": "scheme",
            "name": self.text(scheme.details.name),
            "reaching": self.rows(reaching(scheme)),
            "can": self.all(scheme.details.can_do),
            "decision": self.text(decision(scheme)),
            "cannot": self.all(scheme.details.cannot_take),
        }

    def _clause(self, clause: ClauseShown) -> dict[str, Any]:
        gap = f"Left empty in the document. {clause.unknown}" if clause.unknown else ""
        return {
            "kind": "clause",
            "id": clause.id,
            "heading": self.text(clause.heading) if clause.heading else None,
            "says": self.all(clause.says.split("\n\n")),
            "gap": self.all([gap]),
            "when": self.rows(
                (first_capital(p.by_when), p.line.removeprefix(p.by_when).lstrip())
                for p in clause.promises
                if p.line and not p.overtaken
            ),
            "long": len(clause.says) > _BREAKS_FROM,
            "today": self.all(note.text for note in clause.today),
        }

    def _change(self, change: Change) -> dict[str, Any]:
        versions = [("Before", change.before), ("Now", change.now)]
        return {
            "kind": "change",
            "about": self.text(f"{change.about}: {change.kind}"),
            "versions": self.rows((label, words) for label, words in versions if words),
        }
