"""Print batches: the letters that wait for the post as one PDF in posting order, with a manifest, printed again at will.

Letters of the law stand first, then by the day on which each must be posted. The pages are put together from the
letters' own documents, which are made once and kept: printed again, a batch is the same, byte for byte, as long as no
letter in it was erased.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Max, QuerySet
from pypdf import PdfReader, PdfWriter

from amends.core import saying
from amends.core.calendar import london_date
from amends.core.may import Refusal
from amends.desk import actions, documents, enclosed
from amends.desk.actions import Actor
from amends.desk.freeze import TO_POST
from amends.desk.hints import postcode
from amends.desk.models import AuditEntry, BatchedLetter, Document, Outgoing, PrintBatch, Provider
from amends.desk.record import docket
from amends.desk.sheets import harmless
from amends.desk.story import LETTER_TITLES, PRIVATE_LETTERS
from amends.desk.typeset import manifest_bytes, window_lines

LARGEST: Final = 100
"""Letters in one batch: some seconds of printing, and what a person carries to the post at once."""
AT_ONCE: Final = 20
"""How many cases one docket holds, so that no transaction keeps others waiting."""
A4_POINTS: Final = (595.276, 841.89)
COLUMNS: Final = ("Place", "Post by", "Reference", "Letter", "Name", "Postcode", "Pages", "Format", "Key")


@dataclass(frozen=True, slots=True)
class Line:
    """One letter of a manifest."""

    place: int
    post_by: date | None
    reference: str
    letter: str
    name: str
    postcode: str
    pages: int
    format: str
    key: str

    def cells(self) -> tuple[str, ...]:
        """What stands in the columns, in their order."""
        day = self.post_by.isoformat() if self.post_by else ""
        return (
            str(self.place), day, self.reference, self.letter, self.name, self.postcode, str(self.pages),
            self.format or "standard", self.key,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Printed:
    """A batch as it is printed now."""

    content: bytes
    same: bool
    """Whether these are the very bytes that were made first."""


def waiting(provider: str) -> QuerySet[Outgoing]:
    """The letters that wait for the post, in posting order: those of the law first, then by their last posting day."""
    found = Outgoing.objects.filter(provider=provider, state=TO_POST).exclude(letter__in=PRIVATE_LETTERS)
    return found.order_by("lane", "post_by", "id")


def make(provider: Provider, by: Actor, now: datetime, *, both_sides: bool = False) -> PrintBatch | None:
    """A batch of the letters that wait and are in none yet, at most `LARGEST`; None where there is none.

    Not to be called within a transaction: each letter's document is made first, if it was not.
    """
    chosen = list(waiting(provider.pk).filter(batched=None).select_related("case", "provider")[:LARGEST])
    made = {letter.pk: documents.to_print(letter) for letter in chosen}
    with transaction.atomic():
        Provider.objects.select_for_update().get(pk=provider.pk)
        # Somebody else may have pressed the same button: what is in their batch is not printed twice.
        free = set(waiting(provider.pk).filter(batched=None, pk__in=made).values_list("pk", flat=True))
        chosen = [letter for letter in chosen if letter.pk in free]
        if not chosen:
            return None
        last = PrintBatch.objects.filter(provider=provider).aggregate(last=Max("number"))["last"] or 0
        batch = PrintBatch(
            provider=provider,
            number=last + 1,
            made_at=now,
            made_by=by.id,
            both_sides=both_sides,
            pages=0,
            size=0,
        )
        places = [
            BatchedLetter(
                provider=provider, batch=batch, place=place, outgoing=letter,
                pages=_pages(bytes(made[letter.pk].content)), sha256=made[letter.pk].sha256,
            )
            for place, letter in enumerate(chosen, 1)
        ]  # fmt: skip
        content = _joined(batch, places, {pk: bytes(each.content) for pk, each in made.items()})
        batch.pages, batch.size = _pages(content), len(content)
        batch.sha256 = hashlib.sha256(content).hexdigest()
        batch.save(force_insert=True)
        BatchedLetter.objects.bulk_create(places)
        _audit(batch, by, now, "print batch made", letters=len(places), sha256=batch.sha256)
    return batch


def letters_of(batch: PrintBatch) -> list[BatchedLetter]:
    """The letters of a batch in their places."""
    found = batch.letters.select_related("outgoing__case", "outgoing__provider").order_by("place")
    return list(found.defer("outgoing__text", "outgoing__html"))


def printed(batch: PrintBatch) -> Printed:
    """The batch once more, from the documents that were kept; a letter whose words were erased is left out."""
    places = letters_of(batch)
    kept = {row.outgoing_id: row for row in Document.objects.filter(outgoing__batched__batch=batch)}
    contents = {
        place.outgoing_id: bytes(row.content)
        for place in places
        if (row := _of(place, kept, batch)) is not None and row.content
    }
    content = _joined(batch, places, contents)
    return Printed(content, hashlib.sha256(content).hexdigest() == batch.sha256)


def _of(place: BatchedLetter, kept: Mapping[int | None, Document], batch: PrintBatch) -> Document | None:
    """The document that was printed, among those of the letter."""
    found = kept.get(place.outgoing_id)
    if found is not None and found.sha256 == place.sha256:
        return found
    return Document.objects.filter(
        outgoing=place.outgoing_id, sha256=place.sha256, provider=batch.provider_id
    ).first()


def lines(places: Sequence[BatchedLetter]) -> Iterator[Line]:
    """The manifest: what a person checks the envelopes against."""
    for place in places:
        letter = place.outgoing
        shown, _ = window_lines(documents.addressed(letter))
        yield Line(
            place.place, letter.post_by, letter.case.reference, _with_papers(letter),
            shown[0] if shown else "", postcode(letter.to), place.pages, letter.format, letter.key,
        )  # fmt: skip


def _with_papers(letter: Outgoing) -> str:
    """What the letter is called, and what else goes into its envelope."""
    title, papers = LETTER_TITLES.get(letter.letter, letter.letter), enclosed.file_names(letter)
    return f"{title}, and enclose {saying.listed(papers)}" if papers else title


def as_csv(batch: PrintBatch) -> bytes:
    """The manifest as a table that any spreadsheet opens; no cell is read as a formula there."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS)
    for line in lines(letters_of(batch)):
        writer.writerow([harmless(cell) for cell in line.cells()])
    return sheet.getvalue().encode("utf-8-sig")


