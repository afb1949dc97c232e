"""What each character is in Unified English Braille: letters with their accents, signs, and what has no sign at all.

Rule: The Rules of Unified English Braille, second edition 2013 (International Council on English Braille), sections 3
(general symbols), 4 (letters and their modifiers), 7 (punctuation) and 11 (technical). Cells are written in ASCII
Braille, the 64 characters from 32 to 95 of a BRF file.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

DIGITS = dict(zip("1234567890", "ABCDEFGHIJ", strict=True))
NUMBER = "#"
GRADE_1 = ";"
CAPITAL = ","
CAPITAL_WORD = ",,"
CAPITAL_PASSAGE = ",,,"
CAPITAL_END = ",'"
NUMERIC_SPACE = '"'
"""Keeps the groups of one number together; at the end of a line the same cell says that the word goes on (10.13)."""
LIGATURE = "^6"

SIGNS = {
    ".": "4", ",": "1", ";": "2", ":": "3", "!": "6", "?": "8", "'": "'", "-": "-", "(": '"<', ")": '">',
    "[": ".<", "]": ".>", "{": "_<", "}": "_>", "/": "_/", "\\": "_*", "&": "@&", "@": "@A", "#": "_?", "%": ".0",
    "*": '"9', "+": '"6', "=": '"7', "<": "@<", ">": "@>", "~": "@9", "^": "@5", "_": ".-", "|": "_\\", "`": ".*",
    "£": "@L", "€": "@E", "$": "@S", "¢": "@C", "¥": "@Y", "₣": "@F", "₦": "@N",
    "×": '"8', "÷": '"/', "−": '"-', "±": "_6", "°": "^J", "′": "7", "″": "77", "¬": "@?",
    "§": "^S", "¶": "^P", "©": "^C", "®": "^R", "™": "^T", "•": "_4", "†": "@,?", "‡": "@,]",
    "‐": "-", "‑": "-", "‒": ",-", "–": ",-", "—": ",-", "―": '",-', "…": "444",
    '"': ",7", "‘": ",8", "’": "'", "“": "8", "”": "0", "«": "_8", "»": "_0", "¡": "^;6", "¿": "^;8",
    "→": ";\\O", "←": ";\\[", "↑": ";\\+", "↓": ";\\%",
    "½": "#A/B", "¼": "#A/D", "¾": "#C/D", "⅓": "#A/C", "⅔": "#B/C",
    "⅛": "#A/H", "⅜": "#C/H", "⅝": "#E/H", "⅞": "#G/H",
    **dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", (f";9#{cell}" for cell in "JABCDEFGHI"), strict=True)),
    **dict(zip("₀₁₂₃₄₅₆₇₈₉", (f";5#{cell}" for cell in "JABCDEFGHI"), strict=True)),
}  # fmt: skip
"""Signs that are written the same wherever they stand, or by default; quotation marks are told apart where they stand."""

_ACCENTS = {
    "\u0300": "^*", "\u0301": "^/", "\u0302": "^%", "\u0303": "^]", "\u0304": "@-", "\u0306": "@+", "\u0308": "^3",
    "\u030a": "^$", "\u030c": "^+", "\u0327": "^&",
}  # fmt: skip
"""Combining marks and the modifier before the letter: grave, acute, circumflex, tilde, macron, breve, diaeresis, ring,
caron, cedilla (4.2)."""
_STROKES = {
    "ø": "@*O",
    "ł": "@*L",
    "đ": "@3D",
    "ħ": "@3H",
    "ŧ": "@3T",
    "ß": ".!",
    "ð": "#$",
    "þ": "#!",
    "ı": "@9I",
}
_LIGATURES = {"æ": "AE", "œ": "OE"}
_GREEK = dict(zip("αβγδεζηθικλμνξοπρστυφχψως", "ABGDEZ:?IKLMNXOPRSTUF&YWS", strict=True))

LOOKS_ONLY = frozenset("\u200c\u200d\u200e\u200f\u061c\ufe0e\ufe0f")
"""Joiners, directions and choices of picture: they say how others look, and there is nothing of them to read."""
_SPELT_ALIKE = ("<wide>", "<narrow>", "<compat>", "<font>", "<noBreak>")


class Sign(NamedTuple):
    """A character in Braille. `cells` of a letter are without the capital indicator."""

    cells: str
    letter: bool = False
    capital: bool = False
    ligature: bool = False


@lru_cache(maxsize=4096)
def sign(character: str) -> Sign | None:
    """The sign of a character (a letter may come with combining marks), or None where Unified English Braille has none."""
    if character in SIGNS:
        return Sign(SIGNS[character])
    lower = character.lower()
    capital = lower != character
    if lower in _STROKES and not (lower == "ı" and capital):
        return Sign(_STROKES[lower], letter=True, capital=capital)
    if lower in _LIGATURES:
        return Sign(LIGATURE.join(_LIGATURES[lower]), letter=True, capital=capital, ligature=True)
    if lower in _GREEK:
        return Sign("." + _GREEK[lower], letter=True, capital=capital)
    parts = unicodedata.normalize("NFD", lower)
    base, marks = parts[:1], parts[1:]
    if "a" <= base <= "z" and all(mark in _ACCENTS for mark in marks):
        cells = "".join(_ACCENTS[mark] for mark in marks) + base.upper()
        return Sign(cells, letter=True, capital=capital)
    return None


def known(character: str) -> bool:
    """Whether a character can be written: a digit, a space, or what has a sign."""
    return character in DIGITS or character == " " or sign(character) is not None


@lru_cache(maxsize=1024)
def spelt(text: str) -> str:
    """The text in characters that Braille has. Others stand as the words of their code points: `[U+674E U+96F7]`.

    Spaces of any kind become one plain kind; compatibility forms (a full-width A, the ligature of f and i) become the
    letters that they stand for; marks that only steer how others look are left out.
    """
    text = "".join(_plain(c) for c in unicodedata.normalize("NFC", text) if c not in LOOKS_ONLY)
    if all(map(known, text)):
        return text
    found: list[str] = []
    strange: list[str] = []
    for character in clusters(text):
        if not known(character):
            strange.append(character)
            continue
        found += [in_words("".join(strange))] if strange else []
        strange = []
        found.append(character)
    return "".join(found) + (in_words("".join(strange)) if strange else "")


def told_in_words(text: str) -> tuple[str, ...]:
    """What of a text is told in words because Braille has no sign for it, each once: `[U+674E U+96F7]`."""
    found = _TOLD.findall("\n".join(map(spelt, text.split("\n"))))
    own = set(_TOLD.findall(text))
    return tuple(dict.fromkeys(words for words in found if words not in own))


_TOLD = re.compile(r"\[U\+[0-9A-F]{4}[^\]]*\]")


def _plain(character: str) -> str:
    if character.isspace():
        return " "
    if known(character) or unicodedata.decomposition(character).partition(" ")[0] not in _SPELT_ALIKE:
        return character
    return unicodedata.normalize("NFKC", character)


def clusters(text: str) -> list[str]:
    """The characters of a text, each letter with the combining marks after it."""
    found: list[str] = []
    for character in text:
        if found and unicodedata.combining(character) and found[-1] != " ":
            found[-1] += character
        else:
            found.append(character)
    return found


def in_words(characters: str) -> str:
    """Characters without a sign, as `[U+1F600 grinning face]`, or as numbers alone where they are letters of a word."""
    words = " ".join(f"U+{ord(c):04X}" for c in characters)
    if len(characters) == 1 and unicodedata.category(characters)[0] not in "LMN":
        words = f"{words} {unicodedata.name(characters, '').lower()}".strip()
    return f"[{words}]"
