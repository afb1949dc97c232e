"""A chat while it goes on: begun, written in line by line, taken, handed on, looked at by many browsers at once.

Every line is in the database before anybody is shown it as sent, so that each process of the desk sees the same chat
and a browser that comes back finds all of it. Nothing here writes facts: a chat becomes a contact in `chat_filing`.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from amends.core.may import Refusal
from amends.desk.actions import Actor
from amends.desk.chat_door import AWAY_AFTER, there
from amends.desk.models import CaseRow, Chat, ChatLine, ChatPresence, ChatState, Provider, Writer
from amends.desk.people import person_id

LONGEST: Final = 2_000
"""Characters of one line."""
MOST_LINES: Final = 600
"""Lines of one chat: more is no conversation any more."""
A_MINUTE: Final = 15
"""Lines that a customer may send within one minute."""
SEEN_AGAIN: Final = timedelta(seconds=30)
"""How often it is written down that somebody's browser is still there."""
CLAUSE: Final = "A-any-channel"


@dataclass(frozen=True, slots=True)
class Came:
    """Who begins a chat: what they say of themselves, and the case that they have proved to be theirs."""

    name: str = ""
    email: str = ""
    proved: CaseRow | None = None
    address: str = ""


def begin(provider: Provider, came: Came, words: str, notice: str, now: datetime) -> tuple[Chat, str]:
    """A new chat with its first words, the notice of recording standing before them; the chat and its browser's token."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        chat = Chat.objects.create(
            provider=provider, token_hash=hashed(token), opened=now, latest=now, latest_by=Writer.CUSTOMER,
            customer_seen=now, name=came.name, email=came.email, proved=came.proved, address=came.address,
        )  # fmt: skip
        if notice:
            _add(chat, Writer.DESK, notice, now)
        _add(chat, Writer.CUSTOMER, clean(words), now, name=came.name)
        chat.save()
    return chat, token


def hashed(token: str) -> str:
    """What is kept of a browser's token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def clean(words: str) -> str:
    """Words as they are kept: one kind of line break, nothing that a database refuses."""
    return "\n".join(words.replace("\0", "").splitlines()).strip()[:LONGEST]


def say(
    chat: int, writer: Writer, words: str, now: datetime, *, by: Actor | None = None, nonce: str = ""
) -> Refusal | None:
    """One more line. The same box sent twice is one line; why not, where it may not be written."""
    words = clean(words)
    with transaction.atomic():
        row = locked(chat)
        if nonce and ChatLine.objects.filter(chat=row, nonce=nonce[:64]).exists():
            if writer is Writer.PERSON and clean(row.draft) == words:
                # Sent twice: the second time its words came along as half typed ones too.
                row.draft = ""
                row.save(update_fields=["draft"])
            return None
        refusal = _may_write(row, writer, words, now, by)
        if refusal is not None:
            return refusal
        name = by.name if by else row.name
        _add(row, writer, words, now, by=by.id if by else "", name=name, nonce=nonce[:64])
        if writer is Writer.PERSON:
            row.draft = ""
        row.save()
    return None


def locked(chat: int) -> Chat:
    """The chat, held until the transaction ends."""
    return Chat.objects.select_for_update().get(pk=chat)


def _may_write(chat: Chat, writer: Writer, words: str, now: datetime, by: Actor | None) -> Refusal | None:
    if chat.over:
        return Refusal(_("This chat is over"), CLAUSE, _("What was written in it stands on the case."))
    if not words:
        return Refusal(_("Nothing was written"), CLAUSE, _("Write something first."))
    if writer is Writer.PERSON:
        if by is None or chat.person != by.id:
            return Refusal(
                "A colleague holds this chat now", CLAUSE, "Take it first, if they hand it to you."
            )
        return None
    if chat.customer_left:
        return Refusal(_("You have ended this chat"), CLAUSE, _("Begin another one, or send us a message."))
    if chat.lines >= MOST_LINES:
        return Refusal(_("This chat has become too long"), CLAUSE, _("End it, and begin another one."))
    recent = ChatLine.objects.filter(chat=chat, writer=Writer.CUSTOMER, at__gt=now - timedelta(minutes=1))
    if recent[:A_MINUTE].count() >= A_MINUTE:
        return Refusal(
            _("That was very fast"), CLAUSE, _("Wait a minute, then send it again. It is still in the box.")
        )
    return None


def _add(
    chat: Chat, writer: Writer, words: str, now: datetime, *, by: str = "", name: str = "", nonce: str = ""
) -> None:
    chat.lines += 1
    chat.latest = now
    if writer is not Writer.DESK:
        chat.latest_by = writer
    ChatLine.objects.create(
        provider_id=chat.provider_id, chat=chat, seq=chat.lines, at=now, writer=writer, by=by, name=name,
        words=words, nonce=nonce,
    )  # fmt: skip