def posted(
    letters: Mapping[str, int], on: date, certificate: str, by: Actor, now: datetime
) -> tuple[int, tuple[Refusal, ...]]:
    """Record that these letters (key to case) were posted on that London date; how many, and why others were not."""
    by_case: dict[int, list[str]] = {}
    for key, case in letters.items():
        by_case.setdefault(case, []).append(key)
    cases, count, refused = list(by_case), 0, []
    for start in range(0, len(cases), AT_ONCE):
        some = cases[start : start + AT_ONCE]
        with docket(*some, now=now) as taken:
            for case in some:
                for key in by_case[case]:
                    hand = taken.cases[case]
                    if any(x.key == key and x.fate for x in hand.case.letters):
                        continue  # a colleague said so already
                    refusal = actions.letter_fate(hand, by, now, key=key, fate="posted", on=on)
                    if refusal is None and certificate:
                        refusal = actions.prove_posting(hand, by, now, key=key, certificate=certificate)
                    if refusal is None:
                        count += 1
                    else:
                        # Of many letters the words name which one they are about.
                        refused.append(replace(refusal, what=f"{hand.row.reference}: {refusal.what}"))
    return count, tuple(refused)


def _joined(batch: PrintBatch, places: Sequence[BatchedLetter], contents: Mapping[int, bytes]) -> bytes:
    """The manifest and each letter, one after the other; on both sides of the paper, each on a sheet of its own."""
    title = f"Print batch {batch.number} of {saying.moment(batch.made_at)}"
    cells = [line.cells()[:-1] for line in lines(places)]
    head = manifest_bytes(title, batch.provider.name, COLUMNS[:-1], cells, london_date(batch.made_at))
    writer = PdfWriter()
    for content in (head.content, *(contents[p.outgoing_id] for p in places if p.outgoing_id in contents)):
        pages = PdfReader(io.BytesIO(content)).pages
        for page in pages:
            writer.add_page(page)
        if batch.both_sides and len(pages) % 2:
            writer.add_blank_page(*A4_POINTS)
    writer.add_metadata({"/Title": f"{title}, {batch.provider.name}"})
    joined = io.BytesIO()
    writer.write(joined)
    return joined.getvalue()


def _pages(content: bytes) -> int:
    return len(PdfReader(io.BytesIO(content)).pages)


def _audit(batch: PrintBatch, by: Actor, now: datetime, what: str, **detail: object) -> None:
    AuditEntry.objects.create(
        provider=batch.provider, at=now, by=by.id, what=what, detail={"batch": batch.number, **detail}
    )


def cases_of(keys: Sequence[str], provider: str) -> dict[str, int]:
    """The case of each of these letters that still waits for the post."""
    rows = Outgoing.objects.filter(provider=provider, key__in=keys, state=TO_POST)
    return dict(rows.values_list("key", "case_id"))
