"""Pro-rata refunds: the subscription back for the time in which the service was unavailable.

N-refund: a significant failure that is the provider's fault; the subscription is refunded for the time the service was
unavailable. The time is counted by the minute, per service; outages that overlap are counted once; what was refunded
before is not refunded again; nobody gets back more than was paid for the days in question. Days are London's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from amends.core import saying
from amends.core.calendar import DAY, in_london, midnight
from amends.core.redress.sums import NOTHING, Line, Mistake, Sum, in_pounds, paid, price_mistakes

MINUTE: Final = timedelta(minutes=1)
Span = tuple[datetime, datetime]
"""From a moment until another, which is no part of it."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which a service was unavailable: aware moments, the end not included."""

    service: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Paid:
    """What a customer paid for a service, for these London days, both inclusive: a line of a bill."""

    service: str
    pounds: Decimal
    first: date
    last: date

    @property
    def span(self) -> Span:
        """The days as moments."""
        return midnight(self.first), midnight(self.last + DAY)

    def said(self) -> str:
        """The line of the bill, in words."""
        days = f"{saying.day(self.first)} to {saying.day(self.last)}"
        return f"{self.service}: {in_pounds(self.pounds)} paid for {days}"


@dataclass(frozen=True, slots=True)
class Refunded:
    """A time that was refunded before, so that it is never paid twice."""

    service: str
    starts: datetime
    ends: datetime
    where: str = ""
    """By which award of which other case; empty for one of the same case."""


