"""The keys by which a provider's own systems come in: made once, kept as a hash alone, each for one door, revoked.

A key belongs to one provider, one system and one door. Its secret is told when it is made and never again. Making and
revoking stand in the audit.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from amends.core.may import Refusal
from amends.desk import attempts
from amends.desk.models import AuditEntry, Door, DoorKey, Provider

BEGINS: Final = "amends_"
MOST: Final = 600
WITHIN: Final = timedelta(minutes=1)
"""Calls of one key within a minute."""
CALLED: Final = {Door.CUSTOMERS: "sync door", Door.BILLING: "billing door"}
"""What each door is called."""


def make_key(
    provider: Provider, name: str, *, by: str, now: datetime, opens: Door = Door.CUSTOMERS
) -> tuple[DoorKey, str] | Refusal:
    """A new key for one system, and its secret, which is told this once."""
    name = " ".join(name.split())
    if not name or len(name) > 60 or "\0" in name:
        return Refusal("A key is named after the system that has it", "A-evidence", "Give up to 60 letters.")
    if DoorKey.objects.filter(provider=provider, name=name).exists():
        return Refusal(f"There is a key called {name!r}", "A-evidence", "Give another name.")
    secret = BEGINS + secrets.token_urlsafe(32)
    with transaction.atomic():
        key = DoorKey.objects.create(
            provider=provider, name=name, opens=opens, hash=hashed(secret), made=now, made_by=by
        )
        _audit(key, "made", by, now)
    return key, secret


def revoke(key: DoorKey, *, by: str, now: datetime) -> Refusal | None:
    """From now on the key opens nothing."""
    if key.revoked is not None:
        return Refusal("This key was revoked before", "A-evidence", "There is nothing to revoke.")
    with transaction.atomic():
        key.revoked = now
        key.save(update_fields=["revoked"])
        _audit(key, "revoked", by, now)
    return None


def opened_by(provider: str, secret: str, door: Door, now: datetime) -> DoorKey | None:
    """The key that this is at this door of this provider; None for one that opens nothing here."""
    held = DoorKey.objects.filter(hash=hashed(secret), provider=provider, opens=door, revoked__isnull=True)
    key = held.first()
    if key is not None and (key.used is None or now - key.used > timedelta(hours=1)):
        DoorKey.objects.filter(pk=key.pk).update(used=now)
    return key


def too_often(key: DoorKey, now: datetime) -> bool:
    """Whether the key was used too often within the minute; counts this call."""
    return not attempts.take(attempts.key("sync door", str(key.pk)), now, MOST, WITHIN)


def hashed(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _audit(key: DoorKey, what: str, by: str, now: datetime) -> None:
    words = f"key of the {CALLED[Door(key.opens)]} {what}"
    AuditEntry.objects.create(
        provider_id=key.provider_id, at=now, by=by, what=words, detail={"key": key.name}
    )
