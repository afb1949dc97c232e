"""How a chat ends: its transcript becomes one contact on a case, received with the customer's first words.

O-webchat-forward    what is written in a chat goes to the team, who make contact: it is a contact like any other
A-was-it-a-complaint whoever ends a chat answers it; a chat that ends by itself stays undecided, and is a duty
design, Joining      a chat joins a case by itself only where its browser had that case open in the portal when it
                     began, or where a person found whose it is; any other opens a case

A chat ends by a person of the provider, or by the clock: unanswered, fallen silent, or left by its browser. The
worker does that in the round of the ticker, so that nothing is lost with a browser or a server.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import DatabaseError, transaction
from django.db.models import Q

from amends.core import facts as f
from amends.core import saying
from amends.core.calendar import in_london, london_date
from amends.core.may import Refusal
from amends.desk import actions, alarms, chats, merging, reference
from amends.desk.actions import THE_CUSTOMER, Actor, NewContact
from amends.desk.address import Address
from amends.desk.chat_door import AWAY_AFTER
from amends.desk.models import CaseAddress, CaseRow, Chat, ChatLine, ChatState, Writer
from amends.desk.record import CaseInHand, Docket, docket

log = logging.getLogger(__name__)

UNANSWERED_AFTER: Final = timedelta(minutes=15)
"""So long the customer's last words wait, where nobody holds the chat or its holder is away."""
WAITS_AT_MOST: Final = timedelta(hours=1)
"""So long a chat waits for somebody at all, however often the customer writes."""
GONE_AFTER: Final = timedelta(minutes=10)
"""So long a chat stays open in which nobody writes and whose browser is away."""
SILENT_AFTER: Final = timedelta(minutes=30)
"""So long a chat stays open in which nobody writes."""
AT_ONCE: Final = 100
FAULT: Final = "chat not filed"
SYSTEM: Final = Actor(f.SYSTEM, "The desk", "")
TRANSCRIPT: Final = "chat-transcript"

Doing = Callable[[Docket, CaseInHand, str], Refusal | None]
"""What else is done with the case, given the id of the new contact."""


@dataclass(frozen=True, slots=True)
class Filed:
    """The case that a chat stands on, and its contact there."""

    case: CaseRow
    contact: str


class NotFiled(Exception):
    """The chat was not ended, and nothing of it was written; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Ending:
    """How a chat ends."""

    why: str
    told: str = ""
    """The desk's own last line in it."""
    onto: CaseRow | None = None
    """The case that a person found it to belong to."""
    as_new: bool = False
    """Whether it opens a case although its customer had one open: a person found that it is about something else."""
    known: f.CustomerKnown | None = None
    answered: bool = False
    also: Doing | None = None


def file(chat: int, by: Actor, now: datetime, ending: Ending) -> Filed:
    """End a chat and put it on its case: the one it was proved to belong to, the one that a person chose, or a new one.

    Filed once, whoever calls and however often. Raises NotFiled where what else was to be done was refused; then
    the chat goes on.
    """
    with transaction.atomic():
        row = chats.locked(chat)
        if row.over:
            assert row.case is not None
            return Filed(row.case, row.contact)
        if ending.told:
            chats.add_from_desk(row, ending.told, now)
        lines = list(ChatLine.objects.filter(chat=row).order_by("seq"))
        joins = None if ending.as_new else ending.onto or row.proved
        joins = None if joins is None else merging.survivor(joins)
        with docket(*([joins.pk] if joins else []), now=now) as taken:
            hand, contact = _taken_down(taken, row, lines, joins, ending.known, now)
            _answers(hand, lines, answered=ending.answered, now=now)
            refusal = ending.also(taken, hand, contact) if ending.also else None
            if refusal is not None:
                raise NotFiled(refusal)
            _send_transcript(taken, hand, row, lines)
        return _over(row, hand, contact, by, ending.why, now, opened=joins is None)


def _taken_down(
    taken: Docket,
    chat: Chat,
    lines: list[ChatLine],
    joins: CaseRow | None,
    known: f.CustomerKnown | None,
    now: datetime,
) -> tuple[CaseInHand, str]:
    if joins is None:
        known = known or f.CustomerKnown(
            at=chat.opened, logged=now, by=f.CUSTOMER, name=chat.name, email=chat.email
        )
        contact = _as_contact(chat, lines, chat.email)
        hand = actions.open_case(taken, chat.provider, contact, known, THE_CUSTOMER, now)
        return hand, hand.case.contacts[-1].id
    hand = taken.cases[joins.pk]
    if known is not None:
        actions.know_customer(hand, known)
    sender = (chat.address or hand.case.customer.email) if chat.proved_id == joins.pk else chat.email
    return hand, actions.add_contact(hand, _as_contact(chat, lines, sender), THE_CUSTOMER, now)


def _as_contact(chat: Chat, lines: list[ChatLine], sender: str) -> NewContact:
    words = transcript(lines, chat.provider.name)
    return NewContact(channel="webchat", received=chat.opened, words=words, sender=sender)


def _answers(hand: CaseInHand, lines: list[ChatLine], *, answered: bool, now: datetime) -> None:
    """That people of the provider wrote in it is a contact of theirs on the case, at the moment of their last words."""
    ours = [line for line in lines if line.writer == Writer.PERSON]
    if ours:
        actions.chatted(hand, Actor(ours[-1].by, ours[-1].name), ours[-1].at, now, answered=answered)


