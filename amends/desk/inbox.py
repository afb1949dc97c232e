"""The one door for mail: keeps the raw bytes first, then files them with a case, and never loses or answers wrongly.

A pipe, IMAP and LMTP all call `receive`. A message is kept in a transaction of its own before anybody looks inside;
filing is a second one, and one bad message never stops the next (L17 to L20). What a machine wrote is logged and never
answered (L16); what a person must look at is held or quarantined with its reason, and its receipt counts from when it
came.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db import DatabaseError, DataError, IntegrityError, transaction
from django.db.models import Q

from amends.core import facts as f
from amends.desk import alarms, mail_room, merging
from amends.desk.address import Address
from amends.desk.asked import Asked
from amends.desk.bounces import Bounce, bounces
from amends.desk.disk import with_next_commit
from amends.desk.joining import Found, Verdict, colleague, find
from amends.desk.machine import is_listed
from amends.desk.message import Message, read_message
from amends.desk.models import CaseMessageId, CaseRow, KeptMessage, Mailbox, Provider, Upload
from amends.desk.record import CaseInHand, Docket, docket, opening

log = logging.getLogger(__name__)

#: Words of one mail that enter a case; all of it stays in the kept message.
WORDS_LIMIT: Final = 50_000
#: As long as the column; a longer Message-ID is told apart by the content.
MESSAGE_ID_LIMIT: Final = 500
UNREAD: Final = "this mail could not be read"
"""How `read_message` begins to say that it could not."""
FORWARDED: Final = "forwarded by a colleague: the original's date, as a person read it"
"""Why a contact counts from before its message came: the original reached us then (L11)."""
LATER: Final = "the worker will file it"
UNDATED: Final = (
    "its mail server gave no time of receipt that can be read: it counts from when it was fetched"
)
OWN_POST: Final = "a list brought it to {box}, and people may write to it there"
"""Why a list's mail waits: a group that carries our own mailbox is named with `amends mail set --own-list`."""
TRIES: Final = 8
"""How often the worker tries to file a message that the database refuses: over about four hours, then a person must look."""
WAITING: Final = timedelta(minutes=1)
"""How old a message that was kept and not filed must be before the worker files it: its own door comes first."""


QUARANTINE: Final = "quarantine"


