"""How people write a length of time ("ten working days"), read into a `Period` without guessing.

What could be meant in two ways is read in the way that is documented, with a doubt that `check` shows; what names no
length of time ("soon") is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.core.code import Period, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 1000
"""The largest amount of any unit; a promise beyond it is a slip of the pen and would leave the calendar."""

_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_NUMBER_WORDS = {word: value for value, word in enumerate(_SMALL)} | _TENS
_NUMBER = rf"\d+|(?:{'|'.join(_TENS)})(?:[-\s](?:{'|'.join(_SMALL[1:10])}))?|{'|'.join(reversed(_SMALL))}|an?"
_OPEN = r"working|business|work|office|opening"
_DURATION = re.compile(
    rf"\b(?P<number>{_NUMBER})(?P<half>\.\d+|\s*½)?(?:\s+|-|)(?:(?P<kind>{_OPEN}|calendar|clear|full|consecutive)[\s-]+)?"
    r"(?P<unit>hour|day|week|month|year|fortnight)s?\b",
    re.IGNORECASE,
)
_NEXT_WORKING_DAY = re.compile(rf"(?:the )?next (?:{_OPEN}) day", re.IGNORECASE)
_LEAD_IN = re.compile(
    r"^(?:within|in|up to|at most|no (?:later|more) than|max(?:imum)?(?: of)?)\s+", re.IGNORECASE
)
_HOW = "Write a whole number and a unit: hours, working hours, working days, calendar days, weeks or months."


@dataclass(frozen=True, slots=True)
class Reading:
    """A length of time as read, with the doubt that remains, if any."""

    period: Period
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class PeriodMistake:
    """Why these words name no length of time that a clock could run, and what to write instead."""

    message: str
    mend: str


def parse_period(text: str) -> Reading | PeriodMistake:
    """The length of time that these words name, as the value of `within:` and its like."""
    words = _LEAD_IN.sub("", " ".join(text.split()).rstrip("."))
    if _NEXT_WORKING_DAY.fullmatch(words):
        return Reading(Period(1, Unit.WORKING_DAYS))
    found = _DURATION.fullmatch(words)
    if found is None:
        return _refused(text)
    if found["half"]:
        return PeriodMistake(f"'{text}' is not a whole number of hours, days, weeks, months or years.", _HOW)
    reading = _read(found)
    if not 1 <= reading.period.amount <= LONGEST:
        return PeriodMistake(f"'{text}' is not between 1 and {LONGEST} {reading.period.unit}.", _HOW)
    return reading


def periods_in(text: str) -> Iterator[tuple[Period, int, int]]:
    """Every length of time that running text names ("8-week", "ten working days"), with its start and end.

    Years are left out: running text about schemes names them for other things, such as the time for going to court.
    """
    for found in _DURATION.finditer(text):
        if not found["half"] and found["unit"].lower() != "year":
            yield _read(found).period, found.start(), found.end()


def rough_days(period: Period) -> float:
    """About how many calendar days a period lasts: for comparing two periods, never for working out a date."""
    return period.amount * _ROUGH[period.unit]


_ROUGH = {
    Unit.HOURS: 1 / 24,
    Unit.WORKING_HOURS: 7 / 40,
    Unit.CALENDAR_DAYS: 1.0,
    Unit.WORKING_DAYS: 7 / 5,
    Unit.WEEKS: 7.0,
    Unit.MONTHS: 30.4,
}


def _read(found: re.Match[str]) -> Reading:
    amount, unit, kind = _amount(found["number"]), found["unit"].lower(), (found["kind"] or "").lower()
    open_only = bool(re.fullmatch(_OPEN, kind))
    if unit == "fortnight":
        return Reading(Period(2 * amount, Unit.WEEKS))
    if unit == "year":
        return Reading(Period(12 * amount, Unit.MONTHS))
    if unit == "day" and not kind:
        doubt = f"'{found.group()}' can mean calendar days or working days; calendar days are counted"
        return Reading(Period(amount, Unit.CALENDAR_DAYS), doubt)
    if unit == "hour" and open_only:
        return Reading(Period(amount, Unit.WORKING_HOURS), _hours_doubt(found.group(), amount))
    plain = {"hour": Unit.HOURS, "day": Unit.CALENDAR_DAYS, "week": Unit.WEEKS, "month": Unit.MONTHS}
    return Reading(Period(amount, Unit.WORKING_DAYS if unit == "day" and open_only else plain[unit]))


def _hours_doubt(words: str, amount: int) -> str:
    """What stays unclear where whole days are written in working hours: 24 hours of being open, or one day."""
    if amount % 24:
        return ""
    days = amount // 24
    span = "one working day" if days == 1 else f"{days} working days"
    return f"'{words}' can mean {amount} hours of being open, or {span}; {amount} open hours are counted"


def _amount(words: str) -> int:
    if words.isdecimal():
        # Beyond the longest it makes no difference how far, and very long numerals are slow to read.
        return int(words) if len(words) <= 6 else LONGEST + 1
    if words.lower() in {"a", "an"}:
        return 1
    return sum(_NUMBER_WORDS[part] for part in re.split(r"[-\s]+", words.lower()))


def _refused(text: str) -> PeriodMistake:
    if re.search(r"\d\s*(?:-|–|to|or)\s*\d|\bto\b|\bor\b", text, re.IGNORECASE):
        return PeriodMistake(
            f"'{text}' names two lengths of time.",
            f"Write the longer one, for that is what is promised. {_HOW}",
        )
    if re.search(r"minute|second", text, re.IGNORECASE):
        return PeriodMistake(f"'{text}' is shorter than a clock here can promise.", _HOW)
    if re.search(r"\d", text):
        return PeriodMistake(f"'{text}' is not understood as a length of time.", _HOW)
    return PeriodMistake(
        f"'{text}' names no length of time, so no clock can run.", f"{_HOW} Or leave the line out."
    )
