"""Opening hours on a calendar: shift a moment by open time, measure open time, say which days were skipped.

One walker does both, so that `spent(a, shift(a, d)) == d` always. A window covers every moment at which a
London clock shows a time within it, end excluded; a clock that runs out exactly at closing time is due then,
not at the next opening. Where the hours do not speak of bank holidays these count as open, which is the
earlier date for the customer.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from amends.core.calendar import (
    DAY,
    MON_FRI,
    WEEKDAYS,
    Calendar,
    SkippedDay,
    UnknownDay,
    in_london,
    london_date,
    midnight,
)
from amends.core.opening import Hours, HoursMistake, Windows, parse_hours
from amends.core.opening_words import Minutes

__all__ = [
    "Hours",
    "HoursMistake",
    "Minutes",
    "SkippedDay",
    "Timetable",
    "Window",
    "WorkingDayEnd",
    "parse_hours",
    "working_day_end",
]

ASSUMED_CLOSING: Minutes = 17 * 60
"""When a working day ends for a provider that states no hours for it."""

_ZERO = timedelta()
_HOUR = timedelta(hours=1)
_INSTANT = timedelta.resolution
# Hours that bank holidays do not touch need no calendar, only an end to every search.
_FIRST_DAY, _LAST_DAY = date(1970, 1, 1), date(2100, 12, 31)


class Window(NamedTuple):
    """A stretch of open time, end excluded; both moments in UTC."""

    start: datetime
    end: datetime


class _Table(NamedTuple):
    """The windows of some whole years in order, with the open time from the first to the end of each."""

    first: datetime
    last: datetime
    starts: list[datetime]
    ends: list[datetime]
    total: list[timedelta]

    def open_until(self, at: datetime) -> timedelta:
        """Open time from the table's first moment to this one, which must lie within the table."""
        place = bisect_right(self.starts, at) - 1
        if place < 0:
            return _ZERO
        end = self.ends[place]
        return self.total[place] - (end - at) if at < end else self.total[place]

    def moment(self, place: int, open_time: timedelta) -> datetime:
        """The moment in the window at this place by which so much open time has passed."""
        return self.ends[place] - (self.total[place] - open_time)


class Timetable:
    """Opening hours on the calendar of one nation: the one walker of working time.

    Moments go in with any time zone and come out in UTC. Hours that close on bank holidays raise UnknownDay
    where the calendar is not known; other hours know every day from 1970 to 2100. The windows worked out so
    far are kept.
    """

    def __init__(self, hours: Hours, calendar: Calendar) -> None:
        self.hours = hours
        self.calendar = calendar
        self._closes_on_holidays = hours.bank_holidays == "closed"
        self._known_from = calendar.known_from if self._closes_on_holidays else _FIRST_DAY
        self._known_until = calendar.complete_until if self._closes_on_holidays else _LAST_DAY
        self._beginning = midnight(self._known_from)
        self._end = midnight(self._known_until + DAY)
        self._table = _Table(self._end, self._beginning, [], [], [])

    def shift(self, start: datetime, amount: timedelta) -> datetime:
        """The moment by which so much open time has passed since the start; if negative, from which it will.

        It is the earliest such moment going forward and the latest going back. No amount gives the start.
        """
        at = _utc(start)
        table = self._covering(at, at)
        if not amount:
            return at
        target = table.open_until(at) + amount
        if amount > _ZERO:
            while not table.total or target > table.total[-1]:
                table = self._later(table)
                target = table.open_until(at) + amount
            return table.moment(bisect_left(table.total, target), target)
        while target < _ZERO:
            table = self._earlier(table)
            target = table.open_until(at) + amount
        return table.moment(bisect_right(table.total, target), target)

    def spent(self, a: datetime, b: datetime) -> timedelta:
        """Open time from one moment to another; negative when the second comes first."""
        a, b = _utc(a), _utc(b)
        table = self._covering(min(a, b), max(a, b))
        return table.open_until(b) - table.open_until(a)

    def is_open(self, at: datetime) -> bool:
        """Whether the hours are open at a moment."""
        at = _utc(at)
        table = self._covering(at, at + _INSTANT)
        place = bisect_right(table.starts, at) - 1
        return place >= 0 and at < table.ends[place]

    def next_opening(self, at: datetime) -> datetime:
        """The first open moment at or after this one."""
        at = _utc(at)
        table = self._covering(at, at + _INSTANT)
        place = bisect_right(table.ends, at)
        while place == len(table.ends):
            table = self._later(table)
            place = bisect_right(table.ends, at)
        return max(at, table.starts[place])

    def windows(self, a: datetime, b: datetime) -> Iterator[Window]:
        """The open stretches between two moments, in order and cut to them; none runs over midnight."""
        a, b = _utc(a), _utc(b)
        if a >= b:
            return
        table = self._covering(a, b)
        for place in range(bisect_right(table.ends, a), bisect_left(table.starts, b)):
            yield Window(max(a, table.starts[place]), min(b, table.ends[place]))

    def skipped(self, a: datetime, b: datetime) -> Iterator[SkippedDay]:
        """The London dates between two moments on which the hours never open, each with its reason."""
        if a >= b:
            return
        first, last = london_date(a), london_date(b - _INSTANT)
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            day = date.fromordinal(ordinal)
            if not self.hours.week[day.weekday()]:
                yield SkippedDay(day, f"closed on {WEEKDAYS[day.weekday()]}s")
            elif self._closes_on_holidays and self.calendar.is_holiday(day):
                yield SkippedDay(day, f"bank holiday: {self.calendar.holidays[day].title}")

    def _covering(self, first: datetime, last: datetime) -> _Table:
        """The table, made longer if need be so that both moments lie in it."""
        table = self._table
        if table.first <= first and last <= table.last:
            return table
        if first < self._beginning:
            raise self._unknown(london_date(first))
        if last > self._end:
            raise self._unknown(london_date(last - _INSTANT))
        return self._build(
            min(london_date(first).year, london_date(table.first).year),
            max(london_date(last).year + 1, london_date(table.last - _INSTANT).year),
        )

    def _later(self, table: _Table) -> _Table:
        """A table that goes on for as many years again, or UnknownDay where nothing more is known."""
        if table.last >= self._end:
            raise self._unknown(self._known_until + DAY)
        first, last = london_date(table.first).year, london_date(table.last - _INSTANT).year
        return self._build(first, last + (last - first + 1))

    def _earlier(self, table: _Table) -> _Table:
        """A table that goes back for as many years again, or UnknownDay where nothing more is known."""
        if table.first <= self._beginning:
            raise self._unknown(self._known_from - DAY)
        first, last = london_date(table.first).year, london_date(table.last - _INSTANT).year
        return self._build(first - (last - first + 1), last)

    def _build(self, first_year: int, last_year: int) -> _Table:
        """Work out and keep the windows of these years, as far as they are known."""
        first_year = max(self._known_from.year, min(first_year, self._known_until.year))
        first = max(self._known_from, date(first_year, 1, 1))
        last = min(self._known_until, date(last_year, 12, 31))
        table = _Table(midnight(first), midnight(last + DAY), [], [], [])
        open_time = _ZERO
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            for start, end in self._windows_on(date.fromordinal(ordinal)):
                open_time += end - start
                table.starts.append(start)
                table.ends.append(end)
                table.total.append(open_time)
        self._table = table
        return table

    def _windows_on(self, day: date) -> list[Window]:
        windows = self.hours.week[day.weekday()]
        if not windows or (self._closes_on_holidays and self.calendar.is_holiday(day)):
            return []
        return _on_the_clock(day, windows)

    def _unknown(self, day: date) -> UnknownDay:
        return UnknownDay(self.calendar.division, day, self._known_from, self._known_until)


