"""Dates as London keeps them: midnights, months, and the bank holidays and working days of each nation.

Bank holidays are known from a first day to a last one. Whoever asks outside that range is refused, never
guessed for, because a day proclaimed late (15 June 2026 in Scotland) moves dates that people were already
told (L12).
"""

from __future__ import annotations

import csv
import hashlib
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

DIVISIONS = ("england-and-wales", "scotland", "northern-ireland")
NATIONS = dict(zip(DIVISIONS, ("England and Wales", "Scotland", "Northern Ireland"), strict=True))
"""What people call each division."""
LONDON = ZoneInfo("Europe/London")
MON_FRI = frozenset(range(5))
"""The weekdays of a working week, Monday being 0."""

DAY = timedelta(days=1)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_COLUMNS = ["division", "date", "title", "first_announced"]
_TITLES = {
    # The published list has carried short names in place of titles since 2016.
    "2nd_january": "2nd January",
    "battle_boyne": "Battle of the Boyne (Orangemen's Day)",
    "boxing_day": "Boxing Day",
    "christmas": "Christmas Day",
    "early_may": "Early May bank holiday",
    "early_may_ve": "Early May bank holiday (VE Day)",
    "easter_monday": "Easter Monday",
    "good_friday": "Good Friday",
    "kings_coronation": "Coronation of King Charles III",
    "late_august": "Summer bank holiday",
    "new_year": "New Year's Day",
    "queen_platinum": "Platinum Jubilee bank holiday",
    "queens_bank_holiday": "State Funeral of Queen Elizabeth II",
    "spring": "Spring bank holiday",
    "st_andrew": "St Andrew's Day",
    "st_patrick": "St Patrick's Day",
    "summer": "Summer bank holiday",
    "world_cup": "World Cup bank holiday",
}


@lru_cache(maxsize=65536)
def midnight(day: date) -> datetime:
    """The moment, in UTC, at which the date begins in London."""
    return datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)


def noon(day: date) -> datetime:
    """The middle of the date in London, in UTC: the moment for which a day stands where nobody knows the hour."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=LONDON).astimezone(UTC)


def in_london(at: datetime) -> datetime:
    """The same moment as a London clock shows it. Raises ValueError for a moment without a time zone."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return at.astimezone(LONDON)


def london_date(at: datetime) -> date:
    """The date in London at a moment. Raises ValueError for a moment without a time zone."""
    return in_london(at).date()


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later, or the last day of a month that is too short for it."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


class UnknownDay(Exception):
    """A date was asked about for which the bank holidays of a division are not known."""

    def __init__(self, division: str, day: date, known_from: date, complete_until: date) -> None:
        super().__init__(division, day, known_from, complete_until)
        self.division = division
        self.day = day
        self.known_from = known_from
        self.complete_until = complete_until

    def __str__(self) -> str:
        return (
            f"{self.day} cannot be worked out: the calendar of {self.division} is known "
            f"from {self.known_from} to {self.complete_until}"
        )


@dataclass(frozen=True, slots=True)
class BankHoliday:
    """One bank holiday of a division, and the date on which it first stood in the published list."""

    day: date
    title: str
    first_announced: date


@dataclass(frozen=True, slots=True)
class SkippedDay:
    """A day that a clock passed over, and why in words: ``bank holiday: Good Friday``."""

    day: date
    reason: str


@dataclass(frozen=True)
class Calendar:
    """The bank holidays of one division, with their source and the dates between which they are known."""

    division: str
    holidays: Mapping[date, BankHoliday] = field(hash=False)
    known_from: date
    complete_until: date
    source: str
    version: str
    """A short hash of the content: two calendars with the same version give the same dates."""

    def is_holiday(self, day: date) -> bool:
        """Whether the day is a bank holiday. Raises UnknownDay outside the known range."""
        if not self.known_from <= day <= self.complete_until:
            raise UnknownDay(self.division, day, self.known_from, self.complete_until)
        return day in self.holidays

    def is_working_day(self, day: date, week: frozenset[int] = MON_FRI) -> bool:
        """Whether the day is one of the week's and no bank holiday. Raises UnknownDay outside the range."""
        return not self.is_holiday(day) and day.weekday() in week

    def next_working_day(self, after: date, n: int = 1, week: frozenset[int] = MON_FRI) -> date:
        """The nth working day strictly after a date. Raises UnknownDay where the calendar runs out."""
        if n < 1 or not week:
            raise ValueError(f"working day {n} of the week {sorted(week)} does not exist")
        day = after
        while n:
            day += DAY
            n -= self.is_working_day(day, week)
        return day

    def last_working_day(self, on_or_before: date, week: frozenset[int] = MON_FRI) -> date:
        """The last working day on or before a date, on which post for that date must leave."""
        if not week:
            raise ValueError("a week without working days has no last one")
        day = on_or_before
        while not self.is_working_day(day, week):
            day -= DAY
        return day

    def skipped(self, after: date, until: date, week: frozenset[int] = MON_FRI) -> tuple[SkippedDay, ...]:
        """The days after a date, up to and with another, that are no working days, each with its reason."""
        days = (after + DAY * n for n in range(1, (until - after).days + 1))
        return tuple(
            SkippedDay(day, self._why_not(day, week)) for day in days if not self.is_working_day(day, week)
        )

    def _why_not(self, day: date, week: frozenset[int]) -> str:
        if day.weekday() in week:
            return f"bank holiday: {self.holidays[day].title}"
        return f"{WEEKDAYS[day.weekday()]}s are not working days"


