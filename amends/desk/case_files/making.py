"""Making a case file: outside every transaction, then kept with the fact that it was made, if the case has not moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from amends.core import facts as f
from amends.core.calendar import london_date
from amends.core.clocks import clocks
from amends.core.letters import LetterMatter, Missing, write
from amends.core.letters.case_file.words import addressed
from amends.core.may import Refusal
from amends.core.reasons import told
from amends.desk import merging
from amends.desk.accent import shades
from amends.desk.at_scheme import has_it
from amends.desk.case_files.kept_back import out_of_words
from amends.desk.case_files.pieces import Contents, LeftOut, Piece, contents, erased, pieces
from amends.desk.case_files.printed import Dated, case_file_pdf
from amends.desk.case_files.printed import left_out as out_of
from amends.desk.case_files.zipped import packed
from amends.desk.documents import PDF_TYPE, own_address, with_stationery
from amends.desk.enclosures import listed
from amends.desk.houses import Houses, access_codes
from amends.desk.models import AuditEntry, CaseFileRow, Document
from amends.desk.record import docket
from amends.desk.stationery import letterhead_on
from amends.desk.strip import label
from amends.desk.typeset import Letterhead, MadePdf

if TYPE_CHECKING:
    from amends.core.case import Case, Outcome
    from amends.core.rulebook import Rulebook
    from amends.desk.actions import Actor
    from amends.desk.models import CaseRow
    from amends.desk.story import Entry

FORMAT = "case-file"
"""What its PDF is called among the documents."""
Story = Sequence[tuple[date, Sequence["Entry"]]]


def what_goes(story: Story, left_out: LeftOut) -> Contents:
    """The file as it would be with this left out."""
    days = pieces(story)
    papers = [paper for _, found in days for piece in found for paper in piece.papers]
    return contents(days, left_out, erased(papers))


def make(  # noqa: PLR0913 - a case as it was read, and what a person chose, each by its own name
    row: CaseRow, case: Case, book: Rulebook, seen: int, story: Story, left_out: LeftOut, words: str, *, by: Actor,
    now: datetime,
) -> CaseFileRow | Refusal:  # fmt: skip
    """Make a case file of a case as it stood with `seen` facts, its own and those of cases that go on as it.

    Refused where it has moved since, and nothing is kept. Not to be called within a transaction: letters are printed
    and every document is read for its checksum.
    """
    refusal = has_it(case) or _still(_facts(row), seen)
    if refusal is not None:
        return refusal
    goes = what_goes(story, left_out)
    there = [packed(x) for x in goes.numbered]
    bare = {x.paper.id for x, there_is in zip(goes.numbered, there, strict=True) if there_is.without}
    goes = _without_codes(row, goes, bare)
    pdf = printed(row, case, book, goes, words, now)
    if isinstance(pdf, Refusal):
        return pdf
    papers = [x.to_json() for x in there]
    with docket(row.pk, now=now) as taken:
        hand = taken.cases[row.pk]
        # Erasing adds no fact: words that are gone since they were read must not live on in a file.
        same = hand.case == case and {x.paper.id for x in goes.numbered if x.file}.isdisjoint(
            erased([x.paper for x in goes.numbered])
        )
        refusal = has_it(hand.case) or (_still(_facts(hand.row), seen) if same else MOVED)
        if refusal is not None:
            return refusal
        number = len(hand.case.case_files) + 1
        document = Document.objects.create(
            provider_id=row.provider_id, case=row, format=FORMAT, media_type=PDF_TYPE, content=pdf.content,
            sha256=pdf.sha256, made_at=now,
        )  # fmt: skip
        made = CaseFileRow.objects.create(
            provider_id=row.provider_id, case=row, number=number, made_at=now, made_by=by.id, pdf=document,
            papers=papers, left_out=len(left_out), out=list(out_of(goes)),
        )  # fmt: skip
        many = sum(bool(x.file) for x in goes.numbered)
        hand.add(
            f.CaseFileMade(
                at=now, logged=now, by=by.id, number=number, documents=many, left_out=len(left_out),
                digests=f"{pdf.sha256}\n{listed(papers)}",
            )
        )  # fmt: skip
        audit(made, by.id, now, "case file made", documents=many, left_out=len(left_out))
    return made


def _theirs(case: Case) -> str:
    """What the scheme calls the dispute: the letterhead names it as the reader's reference."""
    number = case.referral.number if case.referral else ""
    return number or case.reference


