"""What a case file may hold: each thing that happened with its words, its letter and its documents, and what is left out.

A person marks what is left out, and why; it stays marked in its place. Notes for colleagues are marked to begin with.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from amends.core.letters.blocks import one_line
from amends.desk.enclosed import LETTER_TOO
from amends.desk.models import KeptMessage, Outgoing, Upload
from amends.desk.story import LETTER_TITLES, PRIVATE_LETTERS, Entry, Look


class Reason(StrEnum):
    """Why something is left out of a case file, as the file says it in its place."""

    THIRD_PARTY = "private to somebody who is not part of this complaint"
    INTERNAL = "an internal note of ours"
    ADVICE = "legal advice to us"
    SECURITY = "it would tell how we check who somebody is"
    ELSEWHERE = "about another matter"


CODES: Final[Mapping[str, Reason]] = {reason.name.lower(): reason for reason in Reason}
"""What a form calls each reason."""


class Source(StrEnum):
    """Where a document is kept."""

    MAIL = "mail"
    LETTER = "letter"
    UPLOAD = "upload"


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that may go with the file: where it is kept, what it is, and what it was called."""

    source: Source
    key: str
    """The id by which it is kept there."""
    what: str
    at: datetime
    name: str = ""
    """What whoever sent it called it."""

    @property
    def id(self) -> str:
        """What a form calls it."""
        return f"{self.source}:{self.key}"


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that happened, with its documents. `id` is what a form calls it."""

    id: str
    entry: Entry
    papers: tuple[Paper, ...]
    begins_out: tuple[Reason, ...] = ()
    """Why it is marked to be left out before anybody has looked."""


LeftOut = Mapping[str, Sequence[Reason]]
"""What is left out, by the ids of pieces and papers, with the reasons."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A document in its place in the file. `file` is its path in the zip; empty where it is left out or erased."""

    number: int
    paper: Paper
    file: str
    why_not: str = ""
    """Why it does not go with the file."""


@dataclass(frozen=True, slots=True)
class Contents:
    """A case file as it will be: its days, its documents in order, and what is left out."""

    days: tuple[tuple[date, tuple[Piece, ...]], ...]
    numbered: tuple[Numbered, ...]
    left_out: LeftOut = field(default_factory=dict)
    without_code: frozenset[str] = frozenset()
    """The ids of pieces and papers out of which the code was taken that opens the case to its customer alone."""

    def pieces(self) -> Iterator[Piece]:
        """Everything that happened, in its order."""
        for _, pieces in self.days:
            yield from pieces

    def of(self, piece: Piece) -> tuple[Numbered, ...]:
        """The documents of a piece."""
        mine = {paper.id for paper in piece.papers}
        return tuple(x for x in self.numbered if x.paper.id in mine)

    def why_out(self, which: Piece | Paper) -> str:
        """Why something is left out, for a sentence; empty where it is not."""
        return "; ".join(self.left_out.get(which.id, ()))


def pieces(story: Sequence[tuple[date, Sequence[Entry]]]) -> tuple[tuple[date, tuple[Piece, ...]], ...]:
    """What a case tells, as pieces with their documents."""
    days, number = [], 0
    for day, entries in story:
        found = []
        for entry in entries:
            number += 1
            begins_out = (Reason.INTERNAL,) if entry.look is Look.NOTE else ()
            found.append(Piece(f"piece:{number}", entry, tuple(_papers(entry)), begins_out))
        days.append((day, tuple(found)))
    return tuple(days)


def _papers(entry: Entry) -> Iterator[Paper]:
    if entry.message:
        yield Paper(Source.MAIL, entry.message, "The message as it came", entry.at)
    if entry.letter is not None and entry.letter.letter not in PRIVATE_LETTERS:
        title = LETTER_TITLES.get(entry.letter.letter, entry.letter.letter)
        yield Paper(Source.LETTER, str(entry.letter.pk), f"Letter: {title}", entry.at)
    for upload in entry.uploads:
        name = one_line(upload.name)
        yield Paper(Source.UPLOAD, str(upload.pk), f"File: {name or 'without a name'}", entry.at, name)


def contents(
    days: tuple[tuple[date, tuple[Piece, ...]], ...], left_out: LeftOut, erased: frozenset[str]
) -> Contents:
    """The file with what is left out: a piece that is left out takes its documents with it. `erased` are papers' ids."""
    out = dict(left_out)
    numbered: list[Numbered] = []
    letters: dict[str, Sequence[Reason]] = {}
    for _, found in days:
        for piece in found:
            letter = piece.entry.letter
            for paper in piece.papers:
                if piece.id in out:
                    out.setdefault(paper.id, out[piece.id])
                if letter is None or paper.source is not Source.LETTER:
                    pass
                elif paper.id in out:
                    letters[letter.key] = out[paper.id]
                elif inside := letters.get(_encloses(letter)):
                    # What goes again in a format is printed with it, so it is left out with it too.
                    out[paper.id] = letters[letter.key] = inside
                number = len(numbered) + 1
                why_not = (
                    f"left out: {'; '.join(out[paper.id])}"
                    if paper.id in out
                    else "its content has been erased"
                    if paper.id in erased
                    else ""
                )
                file = "" if why_not else f"documents/{number:03d}-{safe_name(paper)}"
                numbered.append(Numbered(number, paper, file, why_not))
    return Contents(days, tuple(numbered), out)


def _encloses(letter: Outgoing) -> str:
    """The key of the earlier letter that goes within this one; empty where none does."""
    kind, _space, key = str(letter.words.get("encloses", "")).partition(" ")
    return key if kind == LETTER_TOO else ""


def erased(papers: Sequence[Paper]) -> frozenset[str]:
    """The ids of those whose content is no longer kept."""
    ids = {source: [p.key for p in papers if p.source is source] for source in Source}
    there = {
        Source.MAIL: KeptMessage.objects.filter(pk__in=ids[Source.MAIL]).exclude(raw=b""),
        Source.LETTER: Outgoing.objects.filter(pk__in=ids[Source.LETTER]).exclude(salt=""),
        Source.UPLOAD: Upload.objects.filter(pk__in=ids[Source.UPLOAD], content__isnull=False),
    }
    kept = {
        f"{source}:{key}" for source, found in there.items() for key in found.values_list("pk", flat=True)
    }
    return frozenset(paper.id for paper in papers if paper.id not in kept)


_ENDINGS: Final = {Source.MAIL: ".eml", Source.LETTER: ".pdf"}
_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME: Final = 60
_LONGEST_ENDING: Final = 10


def safe_name(paper: Paper) -> str:
    """A name that no system takes for a path or a command: plain letters, digits, dots, dashes; its ending kept."""
    if paper.source is not Source.UPLOAD:
        return _plain(paper.what.removeprefix("Letter: ").lower()) + _ENDINGS[paper.source]
    stem, dot, ending = paper.name.rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING or not _plain(ending):
        stem, ending = paper.name, ""
    return f"{_plain(stem) or 'file'}{f'.{_plain(ending)}' if ending else ''}"


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _NOT_IN_NAMES.sub("-", bare).strip(".-_")[:_LONGEST_NAME].strip(".-_")
