"""Queues of cases, read from their hints alone: a page at a time by key, never a count (L30).

Cases with a date stand first, in the order of their dates; those without one after them. The place where a page ends
is the key of its last row, so that page 4,000 costs what page 1 costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.core import signing
from django.db.models import Q, QuerySet

from amends.core.calendar import DAY, london_date, midnight
from amends.desk.models import CaseRow, CaseTally

PAGE: Final = 25
_SALT: Final = "queue"

COLUMNS: Final = (
    "id", "reference", "customer_name", "subject", "state", "complaint", "handler", "handler_name", "stage_role",
    "next_due", "next_what", "next_clause", "next_action", "first_received", "code_id", "is_open", "provider_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Turned:
    """One page of a queue, and the key from which the next one goes on; empty at the end."""

    rows: list[CaseRow]
    onward: str


def by_due(cases: QuerySet[CaseRow], after: str, size: int = PAGE) -> Turned:
    """A page in the order of what falls due, what has no date last. A key that we did not make begins at the start.

    A closed case stands among them where something is owed on it: its customer wrote again.
    """
    due, last = _read(after)
    cases = cases.only(*COLUMNS)
    rows: list[CaseRow] = []
    if due is not None or last == 0:
        # Each half is read from its index in order, and only a page of it.
        halves = [
            _dated(standing(cases, is_open=is_open), due, last)[: size + 1] for is_open in (True, False)
        ]
        rows = sorted((row for half in halves for row in half), key=_place)[: size + 1]
        last = 0
    if len(rows) <= size:
        undated = standing(cases, is_open=True).filter(next_due__isnull=True, id__gt=last).order_by("id")
        rows += undated[: size + 1 - len(rows)]
    return _turned(rows, size, "next_due")


def standing(cases: QuerySet[CaseRow], *, is_open: bool) -> QuerySet[CaseRow]:
    """The open cases, or the closed ones, so that SQLite reads them by an index.

    A bare truth value, as `filter(is_open=True)` gives it, is none that its indexes can look up: it would read all cases.
    """
    return cases.filter(is_open__in=(is_open,))


def _dated(cases: QuerySet[CaseRow], due: datetime | None, last: int) -> QuerySet[CaseRow]:
    dated = cases.filter(next_due__isnull=False).order_by("next_due", "id")
    if due is None:
        return dated
    return dated.filter(next_due__gte=due).filter(Q(next_due__gt=due) | Q(id__gt=last))


def _place(row: CaseRow) -> tuple[datetime, int]:
    assert row.next_due is not None
    return row.next_due, row.pk


def by_age(tallies: QuerySet[CaseTally], cases: QuerySet[CaseRow], after: str, size: int = PAGE) -> Turned:
    """A page of the cases of these tallies in the order of first receipt, the newest first."""
    received, last = _read(after)
    tallies = tallies.filter(first_received__isnull=False).order_by("-first_received", "-case")
    if received is not None:
        tallies = tallies.filter(first_received__lte=received).filter(
            Q(first_received__lt=received) | Q(case__lt=last)
        )
    ids = list(tallies.values_list("case_id", flat=True)[: size + 1])
    rows = {row.pk: row for row in cases.filter(pk__in=ids).only(*COLUMNS)}
    return _turned([rows[pk] for pk in ids if pk in rows], size, "first_received")


def _turned(rows: list[CaseRow], size: int, column: str) -> Turned:
    if len(rows) <= size:
        return Turned(rows, "")
    rows = rows[:size]
    at: datetime | None = getattr(rows[-1], column)
    return Turned(
        rows, signing.dumps([at.isoformat() if at else "", rows[-1].pk], salt=_SALT, compress=False)
    )


def _read(key: str) -> tuple[datetime | None, int]:
    try:
        at, last = signing.loads(key, salt=_SALT)
    except signing.BadSignature:
        return None, 0
    return datetime.fromisoformat(at) if at else None, int(last)


def is_whole_day(due: datetime | None) -> bool:
    """Whether the whole day is meant, and no hour of it: such dates stand at midnight."""
    return due is not None and due == midnight(london_date(due))


class When(StrEnum):
    """Under which heading a case stands, by what falls due."""

    LATE = "Late"
    TODAY = "Today"
    TOMORROW = "Tomorrow"
    WEEK = "Within a week"
    LATER = "Later"
    NO_DATE = "No date"


def when(due: datetime | None, now: datetime) -> When:
    """The heading of a due time."""
    if due is None:
        return When.NO_DATE
    # A whole day is late only when it is over.
    if due < now and not (is_whole_day(due) and london_date(due) == london_date(now)):
        return When.LATE
    days = (london_date(due) - london_date(now)) // DAY
    if days == 0:
        return When.TODAY
    return When.TOMORROW if days == 1 else When.WEEK if days <= 7 else When.LATER