def refund(
    outages: Sequence[Outage], bills: Sequence[Paid], clause: str, before: Sequence[Refunded] = ()
) -> Sum | tuple[Mistake, ...]:
    """The refund for these outages against what was paid, or every mistake in them, each at its field."""
    mistakes = (*_wrong_outages(outages, clause), *_wrong_bills(bills, clause))
    if mistakes:
        return mistakes
    lines: list[Line] = []
    for service in dict.fromkeys(o.service for o in outages):
        mine = [b for b in bills if b.service == service]
        lines += _of_service(service, outages, mine, before)
    most = sum((b.pounds for b in bills), NOTHING)
    return paid(lines, clause, most, "More was never paid: the refund ends there")


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time as spans that neither overlap nor touch, in their order."""
    found: list[Span] = []
    for starts, ends in sorted(spans):
        if found and starts <= found[-1][1]:
            found[-1] = (found[-1][0], max(ends, found[-1][1]))
        else:
            found.append((starts, ends))
    return found


def without(spans: Iterable[Span], gone: Iterable[Span]) -> list[Span]:
    """What is left of a time when another is taken out of it."""
    left = merged(spans)
    for starts, ends in merged(gone):
        left = [
            piece
            for a, b in left
            for piece in ((a, min(b, starts)), (max(a, ends), b))
            if piece[0] < piece[1]
        ]
    return left


def unpaid(outages: Sequence[Outage], before: Sequence[Refunded]) -> tuple[Refunded, ...]:
    """The time for which a refund of these outages pays: what the next one must leave out."""
    found: list[Refunded] = []
    for service in dict.fromkeys(o.service for o in outages):
        left = without(_spans(outages, service), _spans(before, service))
        found += [Refunded(service, starts, ends) for starts, ends in left]
    return tuple(found)


def _spans(of: Iterable[Outage | Refunded], service: str) -> list[Span]:
    return [(x.starts, x.ends) for x in of if x.service.casefold() == service.casefold()]


def _where(before: Sequence[Refunded], service: str, spans: Sequence[Span]) -> str:
    """By which awards of other cases some of this time was refunded, in brackets; empty where by none."""
    mine = [x for x in before if x.where and x.service.casefold() == service.casefold()]
    found = {x.where for x in mine if _within(spans, (x.starts, x.ends))}
    return f" ({saying.listed(sorted(found))})" if found else ""


def _of_service(
    service: str, outages: Sequence[Outage], bills: Sequence[Paid], before: Sequence[Refunded]
) -> list[Line]:
    lines = [
        Line(f"{service} unavailable {_said(o.starts, o.ends)}") for o in outages if o.service == service
    ]
    whole = _spans(outages, service)
    once = merged(whole)
    if _length(whole) != _length(once):
        lines.append(Line(f"Where these times overlap they count once: {_exact(_length(once))} in all"))
    left = without(once, _spans(before, service))
    if left != once:
        done = _length(once) - _length(left)
        where = _where(before, service, once)
        lines.append(Line(f"{_exact(done)} of it was refunded before{where} and is not refunded again"))
    for bill in sorted(bills, key=lambda b: b.first):
        minutes = _minutes(_within(left, bill.span))
        if minutes:
            lines.append(_share(bill, minutes))
    covered = _minutes(_within(left, *(b.span for b in bills)))
    if covered < _minutes(left):
        lines.append(
            Line(f"{_counted(_minutes(left) - covered)} lie on days for which nothing was paid", NOTHING)
        )
    return lines


def _share(bill: Paid, minutes: int) -> Line:
    starts, ends = bill.span
    whole = _minutes([(starts, ends)])
    words = f"{bill.said()}. {_counted(minutes)} of {_counted(whole)}: {in_pounds(bill.pounds)} × {minutes:,} ÷ {whole:,}"
    return Line(words, bill.pounds * minutes / whole)


def _within(spans: Iterable[Span], *bounds: Span) -> list[Span]:
    found = [(max(a, x), min(b, y)) for a, b in spans for x, y in bounds]
    return [(a, b) for a, b in found if a < b]


def _length(spans: Iterable[Span]) -> timedelta:
    return sum((b - a for a, b in spans), timedelta())


def _minutes(spans: Iterable[Span]) -> int:
    """Whole minutes; a minute that has begun counts."""
    return -(-_length(spans) // MINUTE)


def _exact(length: timedelta) -> str:
    """A length of time to the minute, as arithmetic has it: "57 hours 30 minutes", or "3 days" where they are whole."""
    if not length % DAY:
        return saying.counted(length // DAY, "day")
    hours, minutes = divmod(-(-length // MINUTE), 60)
    parts = ((hours, "hour"), (minutes, "minute"))
    return " ".join(saying.counted(amount, unit) for amount, unit in parts if amount)


def _counted(minutes: int) -> str:
    return saying.counted(minutes, "minute")


def _said(starts: datetime, ends: datetime) -> str:
    said = f"from {saying.moment(starts)} to {saying.moment(ends)}"
    if in_london(starts).date() == in_london(ends).date():
        said = f"on {saying.day(in_london(starts).date())}, {saying.time(starts)} to {saying.time(ends)}"
    return f"{said} ({_exact(ends - starts)})"


def _wrong_outages(outages: Sequence[Outage], clause: str) -> Iterable[Mistake]:
    if not outages:
        yield Mistake(
            "outages",
            "No time is named in which the service was unavailable",
            clause,
            "Give when it began and ended.",
        )
    for row, outage in enumerate(outages, 1):
        if outage.ends <= outage.starts:
            yield Mistake(
                f"outages {row} ends",
                "The outage ends before it starts",
                clause,
                "Give an end after its start.",
            )


def _wrong_bills(bills: Sequence[Paid], clause: str) -> Iterable[Mistake]:
    if not bills:
        yield Mistake(
            "bills", "It is not known what was paid for the service", clause, "Give the price and its days."
        )
    for row, bill in enumerate(bills, 1):
        yield from price_mistakes(f"bills {row} pounds", bill.pounds, clause)
        if bill.last < bill.first:
            yield Mistake(
                f"bills {row} last", "The days that were paid for end before they begin", clause,
                "Give the last day on or after the first.",
            )  # fmt: skip
        for other in bills[: row - 1]:
            if other.service == bill.service and other.first <= bill.last and bill.first <= other.last:
                yield Mistake(
                    f"bills {row} first", "Two payments for one service cover the same day", clause,
                    "Add them together, or mend their days.",
                )  # fmt: skip


def by_hand(
    pounds: Decimal, was_paid: Decimal, refunded: Decimal, why: str, clause: str, where: str = ""
) -> Sum | tuple[Mistake, ...]:
    """A refund that a person worked out: of what was paid, less what was refunded before, and never more.

    `where` names the awards by which it was.
    """
    mistakes = [*price_mistakes("pounds", pounds, clause), *price_mistakes("was_paid", was_paid, clause)]
    left = was_paid - refunded
    if not mistakes and pounds > left:
        by = f" ({where})" if where else ""
        gone = f", and {in_pounds(refunded)} of it was refunded before{by}" if refunded else ""
        mistakes.append(
            Mistake(
                "pounds", f"A refund gives back what was paid: that was {in_pounds(was_paid)}{gone}", clause,
                f"Give {in_pounds(max(left, NOTHING))} or less; what goes beyond it is compensation.",
            )
        )  # fmt: skip
    if not why.strip():
        mistakes.append(Mistake("why", "A refund says what it gives back", clause, "Write what it is for."))
    if mistakes:
        return tuple(mistakes)
    return paid([Line(f"{why.strip()} (of {in_pounds(was_paid)} paid)", pounds)], clause, was_paid)
