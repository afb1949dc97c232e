"""What is owed on cases, as rows: a line of a queue for each duty, worked out from the facts alone, to be rebuilt.

A queue is read from these rows by key and nothing is folded for it. Only the one writer writes them, in the
transaction that made the duties; of a case on which little has changed few rows are touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from amends.core import facts as f
from amends.core.case import Case
from amends.core.duties import Action, Duty
from amends.core.duties import as_it_stands as stands_at
from amends.core.reasons import in_short
from amends.desk import quick
from amends.desk.models import CaseRow, DutyRow

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand

NO_DATE: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""The place of what may wait for want of a date: after everything that has one."""

TOLD: Final = (
    "provider_id", "handler", "duty", "what", "clause", "why", "action", "letter", "due", "late_after", "falls",
    "priority",
)  # fmt: skip
"""The columns of a row that the facts tell, beside its case."""


def lines(row: CaseRow, case: Case, owed: Sequence[Duty]) -> list[quick.Line]:
    """What is owed on a case, which `duties.ahead` tells, as the values of `TOLD`."""
    first = f.FIRST_IN_LINE in case.priorities
    return [
        (
            row.provider_id, case.handler, duty.id, duty.what, duty.clause, in_short(duty), str(duty.action),
            duty.letter, duty.due, duty.late_after, duty.falls or NO_DATE, first,
        )
        for duty in owed
    ]  # fmt: skip


def rows(row: CaseRow, case: Case, owed: Sequence[Duty]) -> list[DutyRow]:
    """The rows of what is owed on a case."""
    return [DutyRow(case=row, **dict(zip(TOLD, line, strict=True))) for line in lines(row, case, owed)]


def keep(hands: Sequence[CaseInHand], fresh: frozenset[int]) -> None:
    """Write what is owed on these cases, and take away what else stood there. `fresh` are the ids of those that are new."""
    wanted = {hand.row.pk: lines(hand.row, hand.case, hand.owed) for hand in hands}
    quick.keep(DutyRow, TOLD, wanted, fresh)


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