def amended(
    calendar: Calendar, added: Iterable[BankHoliday], removed: Iterable[date], source: str
) -> Calendar:
    """The same calendar with days that were proclaimed, or taken back, after its list was made; known just as far.

    With nothing added or removed it is the very same. Raises UnknownDay for a day outside the known range.
    """
    gone, more = set(removed), {holiday.day: holiday for holiday in added}
    for day in (*gone, *more):
        calendar.is_holiday(day)
    days = {day: h for day, h in calendar.holidays.items() if day not in gone} | more
    in_order = dict(sorted(days.items()))
    if in_order == dict(calendar.holidays):
        return calendar
    version = _version(calendar.division, calendar.known_from, calendar.complete_until, in_order.values())
    return replace(calendar, holidays=MappingProxyType(in_order), source=source, version=version)


def read_bank_holidays(
    csv_text: str, source: str, complete_until: date | None = None, announced_by: date | None = None
) -> dict[str, Calendar]:
    """The calendar of each division in a list with the columns division, date, title and first_announced.

    A calendar is known from 1 January of its first year until `complete_until`, or else 31 December of its
    last year. With `announced_by` it is the calendar as it was known on that date; a division of which
    nothing was known then is left out. Raises ValueError, naming the line, for a list that cannot be read.
    """
    rows = csv.reader(csv_text.splitlines())
    if next(rows, None) != _COLUMNS:
        raise ValueError(f"{source}, line 1: the columns must be {', '.join(_COLUMNS)}")
    found: dict[str, dict[date, BankHoliday]] = {}
    for row in rows:
        try:
            division, holiday = _read_row(row)
        except ValueError as wrong:
            raise ValueError(f"{source}, line {rows.line_num}: {wrong}") from wrong
        if announced_by is not None and holiday.first_announced > announced_by:
            continue
        if found.setdefault(division, {}).setdefault(holiday.day, holiday) is not holiday:
            raise ValueError(f"{source}, line {rows.line_num}: {holiday.day} is there twice for {division}")
    return {division: _calendar(division, days, source, complete_until) for division, days in found.items()}


def _read_row(row: list[str]) -> tuple[str, BankHoliday]:
    if len(row) != len(_COLUMNS):
        raise ValueError(f"{len(row)} columns in place of {len(_COLUMNS)}")
    division, day, title, announced = row
    if division not in DIVISIONS:
        raise ValueError(f"{division!r} is none of {', '.join(DIVISIONS)}")
    return division, BankHoliday(date.fromisoformat(day), _title(title), date.fromisoformat(announced))


def _title(written: str) -> str:
    return _TITLES.get(written, written.replace("’", "'").replace("_", " "))


def _calendar(
    division: str, holidays: dict[date, BankHoliday], source: str, complete_until: date | None
) -> Calendar:
    in_order = dict(sorted(holidays.items()))
    first, last = min(in_order), max(in_order)
    known_from, until = date(first.year, 1, 1), complete_until or date(last.year, 12, 31)
    return Calendar(
        division=division,
        holidays=MappingProxyType(in_order),
        known_from=known_from,
        complete_until=until,
        source=source,
        version=_version(division, known_from, until, in_order.values()),
    )


def _version(division: str, known_from: date, until: date, holidays: Iterable[BankHoliday]) -> str:
    lines = [f"{division} {known_from} {until}"]
    lines += [f"{holiday.day} {holiday.first_announced} {holiday.title}" for holiday in holidays]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]
