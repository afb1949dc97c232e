"""One raw mail as a message that people and programs can use: who wrote it, when, what is new in it, what hangs on it.

Any bytes give a message; nothing is refused, lost or raised (L17 to L20). What was odd, and how it was read, stands in
`mistakes`. The raw bytes remain the record: every limit here says that the rest is in them.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from amends.desk.address import Address, bare_addresses, read_addresses
from amends.desk.attachment import Attachment
from amends.desk.body import gather
from amends.desk.delivery import DeliveryReport, delivery_reports
from amends.desk.fields import Fields, Mistakes, message_ids, one_line, read_date
from amends.desk.identity import content_hash
from amends.desk.machine import Post, looks_like_unknown_form, machine_reason, reports_deliveries
from amends.desk.mime import split_parts
from amends.desk.quoted import new_words

__all__ = ["Address", "Attachment", "DeliveryReport", "Message", "read_message"]

SUBJECT_LIMIT: Final = 500

_DELIVERED: Final = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to")


@dataclass(frozen=True, slots=True)
class Message:
    """One mail, read. All times are UTC; all texts can be stored (no NUL, no lone surrogate)."""

    message_id: str
    """As written, without brackets; "" when there is none."""
    content_hash: str
    """SHA-256 (hex) over what the sender wrote, see `identity`: with the Message-ID it tells two contacts from one that
    came twice. Without a Message-ID and a Date, the same words sent again look like one mail fetched twice."""
    senders: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    delivered_to: tuple[str, ...]
    """The mailboxes that servers noted on the way (Delivered-To, X-Original-To, Envelope-To), with their plus-tokens."""
    subject: str
    """One line, without control characters."""
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    date_header: datetime | None
    """The sender's claim; no clock may run from it (design: three times)."""
    received_by_server: datetime | None
    """From the topmost Received field. It is our own server's record only where our own server writes one."""
    text: str
    """The whole message as plain text."""
    new_text: str
    """Without quoted messages and signature where that can be told; never empty when `text` is not."""
    html: str
    """The message as safe HTML, "" where it came as plain text only."""
    attachments: tuple[Attachment, ...]
    machine: str
    """Why a machine wrote it, in plain words; "" when a person did."""
    delivery_reports: tuple[DeliveryReport, ...]
    mistakes: tuple[str, ...]
    """What was odd and how it was read, in plain words."""
    relay: str = ""
    """The known web form that carried it, "" when none did."""

    unknown_form: bool = False
    """A no-reply sender names another to answer: a web form, perhaps, that nobody has told us of."""

    @property
    def customer(self) -> Address | None:
        """Whose words these are: the Reply-To of a known form's mail, else the one sender; None when that is not one.

        From a no-reply address that is no known form, nobody: a person says whose it is.
        """
        claimed = self.reply_to if self.relay else self.senders
        return claimed[0] if len(claimed) == 1 and not self.unknown_form else None


def read_message(
    raw: bytes, *, form_relays: Collection[str] = (), own_lists: Collection[str] = ()
) -> Message:
    """The message in some raw bytes. Never raises, for any bytes; 25 MB take about a second.

    `form_relays`: the addresses of known web forms, whose customer is the Reply-To. `own_lists`: the List-Ids of groups
    that carry our own shared mailboxes (a Google group, say): their mail is not a list's.
    """
    mistakes = Mistakes()
    try:
        return _read(raw, mistakes, form_relays, own_lists)
    except Exception as fault:  # noqa: BLE001 - a poison mail must not stop intake (L17); the fault is told on the message
        mistakes.add(
            f"this mail could not be read ({type(fault).__name__}: {fault}): all of it is in the raw message"
        )
        return _unread(raw, mistakes)


