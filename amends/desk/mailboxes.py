"""What people change about a mailbox in the console: kept with who did it, what it was, and never the secret itself.

A manager may lead the desk to any server outside, and to none that only this machine or its network should reach. What was
kept for one server goes to no other: whoever names another one gives its password, and ends a sign-on by token first.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from amends.core.calendar import london_date
from amends.desk import grants, home
from amends.desk.imap import SINCE
from amends.desk.models import AuditEntry, Mailbox
from amends.desk.providers import on_this_machine

PLAIN: Final = (
    "address", "from_name", "imap_host", "imap_port", "imap_tls", "imap_user", "imap_folder", "more_folders", "reads_junk",
    "junk_folder", "smtp_host", "smtp_port", "smtp_tls", "smtp_user", "form_relays", "own_lists", "token_in_return_path",
    "silent_after_hours",
)  # fmt: skip
SECRETS: Final = ("imap_password", "smtp_password")
_SERVER: Final = ("imap_host", "imap_port", "smtp_host", "smtp_port")


def mistakes(mailbox: Mailbox, said: Mapping[str, Any]) -> dict[str, str]:
    """What keeps these changes from being made, in words for the boxes at which they stand."""
    found: dict[str, str] = {}
    granted = grants.grant_of(mailbox) is not None
    for part in ("imap", "smtp"):
        host = str(said[f"{part}_host"])
        moved = any(said[f"{part}_{each}"] != getattr(mailbox, f"{part}_{each}") for each in ("host", "port"))
        lowered = said[f"{part}_tls"] in (False, "none") and host
        if lowered and not (mailbox.inside and on_this_machine(host)):
            found[f"{part}_tls"] = "Mail and passwords leave this machine only encrypted."
        if not moved or not host:
            continue
        if leads_inside(host):
            found[f"{part}_host"] = (
                "This leads into this machine or a private network: whoever keeps the machine sets it by “amends mail set”."
            )
        elif granted and getattr(mailbox, f"{part}_host"):
            found[f"{part}_host"] = "The tokens are for the server that stands here: end the sign-on first."
        elif getattr(mailbox, f"{part}_password") and not said[f"{part}_password"]:
            found[f"{part}_password"] = "Give the password again: the one that is kept is for another server."
    others = Mailbox.objects.filter(provider=mailbox.provider_id, address__iexact=said["address"])
    if others.exclude(pk=mailbox.pk).exists():
        found["address"] = "There is a mailbox with this address already."
    return found


def leads_inside(host: str) -> bool:
    """Whether a host is plainly none outside. What a name leads to is judged when it is called."""
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return on_this_machine(host) or "." not in host.strip(".")


def change(mailbox: Mailbox, said: Mapping[str, Any], *, by: str, now: datetime) -> bool:
    """Make the changes, with their entry in the audit; False where somebody made a mailbox of this address meanwhile."""
    new = mailbox.pk is None
    changed = {name: said[name] for name in PLAIN if said[name] != getattr(mailbox, name)}
    secrets = [name for name in SECRETS if said[name]]
    if new or any(name in changed for name in _SERVER):
        mailbox.inside = False
    for name, value in changed.items():
        setattr(mailbox, name, value)
    for name in secrets:
        setattr(mailbox, name, home.sealed(said[name]))
    if new:
        mailbox.created = now
    if mailbox.imap_host and not mailbox.last_uid:
        # An old mailbox must not become a thousand new complaints (L22).
        mailbox.fetch_from = london_date(now)
        mailbox.last_uid = f"{SINCE}{mailbox.fetch_from.isoformat()}"
    if not (new or changed or secrets):
        return True
    what = "mailbox made" if new else "mailbox changed"
    told = {**changed, **dict.fromkeys(secrets, "a new one")}
    try:
        with transaction.atomic():
            mailbox.save()
            note(mailbox, what, by=by, now=now, changed=told)
    except IntegrityError:
        return False
    return True


def note(mailbox: Mailbox, what: str, *, by: str, now: datetime, **detail: object) -> None:
    """One entry in the audit about a mailbox."""
    AuditEntry.objects.create(
        provider=mailbox.provider, at=now, by=by, what=what, detail={"mailbox": mailbox.address, **detail}
    )
