"""What is owed to customers in money, as rows: a line of the money list for each sum, from the facts, to be rebuilt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from amends.core import awards
from amends.core.awards import Stand
from amends.desk.models import AwardRow

if TYPE_CHECKING:
    from amends.core.case import Case
    from amends.core.rulebook import Rulebook
    from amends.desk.models import CaseRow
    from amends.desk.record import CaseInHand

LISTED: Final = frozenset({Stand.OWED, Stand.HANDED_OVER, Stand.IN_DOUBT, Stand.CAME_BACK, Stand.GIVEN})
"""Where a sum stands that is or was owed. What is prepared or offered is nobody's money yet."""
TOLD: Final = (
    "provider_id", "award", "number", "kind", "basis", "clause", "pence", "stands", "owed", "pay_by", "since",
)  # fmt: skip


def rows(row: CaseRow, case: Case, book: Rulebook) -> list[AwardRow]:
    """The rows of the sums that a case owes or has given."""
    return [
        AwardRow(
            provider_id=row.provider_id, case_id=row.pk, award=award.id, number=award.number(case.reference),
            kind=str(award.kind), basis=str(award.basis), clause=award.clause[:100], pence=award.pence,
            stands=str(award.stands), owed=award.owed, pay_by=awards.last_day(awards.due(award, book)),
            since=award.fate_at or award.owed,
        )
        for award in case.awards
        if award.kind.money and award.stands in LISTED and award.owed is not None
    ]  # fmt: skip


def keep(hands: Sequence[CaseInHand]) -> None:
    """Write the sums of cases that a docket has changed. Only `keeping` asks."""
    with_money = [hand for hand in hands if hand.case.awards]
    if not with_money:
        return
    stands = standing([hand.row.pk for hand in with_money])
    over: list[int] = []
    new: list[AwardRow] = []
    for hand in with_money:
        wanted = rows(hand.row, hand.case, hand.book)
        there = {told(each): each.pk for each in stands.get(hand.row.pk, ())}
        new += [each for each in wanted if told(each) not in there]
        over += [pk for key, pk in there.items() if key not in {told(each) for each in wanted}]
    AwardRow.objects.filter(pk__in=over).delete()
    AwardRow.objects.bulk_create(new)


def standing(cases: Sequence[int]) -> dict[int, list[AwardRow]]:
    """The rows that stand, by their cases."""
    found: dict[int, list[AwardRow]] = {}
    for row in AwardRow.objects.filter(case__in=cases).order_by("pk") if cases else ():
        found.setdefault(row.case_id, []).append(row)
    return found


def told(row: AwardRow) -> tuple[object, ...]:
    """What a row tells: two rows that tell the same are one."""
    return tuple(getattr(row, column) for column in TOLD)
