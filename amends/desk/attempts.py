"""Lock-out at the sign-in, and limits on what strangers may ask for: counted in the database, so in every process."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q

from amends.desk.models import PortalAttempt

KEPT_FOR: Final = timedelta(days=2)
"""So long a count is kept after its first try: longer than any of them counts or locks."""


def key(kind: str, *what: str) -> str:
    """The name under which tries are counted: a digest, for what was tried may name a person."""
    said = "\n".join(part.strip().casefold() for part in what)
    return f"{kind}: {hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()}"


def locked_until(name: str, now: datetime) -> datetime | None:
    """When tries are heard again; None while they are. `access.count_try` counts and locks."""
    until = PortalAttempt.objects.filter(key=name).values_list("locked_until", flat=True).first()
    return until if until is not None and until > now else None


def take(name: str, now: datetime, limit: int, within: timedelta, amount: int = 1) -> bool:
    """Whether one more of something may be had, or `amount` of it, of so many within such a time; counts it if so."""
    with transaction.atomic():
        PortalAttempt.objects.filter(key=name, first__lt=now - within).delete()
        taken, _ = PortalAttempt.objects.select_for_update().get_or_create(key=name, defaults={"first": now})
        if taken.tries + amount > limit:
            return False
        PortalAttempt.objects.filter(key=name).update(tries=F("tries") + amount)
    return True


def forget(name: str) -> None:
    """Forget the tries: whoever tried has shown who they are."""
    PortalAttempt.objects.filter(key=name).delete()


def sweep(now: datetime) -> int:
    """Take away counts that count nothing any more: strangers make a row for each thing that they try. How many."""
    over = Q(locked_until__isnull=True) | Q(locked_until__lte=now)
    gone, _each = PortalAttempt.objects.filter(over, first__lte=now - KEPT_FOR).delete()
    return gone
