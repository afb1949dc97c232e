"""Who lately let whom in: whoever gave a colleague their sign-in is for thirty days no second person for them.

What one may not do alone takes a second person (R-09, and the limits of the provider). Whoever makes a sign-in knows its
first password and could come in by it and agree with themselves. So for thirty days after one gave the other a role or a
password, neither of the two agrees to what the other asked for, as long as anybody else here may. Where there is nobody
else, as in a house of two, it is allowed, and the audit says so. It keeps nobody from conspiring with a second person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from amends.core.may import Refusal
from amends.desk.models import AuditEntry, CaseRow, Role, RoleName

LASTS: Final = timedelta(days=30)
LETS_IN: Final = ("role given", "password reset", "second factor reset")
AGREED: Final = "agreed for somebody whom they let in"


@dataclass(frozen=True, slots=True)
class Second:
    """Somebody who is to be the second person."""

    near: frozenset[str]
    """Those whom they let in within the last thirty days, and who let them in."""
    others: frozenset[str]
    """Everybody else here who may decide."""

    def too_near(self, asked_by: Iterable[str]) -> bool:
        """Whether one of those who asked, or agreed before, is somebody whom they let in, or who let them in."""
        return not self.near.isdisjoint(asked_by)

    def refused(self, asked_by: Iterable[str], clause: str) -> Refusal | None:
        """Why they may not agree to what these people asked for. None too where nobody else could."""
        people = frozenset(asked_by)
        if not self.too_near(people) or not self.others - people:
            return None
        return Refusal(
            "Within the last thirty days one of you two gave the other a sign-in here: it takes somebody else", clause,
            "Ask another colleague who may decide.",
        )  # fmt: skip


def second(provider: str, who: str, now: datetime, roles: frozenset[RoleName]) -> Second:
    """What this person is as a second person, where colleagues with these roles may decide."""
    lately = AuditEntry.objects.filter(provider=provider, what__in=LETS_IN, at__gt=now - LASTS)
    pairs = {(entry.by, str(entry.detail.get("person", ""))) for entry in lately.only("by", "detail")}
    near = {other for one, other in pairs if one == who} | {one for one, other in pairs if other == who}
    there = Role.objects.filter(provider=provider, role__in=roles, person__is_active=True)
    others = {str(pk) for pk in there.values_list("person", flat=True)} - near - {who}
    return Second(frozenset(near - {who}), frozenset(others))


def written_down(row: CaseRow, by: str, now: datetime, asked_by: str) -> None:
    """That somebody agreed for a person whom they let in, for want of anybody else."""
    AuditEntry.objects.create(
        provider_id=row.provider_id, at=now, by=by, what=AGREED, detail={"case": row.pk, "person": asked_by}
    )