class Kept(StrEnum):
    """What became of a kept message."""

    KEPT = "kept"
    """Not filed yet: the worker will."""
    FILED = "filed"
    MACHINE = "machine"
    HELD = "held"
    QUARANTINED = "quarantined"
    DUPLICATE = "duplicate"
    SET_ASIDE = "set aside"
    """A person has looked at it and found that nothing is owed."""


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a message: the reference of its case, whether it opened it, the id under which it is kept."""

    case: str | None
    new: bool
    message: str
    state: str
    reason: str = ""


def receive(
    provider: Provider,
    raw: bytes,
    received: datetime,
    *,
    now: datetime,
    mailbox: Mailbox | None = None,
    odd: str = "",
    junk: bool = False,
) -> Received:
    """Take in one raw mail. When it returns, the mail is kept on disk, whatever else became of it.

    `received` is the mail server's own record of when it came, aware; a moment that lies ahead of `now` counts as now.
    `odd` is what its door found odd about it; `junk`, that it lay in the junk folder.

    Raises DatabaseError where the mail could not be kept.
    """
    with with_next_commit():
        # Whatever becomes of it below is a commit that waits for the disk, and takes this one along.
        kept = mail_room.keep(provider, raw, min(received, now), now=now, mailbox=mailbox, odd=odd, junk=junk)
    try:
        return file(kept.pk, now=now)
    except DatabaseError as broken:
        log.warning("message %s is kept and not yet filed: %s", kept.pk, broken)
        KeptMessage.objects.filter(pk=kept.pk, state=Kept.KEPT).update(reason=_and(odd, LATER))
        return Received(None, new=False, message=str(kept.pk), state=Kept.KEPT, reason=LATER)


def file(message: UUID, *, now: datetime) -> Received:
    """File a kept message. A message that was filed already is told as it was.

    A fault of ours while filing puts the message into quarantine with an alarm; raises DatabaseError only.
    """
    for _ in range(3):
        kept = KeptMessage.objects.select_related("provider", "mailbox").get(pk=message)
        if kept.state != Kept.KEPT:
            return _as_it_is(kept)
        try:
            return _filed(kept, now)
        except IntegrityError:
            # The same message was filed from another door in the same moment; look again.
            continue
        except DataError as fault:
            # What was read of it is what the database cannot hold: only the raw bytes stay.
            return _unstorable(message, fault, now)
        except DatabaseError:
            raise
        except Exception as fault:
            log.exception("message %s could not be filed", message)
            return _quarantined(kept, f"it could not be filed ({type(fault).__name__}: {fault})", now)
    return _quarantined(kept, "it could not be filed: the same message kept coming from other doors", now)


def file_waiting(now: datetime, limit: int = 100) -> int:
    """File what was kept and never filed, because a process died or the database was away; how many."""
    due = Q(try_after=None) | Q(try_after__lte=now)
    waiting = KeptMessage.objects.filter(due, state=Kept.KEPT, kept_at__lte=now - WAITING).order_by("kept_at")
    return sum(_filed_later(message, now) for message in waiting.values_list("pk", flat=True)[:limit])


def _filed_later(message: UUID, now: datetime) -> bool:
    """File one message that waits; a fault of the database with it never stops the others (L17)."""
    try:
        file(message, now=now)
    except DatabaseError as broken:
        log.exception("message %s is kept and could not be filed again", message)
        try:
            _try_later(message, broken, now)
        except DatabaseError:
            log.exception("message %s: not even that could be written down", message)
        return False
    return True


def _try_later(message: UUID, broken: DatabaseError, now: datetime) -> None:
    tries = KeptMessage.objects.values_list("tries", flat=True).get(pk=message) + 1
    if tries >= TRIES:
        _unstorable(message, broken, now)
        return
    KeptMessage.objects.filter(pk=message, state=Kept.KEPT).update(
        tries=tries, try_after=now + timedelta(minutes=2**tries)
    )


def _unstorable(message: UUID, fault: DatabaseError, now: datetime) -> Received:
    kept = KeptMessage.objects.defer("raw").get(pk=message)
    why = str(fault).replace("\0", "")[:500]
    return _quarantined(kept, f"the database would not take it ({type(fault).__name__}: {why})", now)


def _as_it_is(kept: KeptMessage) -> Received:
    reference = (
        CaseRow.objects.values_list("reference", flat=True).get(pk=kept.case_id) if kept.case_id else None
    )
    return Received(reference, new=False, message=str(kept.pk), state=kept.state, reason=kept.reason)


def _filed(kept: KeptMessage, now: datetime) -> Received:
    message = _read(kept)
    kept.message_id = message.message_id[:MESSAGE_ID_LIMIT]
    kept.sender = ", ".join(a.email for a in message.senders)[:1_000]
    kept.subject = message.subject
    if message.message_id or message.date_header:
        kept.content_hash = message.content_hash
    # Without an id and a date two mails of the same words are one only if they are the same bytes: see `keep`.
    earlier = _same(kept)
    if earlier is not None:
        kept.case_id = earlier.case_id
        return _settled(kept, Kept.DUPLICATE, f"the same as message {earlier.pk}", f"{earlier.pk}")
    unread = next((m for m in message.mistakes if m.startswith(UNREAD)), "")
    if unread:
        return _quarantined(kept, unread, now)
    if _nothing_in_it(message):
        return _quarantined(kept, "there is nothing in it: no sender, no subject and no words", now)
    returned = bounces(kept.provider_id, message)
    if returned:
        return _bounced(kept, message, returned, now)
    own = _our_own(kept)
    listed = "" if own else _listed_to_us(kept, message)
    if listed:
        return _settled(kept, Kept.HELD, f"{message.machine}: {listed}")
    if message.machine or own:
        return _from_machine(kept, message, own or message.machine, now)
    return _from_person(kept, message, find(kept.provider_id, message, now), now)


def _nothing_in_it(message: Message) -> bool:
    """Whether nobody could say what it is about, nor whom to ask."""
    return not (message.senders or message.subject or message.text.strip() or message.attachments)


def _read(kept: KeptMessage) -> Message:
    boxes = _boxes(kept.provider_id)
    return read_message(
        bytes(kept.raw), form_relays=[relay for relays, _ in boxes for relay in relays],
        own_lists=[name for _, names in boxes for name in names],
    )  # fmt: skip


_boxes = Asked(lambda p: Mailbox.objects.filter(provider=p).values_list("form_relays", "own_lists"), str)


def _listed_to_us(kept: KeptMessage, message: Message) -> str:
    """Why a list's mail waits for a person: it was addressed to a mailbox of ours; "" for all other mail."""
    if not is_listed(message.machine):
        return ""
    named = {
        *(a.key for a in (*message.to, *message.cc)),
        *(Address("", a).key for a in message.delivered_to),
    }
    plain = {
        f"{local.partition('+')[0]}@{domain}" for local, _, domain in (key.rpartition("@") for key in named)
    }
    ours = Mailbox.objects.filter(provider=kept.provider_id).order_by("pk").values_list("address", flat=True)
    return next((OWN_POST.format(box=box) for box in ours if Address("", box).key in plain), "")


