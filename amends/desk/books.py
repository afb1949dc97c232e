"""Codes compiled and joined with law and calendars, once in each process; and which code governs a new case.

The calendars are those of this desk (`holidays`): a day that was proclaimed since makes other rulebooks and other versions.
"""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from amends import core
from amends.core.build import build
from amends.core.calendar import Calendar
from amends.core.code import Code
from amends.core.rulebook import Rulebook
from amends.desk.asked import Asked
from amends.desk.holidays import calendars
from amends.desk.models import AdoptedCode, CaseRow
from amends.law import law, law_version

NATION_WITHOUT_CODE = "england-and-wales"
"""Whose posting days count for a case that no code governs; its law clocks need no calendar."""

BOOKS_KEPT: Final = 512
_books: dict[tuple[str, str], Rulebook] = {}
"""The rulebooks of this process by the fingerprint of the code and the version of the calendar."""


class CodeLost(Exception):
    """A code that was adopted does not compile any more: a newer program reads codes otherwise."""


def current_versions() -> str:
    """The versions of program, law and calendars that hints are made by; another answer means to hint again."""
    return _versions(tuple(c.version for _, c in sorted(calendars().items())))


@lru_cache(maxsize=16)
def _versions(of_calendars: tuple[str, ...]) -> str:
    parts = [_program(), law_version(), *of_calendars]
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:16]


@cache
def _program() -> str:
    """A hash of the quiet half: every date comes from there."""
    found = hashlib.sha256()
    for path in sorted(Path(core.__path__[0]).glob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()


def book_for(row: CaseRow) -> Rulebook:
    """The rulebook that governs this case to its end."""
    return book_of(row.code_id)


def book_of(adopted: int | None) -> Rulebook:
    """The rulebook of an adopted code by its row's id; None is the law alone. An adopted code never changes.

    Raises CodeLost for a code that this program cannot compile any more.
    """
    code = _code(adopted) if adopted is not None else None
    return book_with(code, calendars()[code.nation if code else NATION_WITHOUT_CODE])


def book_with(code: Code | None, calendar: Calendar) -> Rulebook:
    """The rulebook of a compiled code with this calendar; the same one each time."""
    key = (code.fingerprint if code else "", calendar.version)
    found = _books.get(key)
    if found is None:
        if len(_books) >= BOOKS_KEPT:
            _books.clear()
        found = _books[key] = Rulebook(code, law(), calendar)
    return found


@lru_cache(maxsize=512)
def _code(adopted: int) -> Code:
    row = AdoptedCode.objects.get(pk=adopted)
    return _compiled(row.fingerprint, row.text, f"{row.code} {row.version}")


@lru_cache(maxsize=512)
def _compiled(_fingerprint: str, text: str, file: str) -> Code:
    code, problems = build(text, file)
    if code is None:
        raise CodeLost(f"{file} no longer compiles: {problems[0].message if problems else 'no reason given'}")
    return code


def forget() -> None:
    """Forget which row holds which code: for tests, in which another database gives the same numbers."""
    _code.cache_clear()


_adopted = Asked(
    lambda p: AdoptedCode.objects.filter(provider=p).values_list("pk", "in_force_from", "position"), str
)


def governing(provider: str, first_received: date) -> tuple[int | None, Code | None]:
    """The adopted code, by its row's id, that governs a complaint first received on this London date.

    Of several that do, the one with the newest `in force from`, then the one adopted last; (None, None) where none.
    """
    newest_first = sorted(_adopted(provider), key=lambda a: (a[1] or date.min, a[2]), reverse=True)
    for pk, in_force_from, _ in newest_first:
        if in_force_from is not None and in_force_from > first_received:
            continue
        code = book_of(pk).code
        if code is not None and code.governs(first_received):
            return pk, code
    return None, None
