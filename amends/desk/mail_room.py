"""Mails as they came: their raw bytes are kept before anything else is done, and their ids find their case again."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from amends.desk import quick
from amends.desk.models import CaseMessageId, CaseRow, KeptMessage, Mailbox, Provider


def keep(
    provider: Provider,
    raw: bytes,
    received: datetime,
    *,
    now: datetime,
    mailbox: Mailbox | None = None,
    odd: str = "",
    junk: bool = False,
) -> KeptMessage:
    """Keep the raw bytes of a mail, in a transaction of their own. Raises DatabaseError where that cannot be done.

    `received` is the mail server's own record, aware; `odd` is what its door found odd about it;
    `junk`, that it lay in the junk folder.
    """
    kept = KeptMessage(
        provider=provider, mailbox=mailbox, kept_at=now, received=received, raw=raw, size=len(raw),
        content_hash=hashlib.sha256(raw).hexdigest(), reason=odd, junk=junk,
    )  # fmt: skip
    with transaction.atomic(durable=_durable()):
        quick.insert([kept], with_key=True)
        if mailbox is not None:
            mailbox.last_heard = now
            quick.update([mailbox], ("last_heard",))
    return kept


def belongs(kept: KeptMessage, case: CaseRow) -> None:
    """Answers to this mail belong to this case from now on. Call it in the transaction that files the mail."""
    heard = CaseMessageId(provider=kept.provider, message_id=kept.message_id, case=case, outgoing=False)
    quick.insert([heard], unless_there=True)


def _durable() -> bool:
    """Whether keeping must be a transaction of its own: always, but inside a test that rolls everything back."""
    return not transaction.get_connection().in_atomic_block
