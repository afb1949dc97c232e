"""Who fills the roles that a code names: what is escalated to a role waits for them, and they may take it.

A code names its stages by roles ("Customer Care Lead"), and people of the desk have other names. A manager says who stands
behind each. Whoever fills a role takes what climbs to it, whatever else they may do; a manager or director always may
(O-route). Read once in a process for each version of the provider's rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from django.db import transaction

from amends.desk import rules
from amends.desk.models import AuditEntry, Provider, StageHolder

Filled = Mapping[str, tuple[str, ...]]
"""The ids of the people who fill each role, by its name in small letters."""


def filled(provider: Provider) -> Filled:
    """Who fills which role of this provider's codes."""
    return _filled(provider.pk, provider.rules_version) if provider.rules_version else {}


@lru_cache(maxsize=256)
def _filled(provider: str, _version: str) -> Filled:
    found: dict[str, tuple[str, ...]] = {}
    for role, person in (
        StageHolder.objects.filter(provider=provider).order_by("id").values_list("role", "person")
    ):
        found[role.casefold()] = (*found.get(role.casefold(), ()), str(person))
    return found


def fills(known: Filled, role: str, person: str) -> bool:
    """Whether this person fills a role of the code."""
    return bool(role) and person in known.get(role.casefold(), ())


def of_person(provider: Provider, person: str) -> tuple[str, ...]:
    """The roles, in small letters, that a person fills."""
    return tuple(role for role, people in filled(provider).items() if person in people)


def fill(provider: Provider, wanted: Mapping[str, Sequence[str]], *, by: str, now: datetime) -> int:
    """Say who fills these roles, each whole; other roles stay. How many changed; each stands in the audit."""
    count = 0
    with transaction.atomic():
        Provider.objects.select_for_update().get(pk=provider.pk)
        for role, people in wanted.items():
            rows = StageHolder.objects.filter(provider=provider, role=role)
            was = sorted(str(row.person_id) for row in rows)
            if was == sorted(people):
                continue
            rows.delete()
            StageHolder.objects.bulk_create(
                StageHolder(provider=provider, role=role, person_id=int(person)) for person in people
            )
            AuditEntry.objects.create(
                provider=provider, at=now, by=by, what="role of the code filled",
                detail={"role": role, "was": was, "is": sorted(people)},
            )  # fmt: skip
            count += 1
        if count:
            rules.changed(provider)
    return count
