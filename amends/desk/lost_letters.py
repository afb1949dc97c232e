"""Letters that did not arrive, and those in whose place another has gone, so that nobody need look at them again.

A letter is replaced as the duties of its case count it (`core/duties.py`): a later one of its kind has left or is on its
way. Until then it is in trouble.
"""

from __future__ import annotations

from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from amends.desk.models import Outgoing

LOST: Final = ("failed", "bounced", "returned")
"""The states of a letter that did not arrive."""
_NEVER: Final = (*LOST, "withdrawn")
"""In these states a letter takes no other's place."""


def unreplaced(found: QuerySet[Outgoing]) -> QuerySet[Outgoing]:
    """These letters without the lost ones in whose place another went or goes."""
    later = Outgoing.objects.filter(
        case=OuterRef("case"), letter=OuterRef("letter"), decided_at__gt=OuterRef("decided_at")
    )
    return found.exclude(Q(state__in=LOST) & Exists(later.exclude(state__in=_NEVER)))


def replacement(lost: Outgoing) -> Outgoing | None:
    """The letter that went or goes in the place of a lost one; None where there is none, or where it is not lost."""
    if lost.state not in LOST:
        return None
    later = Outgoing.objects.filter(case=lost.case_id, letter=lost.letter, decided_at__gt=lost.decided_at)
    return later.exclude(state__in=_NEVER).order_by("decided_at", "id").first()
