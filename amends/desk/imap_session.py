"""One signed-in look at a mailbox by IMAP, read-only: nothing is marked, moved or deleted (L17).

The standard library's imaplib is used as it is: it gives raw bytes, and no parser stands between them and the disk.
"""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, Self

from amends.core.calendar import in_london
from amends.desk import calls, grants, home, sasl
from amends.desk.fields import message_ids
from amends.desk.folder_names import wire
from amends.desk.models import Mailbox

TIMEOUT: Final = 60.0
"""Seconds for each answer of a mail server."""

Part = bytes | tuple[bytes, bytes] | None
"""What imaplib gives: lines, and pairs of a line's head with the literal bytes behind it."""

_UID: Final = re.compile(rb"\bUID (\d+)")
_DATED: Final = re.compile(rb'INTERNALDATE "([^"]+)"')
_LISTED: Final = re.compile(rb'\((?P<flags>[^)]*)\) (?:"(?:\\.|[^"])*"|NIL) ?(?P<name>.*)', re.DOTALL)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_BROKEN: Final = (imaplib.IMAP4.error, OSError, UnicodeError, calls.NotTaken, sasl.Unspeakable)
#: Where no folder is marked, the names under which servers keep junk.
_JUNK_NAMES: Final = ("junk", "spam", "junk email", "junk e-mail", "bulk mail")


class NotHeard(Exception):
    """The mailbox could not be read; the words say why. What was fetched until then is kept."""


@dataclass(frozen=True, slots=True)
class Came:
    """One message as the server holds it: its bytes, and the server's own words for when it came."""

    raw: bytes
    dated: str


