"""Automatic compensation: what a provider that signed the voluntary code owes without being asked, by dated amounts.

AC-R1   amounts by the day of the event (AC-19 … AC-26), from the law's data, each with its rule and confidence
AC-R2   delayed repair: a total loss of service not repaired after 2 full working days, each calendar day from then on
AC-R3   missed appointment: nobody came, or it was cancelled with less than 24 hours' notice
AC-R4   delayed start: each calendar day from the promised day on; the day of activation is not paid
AC-R5   paid within 30 calendar days
AC-R6   after 30 days of payments the provider may give notice to stop after 30 more
AC-R7   nothing where the customer was not in or refused access or the earliest new appointment (the clock stands still
        meanwhile), in a civil emergency, or for a slow service
AC-R8, AC-R10   only providers that signed, from the day on which they did; residential customers only

No source says whether the day of the repair is paid. It is here, for part of it was without service: of two readings the
customer has the better one. Working days are Monday to Friday without the bank holidays of the nation.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import Final

from amends.core import saying
from amends.core.calendar import DAY, MON_FRI, Calendar, UnknownDay, london_date
from amends.core.code import CustomerKind
from amends.core.dated import Confidence, Dated, NotKnown
from amends.core.law import Compensation, Law
from amends.core.redress.sums import Line, Mistake, Sum, paid

OWED_TO: Final = frozenset({CustomerKind.RESIDENTIAL})
HOW_SURE: Final[dict[Confidence, str]] = {
    "P": "seen in a primary text", "S": "seen in secondary sources", "I": "worked out from sourced figures",
    "R": "recalled, no source seen",
}  # fmt: skip


def told(lines: Iterable[str]) -> tuple[str, ...]:
    """The arithmetic as a customer reads it: the rules stay, how sure we are of their sources is ours to look at."""
    found = tuple(lines)
    for sure in HOW_SURE.values():
        found = tuple(line.replace(f", {sure})", ")") for line in found)
    return found


class Excluded(StrEnum):
    """Why nothing is paid for an event of the kind (AC-R7): the closed list that a person picks from."""

    NOT_IN = "the customer was not in"
    REFUSED_ACCESS = "the customer refused access"
    CIVIL_EMERGENCY = "a civil emergency"
    NOT_TOTAL = "the service was slow or intermittent, not lost"


@dataclass(frozen=True, slots=True)
class Signed:
    """A provider's signature under the code of automatic compensation: a dated fact about the provider."""

    since: date
    until: date | None = None
    """The last day on which it held; None while it does."""

    def on(self, day: date) -> bool:
        """Whether it holds on this London date."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class StoodStill:
    """London dates, both inclusive, on which the clock stands still: the customer declined the earliest appointment."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class DelayedRepair:
    """A total loss of service, from its report to its repair; `repaired` is None while it lasts."""

    reported: datetime
    repaired: datetime | None = None
    stood_still: tuple[StoodStill, ...] = ()
    excluded: Excluded | None = None
    stop_notice: date | None = None
    """When the customer was given notice that payments will stop (AC-R6)."""


@dataclass(frozen=True, slots=True)
class MissedAppointment:
    """An engineer's appointment. `came` says whether anybody did; `cancelled` when we called it off, None if never."""

    starts: datetime
    came: bool = False
    cancelled: datetime | None = None
    excluded: Excluded | None = None


@dataclass(frozen=True, slots=True)
class DelayedStart:
    """A service promised for a London date; `started` is None while it has not."""

    promised: date
    started: date | None = None
    stood_still: tuple[StoodStill, ...] = ()
    excluded: Excluded | None = None


