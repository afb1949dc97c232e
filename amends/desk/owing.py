"""What is owed on cases, as rows: a line of a queue for each duty, worked out from the facts alone, to be rebuilt.

A queue is read from these rows by key and nothing is folded for it. Only the one writer writes them, in the
transaction that made the duties; of a case on which little has changed few rows are touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from amends.core import facts as f
from amends.core.case import Case
from amends.core.duties import Action, Duty
from amends.core.duties import as_it_stands as stands_at
from amends.core.reasons import in_short
from amends.desk import quick
from amends.desk.models import CaseRow, DutyRow

NO_DATE: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""The place of what may wait for want of a date: after everything that has one."""

TOLD: Final = (
    "provider_id", "handler", "duty", "what", "clause", "why", "action", "letter", "due", "late_after", "falls",
    "priority",
)  # fmt: skip
"""The columns of a row that the facts tell, beside its case."""


def rows(row: CaseRow, case: Case, owed: Sequence[Duty]) -> list[DutyRow]:
    """The rows of what is owed on a case, which `duties.ahead` tells."""
    return [
        DutyRow(
            provider_id=row.provider_id, case=row, handler=case.handler, duty=duty.id, what=duty.what,
            clause=duty.clause, why=in_short(duty), action=str(duty.action), letter=duty.letter, due=duty.due,
            late_after=duty.late_after, falls=duty.falls or NO_DATE, priority=f.FIRST_IN_LINE in case.priorities,
        )
        for duty in owed
    ]  # fmt: skip


def keep(should: Iterable[tuple[CaseRow, list[DutyRow]]], fresh: frozenset[int]) -> None:
    """Write these rows of cases, and take away what else stood there. `fresh` are the ids of cases that had none yet."""
    wanted = dict(should)
    stands = standing([row.pk for row in wanted if row.pk not in fresh])
    new: list[DutyRow] = []
    over: list[int] = []
    for row, those in wanted.items():
        before: dict[tuple[object, ...], list[int]] = {}
        for each in stands.get(row.pk, ()):
            before.setdefault(told(each), []).append(each.pk)
        for each in those:
            same = before.get(told(each))
            if same:
                same.pop()
            else:
                new.append(each)
        over += [pk for same in before.values() for pk in same]
    if over:
        DutyRow.objects.filter(pk__in=over).delete()
    quick.insert(new)


def standing(cases: Sequence[int]) -> dict[int, list[DutyRow]]:
    """The rows that stand, by their cases, each case's in the order of its queue."""
    found: dict[int, list[DutyRow]] = {}
    if cases:
        for row in DutyRow.objects.filter(case__in=cases).order_by("falls", "duty"):
            found.setdefault(row.case_id, []).append(row)
    return found


def told(row: DutyRow) -> tuple[object, ...]:
    """What a row tells: two rows that tell the same are one."""
    return tuple(getattr(row, column) for column in TOLD)


def as_it_stands(row: DutyRow, now: datetime) -> Duty:
    """The duty of a row at this moment: a contact time that is over is to be accounted for."""
    duty = Duty(
        row.duty, row.what, row.clause, Action(row.action), row.due, None, row.late_after, letter=row.letter,
        at_once=row.due is None and row.falls != NO_DATE,
    )  # fmt: skip
    return stands_at(duty, now)
