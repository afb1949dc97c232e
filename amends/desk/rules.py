"""The rules of assignment and the account managers of a provider, as people change them: each change stands in the audit."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from amends.desk.assigning import said
from amends.desk.models import AccountManager, AssignmentRule, AuditEntry, Provider, StageHolder


@dataclass(frozen=True, slots=True)
class NewRule:
    """What a rule says, before it has a place."""

    kind: str = ""
    category: str = ""
    stage_role: str = ""
    nation: str = ""
    need: str = ""
    hours: str = ""
    account_manager: bool = False
    people: Sequence[str] = field(default_factory=tuple)


def changed(provider: Provider) -> None:
    """Have every process read the rules and absences of this provider anew; called in the transaction that changes them."""
    kept = (AssignmentRule, StageHolder)
    version = secrets.token_hex(8) if any(k.objects.filter(provider=provider).exists() for k in kept) else ""
    Provider.objects.filter(pk=provider.pk).update(rules_version=version)
    provider.rules_version = version


def add(provider: Provider, new: NewRule, *, by: str, now: datetime) -> AssignmentRule:
    """A rule after all others."""
    with transaction.atomic():
        Provider.objects.select_for_update().get(pk=provider.pk)
        last = AssignmentRule.objects.filter(provider=provider).order_by("-place").first()
        made = AssignmentRule.objects.create(
            provider=provider, place=last.place + 1 if last else 1, kind=new.kind, category=new.category,
            stage_role=new.stage_role, nation=new.nation, need=new.need, hours=new.hours,
            account_manager=new.account_manager, people=list(new.people),
        )  # fmt: skip
        changed(provider)
        _audit(provider, by, now, "assignment rule made", made)
    return made


def move_up(rule: AssignmentRule, *, by: str, now: datetime) -> None:
    """A rule one place earlier; the first stays where it is."""
    with transaction.atomic():
        Provider.objects.select_for_update().get(pk=rule.provider_id)
        before = (
            AssignmentRule.objects.filter(provider=rule.provider_id, place__lt=rule.place)
            .order_by("-place")
            .first()
        )
        if before is None:
            return
        rule.place, before.place = before.place, rule.place
        rule.save(update_fields=["place"])
        before.save(update_fields=["place"])
        changed(rule.provider)
        _audit(rule.provider, by, now, "assignment rule moved up", rule)


def remove(rule: AssignmentRule, *, by: str, now: datetime) -> None:
    """A rule that holds no longer. Cases keep who has them."""
    with transaction.atomic():
        Provider.objects.select_for_update().get(pk=rule.provider_id)
        _audit(rule.provider, by, now, "assignment rule taken away", rule)
        rule.delete()
        changed(rule.provider)


def set_account_managers(provider: Provider, wanted: Mapping[str, int], *, by: str, now: datetime) -> int:
    """Who looks after which account, whole; how many accounts changed."""
    with transaction.atomic():
        Provider.objects.select_for_update().get(pk=provider.pk)
        known = dict(AccountManager.objects.filter(provider=provider).values_list("account", "person"))
        gone = [account for account in known if account not in wanted]
        AccountManager.objects.filter(provider=provider, account__in=gone).delete()
        new = {account: person for account, person in wanted.items() if known.get(account) != person}
        for account, person in new.items():
            AccountManager.objects.update_or_create(
                provider=provider, account=account, defaults={"person_id": person}
            )
        if gone or new:
            detail = {"accounts given": len(new), "accounts taken away": len(gone)}
            AuditEntry.objects.create(
                provider=provider, at=now, by=by, what="account managers changed", detail=detail
            )
    return len(gone) + len(new)


def _audit(provider: Provider, by: str, now: datetime, what: str, rule: AssignmentRule) -> None:
    AuditEntry.objects.create(
        provider=provider, at=now, by=by, what=what,
        detail={"place": rule.place, "rule": said(rule), "people": list(rule.people)},
    )  # fmt: skip
