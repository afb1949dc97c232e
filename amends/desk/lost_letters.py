"""Letters that did not arrive, and those in whose place another has gone, so that nobody need look at them again.

A letter of which one counts is replaced by a later one of its kind that has left or is on its way. A reply, an update or
a question has words of its own: only the same words, sent again, take its place.
"""

from __future__ import annotations

from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from amends.desk.models import Outgoing

LOST: Final = ("failed", "bounced", "returned")
"""The states of a letter that did not arrive."""
ONE_COUNTS: Final = (
    "acknowledgement", "adr-letter", "introduction", "escalation", "cannot-resolve", "closed", "copy-of-code",
    "data-acknowledged", "reopened", "case-file",
)  # fmt: skip
"""Letters of which the last one says all that those before it said."""
_NEVER: Final = (*LOST, "withdrawn")
"""In these states a letter takes no other's place."""


def unreplaced(found: QuerySet[Outgoing]) -> QuerySet[Outgoing]:
    """These letters without the lost ones in whose place another went or goes."""
    later = Outgoing.objects.filter(
        Q(letter__in=ONE_COUNTS) | Q(subject=OuterRef("subject"), text=OuterRef("text")),
        case=OuterRef("case"), letter=OuterRef("letter"), decided_at__gt=OuterRef("decided_at"),
    )  # fmt: skip
    return found.exclude(Q(state__in=LOST) & Exists(later.exclude(state__in=_NEVER)))


def replacement(lost: Outgoing) -> Outgoing | None:
    """The letter that went or goes in the place of a lost one; None where there is none, or where it is not lost."""
    if lost.state not in LOST:
        return None
    later = Outgoing.objects.filter(case=lost.case_id, letter=lost.letter, decided_at__gt=lost.decided_at)
    if lost.letter not in ONE_COUNTS:
        later = later.filter(subject=lost.subject, text=lost.text)
    return later.exclude(state__in=_NEVER).order_by("decided_at", "id").first()
