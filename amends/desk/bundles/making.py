"""Making a copy of personal data: read outside every transaction, then kept with its fact, if nothing has moved.

Its page and its JSON are kept as they were made; the documents stay where they are kept, with their checksums, so that
the zip is put together when it is wanted and erasing any of the cases reaches all of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import IO, TYPE_CHECKING, Final
from zipfile import ZipFile

from amends.core import data_answers
from amends.core import facts as f
from amends.core.calendar import london_date
from amends.core.care import data, steps
from amends.core.data_requests import RULE
from amends.core.may import Refusal
from amends.desk.bundles.deciding import STAFF_POLICY, Decided, undecided
from amends.desk.bundles.gathering import Held
from amends.desk.bundles.written import Cover, as_html, as_json, chapters, cover_words
from amends.desk.case_files import zipped
from amends.desk.case_files.pieces import Numbered, Paper, Source, erased, safe_name
from amends.desk.case_files.zipped import NotAsMade, Packed, contents_of, packed
from amends.desk.models import AuditEntry, DataBundleRow
from amends.desk.record import docket

if TYPE_CHECKING:
    from amends.core.rulebook import Rulebook
    from amends.desk.actions import Actor
    from amends.desk.models import CaseRow

PAGE: Final = "what-we-hold-about-you.html"
JSON: Final = "what-we-hold-about-you.json"

MOVED: Final = Refusal(
    "Something has happened on one of the cases while you were deciding", RULE, "Look at what is new below, and press again."
)  # fmt: skip


def gone_papers(held: Held) -> frozenset[str]:
    """The ids of documents whose content is no longer kept."""
    return erased([paper for thing in held.things() for paper in thing.papers])


def make(
    row: CaseRow, book: Rulebook, held: Held, seen: int, said: Mapping[str, str], staff: str, *, by: Actor, now: datetime
) -> DataBundleRow | Refusal:  # fmt: skip
    """Make a copy of what is held, with what was decided of it. Nothing is kept while a question is open.

    Not to be called within a transaction: every document is read for its checksum.
    """
    refusal = _may(held, seen, said, staff)
    if refusal is not None:
        return refusal
    decided = Decided(held, said, staff)
    numbered = _numbered(held, decided)
    papers = [
        replace(packed(x), what=decided.words(x.paper.what) if x.file else "", name="") for x in numbered
    ]
    parts = chapters(decided, numbered, papers)
    kept = book.law.retention_default.find(london_date(now))
    policy = book.code.privacy_policy if book.code else ""
    words = cover_words(kept.value if kept else 0, policy, staff)
    out = sum(decided.taken_out(t) + bool(decided.why_out(t)) for t in held.things())
    out += sum(bool(x.why_not) for x in numbered)
    with docket(row.pk, now=now) as taken:
        hand = taken.cases[row.pk]
        refusal = data_answers.bring_together(hand.case) or (MOVED if _facts(held) != seen else None)
        if refusal is not None:
            return refusal
        cover = Cover(row.provider.name, row.reference, hand.case.customer.name, now, words)
        page, told = as_html(cover, parts), as_json(cover, parts)
        made = DataBundleRow.objects.create(
            provider_id=row.provider_id, case=row, number=len(hand.case.bundles) + 1, made_at=now, made_by=by.id,
            page=page, told=told, papers=[p.to_json() for p in papers], taken_out=out,
        )  # fmt: skip
        made.cases.set([*held.cases, *held.ended])
        digests = "\n".join(hashlib.sha256(x).hexdigest() for x in (page, told))
        hand.add(
            f.DataBundleMade(
                at=now, logged=now, by=by.id, number=made.number, documents=sum(bool(p.file) for p in papers),
                taken_out=out, digests=digests,
            )
        )  # fmt: skip
        if not any(s.step.name == data.GATHERED and s.over for s in steps.standing(hand.case)):
            hand.add(
                f.StepTaken(
                    at=now, logged=now, by=by.id, step=data.GATHERED, how=steps.DONE, words="As made."
                )
            )
        audit(made, by.id, now, "copy of personal data made", documents=len(papers), taken_out=out)
    return made


def _may(held: Held, seen: int, said: Mapping[str, str], staff: str) -> Refusal | None:
    if held.facts != seen:
        return MOVED
    if staff not in STAFF_POLICY:
        return Refusal("Nobody has said what becomes of the names of our people", "DP-11", "Choose one.")
    open_ = len(undecided(held, said, gone_papers(held)))
    if open_:
        return Refusal(
            f"Not everything is decided: {open_} still open",
            "DP-11",
            "Decide each of them: nothing leaves undecided.",
        )
    return None


def _facts(held: Held) -> int:
    """How many facts the cases have now. Erasing adds none, but what it took is found by the checksum of each document."""
    return sum(
        type(each).objects.filter(pk=each.pk).values_list("facts", flat=True).get() for each in held.cases
    )


def _numbered(held: Held, decided: Decided) -> list[Numbered]:
    gone = gone_papers(held)
    found: list[Numbered] = []
    for thing in held.things():
        for paper in thing.papers:
            out = decided.why_out(thing, paper)
            why_not = f"left out: {out}" if out else "its content has been erased" if paper.id in gone else ""
            number = len(found) + 1
            found.append(
                Numbered(number, paper, "" if why_not else f"documents/{number:03d}{_ending(paper)}", why_not)
            )
    return found


def _ending(paper: Paper) -> str:
    """The ending of a file's name: the name itself may tell of somebody else."""
    if paper.source is not Source.UPLOAD:
        return {Source.MAIL: ".eml", Source.LETTER: ".pdf"}[paper.source]
    _stem, dot, ending = safe_name(paper).rpartition(".")
    return f".{ending}" if dot else ""


def audit(made: DataBundleRow, by: str, now: datetime, what: str, **more: object) -> None:
    """Write into the audit what was done with a copy."""
    AuditEntry.objects.create(
        provider_id=made.provider_id, at=now, by=by, what=what,
        detail={"case": made.case_id, "bundle": made.number, **more},
    )  # fmt: skip


def zip_of(made: DataBundleRow, into: IO[bytes]) -> None:
    """Write the zip of a copy. Raises NotAsMade where any of it is not what it was: what was written is void."""
    if not made.page or not made.told:
        raise NotAsMade(f"The page of {made}")
    papers = [Packed(**each) for each in made.papers]
    parts: Sequence[tuple[str, bytes]] = ((PAGE, bytes(made.page)), (JSON, bytes(made.told)))
    sums = [(hashlib.sha256(content).hexdigest(), name) for name, content in parts]
    sums += [(p.sha256, p.file) for p in papers if p.file]
    with ZipFile(into, "w") as file:
        for name, content in parts:
            file.writestr(zipped.entry(name, made.made_at), content)
        file.writestr(zipped.entry(zipped.SUMS, made.made_at), "".join(f"{s}  {name}\n" for s, name in sums))
        for paper, content in contents_of(papers):
            file.writestr(zipped.entry(paper.file, datetime.fromisoformat(paper.at)), content)
