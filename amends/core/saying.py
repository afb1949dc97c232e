"""How dates, times, lengths of time and money are said to people: British English, London time, the weekday named.

"Thursday 9 April 2026, 1 pm", "in 2 working days", "£12.50". Pages and letters say them here and nowhere else, so
that a customer and a handler read the same words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as Time  # noqa: N812 - `time` says a time here
from decimal import Decimal

from amends.core.calendar import DAY, MON_FRI, WEEKDAYS, Calendar, UnknownDay, in_london
from amends.core.opening import Hours, Windows
from amends.core.telephone import NUMBERS

MIDNIGHT = Time()
NO_BREAK = "\u00a0"
"""A space at which no line ends."""
_FAR = 10
"""Working days beyond which people count weeks or days instead."""


def day(of: date) -> str:
    """The date with its weekday: "Thursday 9 April 2026"."""
    return f"{WEEKDAYS[of.weekday()]} {of.day} {_MONTHS[of.month - 1]} {of.year}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


_ONE_PIECE = re.compile(
    rf"\b\d{{1,2}} (?:{'|'.join(_MONTHS)})\b(?: \d{{4}}\b)?|\d (?:am|pm|noon|midnight)\b|{NUMBERS.pattern}"
)


def unbroken(text: str, joined_by: str = NO_BREAK) -> str:
    """The text with its dates, times and telephone numbers each on one line: no line ends between "5:30" and "pm"."""
    return _ONE_PIECE.sub(lambda found: found[0].replace(" ", joined_by), text)


def time(at: datetime) -> str:
    """The time on a London clock: "1 pm", "8:30 am", "12 noon", "12 midnight"."""
    there = in_london(at)
    return _of_day(there.hour * 60 + there.minute)


def _of_day(minute: int) -> str:
    hour, past = divmod(minute, 60)
    if not past and hour % 12 == 0:
        return "12 noon" if hour == 12 else "12 midnight"
    return f"{(hour - 1) % 12 + 1}{f':{past:02}' if past else ''} {'pm' if hour % 24 >= 12 else 'am'}"


def moment(at: datetime) -> str:
    """The London date and time: "Thursday 9 April 2026, 1 pm". Raises ValueError without a time zone.

    Midnight is told as the start of its day: "12 midnight" leaves people asking which end of the day is meant.
    """
    there = in_london(at)
    return f"{day(there.date())}, {'at the start of the day' if there.time() == MIDNIGHT else time(at)}"


def between(starts: datetime, ends: datetime) -> str:
    """A stretch of time: "Thursday 9 April 2026, between 1 pm and 2 pm"; each end in full if the days differ."""
    first, last = in_london(starts), in_london(ends)
    if first == last:
        return moment(starts)
    if first.date() == last.date():
        return f"{day(first.date())}, between {time(starts)} and {time(ends)}"
    return f"between {moment(starts)} and {moment(ends)}"


def until(
    at: datetime, now: datetime, calendar: Calendar | None = None, week: frozenset[int] = MON_FRI
) -> str:
    """How far off a moment is, seen from now: "in 20 minutes", "tomorrow", "in 2 working days", "3 days ago".

    Working days are counted only with a calendar that knows the days between; otherwise days are.
    """
    far = distance(at, now, calendar, week)
    if not far.amount:
        return far.unit
    said = counted(far.amount, far.unit)
    return f"in {said}" if far.ahead else f"{said} ago"


@dataclass(frozen=True, slots=True)
class Distance:
    """How far off a moment is: so many of a unit, ahead or ago; no amount where the unit says all, such as "tomorrow"."""

    amount: int
    unit: str
    ahead: bool


def distance(
    at: datetime, now: datetime, calendar: Calendar | None = None, week: frozenset[int] = MON_FRI
) -> Distance:
    """How far off a moment is, counted as `until` says it."""
    today, there = in_london(now).date(), in_london(at).date()
    ahead = at > now if today == there else there > today
    if today == there:
        minutes = round(abs(at - now) / timedelta(minutes=1))
        if minutes == 0:
            return Distance(0, "now", ahead)
        return (
            Distance(minutes, "minute", ahead)
            if minutes < 60
            else Distance(round(minutes / 60), "hour", ahead)
        )
    first, last = min(today, there), max(today, there)
    apart = (last - first).days
    if apart == 1:
        return Distance(0, "tomorrow" if ahead else "yesterday", ahead)
    working = _working_days(first, last, calendar, week) if apart <= 3 * _FAR else 0
    if 0 < working <= _FAR:
        return Distance(working, "working day", ahead)
    return Distance(apart // 7, "week", ahead) if apart % 7 == 0 else Distance(apart, "day", ahead)


def _working_days(first: date, last: date, calendar: Calendar | None, week: frozenset[int]) -> int:
    if calendar is None:
        return 0
    try:
        return sum(calendar.is_working_day(first + DAY * n, week) for n in range(1, (last - first).days + 1))
    except UnknownDay:
        return 0


def duration(length: timedelta) -> str:
    """A length of time in its two greatest parts: "1 hour 30 minutes", "2 days 3 hours", "no time"."""
    minutes = round(abs(length) / timedelta(minutes=1))
    parts = ((minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute"))
    said = [counted(amount, unit) for amount, unit in parts if amount]
    return " ".join(said[:2]) or "no time"


def weeks(days: int) -> str:
    """A number of days as people count them: "6 weeks", or "45 days" where they make no whole weeks."""
    return counted(days // 7, "week") if days and days % 7 == 0 else counted(days, "day")


def counted(amount: int, unit: str) -> str:
    """An amount of something: "1 day", "2 days", "1,000 days"."""
    return f"{amount:,} {unit}" if amount == 1 else f"{amount:,} {unit}s"


def pence(amount: int) -> str:
    """A sum given in pence: "£12.50", "£1,200", "-£3.20"."""
    pounds_, rest = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}£{pounds_:,}" + (f".{rest:02}" if rest else "")


def pounds(amount: Decimal) -> str:
    """A sum given in pounds, to the penny: "£6.10". Raises ValueError for a part of a penny."""
    whole = amount * 100
    if whole != whole.to_integral_value():
        raise ValueError(f"{amount} pounds is no whole number of pence")
    return pence(int(whole))


def listed(items: Sequence[str], joined_by: str = "and") -> str:
    """Things in a sentence: "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {joined_by} {items[-1]}"


def opening(hours: Hours) -> str:
    """Opening hours in a sentence: "Monday to Friday 9 am to 5:30 pm, not on bank holidays"."""
    said = "; ".join(f"{_days(first, last)} {_windows(open_)}" for first, last, open_ in alike(hours.week))
    return said + (", not on bank holidays" if hours.bank_holidays == "closed" else "")


def alike(week: tuple[Windows, ...]) -> list[tuple[int, int, Windows]]:
    """Days in a row that open alike, as first day, last day and windows; closed days are left out."""
    found: list[tuple[int, int, Windows]] = []
    for weekday, windows in enumerate(week):
        if found and found[-1][1] == weekday - 1 and found[-1][2] == windows:
            found[-1] = (found[-1][0], weekday, windows)
        elif windows:
            found.append((weekday, weekday, windows))
    return found


def _days(first: int, last: int) -> str:
    if (first, last) == (0, 6):
        return "every day"
    return WEEKDAYS[first] if first == last else f"{WEEKDAYS[first]} to {WEEKDAYS[last]}"


def _windows(open_: Windows) -> str:
    if open_ == ((0, 1440),):
        return "at any time"
    return listed([f"{_of_day(start)} to {_of_day(end)}" for start, end in open_])
