"""Which dates of which open cases would move if a day became a bank holiday, or were one no longer; kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from amends.core.calendar import Calendar, midnight
from amends.core.case import fold
from amends.core.duties import Duty, ahead
from amends.desk import books, ledger
from amends.desk.models import CaseRow, DutyRow

MOST: Final = 1000
"""So many cases are looked at while a page waits; of more, the page says so."""
AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class Moved:
    """One date of one case that would move. None where there is no date before, or then."""

    row: CaseRow
    what: str
    clause: str
    was: datetime | None
    will_be: datetime | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What would move, of how many cases looked at, and whether there are more than that."""

    moved: tuple[Moved, ...]
    looked_at: int
    more: bool


def preview(provider: str, day: date, calendars: Mapping[str, Calendar]) -> Preview:
    """The dates of a provider's open cases that fall on that day or later, and would be others by these calendars."""
    later = DutyRow.objects.filter(provider=provider, falls__gte=midnight(day)).values("case").distinct()
    rows = CaseRow.objects.filter(provider=provider, pk__in=later).order_by("first_received", "pk")
    chosen = list(rows[: MOST + 1])
    moved: list[Moved] = []
    for start in range(0, len(chosen[:MOST]), AT_ONCE):
        some = chosen[:MOST][start : start + AT_ONCE]
        facts = ledger.load([row.pk for row in some])
        for row in some:
            now = books.book_for(row)
            nation = now.calendar.division
            if calendars[nation].version == now.calendar.version:
                continue
            case, then = fold(facts[row.pk]), books.book_with(now.code, calendars[nation])
            moved += _moved(row, ahead(case, now), ahead(case, then))
    return Preview(tuple(moved), min(len(chosen), MOST), len(chosen) > MOST)


def _moved(row: CaseRow, now: tuple[Duty, ...], then: tuple[Duty, ...]) -> list[Moved]:
    after = {duty.id: duty for duty in then}
    return [
        Moved(row, duty.what, duty.clause, duty.due, after[duty.id].due)
        for duty in now
        if duty.id in after and duty.due != after[duty.id].due
    ]
