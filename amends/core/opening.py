"""Opening hours as people write them, read into a week: "Monday to Friday 08:30-17:30, not bank holidays".

Everything that could be read in two ways is refused with the words to write instead; nothing is guessed.
Several windows a day are allowed, 24:00 ends a day, and hours that never open are a mistake (L3, L4, L5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from amends.core.calendar import WEEKDAYS
from amends.core.opening_words import (
    DAY_END,
    DAY_KINDS,
    DAY_SETS,
    TIME_KINDS,
    Minutes,
    NotUnderstood,
    Word,
    minute_of,
    shown,
    weekday_of,
    words_of,
)

Windows = tuple[tuple[Minutes, Minutes], ...]
"""The open stretches of one day in order; each ends before its second number."""
BankHolidayRule = Literal["closed", "open", "unsaid"]

_ALL_DAY: Final = ((0, DAY_END),)


@dataclass(frozen=True, slots=True)
class Hours:
    """Named opening hours: the windows of each weekday, Monday first, and what they say of bank holidays."""

    name: str
    week: tuple[Windows, ...]
    bank_holidays: BankHolidayRule

    def __post_init__(self) -> None:
        if len(self.week) != 7 or not any(self.week):
            raise ValueError(f"{self.name}: hours need seven days, and one of them open")
        for day in self.week:
            edges = [edge for window in day for edge in window]
            if any(start >= end for start, end in day) or edges != sorted(edges):
                raise ValueError(f"{self.name}: {day} are not windows in order")
            if edges and not 0 <= edges[0] < edges[-1] <= DAY_END:
                raise ValueError(f"{self.name}: {day} do not lie within a day")

    def closes(self, weekday: int) -> Minutes | None:
        """When the last window of a weekday ends, Monday being 0, or None on a day that is closed."""
        return self.week[weekday][-1][1] if self.week[weekday] else None


@dataclass(frozen=True, slots=True)
class HoursMistake:
    """Why a text is no opening hours, naming the words, and what to write instead."""

    message: str
    mend: str


def parse_hours(name: str, text: str) -> Hours | HoursMistake:
    """The opening hours that a text gives, or the first mistake in it."""
    try:
        return _Reader(words_of(text)).hours(name)
    except NotUnderstood as wrong:
        return HoursMistake(wrong.message, wrong.mend)


class _Reader:
    """Reads sections, each of which gives days their windows, closes days, or speaks of bank holidays."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = words
        self._at = 0
        self._week: dict[int, Windows] = {}
        self._closed: set[int] = set()
        self._last_days: list[int] = []
        self._bank_holidays: BankHolidayRule = "unsaid"

    def hours(self, name: str) -> Hours:
        """The hours that all words together give."""
        while self._skip("semi", "comma", "and"):
            self._section()
        if not any(self._week.values()):
            raise NotUnderstood("these hours never open: no day is given times")
        return Hours(name, tuple(self._week.get(day, ()) for day in range(7)), self._bank_holidays)

    def _section(self) -> None:
        kind = self._kind()
        if kind in DAY_KINDS:
            self._days_then_times()
        elif kind in TIME_KINDS:
            self._times_then_days()
        elif kind == "always":
            self._take()
            self._open(list(range(7)), _ALL_DAY)
        elif kind == "bank":
            self._bank_holidays_alone()
        elif kind == "include":
            self._included()
        elif kind in ("exclude", "closed"):
            self._excluded_afterwards()
        else:
            raise NotUnderstood(f'"{self._take().text}" stands where a day or a time should begin')

    def _days_then_times(self) -> None:
        days = self._days()
        while self._skip("comma", "colon") and self._kind() in ("exclude", "closed", "include"):
            if self._kind() == "include":
                self._included()
            elif self._kind() == "closed" and self._kind(1) != "bank":
                self._take()
                self._close(days)
                return
            else:
                excluded = self._exclusion()
                days = [day for day in days if day not in excluded]
        if self._kind() == "and" and self._kind(1) == "bank":
            if self._kind(2) != "closed":
                raise _own_hours()
            self._at += 3
            self._say_of_bank_holidays("closed")
            self._close(days)
            return
        if self._kind() not in TIME_KINDS:
            raise NotUnderstood(f'no times are given for "{self._words[self._at - 1].text}"')
        self._open(days, self._times())

    def _times_then_days(self) -> None:
        first = self._words[self._at]
        windows = self._times()
        self._skip("comma")
        if self._kind() in DAY_KINDS:
            days = self._days()
            if self._kind() == "and" and self._kind(1) == "bank":
                raise _own_hours()
        elif windows == _ALL_DAY:
            days = list(range(7))
        else:
            raise NotUnderstood(f'no days are named for the times that begin with "{first.text}"')
        self._open(days, windows)

    def _bank_holidays_alone(self) -> None:
        joined = self._at > 0 and self._words[self._at - 1].kind == "and"
        self._take()
        if self._kind() == "colon" or self._kind() in TIME_KINDS:
            raise _own_hours()
        if self._kind() == "closed":
            self._take()
            self._say_of_bank_holidays("closed")
        elif self._kind() == "included" or joined:
            self._skip("included")
            self._say_of_bank_holidays("open")
        else:
            raise NotUnderstood(
                '"bank holidays" does not say whether it is open then',
                'Write "not bank holidays" or "including bank holidays".',
            )

    def _included(self) -> None:
        self._take()
        self._take()
        self._say_of_bank_holidays("open")

    def _excluded_afterwards(self) -> None:
        excluded = self._exclusion()
        rest = [day for day in self._last_days if day not in excluded]
        for day in excluded:
            # "every day 09:00-17:00, except Sunday" takes a day back; a day named alone is not taken back.
            if day in self._last_days and rest:
                del self._week[day]
        self._close(excluded)
        self._last_days = rest

    def _exclusion(self) -> list[int]:
        """The days in "except Sundays and bank holidays"; notes what is said of bank holidays."""
        word = self._take()
        excluded: list[int] = []
        if self._kind() not in DAY_KINDS | {"bank"}:
            raise NotUnderstood(f'"{word.text}" is not followed by a day or by "bank holidays"')
        while self._kind() in DAY_KINDS:
            excluded += self._range()
            if self._kind() in ("comma", "and", "or") and self._kind(1) in DAY_KINDS | {"bank"}:
                self._take()
        if self._kind() == "bank":
            self._take()
            self._say_of_bank_holidays("closed")
        return excluded

    def _days(self) -> list[int]:
        days = self._range()
        while self._kind() in ("comma", "and") and self._kind(1) in DAY_KINDS:
            self._take()
            days += self._range()
        return days

    def _range(self) -> list[int]:
        first = self._take()
        if first.kind != "day":
            return list(DAY_SETS[first.kind])
        start = weekday_of(first)
        if self._kind() != "to":
            return [start]
        self._take()
        if self._kind() != "day":
            raise NotUnderstood(f'"{first.text} to" is not followed by a day')
        length = (weekday_of(self._take()) - start) % 7
        if not length:
            raise NotUnderstood(f'"{first.text}" begins and ends the same range of days')
        return [(start + n) % 7 for n in range(length + 1)]

    def _times(self) -> Windows:
        windows = [self._window()]
        while self._kind() in ("comma", "and") and self._kind(1) in TIME_KINDS:
            self._take()
            windows.append(self._window())
        for (_, end), (start, _) in pairwise(windows):
            if start < end:
                raise NotUnderstood(
                    f"the times from {shown(start)} begin before those until {shown(end)} are over",
                    "Give the times of a day in order and without overlap, by the 24-hour clock.",
                )
        return tuple(windows)

    def _window(self) -> tuple[Minutes, Minutes]:
        if self._kind() == "all_day":
            self._take()
            return _ALL_DAY[0]
        joins = ("to", "and") if self._kind() == "between" else ("to",)
        self._skip("between")
        first = self._take()
        if self._kind() not in joins or self._kind(1) != "time":
            raise NotUnderstood(f'"{first.text}" is not followed by "to" and a time')
        self._take()
        last = self._take()
        start, end = minute_of(first, last), minute_of(last, first)
        if last.text.lower().endswith("midnight"):
            end = DAY_END
        if end <= start:
            raise NotUnderstood(
                f'"{last.text}" is not after "{first.text}"',
                'Use the 24-hour clock; "24:00" ends a day; hours past midnight go on under the next day.',
            )
        return start, end

    def _open(self, days: list[int], windows: Windows) -> None:
        for day in days:
            self._once(day)
            self._week[day] = windows
        self._last_days = days

    def _close(self, days: list[int]) -> None:
        for day in days:
            self._once(day)
            self._closed.add(day)

    def _once(self, day: int) -> None:
        if day in self._week or day in self._closed:
            raise NotUnderstood(f"{WEEKDAYS[day]} is there twice", "Say everything about a day in one place.")

    def _say_of_bank_holidays(self, said: BankHolidayRule) -> None:
        if self._bank_holidays not in ("unsaid", said):
            raise NotUnderstood(
                "bank holidays are said to be both open and closed", "Say only one of the two."
            )
        self._bank_holidays = said

    def _kind(self, ahead: int = 0) -> str:
        place = self._at + ahead
        return self._words[place].kind if place < len(self._words) else ""

    def _take(self) -> Word:
        if self._at == len(self._words):
            raise NotUnderstood("the text ends too early")
        self._at += 1
        return self._words[self._at - 1]

    def _skip(self, *kinds: str) -> bool:
        """Step over words of these kinds; whether any word is left."""
        while self._kind() in kinds:
            self._at += 1
        return self._at < len(self._words)


def _own_hours() -> NotUnderstood:
    return NotUnderstood(
        '"bank holidays" cannot have hours of their own',
        'Write "not bank holidays" or "including bank holidays" after the times.',
    )