@dataclass(frozen=True, slots=True)
class WorkingDayEnd:
    """The end of the nth working day after receipt."""

    due: datetime
    """The moment, in UTC, at which that day's hours end."""
    day: date
    closing_assumed: bool
    """Whether 17:00 was taken because no hours are stated for that weekday."""
    received_on: date
    calendar: Calendar = field(repr=False)
    week: frozenset[int]

    @property
    def skipped(self) -> tuple[SkippedDay, ...]:
        """The days between receipt and the due day that did not count, each with its reason."""
        return self.calendar.skipped(self.received_on, self.day, self.week)


def working_day_end(
    calendar: Calendar, hours: Hours | None, received: datetime, days: int, week: frozenset[int] = MON_FRI
) -> WorkingDayEnd:
    """When the nth working day ends, day 1 being the next working day after the London date of receipt.

    It ends when that day's hours end, or at 17:00 where none are stated. Raises UnknownDay where the calendar
    runs out.
    """
    received_on = london_date(received)
    day = calendar.next_working_day(received_on, days, week)
    stated = hours.closes(day.weekday()) if hours else None
    closing = ASSUMED_CLOSING if stated is None else stated
    due = _on_the_clock(day, ((0, closing),))[-1].end
    return WorkingDayEnd(due, day, stated is None, received_on, calendar, week)


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return at.astimezone(UTC)


def _on_the_clock(day: date, windows: Windows) -> list[Window]:
    """Windows of a London day as moments; on a day when the clocks change, by what the clock shows."""
    begins, ends = midnight(day), midnight(day + DAY)
    if ends - begins == DAY:
        return [Window(begins + _minutes(start), begins + _minutes(end)) for start, end in windows]
    return [
        Window(opens, closes)
        for first, last, shown in _stretches(begins, ends)
        for start, end in windows
        if (opens := max(first, shown + _minutes(start))) < (closes := min(last, shown + _minutes(end)))
    ]


def _stretches(begins: datetime, ends: datetime) -> Iterator[tuple[datetime, datetime, datetime]]:
    """The two parts of a day when the clocks change: start, end, and when its clock would show 00:00."""
    change = begins
    while _offset(change) == _offset(begins):
        change += _HOUR
    yield begins, change, begins
    yield change, ends, ends - DAY


def _offset(at: datetime) -> timedelta:
    """How far a London clock is ahead of UTC at a moment."""
    return in_london(at).utcoffset() or _ZERO


@lru_cache(maxsize=1441)
def _minutes(count: Minutes) -> timedelta:
    return timedelta(minutes=count)
