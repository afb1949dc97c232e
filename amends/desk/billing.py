"""Handing money over to billing: each sum once, in a batch with its manifest, and chased until a bill shows it.

O-credit, F-porting: money is paid as a credit on a bill, or as agreed. A sum has a number that is its own; the database
lets no number be in two batches. What billing says of it comes back by a person, or in a file with those numbers.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Max, QuerySet

from amends.core import awards
from amends.core.awards import Award, Stand
from amends.core.calendar import london_date
from amends.core.case import Case, fold
from amends.core.may import Refusal
from amends.desk import ledger, redress
from amends.desk.actions import Actor
from amends.desk.models import AuditEntry, AwardRow, BilledAward, BillingBatch, Provider
from amends.desk.record import Docket, docket
from amends.desk.sheets import harmless

LARGEST: Final = 100
"""Sums in one batch, so that no transaction keeps others waiting."""
COLUMNS: Final = (
    "Number", "Reference", "Account", "Name", "Kind", "Pounds", "Clause", "What for", "Owed since", "Pay by",
)  # fmt: skip
ANSWERS: Final = {"applied": "given", "failed": "failed", "reversed": "reversed"}
"""What billing's file may say of a number, and what it means here."""
LARGEST_FILE: Final = 1_000_000
MOST_ROWS: Final = 5_000


@dataclass(frozen=True, slots=True)
class Answer:
    """A line of billing's file: the number, what became of it, on which bill or why, and the line it stood on."""

    line: int
    number: str
    fate: str
    bill: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line of billing's file that says nothing that can be used, with the reason."""

    line: int
    what: str


def waiting(provider: str) -> QuerySet[AwardRow]:
    """The sums that wait to be handed over, what is to be paid first standing first."""
    return AwardRow.objects.filter(provider=provider, stands=str(Stand.OWED)).order_by("pay_by", "id")


def hand_over(
    provider: Provider, by: str, now: datetime, only: frozenset[str] | None = None
) -> BillingBatch | None:
    """A batch of the sums that wait, at most `LARGEST`; None where there is none. All of it in one transaction.

    `only` narrows it to the sums of these numbers.
    """
    those = waiting(provider.pk) if only is None else waiting(provider.pk).filter(number__in=only)
    cases = sorted({row.case_id for row in those[:LARGEST]})
    if not cases:
        return None
    with docket(*cases, now=now) as taken:
        # The number of the batch and its rows are settled under this lock; the cases have theirs already.
        Provider.objects.select_for_update().get(pk=provider.pk)
        batch = BillingBatch(
            provider=provider, number=_next(provider), made_at=now, made_by=by, pence=0, count=0
        )
        places = list(_billed(taken, batch, by, now, only))
        if not places:
            return None
        batch.pence, batch.count = sum(p.pence for p in places), len(places)
        batch.sha256 = hashlib.sha256(manifest(places).encode()).hexdigest()
        batch.save(force_insert=True)
        BilledAward.objects.bulk_create(places)
        AuditEntry.objects.create(
            provider=provider, at=now, by=by, what="money handed over",
            detail={"batch": batch.number, "count": batch.count, "pence": batch.pence, "sha256": batch.sha256},
        )  # fmt: skip
    return batch


def _next(provider: Provider) -> int:
    last = BillingBatch.objects.filter(provider=provider).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _billed(
    taken: Docket, batch: BillingBatch, by: str, now: datetime, only: frozenset[str] | None
) -> Iterator[BilledAward]:
    """Every sum that is still owed on the cases in hand, said to be with billing as it is put in the batch."""
    place = 0
    for pk, hand in taken.cases.items():
        for award in hand.case.awards:
            # Somebody else may have handed it over while these cases were waited for.
            wanted = only is None or award.number(hand.case.reference) in only
            if wanted and award.kind.money and award.stands is Stand.OWED:
                place += 1
                number = redress.hand_over(hand, by, now, award)
                yield BilledAward(
                    provider_id=batch.provider_id, batch=batch, place=place, case_id=pk, award=award.id, number=number,
                    pence=award.pence,
                )  # fmt: skip


def manifest(places: Sequence[BilledAward]) -> str:
    """What the digest of a batch is made of: each number with its pence. No name is in it, so erasing changes none."""
    return "".join(f"{place.number} {place.pence}\n" for place in places)