def _send_transcript(taken: Docket, hand: CaseInHand, chat: Chat, lines: list[ChatLine]) -> None:
    """The transcript goes to the address that the case knows, and only where a person of ours took part.

    A stranger's words alone are mailed to nobody: the address is one that anybody can have typed.
    """
    to = chat.address if chat.proved_id == hand.row.pk and chat.address else hand.case.customer.email
    if to and any(line.writer == Writer.PERSON for line in lines):
        words = transcript(lines, chat.provider.name)
        taken.write(hand, TRANSCRIPT, channel="email", to=to, free_text=words, why="the chat is over")


def _over(
    chat: Chat, hand: CaseInHand, contact: str, by: Actor, why: str, now: datetime, *, opened: bool
) -> Filed:
    if not chat.person and by.id != f.SYSTEM and not by.is_customer:
        chat.person, chat.person_name = by.id, by.name
    chat.state, chat.over, chat.ended, chat.ended_why, chat.draft = ChatState.OVER, True, now, why[:40], ""
    chat.case, chat.contact, chat.opened_case = hand.row, contact, opened
    chat.save()
    return Filed(hand.row, contact)


# --- the transcript ----------------------------------------------------------------------------------------


def transcript(lines: Iterable[ChatLine], provider: str) -> str:
    """A chat as one text. What somebody wrote stands to the right of their name: nobody can write another's line."""
    told: list[str] = []
    day: date | None = None
    for line in lines:
        on = london_date(line.at)
        if on != day:
            told.append(f"{saying.day(on)}")
            day = on
        first, *more = line.words.splitlines() or [""]
        told.append(f"{in_london(line.at):%H:%M} {_who(line, provider)}: {first}")
        told += [f"      {words}" for words in more]
    return "\n".join(told)


def _who(line: ChatLine, provider: str) -> str:
    name = " ".join(line.name.split())
    if line.writer == Writer.CUSTOMER:
        return f"{name} (customer)" if name else "Customer"
    return f"{name} ({provider})" if line.writer == Writer.PERSON else provider


# --- by the clock ------------------------------------------------------------------------------------------


def file_dropped(now: datetime) -> int:
    """End every chat that nobody answered, that fell silent or that its browser left; how many there were.

    One that cannot be filed raises an alarm, stays as it is, and never stops the others.
    """
    filed = 0
    for chat in _gone_quiet(now):
        why = dropped(chat, now)
        if not why:
            continue
        try:
            file(chat.pk, SYSTEM, now, Ending(why, _TOLD[why]))
        except DatabaseError:
            raise
        except Exception as fault:
            log.exception("chat %s cannot be filed", chat.pk)
            _faulty(chat, fault, now)
        else:
            alarms.clear(FAULT, [str(chat.pk)], now)
            filed += 1
    return filed


def _gone_quiet(now: datetime) -> list[Chat]:
    """The chats in which nothing was written for a while, and those that wait too long; found by their indexes."""
    quiet = Q(latest__lte=now - GONE_AFTER) | Q(state=ChatState.WAITING, opened__lte=now - WAITS_AT_MOST)
    left = Q(state=ChatState.WAITING, customer_left=True)
    found = Chat.objects.filter(quiet | left, over=False).select_related("provider", "proved")
    return list(found.order_by("latest", "id")[:AT_ONCE])


def dropped(chat: Chat, now: datetime) -> str:
    """Why a chat ends by itself at this moment; empty while it goes on."""
    quiet = now - chat.latest
    held = bool(chat.person) and chat.person in chats.who_is_there(chat.provider_id, now)
    if chat.customer_left and not chat.person:
        return "left"
    if not chat.person and (quiet >= UNANSWERED_AFTER or now - chat.opened >= WAITS_AT_MOST):
        return "unanswered"
    if chat.person and not held and chat.latest_by == Writer.CUSTOMER and quiet >= UNANSWERED_AFTER:
        return "unanswered"
    answered = chat.latest_by == Writer.PERSON
    if quiet >= GONE_AFTER and now - chat.customer_seen > (AWAY_AFTER if answered else GONE_AFTER):
        return "gone"
    return "silent" if quiet >= SILENT_AFTER else ""


_TOLD: Final = {
    "left": "We have kept what you wrote, and will get in touch.",
    "unanswered": "We are sorry: nobody could answer you in time. We have kept what you wrote, and will get in touch.",
    "gone": "The customer has left. The chat ended by itself.",
    "silent": "Nobody has written for a while. The chat ended by itself.",
}


def _faulty(chat: Chat, fault: Exception, now: datetime) -> None:
    text = f"Chat {chat.pk} cannot be put on a case: {type(fault).__name__}"
    alarms.raise_all(
        [alarms.alarm(FAULT, str(chat.pk), text, "A chat cannot be filed", now, chat.provider_id)]
    )


# --- whose case it may be ----------------------------------------------------------------------------------


def suggestions(chat: Chat, words: str = "") -> list[int]:
    """The cases that a person may want to look at: the proved one, those whose references were written, the address's."""
    said = "\n".join(line.words for line in ChatLine.objects.filter(chat=chat)) + f"\n{words}"
    named = reference.found(said)[:10]
    rows = CaseRow.objects.filter(provider=chat.provider_id, reference__in=named).order_by("-pk")
    found = [chat.proved_id] if chat.proved_id else []
    found += list(rows.values_list("pk", flat=True))
    if chat.email:
        same = CaseAddress.objects.filter(provider=chat.provider_id, address_key=Address("", chat.email).key)
        found += list(same.order_by("-case_id").values_list("case_id", flat=True)[:10])
    return list(dict.fromkeys(found))
