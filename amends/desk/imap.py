"""Fetches mail by IMAP: everything above the last UID taken in, never by the unread flag, never deleting (L17, L18).

A message counts as fetched only when its raw bytes are kept. When the server numbers its mailbox anew, everything since
some days before the last whole poll is fetched again, and what was kept already is found to be the same. Once a day the
Message-IDs of the last days are compared with what was kept, so that a message that slipped through is found.

The standard library's imaplib is used as it is: it gives raw bytes, and no parser stands between them and the disk.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Self

from django.db.models import Min

from amends.core.calendar import in_london
from amends.desk import home
from amends.desk.fields import message_ids
from amends.desk.inbox import UNDATED
from amends.desk.models import KeptMessage, Mailbox

TIMEOUT: Final = 60.0
"""Seconds for each answer of a mail server."""
SINCE: Final = "since:"
"""How `last_uid` begins before the first poll: it then names the day from which mail is fetched."""
OVERLAP: Final = timedelta(days=3)
"""How far back to look when the server numbers anew, and in the daily comparison."""

Answer = list[bytes | tuple[bytes, bytes] | None]
"""What imaplib gives: lines, and pairs of a line's head with the literal bytes behind it."""

_UID: Final = re.compile(rb"\bUID (\d+)")
_DATED: Final = re.compile(rb'INTERNALDATE "([^"]+)"')
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class NotHeard(Exception):
    """The mailbox could not be read; the words say why. What was fetched until then is kept."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One message as the server holds it; `received` is the server's own record, aware."""

    uid: int
    received: datetime
    raw: bytes
    odd: str = ""
    """What was odd about what the server says of it, in plain words."""


Take = Callable[[Fetched], None]
"""Keeps one message; raises when it could not be kept, and polling then stops before it."""


def poll(mailbox: Mailbox, take: Take, now: datetime) -> int:
    """Fetch what is new and hand each message to `take`; how many. Raises NotHeard, and whatever `take` raises."""
    with _Session(mailbox) as session:
        count = 0
        for uid in session.new(mailbox.last_uid, begins(mailbox)):
            take(session.fetch(uid, now))
            count += 1
            _reached(mailbox, session.validity, uid)
        if not mailbox.last_uid.startswith(f"{session.validity}:"):
            _reached(mailbox, session.validity, session.newest)
    mailbox.polled = now
    Mailbox.objects.filter(pk=mailbox.pk).update(polled=now)
    return count


def compare(mailbox: Mailbox, take: Take, now: datetime, since: datetime | None = None) -> int:
    """Hand over every message of the last days whose Message-ID was never kept; how many. Raises NotHeard.

    It looks back to `since`, what `begins` said before the last poll, where that is longer ago.
    """
    back = max(min(now - OVERLAP, since or now), _first_day(mailbox))
    with _Session(mailbox) as session:
        missing = [uid for uid, message_id in session.ids(back) if not _kept(mailbox, message_id)]
        for uid in missing:
            take(session.fetch(uid, now))
        return len(missing)


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


def _reached(mailbox: Mailbox, validity: int, uid: int) -> None:
    mailbox.last_uid = f"{validity}:{uid}"
    Mailbox.objects.filter(pk=mailbox.pk).update(last_uid=mailbox.last_uid)


