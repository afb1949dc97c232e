"""An outage: one incident for many cases, its times, which cases it may be about, and what its refunds are worked out of.

S-outage   a major failure or a disaster can cause faults; it is told as one, once, and mended as fast as can be
N-refund   the subscription is refunded for the time the service was unavailable

A minute without a service is counted once, however many outages or refunds name it. Days are London's.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from amends.core import may, saying
from amends.core.calendar import london_date
from amends.core.may import Refusal
from amends.core.redress.refund import Paid, Refunded

if TYPE_CHECKING:
    from amends.core.case import Case

HOUSE: Final = "A-evidence"
MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}
"""Of what a service has its price, and how many months that is."""


@dataclass(frozen=True, slots=True)
class Incident:
    """What is known of an outage: its number, what is down, from when until when. Moments are aware."""

    number: int
    what: str
    since: datetime
    until: datetime | None = None
    services: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """The outage in a few words: "outage 3 (No broadband in Ely), from 2 November 2026, 9 am"."""
        until = f" to {saying.moment(self.until)}" if self.until else ", not over yet"
        return f"outage {self.number} ({self.what}), from {saying.moment(self.since)}{until}"


def wrong_times(since: datetime, until: datetime | None, now: datetime) -> Refusal | None:
    """Why an outage cannot have begun or ended then; None where it can."""
    if since > now:
        return Refusal("The outage has not begun yet", HOUSE, "Give the moment since which it is down.")
    if until is not None and until <= since:
        return Refusal(
            "The outage ends before it starts",
            HOUSE,
            f"It began {saying.moment(since)}: give a later moment.",
        )
    if until is not None and until > now:
        return Refusal(
            "That moment is still to come", HOUSE, "Write the end down once the service is there again."
        )
    return None


def overlap(one: Incident, other: Incident) -> bool:
    """Whether two outages lie over the same time."""
    return (one.until is None or other.since < one.until) and (other.until is None or one.since < other.until)


def same(one: Incident, others: Iterable[Incident]) -> Incident | None:
    """Another outage over the same time that names the same service or place; None where there is none."""
    for other in others:
        if other.number != one.number and overlap(one, other):
            shared = _folded(one.services) & _folded(other.services) or _folded(one.areas) & _folded(
                other.areas
            )
            if shared:
                return other
    return None


def folded(words: str) -> str:
    """A name as two writings of it are compared."""
    return " ".join(words.casefold().split())


def _folded(words: Iterable[str]) -> set[str]:
    return {folded(x) for x in words if x.strip()}


def may_link(case: Case, provider: str) -> Refusal | None:
    """Whether a case may be linked to an outage of this provider: one of its own, and open."""
    if case.provider != provider:
        return Refusal(
            "That is a case of another provider", HOUSE, "Choose a case of the provider whose outage it is."
        )
    refusal = may.act(case)
    if refusal is not None:
        return Refusal(f"{case.reference}: {refusal.what}", refusal.clause, refusal.mend)
    return None


def may_unlink(case: Case, number: int) -> Refusal | None:
    """Whether a case is linked to this outage at all."""
    if any(o.outage == number for o in case.outages):
        return None
    return Refusal(f"{case.reference} is not linked to outage {number}", HOUSE, "Nothing needs to be done.")


def paid_for(service: str, pence: int, per: str, since: datetime, until: datetime) -> tuple[Paid, ...]:
    """What was paid for the days of an outage, in calendar months, quarters or years; none for a price that is paid once."""
    months = MONTHS.get(per)
    if months is None or not pence:
        return ()
    return tuple(
        Paid(service, Decimal(pence) / 100, *span)
        for span in _spans(london_date(since), london_date(until), months)
    )


def _spans(first: date, last: date, months: int) -> Iterator[tuple[date, date]]:
    """The months, quarters or years in which these days lie, each with its first and last day."""
    begins = date(first.year, (first.month - 1) // months * months + 1, 1)
    while begins <= last:
        end = begins.month + months - 1
        yield begins, date(begins.year, end, calendar.monthrange(begins.year, end)[1])
        begins = date(begins.year + (end == 12), end % 12 + 1, 1)


def as_one_service(
    refunds: Iterable[Refunded], service: str, others: Sequence[str] = ()
) -> tuple[Refunded, ...]:
    """Refunds as refunds of this service, but for those of another that is known: people write one service two ways.

    Rather one refund too few, which somebody can give by hand, than the same hours paid twice.
    """
    known = _folded(others) - _folded([service])
    return tuple(replace(r, service=service) for r in refunds if not _folded([r.service]) & known)