def _read(
    raw: bytes, mistakes: Mistakes, form_relays: Collection[str], own_lists: Collection[str]
) -> Message:
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
    root = split_parts(raw, mistakes)
    fields = root.fields
    body = gather(root, raw, mistakes)
    senders = read_addresses(fields.all("from"), mistakes, "From")
    reply_to = read_addresses(fields.all("reply-to"), mistakes, "Reply-To")
    subject = one_line(fields.words("subject"))
    relay = _relay(senders, form_relays)
    post = Post(
        fields, root.media_type, root.params.get("report-type", "").lower(), senders, reply_to, subject
    )
    if not body.text.strip():
        mistakes.add("no words: only files" if body.attachments else "no words: only the headers")
    unknown_form = not relay and looks_like_unknown_form(post)
    _tell_senders(senders, fields, mistakes, unknown_form=unknown_form)
    return Message(
        message_id=_message_id(fields, mistakes),
        content_hash=content_hash(root, raw),
        senders=senders,
        reply_to=reply_to,
        to=read_addresses(fields.all("to"), mistakes, "To"),
        cc=read_addresses(fields.all("cc"), mistakes, "Cc"),
        delivered_to=bare_addresses([line for name in _DELIVERED for line in fields.all(name)]),
        subject=_cut(subject, SUBJECT_LIMIT, "the subject", mistakes),
        in_reply_to=message_ids(fields.all("in-reply-to")),
        references=message_ids(fields.all("references")),
        date_header=read_date(fields.first("date"), mistakes, "Date"),
        received_by_server=read_date(
            fields.first("received").rpartition(";")[2].strip(), mistakes, "Received"
        ),
        text=body.text,
        new_text=new_words(body.text),
        html=body.html,
        attachments=tuple(body.attachments),
        machine=machine_reason(post, relayed=bool(relay), own_lists=own_lists),
        delivery_reports=(
            delivery_reports(body.reports, fields, body.text, mistakes) if reports_deliveries(post) else ()
        ),
        mistakes=mistakes.told,
        relay=relay,
        unknown_form=unknown_form,
    )


def _unread(raw: bytes, mistakes: Mistakes) -> Message:
    """What is left of a mail that could not be read: its identity and the reason, for a person."""
    return Message(
        message_id="",
        content_hash=hashlib.sha256(raw).hexdigest(),
        senders=(),
        reply_to=(),
        to=(),
        cc=(),
        delivered_to=(),
        subject="",
        in_reply_to=(),
        references=(),
        date_header=None,
        received_by_server=None,
        text="",
        new_text="",
        html="",
        attachments=(),
        machine="",
        delivery_reports=(),
        mistakes=mistakes.told,
    )


def _relay(senders: tuple[Address, ...], form_relays: Collection[str]) -> str:
    """The known web form that is the only sender, "" when there is none."""
    known = {Address("", address.strip()).key for address in form_relays}
    return senders[0].email if len(senders) == 1 and senders[0].key in known else ""


def _tell_senders(
    senders: tuple[Address, ...], fields: Fields, mistakes: Mistakes, *, unknown_form: bool
) -> None:
    """What keeps us from knowing who wrote, in words."""
    if not senders:
        mistakes.add("no From address" if "from" not in fields else "From names no usable address")
    if len(senders) > 1:
        mistakes.add(f"{_count(len(senders))} From addresses: nobody is taken for the customer")
    if fields.names().count("from") > 1:
        mistakes.add("more than one From field")
    if unknown_form:
        mistakes.add("a no-reply sender with another Reply-To: a web form that is not known here, perhaps")


def _count(number: int) -> str:
    return {2: "two", 3: "three", 4: "four"}.get(number, str(number))


def _message_id(fields: Fields, mistakes: Mistakes) -> str:
    lines = fields.all("message-id")
    found = message_ids(lines)
    if not found:
        mistakes.add("the Message-ID is unusable: read as missing" if any(lines) else "no Message-ID")
    if len(found) > 1:
        mistakes.add("more than one Message-ID: the first was taken")
    return found[0] if found else ""


def _cut(text: str, limit: int, what: str, mistakes: Mistakes) -> str:
    if len(text) <= limit:
        return text
    mistakes.add(f"{what} is longer than {limit:,} characters: the rest is in the raw message only")
    return text[:limit]
