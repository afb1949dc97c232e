"""How much each role may award, credit, extend and back-date before a second person has to agree.

A rule of each provider's own, which no code and no law knows: a sum that the law or the code itself names is never
held up by it. What is over a limit is not refused; it waits for somebody whose own limit reaches so far.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db import transaction

from amends.core.may import Refusal
from amends.desk.models import AuditEntry, Limit, Provider, RoleName


class What(StrEnum):
    """What a limit is set on, and in which unit it counts."""

    AWARD = "award"
    """Compensation or a gesture of goodwill in one outcome, in pence."""
    CREDIT = "credit"
    """A credit or refund of what was charged, in one outcome, in pence."""
    EXTENSION = "extension"
    """By how many working days one extension moves a promise."""
    BACKDATING = "back-dating"
    """By how many calendar days a contact counts from earlier than it was measured."""


LIMITED: Final = (RoleName.AGENT, RoleName.HANDLER, RoleName.MANAGER, RoleName.DIRECTOR, RoleName.COMPLIANCE)
"""The roles that work on cases, in the order in which pages show them."""


def limit_for(provider: str, roles: Iterable[str], what: str) -> int | None:
    """The most that a person with these roles may do of this alone, in the unit of `What`; None for as much as they like.

    Of several roles the most generous counts. A person without any role that works on cases may do nothing alone: 0.
    """
    held = {str(role) for role in roles} & {str(role) for role in LIMITED}
    if not held:
        return 0
    found = dict(
        Limit.objects.filter(provider=provider, what=str(what), role__in=held).values_list("role", "amount")
    )
    return None if held - found.keys() else max(found.values())


def limits(provider: str) -> dict[tuple[str, str], int]:
    """Every limit of a provider, by role and thing."""
    rows = Limit.objects.filter(provider=provider).values_list("role", "what", "amount")
    return {(role, what): amount for role, what, amount in rows}


def may_set(by_roles: Iterable[str], role: str) -> bool:
    """Whether somebody with these roles sets the limits of this one: nobody raises their own, but a director."""
    held = {str(each) for each in by_roles}
    return RoleName.DIRECTOR in held or role not in held


def set_limits(
    provider: Provider,
    wanted: Mapping[tuple[str, str], int | None],
    *,
    by: str,
    by_roles: Iterable[str],
    now: datetime,
) -> Refusal | None:
    """Put limits in force, each by role and thing; None takes one away. Every one that changes stands in the audit."""
    held = frozenset(map(str, by_roles))
    with transaction.atomic():
        Provider.objects.select_for_update().get(pk=provider.pk)
        known = limits(provider.pk)
        changed = {key: amount for key, amount in wanted.items() if known.get(key) != amount}
        own = sorted({role for role, _what in changed if not may_set(held, role)})
        if own:
            return Refusal(
                f"Nobody sets the limits of a role that they hold: {own[0]}", "A-evidence",
                "Ask a director, or somebody who does not hold it.",
            )  # fmt: skip
        for (role, what), amount in changed.items():
            _set(provider, role, what, amount)
            detail = {"role": role, "on": what, "was": known.get((role, what)), "is": amount}
            AuditEntry.objects.create(provider=provider, at=now, by=by, what="limit changed", detail=detail)
    return None


def _set(provider: Provider, role: str, what: str, amount: int | None) -> None:
    rows = Limit.objects.filter(provider=provider, role=role, what=what)
    if amount is None:
        rows.delete()
    elif not rows.update(amount=amount):
        Limit.objects.create(provider=provider, role=role, what=what, amount=amount)
