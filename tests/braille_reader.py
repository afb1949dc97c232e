"""Reads uncontracted Braille and BRF pages back as a person does, to compare with what was written."""

from __future__ import annotations

import re
import unicodedata

from amends.core.braille import CELLS, LINES
from amends.core.braille.signs import SIGNS

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS = dict(zip("ABCDEFGHIJ", "1234567890", strict=True))
_ACCENTS = {
    "^*": "\u0300", "^/": "\u0301", "^%": "\u0302", "^]": "\u0303", "@-": "\u0304", "@+": "\u0306", "^3": "\u0308",
    "^$": "\u030a", "^+": "\u030c", "^&": "\u0327",
}  # fmt: skip
_WHOLE = {"@*O": "ø", "@*L": "ł", "@3D": "đ", "@3H": "ħ", "@3T": "ŧ", ".!": "ß", "#$": "ð", "#!": "þ"}
_WHOLE |= {
    f".{cell}": greek
    for cell, greek in zip("ABGDEZ:?IKLMNXOPRSTUF&YW", "αβγδεζηθικλμνξοπρστυφχψω", strict=True)
}
_SAME = {
    "‐": "-",
    "‑": "-",
    "—": "–",
    "‒": "–",
    "“": '"',
    "”": '"',
    "…": "...",
    "’": "'",
    "‘": "'",
    "ς": "σ",
    "\u00a0": " ",
}
_SIGNS = {cells: sign for sign, cells in reversed(SIGNS.items()) if sign not in "‐‑‒—“”…’‘"}
_SIGNS |= {"0": '"', "^0": '"', "^8": '"', ",7": '"', ",8": "'", ",0": "'"}
del _SIGNS["8"]
_LONGEST_FIRST = sorted(_SIGNS, key=len, reverse=True)
_ACCENT = re.compile(r"(\^[*/%\]3$+&]|@[-+])[A-Z^@]")


def normal(text: str) -> str:
    """The text as far as Braille tells signs apart: one kind of quotation mark, of dash, of space."""
    text = unicodedata.normalize("NFC", "".join(_SAME.get(c, c) for c in unicodedata.normalize("NFC", text)))
    return " ".join(text.split())


def read(cells: str) -> str:
    """The text of a line of uncontracted Braille."""
    return normal(" ".join(_words(cells)))


def _words(cells: str) -> list[str]:
    passage = False
    found = []
    for word in cells.split(" "):
        text, passage = _Word(word, passage=passage).read()
        found.append(text)
    return found


class _Word:
    def __init__(self, cells: str, *, passage: bool) -> None:
        self.left, self.passage = cells, passage
        self.capitals = self.numeric = False
        self.text = ""

    def read(self) -> tuple[str, bool]:
        while self.left:
            self.numeric = self.numeric and self._number()
            if self.left and not self.numeric:
                self._one()
        return self.text, self.passage

    def _take(self, *beginnings: str) -> str:
        found = next((b for b in sorted(beginnings, key=len, reverse=True) if self.left.startswith(b)), "")
        self.left = self.left[len(found) :]
        return found

    def _number(self) -> bool:
        """One step within a number; whether it was one."""
        # Full stops and commas do not end the numeric mode, however many there are (UEB 6.3).
        found = re.match(r"[41]*[A-J]|\"[A-J]", self.left)
        if found is None:
            return False
        signs = {"4": ".", "1": ",", '"': " "}
        self.text += "".join(signs.get(cell) or _DIGITS[cell] for cell in found[0])
        self.left = self.left[len(found[0]) :]
        return True

    def _one(self) -> None:
        if self._capitals() or self._sign():
            return
        if self.left[0] == "#" and re.match(r"#[41]?[A-J]", self.left):
            self.left, self.numeric, self.capitals = self.left[1:], True, False
            return
        letter = self._letter()
        if letter:
            self.text += letter
            return
        if self.left[0] == ";":
            self.left = self.left[1:]
            if self.left[:1] == "8":
                self.left, self.text = self.left[1:], self.text + "?"
            return
        self.capitals = False
        opens = not self.text or self.text[-1] in "([{\"'«-–/"
        assert self.left[0] == "8", f"what is {self.left!r} after {self.text!r}?"
        self.left, self.text = self.left[1:], self.text + ('"' if opens else "?")

    def _capitals(self) -> bool:
        if self._take(",,,"):
            self.passage = True
        elif self._take(",'"):
            self.passage = self.capitals = False
        elif re.match(r",(?![780\-])", self.left):
            indicator = self._take(",,", ",")
            self.capitals = indicator == ",,"
            letter = self._letter(ligature=not self.capitals)
            self.text += letter.upper()
        else:
            return False
        return True

    def _sign(self) -> bool:
        fraction = re.match(r"#[A-J]/[A-J]", self.left)
        letter_follows = _ACCENT.match(self.left)
        for cells in [fraction[0]] if fraction else _LONGEST_FIRST:
            if self.left.startswith(cells) and not (letter_follows and len(cells) <= 2):
                self.left, self.text, self.capitals = (
                    self.left[len(cells) :],
                    self.text + _SIGNS[cells],
                    False,
                )
                return True
        return False

    def _letter(self, *, ligature: bool = False) -> str:
        upper = self.passage or self.capitals or ligature
        pair = re.match(r"([AO])\^6,?E", self.left)
        if pair:
            self.left = self.left[len(pair[0]) :]
            return _case("æ" if pair[1] == "A" else "œ", upper=upper)
        whole = self._take(*_WHOLE)
        if whole:
            return _case(_WHOLE[whole], upper=upper)
        accents = []
        while accent := _ACCENT.match(self.left):
            accents.append(_ACCENTS[accent[1]])
            self.left = self.left[2:]
        if self.left and self.left[0] in LETTERS:
            letter, self.left = self.left[0], self.left[1:]
            return unicodedata.normalize("NFC", _case(letter.lower(), upper=upper) + "".join(accents))
        return ""


def _case(letter: str, *, upper: bool) -> str:
    return letter.upper() if upper and letter != "ß" else letter


def lines(brf: str) -> list[str]:
    """The lines of a BRF file without those that bear page numbers, once its form is found to be right."""
    found: list[str] = []
    for number, page in enumerate(brf.split("\f"), 1):
        rows = page.split("\n")
        assert rows.pop() == "", "every line ends"
        assert len(rows) == LINES, f"page {number} has {len(rows)} lines"
        assert max(map(len, rows)) <= CELLS, f"page {number}: {max(rows, key=len)!r}"
        assert all(" " <= cell <= "_" for row in rows for cell in row), "ASCII Braille is 32 to 95"
        assert read(rows.pop()) == str(number), "the last line bears the number of the page"
        found += rows
    return found


def flowing(brf: str) -> str:
    """All cells of a BRF file as one line: indents gone, parted words whole again."""
    joined = ""
    for line in lines(brf):
        cells = line.strip()
        if not cells:
            continue
        joined = joined[:-1] + cells if joined.endswith('"') else f"{joined} {cells}"
    return " ".join(joined.split())
