"""Lists as CSV and as Excel files, a row at a time, so that a hundred thousand rows need no more memory than ten.

What customers wrote stands in these cells. A spreadsheet takes what begins with =, +, -, @ or a tab for a formula; in CSV
such a cell gets an apostrophe before it, in Excel files every cell of words is written as words and never as a formula.
"""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Final

import xlsxwriter  # type: ignore[import-untyped]  # it says nothing of its types

from amends.core.calendar import in_london

Value = str | int | float | date | datetime | bool | None

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a cell begins that a spreadsheet may take for a formula; the wide forms are turned into the plain ones by some."""
CELL_LIMIT: Final = 32_767
SHEET_ROWS: Final = 1_048_576
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list that leaves the desk: its name, the heads of its columns, its rows as they come."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Value]]


class _Line:
    """What `csv` writes into: it gives each line back."""

    def write(self, line: str) -> str:
        return line


def as_csv(sheet: Sheet) -> Iterator[bytes]:
    """The lines of a CSV file in UTF-8, with the mark by which Excel knows it."""
    writer = csv.writer(_Line())
    yield b"\xef\xbb\xbf"
    yield writer.writerow(sheet.columns).encode()
    for row in sheet.rows:
        yield writer.writerow([harmless(_said(cell)) for cell in row]).encode()


def _said(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return in_london(value).strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)


def harmless(words: str) -> str:
    """The words as a cell of a CSV file: what a spreadsheet could take for a formula gets an apostrophe before it."""
    clean = _UNWRITABLE.sub("\ufffd", words)
    return f"'{clean}" if clean.lstrip(" ").startswith(FORMULA) and not _number(clean) else clean


def _number(words: str) -> bool:
    """A plain negative number is one, and no formula."""
    return re.fullmatch(r"-\d{1,15}(\.\d{1,6})?", words) is not None


def as_xlsx(sheet: Sheet) -> IO[bytes]:
    """An Excel file, open for reading from its beginning; it is gone when it is closed."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        "remove_timezone": True,
    }  # fmt: skip
    book = xlsxwriter.Workbook(file, options)
    bold, day, moment = (
        book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"}),
        book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    )  # fmt: skip
    page = None
    for place, row in enumerate(sheet.rows):
        # A sheet ends somewhere: what is longer goes on upon another.
        at = place % (SHEET_ROWS - 1)
        if page is None or at == 0:
            page = _page(book, sheet, bold)
        for column, value in enumerate(row):
            if isinstance(value, bool) or value is None or isinstance(value, str):
                page.write_string(at + 1, column, _UNWRITABLE.sub("\ufffd", _said(value))[:CELL_LIMIT])
            elif isinstance(value, datetime):
                page.write_datetime(at + 1, column, in_london(value).replace(tzinfo=None), moment)
            elif isinstance(value, date):
                page.write_datetime(at + 1, column, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001 - a cell has no zone
            else:
                page.write_number(at + 1, column, value)
    if page is None:
        _page(book, sheet, bold)
    book.close()
    file.seek(0)
    return file


def _page(book: xlsxwriter.Workbook, sheet: Sheet, bold: object) -> xlsxwriter.worksheet.Worksheet:
    page = book.add_worksheet()
    page.freeze_panes(1, 0)
    for column, title in enumerate(sheet.columns):
        page.write_string(0, column, title, bold)
        page.set_column(column, column, max(12, min(40, len(title) + 4)))
    return page
