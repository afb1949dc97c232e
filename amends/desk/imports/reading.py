"""A CSV file as rows: in whichever of the usual encodings, with whichever separator, every broken row told by its line.

UTF-8 with or without its mark, UTF-16 with its mark, and what Windows writes in Western Europe (CP1252). Nothing is read
into memory but the row at hand, and nothing that stands in a cell is ever run.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

CELL_LIMIT: Final = 50_000
ROW_LIMIT: Final = 200
"""Columns of a file: nobody's system has more that mean anything here."""
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_SEPARATORS: Final = (",", ";", "\t")
NAMES: Final = {
    "utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows (CP1252)",
}  # fmt: skip


class Unreadable(ValueError):
    """The file as a whole cannot be used; the message says why and how to mend it."""


class _Kept:
    """A file that a reader of text cannot close behind our back."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._file, name)

    def close(self) -> None:
        """Stays open: whoever opened it closes it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line of the file on which it begins, its cells by column, and why it cannot be read, if so."""

    line: int
    cells: Mapping[str, str]
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A file that is open: its columns, how its letters are written, and its rows as they come."""

    columns: tuple[str, ...]
    encoding: str
    rows: Iterator[Row]


def column(words: str) -> str:
    """The name of a column as it is compared: small letters, with one underline between words."""
    return "_".join(words.strip().casefold().replace("-", " ").replace("_", " ").split())


def table(file: BinaryIO) -> Table:
    """The rows of a file that is open, from its beginning; it stays open. Raises Unreadable."""
    encoding = encoding_of(file)
    file.seek(0)
    text = io.TextIOWrapper(_Kept(file), encoding=encoding, newline="")  # type: ignore[type-var]  # it answers as the file does
    first = text.readline(CELL_LIMIT)
    separator = max(_SEPARATORS, key=first.count)
    text.seek(0)
    reader = csv.reader(text, delimiter=separator, strict=True)
    try:
        head = next(reader, [])
    except csv.Error as wrong:
        raise Unreadable(f"its first row cannot be read: {wrong}") from wrong
    columns = tuple(column(name) for name in head)
    named = [name for name in columns if name]
    if not named:
        raise Unreadable("its first row names no column: the head of the table stands there")
    if len(columns) > ROW_LIMIT:
        raise Unreadable(f"its first row names {len(columns)} columns; is it a table at all?")
    twice = sorted({name for name in named if named.count(name) > 1})
    if twice:
        raise Unreadable(f"a column stands there twice: {', '.join(twice)}")
    return Table(columns, NAMES[encoding], _rows(reader, columns))


def encoding_of(file: BinaryIO) -> str:
    """How the letters of a file are written. Raises Unreadable for what is no text."""
    file.seek(0)
    start = file.read(4)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    if start.startswith(b"PK\x03\x04"):
        raise Unreadable("it is an Excel file or another archive: save it as CSV first")
    for name in ("utf-8", "cp1252"):
        if _reads(file, name):
            return name
    raise Unreadable("its letters are neither UTF-8 nor what Windows writes: save it as CSV in UTF-8")


def _reads(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while block := file.read(1 << 20):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _rows(reader: Iterator[list[str]], columns: tuple[str, ...]) -> Iterator[Row]:
    csv.field_size_limit(CELL_LIMIT)
    while True:
        line = getattr(reader, "line_num", 0) + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, UnicodeDecodeError) as wrong:
            # After a quote that nobody closed there is no telling where the next row begins.
            yield Row(
                line,
                {},
                f"the file cannot be read from here on ({wrong}): look for a quote that is not closed",
            )
            return
        if not any(cell.strip() for cell in cells):
            continue
        yield _row(line, cells, columns)


def _row(line: int, cells: list[str], columns: tuple[str, ...]) -> Row:
    named = {name: cell for name, cell in zip(columns, cells, strict=False) if name and cell.strip()}
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        more = f"{len(cells)} cells where the head has {len(columns)}: a separator within a value wants quotes around it"
        return Row(line, named, more)
    if any("\0" in cell for cell in cells):
        return Row(line, {}, "a zero byte stands in it: save the file anew")
    return Row(line, named)
