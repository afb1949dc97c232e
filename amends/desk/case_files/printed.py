"""A case file as one PDF: cover, contents, documents, dates and why, timeline, what was said, letters, what is left out.

PDF/UA-1 like every letter: typst, with the fonts that ship with the program; a character that none of them has is
printed as its number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from amends.core import saying
from amends.core.clocks import Clock, Kind
from amends.core.letters import Letter
from amends.core.letters.blocks import Block, Paragraph
from amends.desk.case_files.kept_back import CODE_OUT
from amends.desk.case_files.pieces import Contents, Numbered, Piece
from amends.desk.documents import WordsErased, frozen, without_code
from amends.desk.story import Look
from amends.desk.typeset import Letterhead, MadePdf, _is_empty, _page, _room, _set, _Setter, window_lines

TEMPLATE: Final = "case-file.typ"
LONGEST: Final = 20_000
"""Characters of one message that are printed: the whole of it goes with the file as it came."""
_SPOKEN: Final = (Look.THEIRS, Look.OURS)


@dataclass(frozen=True, slots=True)
class Dated:
    """A clock of the case with how it stands, and why its date is what it is."""

    label: str
    clock: Clock
    standing: str
    why: tuple[str, ...]


def case_file_pdf(cover: Letter, head: Letterhead, clocks: Sequence[Dated], contents: Contents) -> MadePdf:
    """The file. The same facts, choices and letterhead give the same bytes."""
    window, cut = window_lines(head.to, _room(head))
    blocks = [block for block in cover.blocks if not _is_empty(block)]

    def page(gone: set[str]) -> dict[str, Any]:
        said = _Told(gone)
        return {
            **_page(cover.subject, blocks, head, window, gone),
            "documents": [said.document(x, bare=x.paper.id in contents.without_code) for x in contents.numbered],
            "dates": [said.date(x) for x in clocks],
            "days": [
                {"day": saying.day(day), "lines": [said.line(piece, contents) for piece in pieces]}
                for day, pieces in contents.days
            ],
            "spoken": [said.spoken(piece, contents) for piece in contents.pieces() if piece.entry.look in _SPOKEN],
            "notes": [said.spoken(piece, contents) for piece in contents.pieces() if piece.entry.look is Look.NOTE],
            "letters": [said.letter(piece, contents) for piece in contents.pieces() if piece.entry.letter],
            "left-out": [said.text(line) for line in left_out(contents)],
        }  # fmt: skip

    return _set(TEMPLATE, page, head.date, cut=cut)


def left_out(contents: Contents) -> Iterator[str]:
    """What is left out, one sentence each: where it would stand, what kind of thing it is, and why; never the thing."""
    numbers = {x.paper.id: x.number for x in contents.numbered}
    for piece in contents.pieces():
        if why := contents.why_out(piece):
            yield f"{saying.moment(piece.entry.at)}, {_kind(piece)}: {why}."
            continue
        if piece.id in contents.without_code:
            yield f"Out of the words of {saying.moment(piece.entry.at)}, {_kind(piece)}: {CODE_OUT}."
        for paper in piece.papers:
            if why := contents.why_out(paper):
                yield f"Document {numbers[paper.id]}, of {saying.moment(paper.at)}: {why}."
    bare = [str(x.number) for x in contents.numbered if x.paper.id in contents.without_code]
    if bare:
        yield f"Out of {'documents' if len(bare) > 1 else 'document'} {saying.listed(bare)}: {CODE_OUT}."


_KINDS: Final = {
    Look.THEIRS: "a message or call from the customer", Look.OURS: "a contact of ours", Look.LETTER: "a letter of ours",
    Look.NOTE: "a note", Look.LINE: "a step of the case",
}  # fmt: skip


def _kind(piece: Piece) -> str:
    """What kind of thing a piece is: all that is told of what is left out."""
    return _KINDS[piece.entry.look]


class _Told(_Setter):
    """Pieces of a case file as the template takes them."""

    def document(self, x: Numbered, *, bare: bool) -> list[dict[str, Any]]:
        """A document in the list of them; `bare` where a code was taken out of it."""
        out = x.why_not.startswith("left out")
        what = "A document" if out else x.paper.what
        where = f"Not here: {x.why_not}" if x.why_not else x.file
        if bare:
            where = f"{where} (left out of it: {CODE_OUT})"
        return [self.text(y) for y in (str(x.number), what, saying.moment(x.paper.at), where)]

    def date(self, x: Dated) -> dict[str, Any]:
        due = saying.moment(x.clock.due) if x.clock.due else "not known"
        law = ["It is the law's: it never pauses and never starts again."] if x.clock.kind is Kind.LAW else []
        return {
            "what": self.text(x.label),
            "stands": self.text(f"Due {due}: {x.standing}."),
            "why": [self.text(line) for line in (*x.why, *law)],
        }

    def line(self, piece: Piece, contents: Contents) -> list[dict[str, Any]]:
        """One line of the timeline: when and what, without the words, which stand further on."""
        entry, why = piece.entry, contents.why_out(piece)
        when = saying.time(entry.at)
        if why:
            return [self.text(when), self.text(f"Left out, {_kind(piece)}: {why}")]
        under = f" (under {entry.under})" if entry.under else ""
        words = f": {entry.words}" if entry.look is Look.LINE and entry.words else ""
        more = "".join(f". {x}" for x in entry.more)
        logged = f". Written down {saying.moment(entry.logged)}" if entry.logged else ""
        papers = contents.of(piece)
        named = f" (document {saying.listed([str(x.number) for x in papers])})" if papers else ""
        return [self.text(when), self.text(f"{entry.what}{under}{words}{more}{logged}{named}")]

    def spoken(self, piece: Piece, contents: Contents) -> dict[str, Any]:
        """What was said or written, with its words."""
        entry, why = piece.entry, contents.why_out(piece)
        title = f"{saying.moment(entry.at)}: {_kind(piece) if why else entry.what}"
        words = f"Left out: {why}." if why else entry.words or "No words were kept."
        if len(words) > LONGEST:
            words = f"{words[:LONGEST]}\n\n[It goes on: the whole of it is among the documents.]"
        return {
            "title": self.text(title), "out": bool(why),
            "words": [self.text(part) for part in words.split("\n\n") if part.strip()],
            "more": [] if why else [self.text(x) for x in (*entry.more, *_named(contents.of(piece)))],
        }  # fmt: skip

    def letter(self, piece: Piece, contents: Contents) -> dict[str, Any]:
        """A letter in the words in which it left."""
        entry, why = piece.entry, contents.why_out(piece)
        assert entry.letter is not None
        blocks: Sequence[Block] = (Paragraph(f"Left out: {why}."),)
        title = (
            f"{saying.moment(entry.at)}: {_kind(piece)}"
            if why
            else f"{saying.moment(entry.at)}: {entry.what}"
        )
        more: list[str] = []
        if not why:
            try:
                whole = frozen(entry.letter)
                blocks = [block for block in without_code(whole.blocks) if not _is_empty(block)]
                more = [f"Subject: {whole.subject}"]
            except WordsErased:
                blocks = (Paragraph("Its words have been erased."),)
            more += [
                f"To: {', '.join(entry.letter.to.split(chr(10)))}",
                *entry.more,
                *_named(contents.of(piece)),
            ]
        return {
            "title": self.text(title), "more": [self.text(x) for x in more],
            "blocks": [self.block(block) for block in blocks],
        }  # fmt: skip


def _named(papers: Sequence[Numbered]) -> Iterator[str]:
    for x in papers:
        yield f"Document {x.number}: {'not here, ' + x.why_not if x.why_not else x.paper.what}"
