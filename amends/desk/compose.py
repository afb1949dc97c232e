"""A frozen letter as an email: its words as text and HTML, its PDF, and the headers that carry answers home.

RFC 5322 and 3834: the Message-ID is the frozen one, however often the letter goes; an acknowledgement says that it is
an automatic answer, so that no machine answers it (L16); Reply-To and the envelope carry the signed token, so that
the customer's answer and a mail server's report both find the case (L21). From, Reply-To and envelope are of one domain, the
mailbox's own, so that SPF (RFC 7208) and DKIM (RFC 6376) of its server agree with From as DMARC wants (RFC 7489, 3.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address as Named
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from textwrap import fill
from typing import Final

from amends.core.calendar import in_london
from amends.core.data_requests import ACKNOWLEDGED
from amends.core.formats import Format
from amends.core.kinds import COPY_LETTER
from amends.core.letters.letter import WIDTH
from amends.desk import attached, documents, enclosed
from amends.desk.address import Address, read_addresses
from amends.desk.fields import Mistakes
from amends.desk.models import CaseMessageId, Document, Lane, Mailbox, Outgoing, Upload
from amends.desk.tokens import reply_address, with_link_tokens

ACKNOWLEDGEMENT: Final = "acknowledgement"
ADR_LETTER: Final = "adr-letter"
ACCESS_LINK: Final = "access-link"
"""It is kept with the name of its link, which opens nothing; the mail alone carries the whole of it."""
AUTOMATIC: Final = {
    ACKNOWLEDGEMENT: "auto-replied",
    ADR_LETTER: "auto-generated",
    COPY_LETTER: "auto-replied",
    ACKNOWLEDGED: "auto-replied",
}
"""What the desk sends by itself, and how RFC 3834 calls it."""

THREAD: Final = 10
"""Message-IDs of the customer that a letter names, so that mail programs show one thread."""

#: Seven-bit, for not every server carries more; long lines are folded by the encodings.
_POLICY: Final = SMTP.clone(cte_type="7bit")


class NoAddress(ValueError):
    """A letter is addressed to what is no email address; the words name it."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A mail as it goes to a server: from whom, where a report on it goes, to whom, and its bytes."""

    sender: str
    recipient: str
    content: bytes


def compose(outgoing: Outgoing, mailbox: Mailbox, now: datetime) -> Envelope:
    """The email of a letter. Raises NoAddress where it is addressed to none."""
    to = recipient(outgoing.to)
    home = reply_address(mailbox.address, outgoing.provider_id, outgoing.case_id, to.key)
    mail = EmailMessage(policy=_POLICY if to.key.isascii() else _POLICY.clone(utf8=True))
    mail["From"] = _named(mailbox.from_name or outgoing.provider.name, mailbox.address)
    mail["To"] = _named("", to.key)
    mail["Reply-To"] = _named("", home)
    mail["Subject"] = _line(outgoing.subject)
    mail["Date"] = format_datetime(in_london(now))
    mail["Message-ID"] = f"<{outgoing.message_id.strip('<>')}>"
    _thread(mail, outgoing)
    _automatic(mail, outgoing, mailbox)
    text, html = outgoing.text, outgoing.html
    if outgoing.letter == ACCESS_LINK:
        text, html = with_link_tokens(text), with_link_tokens(html)
    files = attached.documents_of(outgoing)
    text, html = _above(attached.told(outgoing, files), text, html)
    mail.set_content(text)
    if html and outgoing.format != Format.PLAIN_TEXT:
        mail.add_alternative(html, subtype="html")
    for document in files:
        _attach(mail, document, outgoing)
    for paper in enclosed.files(outgoing):
        _attach_file(mail, paper)
    return Envelope(home if mailbox.token_in_return_path else mailbox.address, to.key, mail.as_bytes())


def _above(said: str, text: str, html: str) -> tuple[str, str]:
    """The letter's text and HTML with what the mail says above it."""
    if not said:
        return text, html
    return f"{fill(said, WIDTH)}\n\n{text}", html.replace("<body>\n", f"<body>\n<p>{escape(said)}</p>\n", 1)


def recipient(written: str) -> Address:
    """The one address that a letter goes to. Raises NoAddress."""
    found = read_addresses([written], Mistakes(), "To")
    if len(found) != 1:
        raise NoAddress(f"{written[:100]!r} is no email address")
    return found[0]


def _named(name: str, email: str) -> Named:
    local, _, domain = email.rpartition("@")
    return Named(_line(name), local, domain)


def _line(words: str) -> str:
    return " ".join(words.split())


def _thread(mail: EmailMessage, outgoing: Outgoing) -> None:
    """Name the messages of the customer, newest last, so that the letter stands under them."""
    theirs = CaseMessageId.objects.filter(case=outgoing.case_id, outgoing=False).order_by("pk")
    ids = [i for i in theirs.values_list("message_id", flat=True) if i.isascii() and not i.split()[1:]]
    if ids:
        mail["In-Reply-To"] = f"<{ids[-1]}>"
        mail["References"] = " ".join(f"<{i}>" for i in (ids[0], *ids[1:][-THREAD:]))


def _automatic(mail: EmailMessage, outgoing: Outgoing, mailbox: Mailbox) -> None:
    kind = AUTOMATIC.get(outgoing.letter)
    if kind:
        mail["Auto-Submitted"] = kind
        mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    if outgoing.lane == Lane.BULK:
        mail["Precedence"] = "bulk"
        mail["List-Id"] = f"<notices.{mailbox.address.rpartition('@')[2]}>"


def _attach(mail: EmailMessage, document: Document, outgoing: Outgoing) -> None:
    main, _, sub = document.media_type.partition("/")
    mail.add_attachment(
        bytes(document.content), maintype=main, subtype=sub,
        filename=documents.file_name(outgoing, document),
    )  # fmt: skip


def _attach_file(mail: EmailMessage, file: Upload) -> None:
    main, _, sub = file.media_type.partition("/")
    if main not in ("application", "image", "audio", "video") or not sub:
        main, sub = (
            "application",
            "octet-stream",
        )  # a mail or a text within a mail would be read as a part of it
    content = bytes(file.content or b"")
    mail.add_attachment(content, maintype=main, subtype=sub, filename=_line(file.name) or "file")
