"""Contracted Braille (UEB grade 2) through liblouis, where the system has it; nothing of it is needed to run a desk.

The library is found by its name and called through ctypes.PyDLL, which keeps Python's lock: liblouis is not made for
two threads at once, and ends the process under ctypes.CDLL. Its tables are its own; what has no sign is told in words
before it comes there, by the same rule as in uncontracted Braille.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import re
from collections.abc import Iterator
from functools import cache, partial
from itertools import groupby
from typing import Final

from amends.core.braille import Translator, grade1, spelt
from amends.core.braille.signs import in_words

NAME: Final = "louis"
DISPLAY: Final = "en-us-brf.dis"
GRADE_1: Final = "en-ueb-g1.ctb"
GRADE_2: Final = "en-ueb-g2.ctb"
_SILENT: Final = 60_000
_GROWTH: Final = 12
"""Cells to which one character may grow at most, and a bit more; a longer answer is refused by the library itself."""


_NOT_THERE: Final = str.maketrans({
    "‒": "–", **{sign: in_words(sign) for sign in "⁰¹⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉ı"},
})  # fmt: skip
"""What our own table has and that of liblouis 3.24 has not."""


_MISREAD: Final = re.compile(r"[0-9][A-J]")


class NotTranslated(Exception):
    """liblouis is there and could not translate a text: its tables are broken, or ours is the mistake."""


@cache
def _library() -> ctypes.PyDLL | None:
    name = ctypes.util.find_library(NAME)
    if name is None:
        return None
    try:
        library = ctypes.PyDLL(name)
    except OSError:
        return None
    library.lou_setLogLevel(_SILENT)
    return library


@cache
def there(table: str = GRADE_2) -> bool:
    """Whether the system has liblouis with this table.

    The library looks for its tables where it was installed, or where LOUIS_TABLEPATH says.
    """
    library = _library()
    return library is not None and bool(library.lou_checkTable(_tables(table)))


def grade2() -> Translator | None:
    """Text to contracted Braille as ASCII 32 to 95; None where the system has no liblouis."""
    return partial(translated, table=GRADE_2) if there(GRADE_2) else None


def best() -> Translator:
    """Contracted Braille where the system can, else the uncontracted that is built in."""
    return grade2() or grade1


def translated(text: str, table: str = GRADE_2) -> str:
    """One line of text in Braille. Raises NotTranslated."""
    said = spelt(text).translate(_NOT_THERE)
    cells = " ".join(_through("lou_translateString", part, table) for part in _parts(said)).upper()
    if any(not " " <= cell <= "_" for cell in cells):
        raise NotTranslated(f"cells outside of ASCII Braille for {text[:60]!r}")
    return cells


def _parts(text: str) -> Iterator[str]:
    """The text in parts that no passage of capitals crosses where liblouis would lose a letter.

    Within such a passage it writes "FLAT 4B" so that it reads FLAT 42 (3.24): a word like 4B stands for itself.
    """
    if not _MISREAD.search(text):
        yield text
        return
    for alone, group in groupby(text.split(" "), key=lambda word: bool(_MISREAD.search(word))):
        words = list(group)
        yield from words if alone else [" ".join(words)]


def back_translated(cells: str, table: str = GRADE_2) -> str:
    """The text of a line of Braille. Raises NotTranslated."""
    return _through("lou_backTranslateString", cells, table)


def _tables(table: str) -> bytes:
    return f"{DISPLAY},{table}".encode()


def _through(function: str, text: str, table: str) -> str:
    library = _library()
    if library is None:
        raise NotTranslated("the system has no liblouis")
    width = library.lou_charSize()
    encoding = "utf-32-le" if width == 4 else "utf-16-le"
    raw = text.encode(encoding)
    given = len(raw) // width
    room = given * _GROWTH + 64
    read, written = ctypes.c_int(given), ctypes.c_int(room)
    answer = ctypes.create_string_buffer(room * width)
    done = getattr(library, function)(
        _tables(table), ctypes.create_string_buffer(raw, len(raw) + width), ctypes.byref(read), answer,
        ctypes.byref(written), None, None, 0,
    )  # fmt: skip
    if not done or read.value != given:
        raise NotTranslated(f"liblouis read {read.value} of {given} characters of {text[:60]!r}")
    return answer.raw[: written.value * width].decode(encoding)
