"""Codes compiled and joined with law and calendars, once in each process; and which code governs a new case."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from amends import core
from amends.core.build import build
from amends.core.code import Code
from amends.core.rulebook import Rulebook
from amends.desk.asked import Asked
from amends.desk.models import AdoptedCode, CaseRow
from amends.law import calendars, law, law_version

NATION_WITHOUT_CODE = "england-and-wales"
"""Whose posting days count for a case that no code governs; its law clocks need no calendar."""


class CodeLost(Exception):
    """A code that was adopted does not compile any more: a newer program reads codes otherwise."""


@cache
def current_versions() -> str:
    """The versions of program, law and calendars that hints are made by; another answer means to hint again."""
    parts = [_program(), law_version(), *(c.version for _, c in sorted(calendars().items()))]
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:16]


def _program() -> str:
    """A hash of the quiet half: every date comes from there."""
    found = hashlib.sha256()
    for path in sorted(Path(core.__path__[0]).glob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()


def book_for(row: CaseRow) -> Rulebook:
    """The rulebook that governs this case to its end."""
    return book_of(row.code_id)


@lru_cache(maxsize=512)
def book_of(adopted: int | None) -> Rulebook:
    """The rulebook of an adopted code by its row's id; None is the law alone. An adopted code never changes.

    Raises CodeLost for a code that this program cannot compile any more.
    """
    if adopted is None:
        return Rulebook(None, law(), calendars()[NATION_WITHOUT_CODE])
    row = AdoptedCode.objects.get(pk=adopted)
    return _book(row.fingerprint, row.text, f"{row.code} {row.version}")


@lru_cache(maxsize=512)
def _book(_fingerprint: str, text: str, file: str) -> Rulebook:
    code, problems = build(text, file)
    if code is None:
        raise CodeLost(f"{file} no longer compiles: {problems[0].message if problems else 'no reason given'}")
    return Rulebook(code, law(), calendars()[code.nation])


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