def _same(kept: KeptMessage) -> KeptMessage | None:
    """The message that came first with this Message-ID and this content."""
    found = _filed_before(kept.provider_id, kept.content_hash, kept.message_id)
    earlier = next((pk for (pk,) in found if pk != kept.pk), None)
    return KeptMessage.objects.defer("raw").get(pk=earlier) if earlier is not None else None


# Of a message that is being filed again, one of the two is itself.
_filed_before = Asked(
    lambda provider, content, message_id: (
        KeptMessage.objects.filter(provider=provider, content_hash=content, message_id=message_id)
        .exclude(state__in=(Kept.KEPT, Kept.DUPLICATE))
        .order_by("pk")
        .values_list("pk")[:2]
    ),
    str, str, str,
)  # fmt: skip


def _our_own(kept: KeptMessage) -> str:
    ours = kept.message_id and _sent_by_us(kept.provider_id, kept.message_id, f"<{kept.message_id}>")
    return "our own letter came back" if ours else ""


# Those that we sent are kept with their brackets.
_sent_by_us = Asked(
    lambda provider, plain, bracketed: CaseMessageId.objects.filter(
        provider=provider, message_id__in=(plain, bracketed), outgoing=True
    ).values_list("pk")[:1],
    str, str, str,
)  # fmt: skip


def _from_person(kept: KeptMessage, message: Message, found: Found, now: datetime) -> Received:
    odd = "; ".join(message.mistakes)
    if found.verdict is Verdict.WAITS:
        return _settled(kept, Kept.HELD, "; ".join(filter(None, (found.reason, odd))))
    if found.case is None:
        return _opened(kept, message, odd, now)
    with docket(found.case, now=now) as taken:
        hand = taken.cases[found.case]
        _put_on_case(hand, kept, message, now)
        return _settled(kept, Kept.FILED, odd, case=hand.row)


def _opened(kept: KeptMessage, message: Message, odd: str, now: datetime) -> Received:
    """A new case, thought out before anything is locked: the work of other doors goes on meanwhile."""
    with opening(now) as taken:
        hand = _open(taken, kept, message, now)
        hand.add(_contact(kept, message, now))
        taken.along(lambda: _keep_beside(hand, kept, message))
        taken.along(lambda: _settled(kept, Kept.FILED, odd, case=hand.row))
    return Received(hand.row.reference, new=True, message=str(kept.pk), state=Kept.FILED, reason=odd)


def _ids(*cases: int | None) -> Iterator[int]:
    return (case for case in cases if case is not None)


def _from_machine(kept: KeptMessage, message: Message, why: str, now: datetime) -> Received:
    """Log what a machine wrote: with its case where it answers one of a party, and nothing goes out."""
    found = find(kept.provider_id, message, now)
    if found.verdict is not Verdict.JOINS or found.case is None:
        return _settled(kept, Kept.MACHINE, why)
    with docket(found.case, now=now) as taken:
        hand = taken.cases[found.case]
        _put_on_case(hand, kept, message, now, machine=why)
        return _settled(kept, Kept.MACHINE, why, case=hand.row)


