"""Raw mails for tests of the desk, as a mail server hands them over, and the address to which a customer answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from itertools import count

from amends.desk.address import Address
from amends.desk.inbox import Received, receive
from amends.desk.models import CaseRow, KeptMessage, Outgoing, Provider
from amends.desk.tokens import reply_address
from tests.desk.made import MONDAY

_numbers = count(1)


def mail(
    words: str = "My internet is down.", *, sender: str = "Ann Archer <ann@example.org>",
    to: str = "complaints@example.net", subject: str = "No internet", message_id: str | None = None,
    date: datetime | None = MONDAY, **headers: str,
) -> bytes:  # fmt: skip
    """A plain mail; every one has its own Message-ID unless one is given, and "" gives it none."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, subject
    if date is not None:
        made["Date"] = format_datetime(date)
    if message_id is None:
        message_id = f"mail-{next(_numbers)}@example.org"
    if message_id:
        made["Message-ID"] = f"<{message_id}>"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(words)
    return made.as_bytes()


def take(at: Provider, raw: bytes | None = None, now: datetime = MONDAY) -> Received:
    """A mail that comes to a provider now; an ordinary complaint unless one is given."""
    return receive(at, mail() if raw is None else raw, now, now=now)


def case_of(received: Received, at: Provider) -> CaseRow:
    """The case that a received mail belongs to."""
    return CaseRow.objects.get(provider=at, reference=received.case)


def kept(received: Received) -> KeptMessage:
    """The kept row of a received mail."""
    return KeptMessage.objects.get(pk=received.message)


def answer_to(row: CaseRow, party: str = "ann@example.org") -> str:
    """The address to which a party's mail program sends an answer."""
    return reply_address("complaints@example.net", row.provider_id, row.pk, Address("", party).key)


def last_letter(row: CaseRow) -> Outgoing:
    """The newest letter of a case."""
    return Outgoing.objects.filter(case=row).latest("pk")


LATER = MONDAY + timedelta(days=1)