MOVED = Refusal(
    "The case has moved while you were choosing", "A-evidence", "Look at what is new below, and press again."
)


def _facts(row: CaseRow) -> int:
    """How many facts its story is told from: those of the cases that go on as it too, for they count its pieces."""
    return row.facts + sum(x.facts for x in merging.ended_in(row))


def _still(facts: int, seen: int) -> Refusal | None:
    return None if facts == seen else MOVED


def audit(made: CaseFileRow, by: str, now: datetime, what: str, **more: object) -> None:
    """Write into the audit what was done with a case file."""
    AuditEntry.objects.create(
        provider_id=made.provider_id, at=now, by=by, what=what,
        detail={"case": made.case_id, "file": made.number, **more},
    )  # fmt: skip


def as_shown(case: Case, goes: Contents) -> Case:
    """The case as the cover may quote it: in place of the words that are left out stands why."""
    out = [(piece.entry, f"Left out: {why}.") for piece in goes.pieces() if (why := goes.why_out(piece))]
    contacts = {entry.contact: why for entry, why in out if entry.contact}
    letters = {entry.letter.key: why for entry, why in out if entry.letter is not None}
    lines = {entry.words: why for entry, why in out if entry.words}

    def told(outcome: Outcome) -> Outcome:
        why = letters.get(outcome.letter) or lines.get(outcome.words)
        return replace(outcome, words=why, credit_pence=0) if why else outcome

    return replace(
        case,
        contacts=tuple(
            replace(c, subject="", words=contacts[c.id]) if c.id in contacts else c for c in case.contacts
        ),
        outcomes=tuple(map(told, case.outcomes)),
        position=lines.get(case.position, case.position),
    )


def _case_without(case: Case, codes: Sequence[str]) -> Case:
    """The case as others may read it: without the code that opens it to its customer alone."""
    contacts = (
        replace(c, subject=out_of_words(c.subject, codes), words=out_of_words(c.words, codes))
        for c in case.contacts
    )
    return replace(case, contacts=tuple(contacts))


def _without_codes(row: CaseRow, goes: Contents, papers: set[str]) -> Contents:
    """The same of what it tells: `papers` are the ids of the documents out of which a code was taken."""
    codes, found = _codes(row), set(papers)

    def bare(piece: Piece) -> Piece:
        words = out_of_words(piece.entry.words, codes)
        if words == piece.entry.words:
            return piece
        found.add(piece.id)
        return replace(piece, entry=replace(piece.entry, words=words))

    days = tuple((day, tuple(map(bare, of_day))) for day, of_day in goes.days)
    return replace(goes, days=days, without_code=frozenset(found))


def _codes(row: CaseRow) -> list[str]:
    return [code for each in (row, *merging.ended_in(row)) for code in access_codes(each)]


def printed(
    row: CaseRow, case: Case, book: Rulebook, goes: Contents, words: str, now: datetime
) -> MadePdf | Refusal:
    """The PDF of the file, kept nowhere yet; no code stands in what it tells any more."""
    provider, today = row.provider, london_date(now)
    case = _case_without(case, _codes(row))
    house = Houses(now).of(provider)
    matter = LetterMatter(
        case=as_shown(case, goes), book=book, provider_name=provider.name, today=today, now=now,
        memberships=house.memberships, free_text=words, own=house.own, signature=house.signature,
    )  # fmt: skip
    cover = write("case-file", matter)
    if isinstance(cover, Missing):
        return Refusal("The cover cannot be written yet", "A-evidence", f"{cover.why}.")
    plain = Letterhead(
        provider_name=provider.name, address=own_address(book.code), reference=_theirs(case), date=today,
        to=addressed(matter), accent=shades(provider.accent).light,
    )  # fmt: skip
    running = [Dated(label(c), c, c.standing(now), told(c, case, book)) for c in clocks(case, book)]
    return case_file_pdf(cover, with_stationery(plain, letterhead_on(provider.pk, today)), running, goes)
