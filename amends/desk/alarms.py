"""Alarms: raised once for one thing, standing until it is mended. Each names its heading in docs/runbook.md."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from amends.desk.models import Alarm


def alarm(kind: str, about: str, text: str, runbook: str, at: datetime, provider: str | None = None) -> Alarm:
    """An alarm, not yet raised. `about` tells two alarms of one kind apart and names its provider or case."""
    return Alarm(
        provider_id=provider, kind=kind, key=_key(kind, about), text=text, runbook=runbook, raised=at
    )


def raise_all(alarms: Iterable[Alarm]) -> None:
    """Raise these alarms. One that stands keeps its first moment; one that was cleared stands anew."""
    found = {a.key: a for a in sorted(alarms, key=lambda a: a.key)}
    if not found:
        return
    standing = Alarm.objects.filter(key__in=found, cleared__isnull=True).values_list("key", "raised")
    for key, raised in standing:
        found[key].raised = raised
    Alarm.objects.bulk_create(
        found.values(), update_conflicts=True, unique_fields=["key"],
        update_fields=["text", "runbook", "raised", "cleared"],
    )  # fmt: skip


def clear(kind: str, about: Iterable[str], at: datetime) -> int:
    """Clear the standing alarms of one kind about these things; how many there were."""
    keys = [_key(kind, each) for each in about]
    return Alarm.objects.filter(key__in=keys, cleared__isnull=True).update(cleared=at) if keys else 0


def _key(kind: str, about: str) -> str:
    return f"{kind}: {about}"[:200]