def add_from_desk(chat: Chat, words: str, now: datetime) -> None:
    """A line of the desk's own in a chat that is locked; whoever calls saves the chat."""
    _add(chat, Writer.DESK, words, now)


# --- people ------------------------------------------------------------------------------------------------


def come(provider: Provider, person: User, now: datetime, *, here: bool) -> None:
    """Somebody of the provider is there for chats from now on, or is not."""
    ChatPresence.objects.update_or_create(
        provider=provider, person=person, defaults={"here": here, "seen": now}
    )


def sign_of(provider: Provider, person: User, now: datetime) -> ChatPresence | None:
    """Write down, now and then, that the browser of somebody who is there still is; how they stand, if they ever came."""
    found = ChatPresence.objects.filter(provider=provider, person=person).first()
    if found is not None and found.here and now - found.seen >= SEEN_AGAIN:
        # Whoever was away for longer comes back by a press of the button, so that nobody waits for an empty chair.
        if now - found.seen > AWAY_AFTER and not _holds_any(provider, person):
            found.here = False
        found.seen = now
        found.save(update_fields=["seen", "here"])
    return found


def _holds_any(provider: Provider, person: User) -> bool:
    return Chat.objects.filter(provider=provider, over=False, person=person_id(person)).exists()


def who_is_there(provider: str, now: datetime) -> set[str]:
    """The ids of the people who are there for chats."""
    return {person_id(p.person) for p in there(provider, now).select_related("person")}


def take(chat: int, by: Actor, now: datetime) -> Refusal | None:
    """Take a chat that waits, or one whose holder has gone away."""
    with transaction.atomic():
        row = locked(chat)
        if row.over:
            return Refusal("This chat is over", CLAUSE, "Look at the case that it became.")
        if row.person == by.id:
            return None
        if row.person and row.person in who_is_there(row.provider_id, now):
            return Refusal(f"{row.person_name} holds this chat", CLAUSE, "Ask them to hand it to you.")
        _give(row, by, now, f"{by.name} is here now.")
    return None


def hand(chat: int, by: Actor, to: Actor, now: datetime) -> Refusal | None:
    """Hand a chat to a colleague who is there for chats."""
    with transaction.atomic():
        row = locked(chat)
        if row.over or row.person != by.id:
            return Refusal(
                "You do not hold this chat", CLAUSE, "Look again: somebody else may have taken it."
            )
        if to.id not in who_is_there(row.provider_id, now):
            return Refusal(f"{to.name} is not there for chats", CLAUSE, "Choose somebody who is.")
        _give(row, to, now, f"{by.name} has handed you to {to.name}.")
    return None


def _give(row: Chat, to: Actor, now: datetime, words: str) -> None:
    row.person, row.person_name, row.state, row.taken = to.id, to.name, ChatState.TAKEN, now
    add_from_desk(row, words, now)
    row.save()


def keep_drafts(provider: str, by: Actor, drafts: dict[int, str]) -> None:
    """Keep what somebody has typed in the chats that they hold and not sent yet."""
    for chat, words in drafts.items():
        mine = Chat.objects.filter(pk=chat, provider=provider, over=False, person=by.id)
        mine.exclude(draft=words[:LONGEST]).update(draft=words[:LONGEST])


# --- looking -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Glance:
    """A chat as its customer's browser asks for it every few seconds: one row by one index."""

    id: int
    version: str
    """Another one as soon as anything has happened."""


def glance(provider: str, token: str, now: datetime) -> Glance | None:
    """Whether anything has happened in the chat of this browser; None where it has none. One question to the database."""
    row = (
        Chat.objects.filter(token_hash=hashed(token), provider=provider)
        .values_list("pk", "lines", "state", "customer_left", "person", "customer_seen")
        .first()
    )
    if row is None:
        return None
    pk, lines, state, left, person, seen = row
    if now - seen >= SEEN_AGAIN and state != ChatState.OVER:
        Chat.objects.filter(pk=pk).update(customer_seen=now)
    return Glance(pk, version(lines, state, person, left=left))


def version(lines: int, state: str, person: str, *, left: bool) -> str:
    """A few letters that change as soon as anything happens in a chat; they tell nobody's id."""
    return f"{lines}.{state}.{int(left)}.{hashed(person)[:8]}"


def of_browser(provider: str, token: str) -> Chat | None:
    """The chat of the browser that keeps this token."""
    return Chat.objects.filter(token_hash=hashed(token), provider=provider).first() if token else None


def customer_is_away(chat: Chat, now: datetime) -> bool:
    """Whether the customer's browser has given no sign for a while."""
    return now - chat.customer_seen > AWAY_AFTER


def leave(chat: int, now: datetime) -> None:
    """The customer ends the chat. Whoever holds it says what it was; one that nobody holds its caller files."""
    with transaction.atomic():
        row = locked(chat)
        if not row.over and not row.customer_left:
            row.customer_left = True
            add_from_desk(row, "The customer has ended the chat.", now)
            row.save()