def _bounced(kept: KeptMessage, message: Message, returned: tuple[Bounce, ...], now: datetime) -> Received:
    """Record which letters did not arrive; a letter of the law then goes another way, or a person is asked."""
    lost = [b for b in returned if b.outgoing is not None]
    if not lost:
        final = next((b for b in returned if b.final), None)
        why = (final or returned[0]).why
        return _settled(kept, Kept.HELD if final else Kept.MACHINE, f"delivery report: {why}")
    with docket(*{b.outgoing.case_id for b in lost if b.outgoing}, now=now) as taken:
        for hand in taken.cases.values():
            _put_on_case(hand, kept, message, now, machine="delivery report")
        for bounce in lost:
            assert bounce.outgoing is not None
            taken.cases[bounce.outgoing.case_id].add(
                f.LetterFate(
                    at=kept.received, logged=now, key=bounce.outgoing.key, fate="bounced", why=bounce.why
                )
            )
        hand = next(iter(taken.cases.values()))
        return _settled(kept, Kept.MACHINE, f"delivery report: {lost[0].why}", case=hand.row)


def _open(taken: Docket, kept: KeptMessage, message: Message, now: datetime) -> CaseInHand:
    hand = taken.open_case(kept.provider, kept.received)
    writer = message.customer
    if writer is not None:
        hand.add(f.CustomerKnown(at=kept.received, logged=now, name=writer.name, email=writer.email))
    return hand


def _put_on_case(
    hand: CaseInHand,
    kept: KeptMessage,
    message: Message,
    now: datetime,
    *,
    machine: str = "",
    by: str = f.SYSTEM,
) -> None:
    """The contact, its Message-ID and its files, all on the case."""
    hand.add(_contact(kept, message, now, machine=machine, by=by))
    _keep_beside(hand, kept, message)


def _contact(
    kept: KeptMessage, message: Message, now: datetime, *, machine: str = "", by: str = f.SYSTEM
) -> f.ContactReceived:
    words = message.new_text or message.text
    if len(words) > WORDS_LIMIT:
        words = f"{words[:WORDS_LIMIT]}\n\n[The rest is in the message as it came.]"
    return f.ContactReceived(
        at=kept.received, logged=now, by=by, contact=str(kept.pk), received=kept.received,
        channel="form" if message.relay else "email", machine=machine, message=str(kept.pk), junk=kept.junk,
        message_digest=hashlib.sha256(bytes(kept.raw)).hexdigest(),
        files="\n".join(hashlib.sha256(file.content).hexdigest() for file in message.attachments),
        sender=", ".join(a.email for a in message.senders), subject=message.subject, words=words,
    )  # fmt: skip


def _keep_beside(hand: CaseInHand, kept: KeptMessage, message: Message) -> None:
    """The message's id, by which answers find the case, and its files."""
    if kept.message_id:
        mail_room.belongs(kept, hand.row)
    Upload.objects.bulk_create(
        Upload(
            provider=kept.provider, case=hand.row, contact=str(kept.pk), name=file.name, media_type=file.media_type[:100],
            content=file.content, sha256=hashlib.sha256(file.content).hexdigest(), at=kept.received,
        )
        for file in message.attachments
    )  # fmt: skip


class _FiledElsewhere(IntegrityError):
    """Another process filed the message in the same moment; what was done here is undone."""


def _settled(
    kept: KeptMessage, state: Kept, reason: str, message: str = "", *, case: CaseRow | None = None
) -> Received:
    """Write what became of a message, unless another process has in the meantime."""
    reason = _and(_odd(kept), reason)
    if case is not None:
        kept.case = case
    kept.state, kept.reason = state, reason
    kept.contact = str(kept.pk) if state in (Kept.FILED, Kept.MACHINE) and kept.case_id else ""
    written = KeptMessage.objects.filter(pk=kept.pk, state=Kept.KEPT).update(
        state=state, reason=reason, case=kept.case_id, contact=kept.contact, message_id=kept.message_id,
        content_hash=kept.content_hash, sender=kept.sender, subject=kept.subject,
    )  # fmt: skip
    if not written:
        raise _FiledElsewhere(f"message {kept.pk} was filed by another process")
    reference = case.reference if case is not None else _as_it_is(kept).case
    return Received(reference, new=False, message=message or str(kept.pk), state=state, reason=reason)


