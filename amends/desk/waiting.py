"""What waits on cases as rows of lists: contact times, requests for a decision, suppliers; from the facts, to be rebuilt.

Only the one writer writes them, in the transaction that made the facts. Most cases have none, and cost nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Model

from amends.core import facts as f
from amends.core.case import Case
from amends.desk.models import AppointmentRow, ApprovalRow, CaseRow, OutageCase, SupplierRow

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand

TOLD: Final[dict[type[Model], tuple[str, ...]]] = {
    AppointmentRow: (
        "appointment",
        "provider_id",
        "starts",
        "ends",
        "first",
        "person",
        "channel",
        "number",
        "settled",
        "why",
    ),
    ApprovalRow: ("approval", "provider_id", "deed", "standing", "asked", "by", "answered", "last"),
    SupplierRow: (
        "matter",
        "provider_id",
        "supplier",
        "number",
        "asked",
        "chase",
        "chased",
        "answered",
    ),
    OutageCase: ("outage", "provider_id", "since"),
}
"""The columns of each kind of row that the facts tell, beside its case."""

Line = tuple[str, tuple[Any, ...]]
"""A kind of row by its name, and what such a row tells."""


def rows(row: CaseRow, case: Case) -> list[Model]:
    """The rows of a case."""
    provider = row.provider_id
    found: list[Model] = [
        AppointmentRow(
            provider_id=provider, case=row, appointment=a.id[:40], starts=a.starts, ends=a.ends, first=a.first,
            person=a.person, channel=a.channel, number=a.number, settled=a.settled, why=a.why,
        )
        for a in case.appointments
    ]  # fmt: skip
    for asked in case.approvals:
        answered = asked.refused.at if asked.refused else asked.given[-1].at if asked.granted else asked.over
        found.append(
            ApprovalRow(
                provider_id=provider, case=row, approval=asked.id[:40], deed=asked.deed, standing=asked.standing,
                asked=asked.asked, by=asked.by, answered=answered, last=answered or asked.asked,
            )
        )  # fmt: skip
    found += [
        SupplierRow(
            provider_id=provider, case=row, matter=s.id[:40], supplier=s.supplier, number=s.number, asked=s.asked,
            chase=s.chase, chased=s.chased, answered=s.answered,
        )
        for s in case.suppliers
    ]  # fmt: skip
    found += [
        OutageCase(provider_id=provider, case=row, outage=o.outage, since=o.since) for o in case.outages
    ]
    return found


def keep(hands: Sequence[CaseInHand], *, rebuild: bool) -> None:
    """Write the rows of these cases, and take away what else stood there. Only `keeping` asks."""
    touched = [
        h
        for h in hands
        if rebuild
        or h.case.appointments
        or h.case.approvals
        or h.case.suppliers
        or h.case.outages
        or _unlinked(h)
    ]
    if not touched:
        return
    wanted = {kind: [] for kind in TOLD}  # type: dict[type[Model], list[Model]]
    for hand in touched:
        for row in rows(hand.row, hand.case):
            wanted[type(row)].append(row)
    for kind, should in wanted.items():
        _kept(kind, [h.row.pk for h in touched], should)


def _unlinked(hand: CaseInHand) -> bool:
    """Whether this docket took an outage away: its row goes, though no other is left."""
    return any(isinstance(fact, f.OutageUnlinked) for fact in hand.added)


def _kept(kind: type[Model], cases: list[int], should: list[Model]) -> None:
    before: dict[tuple[Any, ...], list[int]] = {}
    for row in _of(kind, cases):
        before.setdefault(_key(row), []).append(row.pk)
    new: list[Model] = []
    for row in should:
        same = before.get(_key(row))
        if same:
            same.pop()
        else:
            new.append(row)
    over = [pk for same in before.values() for pk in same]
    if over:
        kind._default_manager.filter(pk__in=over).delete()
    if new:
        kind._default_manager.bulk_create(new)


def _of(kind: type[Model], cases: Sequence[int]) -> Iterator[Any]:
    return iter(kind._default_manager.filter(case__in=cases).order_by("id"))


def _key(row: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a row of any of these kinds
    return (row.case_id, *told(row))


def told(row: Model) -> tuple[Any, ...]:
    """What a row tells: two rows of one case that tell the same are one."""
    return tuple(getattr(row, column) for column in TOLD[type(row)])


def lines(found: Sequence[Model]) -> list[Line]:
    """What these rows tell, in an order of their own, so that two lists of them can be compared."""
    return sorted(((type(row).__name__, told(row)) for row in found), key=str)


def stand(cases: Sequence[int]) -> dict[int, list[Model]]:
    """The rows that stand, by case."""
    found: dict[int, list[Model]] = {}
    for kind in TOLD:
        for row in _of(kind, cases):
            found.setdefault(row.case_id, []).append(row)
    return found