class Session:
    """A connection to the mail server of a mailbox, signed in. Everything raises NotHeard."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        self.validity = 0
        self.newest = 0
        self.way = "password"
        """How it signed in: `password`, or the mechanism that took its token."""

    def __enter__(self) -> Self:
        try:
            self._imap = self._signed_in()
            self._offers = self._imap.capability()[1]
        except (*_BROKEN, home.NoSecret, grants.NotGranted) as broken:
            raise self._not_heard(broken) from broken
        return self

    def __exit__(self, *fault: object) -> None:
        try:
            self._imap.logout()
        except (imaplib.IMAP4.error, OSError):
            self._imap.shutdown()

    def _not_heard(self, broken: Exception) -> NotHeard:
        said = str(broken) if isinstance(broken, grants.NotGranted | sasl.Unspeakable) else _said(broken)
        return NotHeard(f"{self._mailbox.imap_host}: {said}")

    # --- coming in ------------------------------------------------------------------------------------------

    def _signed_in(self) -> imaplib.IMAP4:
        grant = grants.grant_of(self._mailbox)
        if grant is None:
            return self._by_password(home.password(self._mailbox.imap_password))
        try:
            return self._by_token(grants.token(grant))
        except _TokenRefused:
            # It may have been withdrawn before its time, or this machine's clock is wrong.
            return self._by_token(grants.token(grant, anew=True))

    def _by_password(self, password: str) -> imaplib.IMAP4:
        imap = self._connect()
        try:
            imap.login(_quoted(self._mailbox.imap_user), password)
        except BaseException:
            imap.shutdown()
            raise
        return imap

    def _by_token(self, token: str) -> imaplib.IMAP4:
        box, imap = self._mailbox, self._connect()
        try:
            offered = [str(each)[5:] for each in imap.capabilities if str(each).startswith("AUTH=")]
            self.way = sasl.chosen(offered)
            bearer = sasl.Bearer(self.way, box.imap_user or box.address, token, box.imap_host, box.imap_port)
            try:
                imap.authenticate(self.way, lambda challenge: bearer.answer(challenge).encode())
            except imaplib.IMAP4.error as refused:
                raise _TokenRefused(bearer.refusal or str(refused)) from refused
        except BaseException:
            imap.shutdown()
            raise
        return imap

    def _connect(self) -> imaplib.IMAP4:
        box = self._mailbox
        if not box.imap_tls:
            plain = imaplib.IMAP4 if box.inside else _Outside
            return plain(box.imap_host, box.imap_port, timeout=TIMEOUT)
        encrypted = imaplib.IMAP4_SSL if box.inside else _OutsideTls
        trusted = ssl.create_default_context()
        return encrypted(box.imap_host, box.imap_port, ssl_context=trusted, timeout=TIMEOUT)

    # --- looking around -------------------------------------------------------------------------------------

    def open(self, folder: str) -> None:
        """Look into a folder, without marking anything in it."""
        self._said_well(f"folder {folder}", lambda: self._imap.select(_quoted(wire(folder)), readonly=True))
        self.validity = self._number("UIDVALIDITY")
        self.newest = max(0, self._number("UIDNEXT", 1) - 1)

    def junk(self) -> str:
        """The name of the junk folder: the one that is marked as such (RFC 6154), else one of a usual name; or ""."""
        # Asked again behind the sign-in: before it, many servers name no more than the ways in.
        special = any(
            b"SPECIAL-USE" in each.upper().split() for each in self._offers if isinstance(each, bytes)
        )
        named = self._listed('(SPECIAL-USE) ""') if special else []
        named = named or self._listed('""')
        marked = [name for flags, name in named if rb"\junk" in flags.lower().split()]
        if not marked and special:
            named = self._listed('""')
        usual = [name for _, name in named if re.split(r"[./]", name)[-1].lower() in _JUNK_NAMES]
        return next(iter(marked or usual), "")

    def _listed(self, reference: str) -> list[tuple[bytes, str]]:
        found = self._said_well("its folders", lambda: self._imap.list(reference, '"*"'))
        return [each for part in found if (each := _folder(part)) is not None]

    def search(self, what: str) -> list[int]:
        """The UIDs that fit, smallest first."""
        found = self._said_well("search", lambda: self._imap.uid("SEARCH", what))
        return sorted(int(uid) for line in found if isinstance(line, bytes) for uid in line.split())

    def since(self, at: datetime) -> list[int]:
        """The UIDs of what came on this London day or later."""
        day = in_london(at)
        return self.search(f"SINCE {day.day}-{_MONTHS[day.month - 1]}-{day.year}")

    def fetch(self, uid: int) -> Came | None:
        """One message, unmarked; None where it is gone: somebody removed it or moved it meanwhile."""
        answer = self._fetched(str(uid), "(UID INTERNALDATE BODY.PEEK[])")
        raw = next((part[1] for part in answer if isinstance(part, tuple)), None)
        if raw is None:
            return None
        dated = _DATED.search(b" ".join(_heads(answer)))
        return Came(bytes(raw), dated[1].decode("ascii", "replace") if dated else "")

    def ids(self, since: datetime) -> Iterator[tuple[int, str]]:
        """The UIDs since a day, each with its Message-ID, "" where it has none."""
        uids = self.since(since)
        for start in range(0, len(uids), 500):
            some = ",".join(map(str, uids[start : start + 500]))
            for part in self._fetched(some, "(UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"):
                found = _UID.search(part[0]) if isinstance(part, tuple) else None
                if found is not None and isinstance(part, tuple):
                    yield int(found[1]), _id(part[1])

    def _fetched(self, uids: str, what: str) -> list[Part]:
        return self._said_well("fetch", lambda: self._imap.uid("FETCH", uids, what))

    def _number(self, name: str, otherwise: int = 0) -> int:
        said = self._imap.response(name)[1][0]
        return int(said) if isinstance(said, bytes | str) and said.isdigit() else otherwise

    def _said_well(self, what: str, ask: Callable[[], tuple[str, Sequence[Part]]]) -> list[Part]:
        try:
            status, answer = ask()
            if status != "OK":
                raise imaplib.IMAP4.error(f"{what}: {status}: {answer[:1]}")
        except _BROKEN as broken:
            raise self._not_heard(broken) from broken
        return list(answer)


class _TokenRefused(imaplib.IMAP4.error):
    """The server does not take the token."""


class _Outside(imaplib.IMAP4):
    """A line that may lead nowhere but outside: see `calls`."""

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return calls.connect(self.host, self.port, private_network=False, timeout=timeout or TIMEOUT)


class _OutsideTls(imaplib.IMAP4_SSL):
    """The same, encrypted."""

    def _create_socket(self, timeout: float | None) -> ssl.SSLSocket:
        line = calls.connect(self.host, self.port, private_network=False, timeout=timeout or TIMEOUT)
        trusted: ssl.SSLContext = self.ssl_context
        return trusted.wrap_socket(line, server_hostname=self.host)


def _quoted(words: str) -> str:
    """Words as a quoted string of IMAP, which no name can break out of."""
    plain = "".join(c for c in words if c >= " " and c != "\x7f")
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _folder(part: Part) -> tuple[bytes, str] | None:
    """The flags and the name of a folder in one answer to LIST; the name may stand behind the line as a literal."""
    line, literal = part if isinstance(part, tuple) else (part, None)
    found = _LISTED.match(line) if line else None
    if found is None:
        return None
    name = literal if literal is not None else found["name"].strip()
    if name[:1] == b'"' and name[-1:] == b'"' and literal is None:
        name = re.sub(rb"\\(.)", rb"\1", name[1:-1])
    return found["flags"], name.decode("ascii", "replace")


def _heads(answer: Sequence[Part]) -> Iterator[bytes]:
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


def _said(broken: Exception) -> str:
    return f"{type(broken).__name__.lstrip('_')}: {broken}"[:300]
