"""Whether the chat of a provider is open at a moment: in the hours of its code, and only while somebody is there for it.

O-webchat    the chat opens and closes with the hours that the code gives it
S-recording  the code's notice that contacts may be recorded is known before the first word is written

Outside those hours, and inside them while nobody is there, a message form takes its place: what somebody wants to say
is never turned away. A chat that has begun is finished, however late it gets.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db.models import QuerySet

from amends.core.calendar import Calendar, UnknownDay
from amends.core.code import Channel, Code, ContactPoint
from amends.core.hours import Timetable
from amends.desk.access import WORKS_ON_CASES
from amends.desk.dates_said import opening
from amends.desk.models import Chat, ChatPresence, ChatState

AWAY_AFTER: Final = timedelta(minutes=2)
"""After so long without a sign of its browser somebody is away; a hidden window gives a sign once a minute."""
WAITING_AT_MOST: Final = 40
"""So many chats wait at one provider; whoever comes then gets the message form, and an answer sooner."""


class Shut(StrEnum):
    """Why a chat cannot begin now."""

    NONE = "none"
    """The code offers no chat."""
    HOURS = "hours"
    NOBODY = "nobody"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class ChatDoor:
    """The chat of a provider at one moment."""

    point: ContactPoint | None
    shut: Shut | None
    hours: str = ""
    """The opening hours in words; empty where the code states none."""
    closes: datetime | None = None
    opens: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether a chat can begin now."""
        return self.shut is None

    @property
    def notice(self) -> str:
        """What the code says of recording, to be read before the first word; empty where it says nothing."""
        return self.point.recording.strip() if self.point else ""


def chat_door(provider: str, code: Code | None, calendar: Calendar | None, now: datetime) -> ChatDoor:
    """Whether a chat can begin at this provider now, under the code of today."""
    doors = [_by_hours(p, code, calendar, now) for p in points(code)] if code else []
    if not doors:
        return ChatDoor(None, Shut.NONE)
    door = next((d for d in doors if d.is_open), min(doors, key=lambda d: (d.opens is None, d.opens)))
    shut = door.shut or (None if somebody_is_there(provider, now) else Shut.NOBODY) or _full(provider)
    return ChatDoor(door.point, shut, door.hours, door.closes, door.opens)


def points(code: Code) -> list[ContactPoint]:
    """The chats that a code offers, those for complaints first."""
    found = [p for p in code.contacts if p.channel is Channel.WEBCHAT]
    return sorted(found, key=lambda p: p.purpose != "complaints")


def _by_hours(point: ContactPoint, code: Code | None, calendar: Calendar | None, now: datetime) -> ChatDoor:
    hours = code.hours.get(point.hours or "") if code else None
    if hours is None or calendar is None:
        return ChatDoor(point, None)
    table, said = Timetable(hours, calendar), opening(hours)
    try:
        if table.is_open(now):
            closes = next(iter(table.windows(now, now + timedelta(days=1)))).end
            return ChatDoor(point, None, said, closes)
        return ChatDoor(point, Shut.HOURS, said, None, table.next_opening(now))
    except UnknownDay:
        # Whether this day is a bank holiday is not known: then the people who are there decide.
        return ChatDoor(point, None, said)


def somebody_is_there(provider: str, now: datetime) -> bool:
    """Whether anybody of the provider is there for chats."""
    return there(provider, now).exists()


def there(provider: str, now: datetime) -> QuerySet[ChatPresence]:
    """Who is there for chats at this moment."""
    return ChatPresence.objects.filter(
        provider=provider, here=True, seen__gt=now - AWAY_AFTER, person__is_active=True,
        person__roles__provider=provider, person__roles__role__in=WORKS_ON_CASES,
    ).distinct()  # fmt: skip


def _full(provider: str) -> Shut | None:
    waiting = Chat.objects.filter(provider=provider, over=False, state=ChatState.WAITING)
    return Shut.FULL if waiting[:WAITING_AT_MOST].count() >= WAITING_AT_MOST else None