class _Session:
    """One signed-in look at one folder, read-only: nothing is marked, moved or deleted."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        self.validity = 0
        self.newest = 0

    def __enter__(self) -> Self:
        try:
            password = home.password(self._mailbox.imap_password)
            self._imap = self._connect()
        except (imaplib.IMAP4.error, OSError, home.NoSecret) as broken:
            raise NotHeard(f"{self._mailbox.imap_host}: {_said(broken)}") from broken
        try:
            self._imap.login(self._mailbox.imap_user, password)
            self._open()
        except (imaplib.IMAP4.error, OSError) as broken:
            self._imap.shutdown()
            raise NotHeard(f"{self._mailbox.imap_host}: {_said(broken)}") from broken
        return self

    def __exit__(self, *fault: object) -> None:
        try:
            self._imap.logout()
        except (imaplib.IMAP4.error, OSError):
            self._imap.shutdown()

    def _connect(self) -> imaplib.IMAP4:
        box = self._mailbox
        if not box.imap_tls:
            return imaplib.IMAP4(box.imap_host, box.imap_port, timeout=TIMEOUT)
        trusted = ssl.create_default_context()
        return imaplib.IMAP4_SSL(box.imap_host, box.imap_port, ssl_context=trusted, timeout=TIMEOUT)

    def _open(self) -> None:
        name = self._mailbox.imap_folder.replace("\\", "\\\\").replace('"', '\\"')
        self._said_well(*self._imap.select(f'"{name}"', readonly=True))
        self.validity = self._number("UIDVALIDITY")
        self.newest = max(0, self._number("UIDNEXT", 1) - 1)

    def _number(self, name: str, otherwise: int = 0) -> int:
        said = self._imap.response(name)[1][0]
        return int(said) if isinstance(said, bytes | str) and said.isdigit() else otherwise

    def new(self, last: str, since: datetime) -> list[int]:
        """The UIDs to fetch, oldest first, given where the last poll had come; `since` where numbers tell nothing."""
        validity, _, uid = last.partition(":")
        if validity.isdigit() and int(validity) == self.validity:
            # "n:*" names the last message even when it lies below n.
            return [found for found in self._search(f"UID {int(uid) + 1}:*") if found > int(uid)]
        return self._search(f"SINCE {_day(since)}")

    def _search(self, what: str) -> list[int]:
        try:
            found = self._said_well(*self._imap.uid("SEARCH", what))
        except (imaplib.IMAP4.error, OSError) as broken:
            raise NotHeard(f"{self._mailbox.imap_host}: {_said(broken)}") from broken
        return sorted(int(uid) for line in found if isinstance(line, bytes) for uid in line.split())

    def fetch(self, uid: int, now: datetime) -> Fetched:
        """One message with the server's record of when it came, `now` where that cannot be read.

        Reading it does not mark it as read.
        """
        answer = self._fetched(str(uid), "(UID INTERNALDATE BODY.PEEK[])")
        raw = next((part[1] for part in answer if isinstance(part, tuple)), None)
        dated = _DATED.search(b" ".join(_heads(answer)))
        if raw is None:
            raise NotHeard(f"{self._mailbox.imap_host}: message {uid} was not given")
        try:
            received = internal_date(dated[1].decode("ascii", "replace") if dated else "")
        except NotHeard:
            # One date that nobody can read must not keep every later message from coming (L17).
            return Fetched(uid, now, bytes(raw), UNDATED)
        return Fetched(uid, received, bytes(raw))

    def ids(self, since: datetime) -> Iterator[tuple[int, str]]:
        """The UIDs since a day, each with its Message-ID, "" where it has none."""
        uids = self._search(f"SINCE {_day(since)}")
        for start in range(0, len(uids), 500):
            some = ",".join(map(str, uids[start : start + 500]))
            for part in self._fetched(some, "(UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"):
                found = _UID.search(part[0]) if isinstance(part, tuple) else None
                if found is not None and isinstance(part, tuple):
                    yield int(found[1]), _id(part[1])

    def _fetched(self, uids: str, what: str) -> Answer:
        try:
            return self._said_well(*self._imap.uid("FETCH", uids, what))
        except (imaplib.IMAP4.error, OSError) as broken:
            raise NotHeard(f"{self._mailbox.imap_host}: {_said(broken)}") from broken

    @staticmethod
    def _said_well(status: str, answer: Sequence[bytes | tuple[bytes, bytes] | None]) -> Answer:
        if status != "OK":
            raise imaplib.IMAP4.error(f"{status}: {answer[:1]}")
        return list(answer)


def _heads(answer: Answer) -> Iterator[bytes]:
    """What the server says around the message itself, where its UID and date stand."""
    for part in answer:
        if isinstance(part, tuple):
            yield part[0]
        elif part is not None:
            yield part


def _id(header: bytes) -> str:
    _, _, value = header.decode("ascii", "replace").partition(":")
    return next(iter(message_ids([" ".join(value.split())])), "")


def internal_date(words: str) -> datetime:
    """The moment of an INTERNALDATE such as `17-Jul-1996 02:44:25 -0700`, in UTC. Raises NotHeard."""
    try:
        return parsedate_to_datetime(words.strip().replace("-", " ", 2)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError) as wrong:
        raise NotHeard(f"{words!r} is no date of a mail server") from wrong


def _day(at: datetime) -> str:
    day = in_london(at)
    return f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"


def _said(broken: Exception) -> str:
    return f"{type(broken).__name__}: {broken}"[:300]