def _quarantined(kept: KeptMessage, reason: str, now: datetime) -> Received:
    """Set a message aside for a person; whatever was half done with it is undone already."""
    kept.case_id, reason = None, _and(_odd(kept), reason)
    KeptMessage.objects.filter(pk=kept.pk, state=Kept.KEPT).update(
        state=Kept.QUARANTINED, reason=reason, content_hash=kept.content_hash, message_id=kept.message_id,
        sender=kept.sender, subject=kept.subject,
    )  # fmt: skip
    alarms.raise_all([
        alarms.alarm(
            QUARANTINE, f"{kept.provider_id}/{kept.pk}", f"A message could not be read or filed: {reason}",
            "Messages in quarantine", now, kept.provider_id,
        )
    ])  # fmt: skip
    return Received(None, new=False, message=str(kept.pk), state=Kept.QUARANTINED, reason=reason)


def _odd(kept: KeptMessage) -> str:
    """What its door found odd about a message that is not filed yet."""
    return "" if kept.state != Kept.KEPT else kept.reason.removesuffix(LATER).removesuffix("; ")


def _and(*said: str) -> str:
    return "; ".join(filter(None, said))


# --- what a person does with a message that waits ----------------------------------------------------------


class NotWaiting(Exception):
    """Somebody has dealt with the message already, or it never waited."""


def take_in(
    message: UUID, *, by: str, now: datetime, case: int | None = None, received: datetime | None = None,
    customer: Address | None = None,
) -> CaseRow:  # fmt: skip
    """Put a message that waits onto a case, or open one with it where none is named. Its receipt is when it came.

    `received` is earlier where the message was forwarded by staff: the original's date; `customer` is then who wrote it
    first, as a person read it. Raises NotWaiting.
    """
    kept = _waiting(message)
    read = _read(kept)
    case = None if case is None else merging.goes_on(kept.provider_id, case)
    with docket(*_ids(case), now=now) as taken:
        counts_from = min(received or kept.received, kept.received)
        hand = taken.cases[case] if case is not None else taken.open_case(kept.provider, counts_from, by=by)
        if case is None:
            hand.add(*_writer(kept, read, counts_from, now, by, customer))
        contact = _contact(kept, read, now, by=by)
        why = FORWARDED if counts_from < kept.received else ""
        hand.add(replace(contact, at=counts_from, backdated_why=why))
        _keep_beside(hand, kept, read)
        _decided(kept, state=Kept.FILED, case=hand.row, contact=str(kept.pk))
    _clear_quarantine((kept,), now)
    return hand.row


def _writer(
    kept: KeptMessage, read: Message, at: datetime, now: datetime, by: str, said: Address | None
) -> Iterator[f.CustomerKnown]:
    """Who the customer is, where the message tells it: a colleague who forwarded it is not the customer."""
    writer = said or read.customer
    if writer is not None and (said is not None or not colleague(kept.provider_id, read)):
        yield f.CustomerKnown(at=at, logged=now, by=by, name=writer.name, email=writer.email)


def set_aside(message: UUID, *, by: str, now: datetime, why: str) -> None:
    """Say that nothing is owed for a message that waits, and why: an advertisement, a test. Raises NotWaiting."""
    kept = _waiting(message)
    with transaction.atomic():
        _decided(kept, state=Kept.SET_ASIDE, reason=f"{kept.reason}; set aside by {by}: {why}")
    _clear_quarantine((kept,), now)


def waits(kept: KeptMessage) -> bool:
    """Whether a person may say where a message belongs: also one on no case that was taken for a machine's."""
    return kept.state in (Kept.HELD, Kept.QUARANTINED) or (
        kept.state == Kept.MACHINE and kept.case_id is None
    )


def _waiting(message: UUID) -> KeptMessage:
    kept = KeptMessage.objects.select_related("provider", "mailbox").get(pk=message)
    if not waits(kept):
        raise NotWaiting(f"message {message} is {kept.state}")
    return kept


def _decided(kept: KeptMessage, **what: object) -> None:
    if not KeptMessage.objects.filter(pk=kept.pk, state=kept.state).update(**what):
        raise NotWaiting(f"somebody else has just dealt with message {kept.pk}")


def _clear_quarantine(messages: Iterable[KeptMessage], now: datetime) -> None:
    alarms.clear(QUARANTINE, (f"{kept.provider_id}/{kept.pk}" for kept in messages), now)