Event = DelayedRepair | MissedAppointment | DelayedStart


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed for an event until a day, and by when it is paid; or why nothing is."""

    sum: Sum
    pay_by: date | None
    """The last London date on which it is paid in time; None where nothing is owed."""
    because: str = ""
    """Why nothing is owed, in words, with its rule in `sum.clause`; empty where something is."""
    days: tuple[date, ...] = field(default=(), repr=False)
    """The London dates that are paid for."""


def token(event: Event, day: date) -> str:
    """What stands for one payment: for a day of a late repair or start, or for one appointment."""
    if isinstance(event, MissedAppointment):
        return f"appointment {event.starts.isoformat()}"
    return f"{'repair' if isinstance(event, DelayedRepair) else 'start'} {day.isoformat()}"


def owed(
    event: Event, signed: Sequence[Signed], customer: CustomerKind, law: Law, calendar: Calendar, until: date,
    before: Collection[str] = (),
) -> Owed | tuple[Mistake, ...]:  # fmt: skip
    """What is owed for an event up to and with a London date, less what was paid `before` (see `token`).

    A day for which the law's amounts or the bank holidays are not known is a mistake that names it: it is not guessed.
    """
    try:
        mistakes = tuple(_mistakes(event, until))
        return mistakes or _owed(event, signed, customer, law, calendar, until, before)
    except NotKnown as unknown:
        return (Mistake("day", str(unknown).rstrip("."), "AC-R1", "Load newer amounts of the law first."),)
    except UnknownDay as unknown:
        return (Mistake("day", str(unknown), "AC-R2", "Load newer bank holidays first."),)


def _owed(
    event: Event, signed: Sequence[Signed], customer: CustomerKind, law: Law, calendar: Calendar, until: date,
    before: Collection[str],
) -> Owed:  # fmt: skip
    if customer not in OWED_TO:
        return _nothing(f"It is for residential customers; this one is {_kind(customer)}", "AC-R10")
    begins = _begins(event)
    if not any(s.on(begins) for s in signed):
        words = f"The provider had not signed the code of automatic compensation on {saying.day(begins)}"
        return _nothing(words, "AC-R10")
    if event.excluded is not None:
        return _nothing(f"Nothing is paid: {event.excluded}", "AC-R7")
    if isinstance(event, DelayedRepair):
        return _repair(event, law, calendar, until, before)
    if isinstance(event, MissedAppointment):
        return _appointment(event, law, before)
    return _start(event, law, until, before)


def _kind(customer: CustomerKind) -> str:
    return (
        "of a kind not known yet"
        if customer is CustomerKind.UNKNOWN
        else f"a {str(customer).replace('-', ' ')}"
    )


def _begins(event: Event) -> date:
    if isinstance(event, DelayedRepair):
        return london_date(event.reported)
    return london_date(event.starts) if isinstance(event, MissedAppointment) else event.promised


def _nothing(because: str, clause: str) -> Owed:
    return Owed(paid([Line(because)], clause), None, because)


def _still(event: DelayedRepair | DelayedStart) -> Callable[[date], bool]:
    return lambda day: any(s.first <= day <= s.last for s in event.stood_still)


def _repair(event: DelayedRepair, law: Law, calendar: Calendar, until: date, before: Collection[str]) -> Owed:
    reported = london_date(event.reported)
    full = law.compensation_repair_working_days.on(reported)
    still = _still(event)
    threshold, left = reported, full.value
    while left:
        threshold += DAY
        left -= calendar.is_working_day(threshold, MON_FRI) and not still(threshold)
    mended = london_date(event.repaired) if event.repaired else None
    last = min(mended or until, until)
    days = [day for day in _days(threshold + DAY, last) if not still(day)]
    lines = [
        Line(f"Total loss of service reported on {saying.day(reported)}"),
        Line(
            f"{saying.counted(full.value, 'full working day')} later was the end of {saying.day(threshold)} "
            f"({full.rule}, {HOW_SURE[full.confidence]})"
        ),
        Line(f"Repaired on {saying.day(mended)}" if mended else f"Not repaired by {saying.day(last)}"),
        *_stood(event.stood_still),
    ]
    stops = _stops(event, days, law)
    if stops is not None:
        lines.append(Line(f"Payments stop after {saying.day(stops)}: notice was given (AC-R6)"))
        days = [day for day in days if day <= stops]
    if not days:
        return _none_yet(
            lines,
            "It was repaired in time: within 2 full working days"
            if mended
            else "The time to repair it still runs",
            "AC-R2",
        )
    return _paid(lines, event, days, law, before, mended or days[0])


def _stops(event: DelayedRepair, days: Sequence[date], law: Law) -> date | None:
    """The last paid day where notice to stop was given; `_mistakes` and AC-R6 let none be given too early."""
    if event.stop_notice is None or not days:
        return None
    first = days[0]
    earliest = first + timedelta(days=law.compensation_stop_after_days.on(first).value)
    return max(event.stop_notice, earliest) + timedelta(
        days=law.compensation_stop_notice_days.on(first).value
    )


def _appointment(event: MissedAppointment, law: Law, before: Collection[str]) -> Owed:
    day = london_date(event.starts)
    least = law.compensation_appointment_notice_hours.on(day)
    lines = [Line(f"An engineer was to come on {saying.moment(event.starts)}")]
    if event.came:
        return _none_yet(lines, "The engineer came", "AC-R3")
    if event.cancelled is not None:
        notice = event.starts - event.cancelled
        lines.append(Line(f"We called it off on {saying.moment(event.cancelled)}"))
        if notice >= timedelta(hours=least.value):
            return _none_yet(
                lines,
                f"That was {saying.duration(notice)} before: not less than {least.value} hours",
                "AC-R3",
            )
        lines.append(
            Line(
                f"That was {saying.duration(notice)} before, less than {least.value} hours "
                f"({least.rule}, {HOW_SURE[least.confidence]})"
            )
        )
    else:
        lines.append(Line("Nobody came"))
    return _paid(lines, event, [day], law, before, day)


def _start(event: DelayedStart, law: Law, until: date, before: Collection[str]) -> Owed:
    still = _still(event)
    last = min(event.started - DAY, until) if event.started else until
    days = [day for day in _days(event.promised, last) if not still(day)]
    lines = [
        Line(f"The service was promised for {saying.day(event.promised)}"),
        Line(
            f"It started on {saying.day(event.started)}; that day is not paid"
            if event.started
            else f"It had not started by {saying.day(until)}"
        ),
        *_stood(event.stood_still),
    ]
    if not days:
        return _none_yet(
            lines, "It started in time" if event.started else "The promised day is still to come", "AC-R4"
        )
    return _paid(lines, event, days, law, before, event.started or days[0])


def _none_yet(lines: list[Line], because: str, clause: str) -> Owed:
    return Owed(paid([*lines, Line(because)], clause), None, because)


def _stood(times: Iterable[StoodStill]) -> Iterator[Line]:
    for time in times:
        yield Line(
            f"The clock stood still from {saying.day(time.first)} to {saying.day(time.last)}: "
            "the earliest new appointment was declined (AC-R7)"
        )


_PAYS_FOR: Final[dict[type[Event], tuple[Compensation, str]]] = {
    DelayedRepair: (Compensation.DELAYED_REPAIR, "AC-R2"),
    MissedAppointment: (Compensation.MISSED_APPOINTMENT, "AC-R3"),
    DelayedStart: (Compensation.DELAYED_START, "AC-R4"),
}
"""What each event is paid as, and by which rule."""


def _paid(
    lines: list[Line], event: Event, days: Sequence[date], law: Law, before: Collection[str], from_: date
) -> Owed:
    kind, clause = _PAYS_FOR[type(event)]
    left = [day for day in days if token(event, day) not in before]
    if not left:
        return _none_yet(lines, "It was paid before, and is not paid again", clause)
    if len(left) < len(days):
        done = saying.counted(len(days) - len(left), "day")
        lines.append(Line(f"{done} of it paid before, and not paid again"))
    amounts = law.automatic_compensation[kind]
    for amount, some in groupby(((day, amounts.on(day)) for day in left), key=lambda pair: pair[1]):
        lines.append(_at(kind, [day for day, _ in some], amount))
    within = law.compensation_payment_days.on(from_)
    return Owed(paid(lines, clause), from_ + timedelta(days=within.value), days=tuple(left))


def _at(kind: Compensation, days: Sequence[date], amount: Dated[Decimal]) -> Line:
    rule = f"{amount.rule}, {HOW_SURE[amount.confidence]}"
    if kind is Compensation.MISSED_APPOINTMENT:
        return Line(f"A missed appointment on {saying.day(days[0])} ({rule})", amount.value)
    when = saying.day(days[0]) if len(days) == 1 else f"{saying.day(days[0])} to {saying.day(days[-1])}"
    words = f"{saying.counted(len(days), 'day')} ({when}) at {saying.pounds(amount.value)} a day ({rule})"
    return Line(words, amount.value * len(days))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + DAY * n for n in range((last - first).days + 1))


def _mistakes(event: Event, until: date) -> Iterator[Mistake]:
    if isinstance(event, DelayedRepair) and event.repaired is not None and event.repaired < event.reported:
        yield Mistake(
            "repaired", "It was repaired before it was reported", "AC-R2", "Give the moment of the repair."
        )
    if isinstance(event, DelayedRepair) and event.stop_notice is not None and event.stop_notice > until:
        yield Mistake(
            "stop_notice", "That notice has not been given yet", "AC-R6", "Give the day on which it was."
        )
    if isinstance(event, MissedAppointment):
        if event.came and event.cancelled is not None:
            yield Mistake(
                "came",
                "An engineer cannot come to an appointment that was called off",
                "AC-R3",
                "Choose one.",
            )
        if event.cancelled is not None and event.cancelled > event.starts:
            yield Mistake(
                "cancelled", "It was called off after it should have begun: then nobody came", "AC-R3",
                "Leave that moment empty.",
            )  # fmt: skip
        if london_date(event.starts) > until:
            yield Mistake("starts", "The appointment is still to come", "AC-R3", "Wait until it is over.")
    elif event.excluded is None:
        for row, time in enumerate(event.stood_still, 1):
            if time.last < time.first:
                yield Mistake(
                    f"stood_still {row} last", "The time ends before it begins", "AC-R7",
                    "Give the last day on or after the first.",
                )  # fmt: skip
