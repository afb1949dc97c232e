"""Queues of duties and lists of cases, read from their hints alone: a page at a time by key, never a full count (L30).

A duty stands where it falls due: what is late or owed at once first, what may wait for want of a date last. The place
where a page ends is the key of its last row, so that page 4,000 costs what page 1 costs.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Generic, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet

from amends.core.calendar import DAY, london_date, midnight
from amends.core.duties import Action
from amends.core.kinds import QUESTION_AGAIN
from amends.desk.models import CaseRow, CaseTally, DutyRow
from amends.desk.owing import NO_DATE

PAGE: Final = 25
_SALT: Final = "queue"

MOST: Final = 99
"""More lines than a person takes in: counting ends there."""

COLUMNS: Final = (
    "id", "reference", "customer_name", "subject", "state", "complaint", "handler", "handler_name", "stage_role",
    "first_received", "code_id", "is_open", "provider_id",
)  # fmt: skip

R = TypeVar("R", bound=Model)


class When(StrEnum):
    """Under which heading a duty stands, by what falls due."""

    NOW = "now"
    TODAY = "today"
    TOMORROW = "tomorrow"
    WEEK = "week"
    LATER = "later"
    NO_DATE = "no-date"


WEEK_DAYS: Final = 7
_DAYS: Final = {When.NOW: (0, 0), When.TODAY: (0, 0), When.TOMORROW: (1, 1), When.WEEK: (2, WEEK_DAYS)}
"""The days from today on that a heading of the week covers."""


@dataclass(frozen=True, slots=True)
class Turned(Generic[R]):
    """One page of a list, and the key from which the next one goes on; empty at the end."""

    rows: list[R]
    onward: str


def by_falling(duties: QuerySet[DutyRow], after: str, size: int = PAGE) -> Turned[DutyRow]:
    """A page of duties in the order in which they fall due. A key that we did not make begins at the start."""
    falls, last = _read(after)
    duties = duties.select_related("case").order_by("falls", "id")
    if falls is not None:
        duties = duties.filter(falls__gte=falls).filter(Q(falls__gt=falls) | Q(id__gt=last))
    return _turned(list(duties[: size + 1]), size, "falls")


def on_questions(duties: QuerySet[DutyRow]) -> QuerySet[DutyRow]:
    """What stands for questions to customers that are open: to be asked again, or for a person to look at."""
    again = (f"send:{QUESTION_AGAIN}", f"reach:{QUESTION_AGAIN}")
    return duties.filter(Q(action=Action.SETTLE_QUESTION) | Q(duty__in=again))


@dataclass(frozen=True, slots=True)
class Soon:
    """How many duties stand under the headings of a week: what falls due first is counted, and no more than `MOST`."""

    counts: dict[When, int]
    more: bool
    """Whether there are more than were counted: the last heading that has any may have more, and those after it too."""

    def under(self, *headings: When) -> tuple[int, bool]:
        """How many stand under these headings, and whether there may be more of them."""
        last = max(self.counts, key=list(When).index, default=When.NOW)
        return sum(self.counts.get(w, 0) for w in headings), self.more and last in headings


def soon(duties: QuerySet[DutyRow], now: datetime) -> Soon:
    """What is owed now and falls due within a week, by heading: one short look at an index, never a full count."""
    end = midnight(london_date(now) + (WEEK_DAYS + 1) * DAY)
    found = list(
        duties.filter(falls__lte=end).order_by("falls", "id").values_list("falls", flat=True)[: MOST + 1]
    )
    counts = Counter(when(falls, now) for falls in found[:MOST])
    return Soon(dict(counts), len(found) > MOST)


def within(duties: QuerySet[DutyRow], heading: When, now: datetime) -> QuerySet[DutyRow]:
    """The duties that stand under a heading of the week."""
    today = london_date(now)
    first, last = _DAYS[heading]
    if heading is When.NOW:
        return duties.filter(falls__lt=now)
    begins = Q(falls__gte=now) if heading is When.TODAY else Q(falls__gt=midnight(today + first * DAY))
    return duties.filter(begins, falls__lte=midnight(today + (last + 1) * DAY))


def by_age(
    tallies: QuerySet[CaseTally], cases: QuerySet[CaseRow], after: str, size: int = PAGE
) -> Turned[CaseRow]:
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


def by_time(
    rows: QuerySet[R], column: str, after: str, *, newest: bool = False, size: int = PAGE
) -> Turned[R]:
    """A page of rows with their cases in the order of a moment and their ids, the earliest first or the newest."""
    at, last = _read(after)
    sign, way = ("-", "lt") if newest else ("", "gt")
    rows = rows.select_related("case").order_by(f"{sign}{column}", f"{sign}id")
    if at is not None:
        beyond = Q(**{f"{column}__{way}": at}) | Q(**{column: at, f"id__{way}": last})
        rows = rows.filter(**{f"{column}__{way}e": at}).filter(beyond)
    return _turned(list(rows[: size + 1]), size, column)


def _turned(rows: list[R], size: int, column: str) -> Turned[R]:
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


def when(falls: datetime, now: datetime) -> When:
    """The heading of a place in a queue. The end of a day belongs to that day."""
    if falls == NO_DATE:
        return When.NO_DATE
    if falls < now:
        return When.NOW
    days = (london_date(falls - timedelta.resolution) - london_date(now)) // DAY
    return next((w for w, (_first, last) in _DAYS.items() if w is not When.NOW and days <= last), When.LATER)
