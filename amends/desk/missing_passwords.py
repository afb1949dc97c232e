"""Passwords that a mailbox names and that are not there: whose, for what, and how to mend it, before a letter waits for one.

It is told for the process that asks: `amends work` may have what a command lacks. Nothing is opened and nobody is called.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from amends.desk import home
from amends.desk.grants import grant_of
from amends.desk.mailbox_trial import READS, SENDS
from amends.desk.models import Mail, Mailbox, Provider

LETS_IN: Final = "signing in (OAuth 2)"
_ELSEWHERE: Final = "sealed under another secret.key"


@dataclass(frozen=True, slots=True)
class Missing:
    """A password that is named and not there."""

    provider: str
    mailbox: str
    what: str
    """What cannot be done without it."""
    named: str
    """As the mailbox names it, such as `env:NAME`; of a sealed one only that it is."""
    words: str
    """What is wrong, and how it is mended."""
    mend: str
    """The command that keeps it in the desk's folder instead."""
    fails: bool
    """Whether letters leave by now, so that it is a failure; else it is a remark."""

    def as_json(self) -> dict[str, Any]:
        """For `amends doctor` and `amends mail check`."""
        return {
            "provider": self.provider, "mailbox": self.mailbox, "for": self.what, "named": self.named,
            "words": self.words, "mend": self.mend, "fails": self.fails,
        }  # fmt: skip


def of_everybody() -> Iterator[Missing]:
    """Those of every mailbox of this desk."""
    for box in Mailbox.objects.select_related("provider").order_by("provider", "pk"):
        yield from of_mailbox(box)


def of_provider(provider: Provider) -> Iterator[Missing]:
    """Those of the mailboxes of a provider."""
    for box in Mailbox.objects.filter(provider=provider).select_related("provider").order_by("pk"):
        yield from of_mailbox(box)


def of_mailbox(box: Mailbox) -> Iterator[Missing]:
    """Those of a mailbox. A password for which no server stands is not needed, nor is any where tokens open it."""
    to_mend = f"amends mail set {box.provider_id} --address {box.address}"
    grant = grant_of(box)
    if grant is not None:
        again = f"amends mail sign-on {box.provider_id} --address {box.address} … --client-secret stdin"
        yield from _not_there(box, LETS_IN, grant.client_secret, again)
        return
    yield from _not_there(
        box, SENDS, box.smtp_password if box.smtp_host else "", f"{to_mend} --smtp-password stdin"
    )
    yield from _not_there(
        box, READS, box.imap_password if box.imap_host else "", f"{to_mend} --imap-password stdin"
    )


def _not_there(box: Mailbox, what: str, named: str, mend: str) -> Iterator[Missing]:
    try:
        home.password(named)
    except home.NoSecret as missing:
        said = _ELSEWHERE if named.startswith(home.SEALED) else named
        live = box.provider.mail == Mail.LIVE
        yield Missing(box.provider_id, box.address, what, said, str(missing), mend, live)
