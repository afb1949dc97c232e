"""Fetches mail by IMAP: everything above the last UID taken in, never by the unread flag, never deleting (L17, L18).

A message counts as fetched only when its raw bytes are kept. When the server numbers its mailbox anew, everything since
some days before the last whole poll is fetched again, and what was kept already is found to be the same. Once a day the
Message-IDs of the last days are compared with what was kept, so that a message that slipped through is found.

Beside the main folder those that were named are read, and the junk folder: a complaint that a filter took for junk is a
complaint all the same. One folder that cannot be read keeps no other from being read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from django.db.models import Min

from amends.desk.imap_session import NotHeard, Session, internal_date
from amends.desk.inbox import UNDATED
from amends.desk.models import KeptMessage, Mailbox, MailFolder

__all__ = ["NotHeard", "internal_date"]

SINCE: Final = "since:"
"""How `last_uid` begins before the first poll: it then names the day from which mail is fetched."""
OVERLAP: Final = timedelta(days=3)
"""How far back to look when the server numbers anew, and in the daily comparison."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One message as the server holds it; `received` is the server's own record, aware."""

    uid: int
    received: datetime
    raw: bytes
    odd: str = ""
    """What was odd about what the server says of it, in plain words."""
    junk: bool = False
    """Whether it lay in the junk folder."""


Take = Callable[[Fetched], None]
"""Keeps one message; raises when it could not be kept, and polling then stops before it."""
Place = Mailbox | MailFolder
"""What remembers where polling stands in a folder: the mailbox for its main one, a row of its own for each other."""


def poll(mailbox: Mailbox, take: Take, now: datetime) -> int:
    """Fetch what is new and hand each message to `take`; how many. Raises NotHeard, and whatever `take` raises."""
    with Session(mailbox) as session:
        return _each(mailbox, session, now, lambda place: _polled(place, session, take, now))


def _polled(place: Place, session: Session, take: Take, now: datetime) -> int:
    count, last, by_date = 0, 0, not place.last_uid.startswith(f"{session.validity}:")
    for uid in _new(place, session):
        count += _taken(session, uid, take, now, junk=_is_junk(place))
        _reached(place, session.validity, uid)
        last = uid
    if by_date and last < session.newest:
        # What stands above is older than the first day: somebody put it there later.
        _reached(place, session.validity, session.newest)
    place.polled = now
    type(place).objects.filter(pk=place.pk).update(polled=now)
    return count


def _new(place: Place, session: Session) -> list[int]:
    """The UIDs to fetch, oldest first: those above where the last poll had come, or all since where numbers tell nothing."""
    validity, _, uid = place.last_uid.partition(":")
    if validity.isdigit() and int(validity) == session.validity:
        # "n:*" names the last message even when it lies below n.
        return [found for found in session.search(f"UID {int(uid) + 1}:*") if found > int(uid)]
    return session.since(_begins(place))


def _taken(session: Session, uid: int, take: Take, now: datetime, *, junk: bool) -> int:
    """Hand one message over with the server's record of when it came, `now` where that cannot be read; 0 if it is gone."""
    came = session.fetch(uid)
    if came is None:
        return 0
    try:
        received, odd = internal_date(came.dated), ""
    except NotHeard:
        # One date that nobody can read must not keep every later message from coming (L17).
        received, odd = now, UNDATED
    take(Fetched(uid, received, came.raw, odd, junk))
    return 1


def compare(mailbox: Mailbox, take: Take, now: datetime, since: datetime | None = None) -> int:
    """Hand over every message of the last days whose Message-ID was never kept; how many. Raises NotHeard.

    It looks back to `since`, what `begins` said before the last poll, where that is longer ago.
    """

    def compared(place: Place) -> int:
        back = max(min(now - OVERLAP, since or now), _first_day(mailbox))
        if isinstance(place, MailFolder):
            back = max(back, place.since)
        missing = [uid for uid, message_id in session.ids(back) if not _kept(mailbox, message_id)]
        return sum(_taken(session, uid, take, now, junk=_is_junk(place)) for uid in missing)

    with Session(mailbox) as session:
        return _each(mailbox, session, now, compared)


def _each(mailbox: Mailbox, session: Session, now: datetime, what: Callable[[Place], int]) -> int:
    """Do it in every folder that is read, the main one first; at the end NotHeard says which of them could not be."""
    count, broken = 0, ""
    for place, name in _places(mailbox, session, now):
        try:
            session.open(name)
            count += what(place)
        except NotHeard as unheard:
            if isinstance(place, Mailbox):
                raise
            broken = broken or str(unheard)
    if broken:
        raise NotHeard(broken)
    return count


def _places(mailbox: Mailbox, session: Session, now: datetime) -> Iterator[tuple[Place, str]]:
    # Where a further folder begins that was never read: with its mailbox, or days ago where that has been read for long.
    first = begins(mailbox) if mailbox.polled is None else max(now - OVERLAP, _first_day(mailbox))
    yield mailbox, mailbox.imap_folder
    junk = (mailbox.junk_folder or session.junk()) if mailbox.reads_junk else ""
    further = dict.fromkeys((*map(str, mailbox.more_folders), *filter(None, (junk,))))
    for name in further:
        if name != mailbox.imap_folder:
            yield _place(mailbox, name, first, junk=name == junk), name


def _place(mailbox: Mailbox, name: str, first: datetime, *, junk: bool) -> MailFolder:
    found, _ = MailFolder.objects.get_or_create(
        mailbox=mailbox, name=name, defaults={"provider": mailbox.provider, "junk": junk, "since": first}
    )
    if found.junk != junk:
        found.junk = junk
        found.save(update_fields=["junk"])
    return found


def _is_junk(place: Place) -> bool:
    return isinstance(place, MailFolder) and place.junk


def begins(mailbox: Mailbox) -> datetime:
    """From when on mail may be missing, whatever its numbers: some days before the last poll that came to its end.

    Before there was one, it is the mailbox's first day: what its `last_uid` names, what somebody said, when its first
    message came, or when its provider was set up.
    """
    named = mailbox.last_uid.removeprefix(SINCE) if mailbox.last_uid.startswith(SINCE) else ""
    if named:
        return datetime.fromisoformat(named).replace(tzinfo=UTC)
    if mailbox.polled is not None:
        return max(mailbox.polled - OVERLAP, _first_day(mailbox))
    if mailbox.fetch_from is not None:
        return _first_day(mailbox)
    kept = KeptMessage.objects.filter(provider=mailbox.provider_id, mailbox=mailbox)
    return kept.aggregate(first=Min("received"))["first"] or mailbox.provider.created


def _begins(place: Place) -> datetime:
    if isinstance(place, Mailbox):
        return begins(place)
    return max(place.polled - OVERLAP, place.since) if place.polled is not None else place.since


def _first_day(mailbox: Mailbox) -> datetime:
    """Before it no mail is fetched: an old mailbox must not become a thousand new complaints (L22)."""
    day = mailbox.fetch_from
    return datetime.combine(day, time.min, UTC) if day else datetime.min.replace(tzinfo=UTC)


def _kept(mailbox: Mailbox, message_id: str) -> bool:
    """Whether a message with this id was kept; one without an id is never known to be, and is looked at again."""
    return (
        bool(message_id)
        and KeptMessage.objects.filter(provider=mailbox.provider_id, message_id=message_id).exists()
    )


def _reached(place: Place, validity: int, uid: int) -> None:
    place.last_uid = f"{validity}:{uid}"
    type(place).objects.filter(pk=place.pk).update(last_uid=place.last_uid)
