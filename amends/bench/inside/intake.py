"""Mail taken in by one process of several, from mails made beforehand."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape

from amends.bench.ground import database, together_now
from amends.desk.inbox import Kept, receive
from amends.desk.models import CaseRow, KeptMessage, Mailbox, Outgoing
from amends.desk.seeding import made_up_provider
from amends.desk.seeding.cast import Cast

ADDRESS = "complaints@larkfield.example"
ATTACHED = 15_000
"""Bytes of the picture that every tenth mail brings."""

Span = tuple[float, float, list[float]]
"""When a process began and ended, by the machine's one monotonic clock, and how long each mail took, in seconds."""


def prepare() -> str:
    """The provider with its mailbox; what the desk keeps its rows in."""
    provider = made_up_provider(datetime.now(UTC))
    Mailbox.objects.create(provider=provider, address=ADDRESS, from_name=provider.name)
    return database()


def take_in(stream: int, count: int) -> Span:
    """Take in so many mails, together with the other processes."""
    mailbox = Mailbox.objects.select_related("provider").get(address=ADDRESS)
    now = datetime.now(UTC)
    letters = mails(stream, count, now)
    took: list[float] = []
    together_now()
    begun = time.monotonic()
    for raw in letters:
        started = time.monotonic()
        taken = receive(mailbox.provider, raw, now, now=now, mailbox=mailbox)
        took.append(time.monotonic() - started)
        assert (taken.state, taken.new) == (Kept.FILED, True), str(taken)
    return begun, time.monotonic(), took


def look(count: int) -> None:
    """See that every mail became a case of its own with an acknowledgement."""
    found = (
        CaseRow.objects.count(),
        KeptMessage.objects.filter(state=Kept.FILED).count(),
        Outgoing.objects.filter(letter="acknowledgement").count(),
    )
    assert found == (count, count, count), (
        f"{count} mails made {found} cases, filed messages, acknowledgements"
    )


def mails(stream: int, count: int, now: datetime) -> list[bytes]:
    """So many mails as customers write them, each from another address."""
    cast = Cast(stream)
    return [_mail(cast, stream, number, now - timedelta(seconds=count - number)) for number in range(count)]


def _mail(cast: Cast, stream: int, number: int, at: datetime) -> bytes:
    customer, trouble = cast.customer(), cast.trouble()
    mail = EmailMessage()
    mail["From"] = f"<{stream}.{customer.email}>"
    mail["To"] = ADDRESS
    mail["Subject"] = trouble.subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{stream}.{number}@example.org>"
    words = f"{trouble.words}\n\n{customer.name}\n{customer.address}\n"
    mail.set_content(words)
    if number % 3 == 0:
        mail.add_alternative(f"<html><body><p>{escape(words)}</p></body></html>", subtype="html")
    if number % 10 == 0:
        picture = cast.random.randbytes(ATTACHED)
        mail.add_attachment(picture, maintype="image", subtype="jpeg", filename="router.jpg")
    return mail.as_bytes()
