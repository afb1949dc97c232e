"""A code, the law and a calendar made ready to run together: the due time of any promise, worked out fast."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, NamedTuple

from amends.core.calendar import (
    Calendar,
    UnknownDay,
    add_months,
    london_date,
    midnight,
)
from amends.core.code import Code, Period, Promise, Trigger, Unit
from amends.core.hours import Hours, Timetable, working_day_end

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from amends.core.law import Law

ASSUMED_HOURS = Hours(
    "assumed",
    tuple(((9 * 60, 17 * 60),) if day < 5 else () for day in range(7)),
    "closed",
)
"""Monday to Friday 09:00-17:00 without bank holidays: what working hours mean where a code states none.
The check of a code warns of it."""

MON_FRI = frozenset(range(5))
DATES_REMEMBERED = 20_000
"""How many answers a rulebook keeps: years of receipts under any code, in a few megabytes."""


class Times(NamedTuple):
    """When something is due, from when it is acted on, and after when it is late. Aware, in UTC.

    All three are None, and `unknown` says why, where the calendar does not reach.
    """

    due: datetime | None
    act_from: datetime | None
    late_after: datetime | None
    unknown: str = ""


def on_the_moment(moment: datetime) -> Times:
    """Due at a moment: hours and working days."""
    return Times(moment, moment, moment)


def on_the_day(day: date) -> Times:
    """Due on a London date: calendar days, weeks and months."""
    start = midnight(day)
    return Times(start, start, midnight(day + timedelta(days=1)))


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions that a worked-out date depends on, as the due hint carries them."""

    code: str
    law: str
    calendar: str


class Rulebook:
    """One code version under one state of the law and of the bank holidays. `code` may be None: the law runs alone."""

    def __init__(self, code: Code | None, law: Law, calendar: Calendar) -> None:
        self.code = code
        self.law = law
        self.calendar = calendar
        self.versions = Versions(code.fingerprint if code else "", law.version, calendar.version)
        hours = code.hours.get(code.working_day or "") if code else None
        self.working_hours = hours
        self.timetable = Timetable(hours or ASSUMED_HOURS, calendar)
        self.week = code.working_week if code else MON_FRI
        self.promises = _by_trigger(code)
        self._by_date: dict[tuple[Unit, int, date], Times] = {}

    def times(self, period: Period, start: datetime) -> Times:
        """When a period that starts at this moment ends, by the conventions of docs/time.md.

        Past the days for which bank holidays are known, the answer says that it is not known; it is never guessed.
        """
        if period.unit in (Unit.HOURS, Unit.WORKING_HOURS):
            return self._worked_out(period.unit, period.amount, start)
        # Whatever is counted in days depends on the London date of the start alone, and dates repeat.
        asked = (period.unit, period.amount, london_date(start))
        known = self._by_date.get(asked)
        if known is None:
            if len(self._by_date) >= DATES_REMEMBERED:
                self._by_date.clear()
            known = self._by_date[asked] = self._worked_out(period.unit, period.amount, start)
        return known

    def _worked_out(self, unit: Unit, amount: int, start: datetime) -> Times:
        try:
            return self._times(unit, amount, start.astimezone(UTC))
        except UnknownDay as outside:
            return Times(None, None, None, str(outside))

    def _times(self, unit: Unit, amount: int, start: datetime) -> Times:
        if unit is Unit.HOURS:
            return on_the_moment(start + timedelta(hours=amount))
        if unit is Unit.WORKING_HOURS:
            return on_the_moment(self.timetable.shift(start, timedelta(hours=amount)))
        if unit is Unit.WORKING_DAYS:
            return on_the_moment(
                working_day_end(self.calendar, self.working_hours, start, amount, self.week).due
            )
        return on_the_day(self.day(unit, amount, london_date(start)))

    def day(self, unit: Unit, amount: int, from_day: date) -> date:
        """The date so many calendar days, weeks or months after a date; receipt is day 0."""
        if unit is Unit.MONTHS:
            return add_months(from_day, amount)
        return from_day + timedelta(days=amount * (7 if unit is Unit.WEEKS else 1))

    def posting_day(self, day: date) -> date:
        """The last day on or before this one on which post is collected: a working day of the nation.

        Where bank holidays are not known, the day itself if it is a weekday, else the Friday before:
        a letter of the law does not wait for a calendar.
        """
        try:
            return self.calendar.last_working_day(day)
        except UnknownDay:
            return day - timedelta(days=max(0, day.weekday() - 4))


def _by_trigger(code: Code | None) -> Mapping[Trigger, tuple[Promise, ...]]:
    found: dict[Trigger, list[Promise]] = {}
    for promise in code.promises if code else ():
        found.setdefault(promise.when, []).append(promise)
    return {trigger: tuple(promises) for trigger, promises in found.items()}
