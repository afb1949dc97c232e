"""Telephone numbers: checked against the numbering plans, kept in one form, shown the UK way; and ranges of them.

N-faults, N-services: numbers are validated. What `phonenumbers` knows of each country's plan decides; a British number may
be written without its +44. A range is written as its first and last number, "020 7946 0000-0099" or with both in full.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

HOME: Final = "GB"
ISLANDS: Final = frozenset({44})
LARGEST_RANGE: Final = 10_000
"""Numbers of one range: what a provider gets allotted is no longer."""
MOST_LINES: Final = 400
_TO: Final = re.compile(r"\s*(?:\bto\b|–|—|(?<=\d)\s*-\s*(?=[\d+]))\s*")
_WORD: Final = re.compile(r"\s*(?:\bto\b|–|—)\s*")
_SHORT_END: Final = re.compile(r"\d{1,6}")


_DRAMA: Final = re.compile(
    r"\+44(?:7700900|1632960|2079460|1134960|1144960|1154960|1164960|1174960|1184960|1214960|1314960|1414960|1514960|1614960|1914980|2890180|2920180|8081570|9098790|3069990)\d{3}"
)
"""Numbers that Ofcom keeps for drama: nobody has them, and demonstrations and tests are full of them."""


class NoNumber(ValueError):
    """These words are no number; what is wrong and how to mend it stands in the message."""


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from the first to the last, both included, in international form without the plus."""

    first: int
    last: int

    @property
    def shown(self) -> str:
        """As people read it."""
        first = shown(f"+{self.first}")
        return first if self.first == self.last else f"{first} to {shown(f'+{self.last}')}"


def parsed(words: str) -> phonenumbers.PhoneNumber:
    """The number that these words give. Raises NoNumber where no telephone could dial it."""
    try:
        number = phonenumbers.parse(words, HOME)
    except NumberParseException as wrong:
        raise NoNumber(f"{words!r} is no telephone number: write it like 020 7946 0000") from wrong
    form = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if not phonenumbers.is_valid_number(number) and not _DRAMA.fullmatch(form):
        raise NoNumber(f"{words!r} is not a number that can be dialled: look at its digits again")
    return number


def shown(words: str) -> str:
    """A number the UK way: national where it is British, international otherwise; words that are no number as they are."""
    try:
        number = parsed(words)
    except NoNumber:
        return words
    british = number.country_code in ISLANDS
    form = PhoneNumberFormat.NATIONAL if british else PhoneNumberFormat.INTERNATIONAL
    said: str = phonenumbers.format_number(number, form)
    return said


def whole(words: str) -> int:
    """The number as one whole number in international form. Raises NoNumber."""
    return int(phonenumbers.format_number(parsed(words), PhoneNumberFormat.E164).removeprefix("+"))


def ranges(words: str) -> tuple[Range, ...]:
    """The numbers and ranges that somebody wrote, one a line or parted by semicolons or commas. Raises NoNumber."""
    said = [part.strip() for line in words.splitlines() for part in re.split(r"[;,]", line)]
    said = [part for part in said if part]
    if len(said) > MOST_LINES:
        raise NoNumber(f"more than {MOST_LINES} numbers: write those that follow each other as a range")
    return tuple(_range(part) for part in said)


def _range(said: str) -> Range:
    parts = _foreign(said) if said.startswith("+") and not said.startswith("+44") else _TO.split(said)
    if len(parts) > 2:
        raise NoNumber(f"{said!r} is no range: write its first and its last number")
    first = whole(parts[0])
    if len(parts) == 1:
        return Range(first, first)
    last = _end(first, parts[1])
    if last < first:
        raise NoNumber(f"{said!r}: the last number comes before the first")
    if last - first >= LARGEST_RANGE:
        raise NoNumber(
            f"{said!r} is {last - first + 1:,} numbers; a range has no more than {LARGEST_RANGE:,}"
        )
    return Range(first, last)


def _foreign(said: str) -> list[str]:
    """The parts of a range abroad, where numbers have hyphens of their own: a word parts it, else the last hyphen."""
    by_word = _WORD.split(said)
    if len(by_word) > 1:
        return by_word
    try:
        whole(said)
    except NoNumber:
        before, hyphen, after = said.rpartition("-")
        return [before, after] if hyphen else [said]
    return [said]


def _end(first: int, said: str) -> int:
    """The last number of a range: in full, or by the digits in which it differs from the first."""
    bare = said.replace(" ", "")
    if _SHORT_END.fullmatch(bare) and not bare.startswith("0" * 7):
        start = str(first)
        return int(start[: -len(bare)] + bare)
    return whole(said)