def as_csv(batch: BillingBatch) -> bytes:
    """The batch as a table that a billing system or a spreadsheet takes; no cell is read as a formula there."""
    places = list(batch.awards.order_by("place"))
    facts = ledger.load(sorted({place.case_id for place in places}))
    cases = {pk: fold(those) for pk, those in facts.items()}
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS)
    for place in places:
        writer.writerow([harmless(cell) for cell in _cells(place, cases[place.case_id])])
    return sheet.getvalue().encode("utf-8-sig")


def pounds(pence: int) -> str:
    """A sum as billing systems write it: "25.00"."""
    return f"{pence // 100}.{pence % 100:02}"


def _cells(place: BilledAward, case: Case) -> tuple[str, ...]:
    award: Award = next(a for a in case.awards if a.id == place.award)
    owed = london_date(award.owed).isoformat() if award.owed else ""
    pay_by = award.pay_by.isoformat() if award.pay_by else ""
    customer = case.customer
    return (
        place.number, case.reference, customer.account, customer.name, str(award.kind),
        pounds(place.pence), award.clause, award.words, owed, pay_by,
    )  # fmt: skip


def read_answers(content: bytes) -> tuple[tuple[Answer, ...], tuple[Wrong, ...]]:
    """Billing's file: columns Number, Result (applied, failed or reversed) and Bill. Every mistake with its line."""
    if len(content) > LARGEST_FILE:
        return (), (Wrong(0, f"The file is larger than {LARGEST_FILE // 1_000_000} MB."),)
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error) as unreadable:
        return (), (Wrong(0, f"It is no CSV file in UTF-8: {unreadable}."),)
    head = [cell.strip().lower() for cell in rows[0]] if rows else []
    if not {"number", "result", "bill"} <= set(head):
        return (), (Wrong(1, "Its first line must name the columns Number, Result and Bill."),)
    if len(rows) > MOST_ROWS:
        return (), (Wrong(0, f"It has more than {MOST_ROWS:,} lines: send it in parts."),)
    answers: list[Answer] = []
    wrong: list[Wrong] = []
    for line, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        # No bill has a zero byte in its number, and no database takes one.
        said = dict(zip(head, (cell.replace("\0", "").strip() for cell in row), strict=False))
        fate = ANSWERS.get(said.get("result", "").lower(), "")
        if not said.get("number") or not fate or not said.get("bill"):
            wrong.append(
                Wrong(
                    line, "It needs a number, a result (applied, failed or reversed) and a bill or a reason."
                )
            )
        else:
            answers.append(Answer(line, said["number"][:80], fate, said["bill"][:200]))
    return tuple(answers), tuple(wrong)


def answered(
    provider: Provider, answers: Sequence[Answer], by: Actor, now: datetime
) -> tuple[int, tuple[Wrong, ...]]:
    """Write down what billing said, each case in a transaction of its own; how many, and why others were not.

    What stands already is left as it is, so that the same file may come twice.
    """
    known = {
        row.number: row
        for row in BilledAward.objects.filter(provider=provider, number__in=[a.number for a in answers])
    }
    count, wrong = 0, []
    for answer in answers:
        billed = known.get(answer.number)
        if billed is None:
            wrong.append(Wrong(answer.line, f"No batch has the number {answer.number}."))
            continue
        with docket(billed.case_id, now=now) as taken:
            said = write(taken, billed, answer, by, now)
        if isinstance(said, Refusal):
            wrong.append(Wrong(answer.line, f"{answer.number}: {said}"))
        count += said is None
    return count, tuple(wrong)


def write(
    taken: Docket, billed: BilledAward, answer: Answer, by: Actor, now: datetime
) -> Refusal | str | None:
    """Write one answer down. A refusal, None when it was written, or words where it stood already."""
    hand = taken.cases[billed.case_id]
    award = next(a for a in hand.case.awards if a.id == billed.award)
    if award.number(hand.case.reference) != billed.number:
        return Refusal(
            "That sum has gone to billing again since, under another number",
            awards.HOUSE,
            "Look at the case.",
        )
    if award.fate == answer.fate:
        return "stands already"
    if answer.fate == "given" and award.stands is Stand.CAME_BACK and answer.bill in award.bills:
        return "it was said before, and billing took it back since"
    return redress.became(taken, hand, by, now, award=award.id, fate=answer.fate, why=answer.bill)
