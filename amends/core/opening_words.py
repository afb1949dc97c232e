"""The words in which people write opening hours, sorted into kinds, and the days and times that they mean.

A time that could be morning or evening is not understood, and neither is a word outside the list: a wrong
reading would give wrong dates without anybody noticing.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Final, NamedTuple

from amends.core.calendar import WEEKDAYS

Minutes = int
"""Minutes of a local day from 0 to 1440, the last being 24:00."""

DAY_END: Final[Minutes] = 24 * 60
EXAMPLE: Final = 'Write it like "Monday to Friday 08:30-17:30; Saturday 10:00-16:00; not bank holidays".'

_DAY_NAMES: Final = {
    **{day.lower(): n for n, day in enumerate(WEEKDAYS)},
    **{day[:3].lower(): n for n, day in enumerate(WEEKDAYS)},
    "tues": 1,
    "weds": 2,
    "thur": 3,
    "thurs": 3,
}
_BANK: Final = r"(?:bank|public)(?:(?:\s+(?:and|or)\s+|\s*/\s*)(?:bank|public))?\s+holidays?"
_WORD_KINDS: Final = {
    # The first kind that fits wins, so longer phrases stand before the words that they are made of.
    "always": r"24\s*/\s*7",
    "all_day": r"all\s+hours|24[\s-]*hours?(?:\s+a\s+day)?|all\s+day|(?:round|around)\s+the\s+clock",
    "every": r"every\s*day|each\s+day|daily|(?:7|seven)\s+days(?:\s+a\s+week)?|all\s+week",
    "time": (
        r"(?:\d{1,2}[:.]\d{2}|\d{1,4})(?:\s*(?:am|pm|a\.m\.|p\.m\.|noon|midday|midnight))?"
        r"|noon|midday|midnight"
    ),
    "bank": _BANK,
    "include": rf"(?:including|incl\.?|also|plus|open)(?:\s+(?:on|the|all|open))*(?=\s+{_BANK})",
    "exclude": (
        r"(?:but\s+)?(?:not|except|excepting|excluding|excl\.?|without|apart\s+from|other\s+than|closed\s+(?:on|at))"
        r"(?:\s+(?:open|including|on|at|for|the|all|any))*"
    ),
    "closed": r"closed|excluded|excepted",
    "included": r"included",
    "weekdays": r"weekdays?",
    "weekend": r"weekends?",
    "day": rf"(?:{'|'.join(sorted(_DAY_NAMES, key=len, reverse=True))})s?\.?",
    "between": r"between",
    "to": r"to|until|till?|through|-",
    "and": r"and|&",
    "or": r"or|nor",
    "filler": r"from|on|at|open|the|only|we|are|is|hrs|hours",
    "comma": r"[,()]",
    "semi": r"[;.\n]",
    "colon": r":",
}
_WORD = re.compile(
    # A word ends where its letters end: "Mondayish" is not Monday.
    "|".join(rf"(?P<{kind}>(?:{fits})(?!(?<=[a-z0-9])[a-z0-9]))" for kind, fits in _WORD_KINDS.items()),
    re.ASCII | re.IGNORECASE,
)
DAY_SETS: Final = {"every": range(7), "weekdays": range(5), "weekend": range(5, 7)}
DAY_KINDS: Final = frozenset({"day", *DAY_SETS})
TIME_KINDS: Final = frozenset({"time", "between", "all_day"})
_TIME: Final = re.compile(r"(?P<hour>\d{1,2}?)(?:[:.]?(?P<minute>\d{2}))?\s*(?P<half>[ap]\.?m\.?)?", re.ASCII)
_VOCABULARY: Final = (
    *_DAY_NAMES,
    "every day",
    "daily",
    "weekdays",
    "weekends",
    "bank holidays",
    "not",
    "closed",
)


class NotUnderstood(Exception):
    """What a text of opening hours says wrongly, and what to write instead; never leaves the reader."""

    def __init__(self, message: str, mend: str = EXAMPLE) -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend


class Word(NamedTuple):
    """A word or a phrase, as written, with its kind."""

    kind: str
    text: str


def words_of(text: str) -> list[Word]:
    """The words of a text by their kind, without those that change nothing."""
    plain = re.sub(r"[‐‑‒–—−]", "-", text).replace("\N{NO-BREAK SPACE}", " ").strip()
    words: list[Word] = []
    at = 0
    while at < len(plain):
        if plain[at] in " \t\r":
            at += 1
        elif found := _WORD.match(plain, at):
            words.append(Word(found.lastgroup or "", found[0]))
            at = found.end()
        else:
            raise _unknown_word(re.split(r"[\s,;()]", plain[at:])[0] or plain[at])
    return [word for word in words if word.kind != "filler"]


def _unknown_word(word: str) -> NotUnderstood:
    near = [f'"{spelling}"' for spelling in get_close_matches(word.lower(), _VOCABULARY, n=2, cutoff=0.75)]
    return NotUnderstood(
        f'"{word}" is not understood', f"Did you mean {' or '.join(near)}?" if near else EXAMPLE
    )


def weekday_of(word: Word) -> int:
    """The weekday that a word of the kind "day" names, Monday being 0."""
    spelling = word.text.lower().rstrip(".")
    return _DAY_NAMES[spelling if spelling in _DAY_NAMES else spelling.removesuffix("s")]


def shown(minute: Minutes) -> str:
    """A minute of the day by the 24-hour clock."""
    return f"{minute // 60:02}:{minute % 60:02}"


def minute_of(word: Word, beside: Word) -> Minutes:
    """The minute of the day that a time means; the time at the window's other end may make it unclear."""
    said = word.text.lower()
    if said.endswith(("noon", "midday", "midnight")):
        return _named(said)
    found = _TIME.fullmatch(said)
    if not found:
        raise _no_time(word.text)
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), (found["half"] or "")[:1]
    if half:
        return _by_halves(word.text, hour, minute, half)
    if not found["minute"] and 1 <= hour <= 12:
        raise _two_ways(word.text, *(("12 noon", "midnight") if hour == 12 else (f"{hour}am", f"{hour}pm")))
    if 1 <= hour < 12 and re.search(r"[ap]\.?m\.?$", beside.text, re.IGNORECASE):
        raise _two_ways(word.text, f"{word.text}am", f"{word.text}pm")
    if hour * 60 + minute > DAY_END or minute > 59:
        raise _no_time(word.text)
    return hour * 60 + minute


def _named(text: str) -> Minutes:
    number = re.match(r"[\d:.]*", text)
    if number and number[0] not in ("", "12", "12:00", "12.00"):
        raise _no_time(text)
    return 0 if text.endswith("midnight") else DAY_END // 2


def _by_halves(text: str, hour: int, minute: int, half: str) -> Minutes:
    if not 1 <= hour <= 12 or minute > 59:
        raise _no_time(text)
    if hour == 12 and not minute:
        raise _two_ways(text, "12 noon", "midnight")
    return (hour % 12 + (12 if half == "p" else 0)) * 60 + minute


def _no_time(text: str) -> NotUnderstood:
    return NotUnderstood(f'"{text}" is no time of day', 'Write a time like "17:30", "5.30pm" or "24:00".')


def _two_ways(text: str, one: str, other: str) -> NotUnderstood:
    return NotUnderstood(f'"{text}" can be read in two ways', f'Write "{one}" or "{other}".')
