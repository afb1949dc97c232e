"""What customers need of us, recorded once with their consent, and carried onto every open case of theirs.

C5-01, C5-02: needs are recorded with consent and looked at again. O-arrangements: what was arranged, case by case.
N-priority-support: support answers them first; N-priority-repair: so are their faults. A review date is a duty: from that
day the customer is asked whether it still holds. Intake asks nothing of this book: needs reach a case with whoever says
whose case it is, and from then on when they change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django.db.models import QuerySet

from amends.core import facts as f
from amends.core.calendar import add_months, london_date, midnight
from amends.core.formats import Format
from amends.core.letters.blocks import clean, one_line
from amends.core.may import Refusal
from amends.desk.customers import book
from amends.desk.models import CaseRow, CustomerRow, RecordedNeed

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand

REVIEW_MONTHS: Final = 12
"""How long a recorded need stands before the customer is asked again: a rule of this house."""
AT_ONCE: Final = 20
"""Cases that one docket takes."""
FORMAT: Final = "format"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of need: what it is called, and what it gives the customer."""

    label: str
    priorities: tuple[str, ...] = ()


KINDS: Final[dict[str, Kind]] = {
    FORMAT: Kind("A format for what we write"),
    "disability": Kind("Older, or a disability or illness: first in line, repaired first", f.PRIORITIES),
    "telecare": Kind("Telecare, an alarm or a device that needs the line", f.PRIORITIES),
    "priority support": Kind("First in line at support", (f.FIRST_IN_LINE,)),
    "priority repair": Kind("Faults repaired first", (f.REPAIRED_FIRST,)),
    "understanding": Kind("Time, plain words, or help to understand"),
    "contact": Kind("Another way or time to be in touch"),
    "other": Kind("Something else"),
}


@dataclass(frozen=True, slots=True)
class New:
    """A need as a person writes it down."""

    kind: str
    consent: str
    words: str = ""
    arranged: str = ""
    format: str = ""
    review: date | None = None


def record(customer: CustomerRow, new: New, *, by: str, now: datetime) -> RecordedNeed | Refusal:
    """Write a need down, with consent, and carry it onto the customer's open cases."""
    today = london_date(now)
    refusal = _refused(customer, new, today)
    if refusal is not None:
        return refusal
    need = RecordedNeed.objects.create(
        provider_id=customer.provider_id, customer=customer, kind=new.kind, format=new.format,
        words=clean(new.words), arranged=clean(new.arranged), consent=one_line(new.consent), said_on=today,
        review=new.review or add_months(today, REVIEW_MONTHS),
    )  # fmt: skip
    book.note(customer, "need", {"kind": ["", new.kind]}, by, now)
    reach(customer, now)
    return need


def _refused(customer: CustomerRow, new: New, today: date) -> Refusal | None:
    if customer.erased_at is not None:
        return Refusal("This customer was erased", "A-evidence", "Nothing is written down of them any more.")
    if new.kind not in KINDS:
        return Refusal("That is no kind of need", "C5-01", f"One of: {', '.join(KINDS)}.")
    if not new.consent.strip():
        return Refusal(
            "A need is kept only with the customer’s consent", "C5-01",
            "Write how they agreed that we keep it: on this call, in their letter.",
        )  # fmt: skip
    if new.kind == FORMAT and new.format not in tuple(Format)[1:]:
        return Refusal("Say which format", "C5-04", f"One of: {', '.join(filter(None, Format))}.")
    if new.review is not None and new.review <= today:
        return Refusal("The day to ask again is not in the future", "C5-01", "Give a later date, or none.")
    return None


def reviewed(
    need: RecordedNeed, *, holds: bool, how: str, by: str, now: datetime, review: date | None = None
) -> Refusal | None:
    """The customer was asked: the need still holds, until it is asked again, or is over from today."""
    today = london_date(now)
    if need.over_on is not None:
        return Refusal("This need is over already", "C5-01", "Record a new one.")
    if not how.strip():
        return Refusal("It must stand how they were asked", "C5-01", "Write when and how they said so.")
    if holds and review is not None and review <= today:
        return Refusal("The day to ask again is not in the future", "C5-01", "Give a later date, or none.")
    if holds:
        was, need.review = need.review, review or add_months(today, REVIEW_MONTHS)
        need.consent = one_line(how)
        told = {"review": [was.isoformat(), need.review.isoformat()]}
    else:
        need.over_on, told = today, {"over_on": ["", today.isoformat()]}
    need.save(update_fields=["review", "consent", "over_on"])
    book.note(need.customer, f"need {need.pk}", told, by, now)
    reach(need.customer, now)
    return None


def standing(customer: CustomerRow) -> QuerySet[RecordedNeed]:
    """The needs of a customer that stand, the oldest first."""
    return RecordedNeed.objects.filter(customer=customer, over_on__isnull=True).order_by("id")


def to_review(needs: QuerySet[RecordedNeed], today: date) -> QuerySet[RecordedNeed]:
    """The needs that are to be asked about again by this day, the longest overdue first."""
    due = needs.filter(over_on__isnull=True, review__lte=today, customer__erased_at__isnull=True)
    return due.order_by("review", "id")


def reach(customer: CustomerRow, now: datetime) -> None:
    """Carry what stands in the record onto the customer's open cases, a few in each transaction."""
    # Here, because the record itself must not need this book.
    from amends.desk.record import docket  # noqa: PLC0415 - see above

    theirs = CaseRow.objects.filter(customer=customer.pk, provider=customer.provider_id, is_open=True)
    cases = list(theirs.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(cases), AT_ONCE):
        with docket(*cases[start : start + AT_ONCE], now=now) as taken:
            for hand in taken.cases.values():
                carry(hand, customer, now)


def carry(hand: CaseInHand, customer: CustomerRow, now: datetime) -> None:
    """Add what the record says of the customer's needs, where the case knows otherwise."""
    needs = list(standing(customer))
    said = tuple(filter(None, map(_said, needs)))
    given = frozenset(p for need in needs for p in KINDS.get(need.kind, Kind("")).priorities)
    if (said, given) != (hand.case.needs, hand.case.priorities):
        priority = ",".join(p for p in f.PRIORITIES if p in given)
        hand.add(f.NeedsKnown(at=now, logged=now, needs="\n".join(said), priority=priority))
    wanted = next((need for need in reversed(needs) if need.kind == FORMAT), None)
    if wanted is not None:
        _format(hand, wanted, now)


def _format(hand: CaseInHand, wanted: RecordedNeed, now: datetime) -> None:
    known = hand.case.format_need
    at = midnight(wanted.said_on)
    if known is not None and (known.format == wanted.format or known.at > at):
        return
    hand.add(
        f.FormatNeeded(
            at=at, logged=now, by=f.SYSTEM, format=wanted.format, consent=wanted.consent, review=wanted.review.isoformat()
        )
    )  # fmt: skip


def _said(need: RecordedNeed) -> str:
    """A need in one line, with what was arranged; a format stands on the case by itself."""
    if need.kind == FORMAT:
        return ""
    label = KINDS[need.kind].label if need.kind in KINDS else need.kind
    words = ": ".join(filter(None, (label, one_line(need.words))))
    return f"{words} (arranged: {one_line(need.arranged)})" if need.arranged else words
