"""Uncontracted Unified English Braille: letters, numbers, capitals and signs, with no contraction.

Rule: The Rules of Unified English Braille, second edition 2013: 5.2 and 6.5 (the grade 1 indicator, where a letter
would read as a digit), 6 (numeric mode), 7 (punctuation) and 8 (capitals: letter, word and passage). It is built in,
so that any desk can write Braille; contracted Braille (grade 2) needs a library that not every machine has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from amends.core.braille.signs import (
    CAPITAL,
    CAPITAL_END,
    CAPITAL_PASSAGE,
    CAPITAL_WORD,
    DIGITS,
    GRADE_1,
    LIGATURE,
    NUMBER,
    NUMERIC_SPACE,
    Sign,
    clusters,
    sign,
    spelt,
)
from amends.core.telephone import NUMBERS

PASSAGE = 3
"""So many words in capitals make a passage."""
_OPENING = frozenset(' ([{“‘«-–—/"')
"""After these a question mark would read as an opening quotation mark."""
_READ_AS_DIGITS = frozenset("ABCDEFGHIJ")


def grade1(text: str) -> str:
    """The text of one line in uncontracted Braille, ASCII characters 32 to 95. What has no sign is told in words."""
    words = [_Word(word) for word in _with_numeric_spaces(spelt(text)).split(" ")]
    begins, ends = _passages(words)
    found, inside, mode = [], False, _Mode()
    for place, word in enumerate(words):
        inside = inside or place in begins
        mode.numeric = False
        cells = "".join(_cells(word.characters, mode, inside=inside))
        found.append(
            (CAPITAL_PASSAGE if place in begins else "") + cells + (CAPITAL_END if place in ends else "")
        )
        inside = inside and place not in ends
    return " ".join(found)


_BETWEEN_DIGITS = re.compile(r"(?<=\d) (?=\d)")
_JOINED = "\ue000"
"""Stands for the space within a telephone number while the text is parted at its spaces."""


def _with_numeric_spaces(text: str) -> str:
    return NUMBERS.sub(lambda found: _BETWEEN_DIGITS.sub(_JOINED, found[0]), text)


class _Word:
    """What stands between two spaces."""

    def __init__(self, text: str) -> None:
        self.characters = clusters(text)
        letters = [s for c in self.characters if (s := sign(c)) is not None and s.letter]
        self.capitals = bool(letters) and all(s.capital for s in letters)
        self.letterless = not letters


def _passages(words: list[_Word]) -> tuple[set[int], set[int]]:
    """At which words passages of capitals begin and end. Numbers and signs may stand within one."""
    begins, ends = set(), set()
    run: list[int] = []
    for place, word in enumerate([*words, _Word("a")]):
        if word.capitals:
            run.append(place)
        elif not word.letterless:
            if len(run) >= PASSAGE:
                begins.add(run[0])
                ends.add(run[-1])
            run = []
    return begins, ends


@dataclass(slots=True)
class _Mode:
    """What the cells before have set: numeric mode, and how many single quotation marks stand open."""

    numeric: bool = False
    quoted: int = 0


def _cells(word: list[str], mode: _Mode, *, inside: bool) -> Iterator[str]:
    """The cells of a word; `inside` a passage of capitals."""
    place = 0
    while place < len(word):
        character = word[place]
        found = sign(character)
        if found is not None and found.letter:
            end = place
            while end < len(word) and (s := sign(word[end])) is not None and s.letter:
                end += 1
            yield from _letters([sign(c) for c in word[place:end]], mode, inside=inside)
            mode.numeric, place = False, end
            continue
        yield _one(word, place, mode)
        place += 1


def _letters(run: list[Sign | None], mode: _Mode, *, inside: bool) -> Iterator[str]:
    """Letters that follow each other without anything between, with what their capitals need."""
    letters = [s for s in run if s is not None]
    place = 0
    while place < len(letters):
        end = place
        while end < len(letters) and letters[end].capital == letters[place].capital:
            end += 1
        group, shown = letters[place:end], letters[place].capital and not inside
        cells = "".join(s.cells for s in group)
        if shown and len(group) == 1:
            yield CAPITAL + (_each_capital(cells) if group[0].ligature else cells)
        elif shown:
            yield CAPITAL_WORD + cells + (CAPITAL_END if end < len(letters) else "")
        else:
            digit = place == 0 and mode.numeric and cells[0] in _READ_AS_DIGITS
            yield (GRADE_1 if digit else "") + cells
        place = end


def _each_capital(cells: str) -> str:
    """A ligature of two capitals: each letter has its own indicator (4.3)."""
    return cells.replace(LIGATURE, LIGATURE + CAPITAL)


def _one(word: list[str], place: int, mode: _Mode) -> str:
    """A digit or a sign, where it stands."""
    character = word[place]
    after = word[place + 1] if place + 1 < len(word) else " "
    if character in DIGITS:
        begins, mode.numeric = not mode.numeric, True
        return (NUMBER if begins else "") + DIGITS[character]
    if character == _JOINED:
        return NUMERIC_SPACE
    if character in ".,":
        return _point(word, place, after, mode)
    mode.numeric = False
    before = word[place - 1] if place else " "
    if character in '"“”‘’':
        return _quotation(character, before, after, mode)
    found = sign(character)
    assert found is not None, character
    return (GRADE_1 if character == "?" and before in _OPENING else "") + found.cells


def _point(word: list[str], place: int, after: str, mode: _Mode) -> str:
    """A full stop or comma: within a number, before one (`.5`), or at the end of something."""
    cells = "4" if word[place] == "." else "1"
    before = sign(word[place - 1]) if place else None
    if after in DIGITS and not mode.numeric and not (before and before.letter):
        mode.numeric = True
        return NUMBER + cells
    # Numeric mode goes on through a point, so that a letter after it needs its indicator.
    return cells


def _quotation(character: str, before: str, after: str, mode: _Mode) -> str:
    opens, closes = before in _OPENING, not _is_word(after)
    if character == '"':
        return "8" if opens and not closes else "0" if closes and not opens else ",7"
    if character == "“":
        return "8" if opens and not closes else "^8"
    if character == "”":
        return "0" if not opens else "^0"
    if character == "‘":
        mode.quoted += 1
        return ",8"
    if mode.quoted and closes:
        mode.quoted -= 1
        return ",0"
    return "'"


def _is_word(character: str) -> bool:
    found = sign(character)
    return character in DIGITS or (found is not None and found.letter)
