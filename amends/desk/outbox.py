"""Sends what was frozen: claim, send, settle. What became of each letter is a fact on its case (C16).

The same letter always carries the same Message-ID. When nobody can know whether it left (the line broke after the whole
mail was handed over, or the sender died), it is in doubt: an acknowledgement or ADR letter goes again, for twice is
better than never; everything else waits for a person, for it may hold money or an offer. A letter that a server refuses
for good has failed, and the case looks for another way.
"""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Self

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from amends.core import facts as f
from amends.core.data_requests import ACKNOWLEDGED
from amends.core.kinds import COPY_LETTER
from amends.desk import alarms, attached, documents, grants, home, needs
from amends.desk.claims import LEASE, Claims, expired, first_lane, give_back
from amends.desk.compose import ACKNOWLEDGEMENT, ADR_LETTER, Envelope, NoAddress, compose
from amends.desk.models import Lane, Mail, Mailbox, MailGrant, Outgoing, Provider
from amends.desk.record import docket
from amends.desk.smtp import InDoubt, Line, NotReached, NotSent, Refused, Server

log = logging.getLogger(__name__)

GOES_AGAIN: Final = frozenset({ACKNOWLEDGEMENT, ADR_LETTER, COPY_LETTER, ACKNOWLEDGED})
"""What is sent again when it is in doubt: somebody waits for it, and the same words twice do no harm."""
TRIES: Final = 30
"""About a day of trying; then the letter has failed on this way."""
LONGEST_PAUSE: Final = timedelta(hours=1)
REST: Final = timedelta(minutes=1)
"""How long a provider's other letters wait when its mail server cannot be reached."""
FAULT: Final = "a fault of ours: "
"""How `last_error` begins where a letter was put off because the program failed on it: a watcher looks for it."""
UNTOLD: Final = "its case would not take it: "
"""How `last_error` begins where it is known what became of a letter, and its case could not record it."""
LOCKED_OUT: Final = "no password: "
"""How `last_error` begins where a password is named and not there: no try mends that, so its alarm comes at once."""
POISON: Final = "poison case"
IN_DOUBT: Final = "in doubt"
PDF_TRIES: Final = 3
"""An ADR letter whose PDF cannot be made leaves without it then: late is worse."""


@dataclass(slots=True)
class Counts:
    """What one run of the outbox did."""

    sent: int = 0
    failed: int = 0
    put_off: int = 0
    in_doubt: int = 0
    not_reached: dict[str, str] = field(default_factory=dict)
    """Providers whose mail server could not be reached, and why: the last words of this run."""

    def total(self) -> int:
        """How many letters were handled."""
        return self.sent + self.failed + self.put_off + self.in_doubt


@dataclass(slots=True)
class Outbox:
    """One sender. Any number of them may run side by side, in any number of processes."""

    clock: Callable[[], datetime]
    """Gives this moment, aware."""
    claims: Claims = field(default_factory=Claims)
    resting: dict[str, datetime] = field(default_factory=dict)
    """Providers whose mail server did not answer, and until when they are left alone."""

    def run(self, *, batches: int | None = None, until: Callable[[], bool] = lambda: False) -> Counts:
        """Send what is ready, until nothing is, or so many batches are done, or `until` says stop."""
        counts = Counts()
        counts.in_doubt += recover(self.clock())
        while (batches is None or batches > 0) and not until():
            now = self.clock()
            resting = [provider for provider, until_then in self.resting.items() if until_then > now]
            lane = first_lane(now, resting)
            if lane is None:
                break
            put_off = make_documents(now, lane)
            letters = self.claims.take(now, resting)
            if not letters and not put_off:
                break  # another sender holds what is ready
            self._send_all(letters, counts)
            batches = None if batches is None else batches - 1
        return counts

    def _send_all(self, letters: list[Outgoing], counts: Counts) -> None:
        """Send one batch, each provider over one line; what time or a fault does not allow goes back untouched."""
        begun, waiting = time.monotonic(), list(letters)
        try:
            waiting = _complete(letters)
            with Lines() as lines:
                while waiting:
                    now, letter = self.clock(), waiting.pop(0)
                    in_time = time.monotonic() - begun < LEASE.total_seconds() / 3
                    if not in_time or self.resting.get(letter.provider_id, now) > now:
                        give_back(letter)
                        continue
                    self._send(letter, lines, counts, now)
        finally:
            # Only a letter that was begun can be in doubt.
            for untouched in waiting:
                give_back(untouched)

    def _send(self, letter: Outgoing, lines: Lines, counts: Counts, now: datetime) -> None:
        try:
            _leave(letter, lines, now)
        except (Refused, NoAddress) as refused:
            _told(letter, "failed", str(refused), now)
            counts.failed += 1
        except NotSent as broken:
            if isinstance(broken, NotReached):
                self.resting[letter.provider_id] = now + REST
                counts.not_reached[letter.provider_id] = str(broken)
                log.warning("letters of %s wait: %s", letter.provider_id, broken)
            self._put_off(letter, str(broken), counts, now)
        except InDoubt as doubt:
            _told(letter, IN_DOUBT, str(doubt), now)
            counts.in_doubt += 1
        except MailOff:
            give_back(letter, state="held")
        except Exception as fault:
            # One letter on which the program fails must not stop the mail of all the others.
            log.exception("letter %s could not be sent", letter.key)
            lines.close()
            self._put_off(letter, f"{FAULT}{alarms.fault(fault)}"[:500], counts, now)
        else:
            _told(letter, "sent", "", now)
            counts.sent += 1

    @staticmethod
    def _put_off(letter: Outgoing, why: str, counts: Counts, now: datetime) -> None:
        if letter.attempts >= TRIES:
            _told(letter, "failed", f"given up after {letter.attempts} tries: {why}", now)
            counts.failed += 1
            return
        give_back(letter, not_before=now + pause(letter.attempts), why=why.replace("\0", ""))
        counts.put_off += 1


def pause(tries: int) -> timedelta:
    """How long a letter waits after so many tries: one minute, two, four, at last an hour."""
    return min(timedelta(minutes=2 ** min(tries - 1, 10)), LONGEST_PAUSE)


# --- what became of a letter -------------------------------------------------------------------------------


def settle(letter: Outgoing, fate: str, why: str, now: datetime) -> bool:
    """Record what became of a claimed letter; False where the lease had been lost to another sender."""
    with docket(letter.case_id, now=now) as taken:
        state, token = Outgoing.objects.values_list("state", "lease_token").get(pk=letter.pk)
        ours = state == "claimed" and token == letter.lease_token
        # Recovered as in doubt while we were still at it: we know better, and it need not go again.
        if not ours and not (fate == "sent" and state in ("ready", "in doubt")):
            log.warning("letter %s: %s, but its lease was lost; it is %s", letter.key, fate, state)
            return False
        taken.cases[letter.case_id].add(f.LetterFate(at=now, logged=now, key=letter.key, fate=fate, why=why))
    return True


def _told(letter: Outgoing, fate: str, why: str, now: datetime) -> bool:
    """Record what became of a claimed letter; False, with an alarm, where its case cannot be worked on.

    The letter then stays claimed, with what became of it beside it, so that `recover` tries again and it never goes
    twice.
    """
    try:
        with transaction.atomic():
            if fate == IN_DOUBT:
                doubted(letter, why, now)
            else:
                settle(letter, fate, why, now)
    except Exception as fault:
        log.exception("letter %s: %s, which its case could not record", letter.key, fate)
        _claimed(letter).update(
            lease_until=now + LEASE, last_error=f"{UNTOLD}{fate}: {why}".replace("\0", "")
        )
        _poisoned(letter, fault, now)
        return False
    return True


def _claimed(letter: Outgoing) -> QuerySet[Outgoing]:
    return Outgoing.objects.filter(pk=letter.pk, state="claimed", lease_token=letter.lease_token)


def _poisoned(letter: Outgoing, fault: Exception, now: datetime) -> None:
    text = f"{letter.key}: its case cannot be worked on: {alarms.fault(fault)}"
    alarms.raise_all([
        alarms.alarm(POISON, str(letter.case_id), text, "A case cannot be worked on", now, letter.provider_id)
    ])  # fmt: skip


def doubted(letter: Outgoing, why: str, now: datetime) -> None:
    """Record that nobody knows whether a letter left; one that the law needs is made ready to go again."""
    with transaction.atomic():
        with docket(letter.case_id, now=now) as taken:
            if not _claimed(letter).exists():
                return
            taken.cases[letter.case_id].add(
                f.LetterFate(at=now, logged=now, key=letter.key, fate="in doubt", why=why)
            )
        if letter.letter in GOES_AGAIN:
            _ready(letter.pk, now + pause(letter.attempts), why)
        else:
            Outgoing.objects.filter(pk=letter.pk).update(last_error=why)


def recover(now: datetime) -> int:
    """Look after letters whose sender died while it held them, or whose case took no fact; how many are in doubt."""
    lost = expired(now)
    done = [letter for letter in lost if _told(letter, *_known(letter), now)]
    alarms.clear(
        POISON, {str(letter.case_id) for letter in done if letter.last_error.startswith(UNTOLD)}, now
    )
    return sum(_known(letter)[0] == IN_DOUBT for letter in done)


def _known(letter: Outgoing) -> tuple[str, str]:
    """What is known of a letter that was left claimed: its fate, and why."""
    if letter.last_error.startswith(UNTOLD):
        fate, _, why = letter.last_error.removeprefix(UNTOLD).partition(": ")
        return fate, why
    return IN_DOUBT, "the sender stopped before it could say what became of it"


def send_again(letter: Outgoing, now: datetime) -> bool:
    """Let a letter in doubt go once more, because a person decided so; False where it is in doubt no longer.

    It carries the same Message-ID.
    """
    with docket(letter.case_id, now=now):
        doubtful = Outgoing.objects.filter(pk=letter.pk, state="in doubt").exists()
        if doubtful:
            _ready(letter.pk, now, letter.last_error)
    return doubtful


def _ready(letter: int, not_before: datetime, why: str) -> None:
    Outgoing.objects.filter(pk=letter).update(
        state="ready",
        not_before=not_before,
        settled_at=None,
        last_error=why,
        lease_until=None,
        lease_token="",
    )


# --- the ways out ------------------------------------------------------------------------------------------


class MailOff(Exception):
    """The provider's mail was switched off after the letter was claimed."""


class Lines:
    """The connections of one batch: one for each mailbox."""

    def __init__(self) -> None:
        self._open: dict[int, Line] = {}
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: object) -> None:
        self._stack.close()

    def close(self) -> None:
        """Say goodbye on every line; the next letter opens its own again."""
        for line in self._open.values():
            line.close()

    def of(self, mailbox: Mailbox) -> Line:
        """The connection through which this mailbox writes. Raises NotReached where none is allowed or none is set."""
        if mailbox.pk not in self._open:
            domain = mailbox.address.rpartition("@")[2]
            self._open[mailbox.pk] = self._stack.enter_context(Line(server_of(mailbox), domain))
        return self._open[mailbox.pk]


def server_of(mailbox: Mailbox) -> Server:
    """The mail server of a mailbox. Raises NotReached where none is set, or a played clock would write to the world."""
    if not mailbox.smtp_host:
        raise NotReached(f"no outgoing mail server is set for {mailbox.address}")
    if settings.MANUAL_CLOCK and not is_loopback(mailbox.smtp_host):
        raise NotReached("the clock is set by hand (AMENDS_CLOCK=manual): no mail leaves this machine")
    to = (mailbox.smtp_host, mailbox.smtp_port, mailbox.smtp_tls)
    grant = grants.grant_of(mailbox)
    if grant is not None:
        user = mailbox.smtp_user or mailbox.address
        return Server(*to, user, token=lambda anew: _token(grant, anew=anew), inside=mailbox.inside)
    try:
        password = home.password(mailbox.smtp_password)
    except home.NoSecret as missing:
        raise NotReached(f"{LOCKED_OUT}{missing}") from missing
    return Server(*to, mailbox.smtp_user, password, inside=mailbox.inside)


def _token(grant: MailGrant, *, anew: bool) -> str:
    try:
        return grants.token(grant, anew=anew)
    except grants.NotGranted as missing:
        raise NotReached(str(missing)) from missing


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    name = host.strip("[]").lower()
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _leave(letter: Outgoing, lines: Lines, now: datetime) -> None:
    provider = Provider.objects.get(pk=letter.provider_id)
    if provider.mail == Mail.OFF:
        raise MailOff
    mailbox = mailbox_of(letter)
    envelope = compose(letter, mailbox, now)
    if provider.mail == Mail.FOLDER:
        into_folder(letter, envelope)
    else:
        lines.of(mailbox).send(envelope.sender, envelope.recipient, envelope.content)


def mailbox_of(letter: Outgoing) -> Mailbox:
    """The mailbox from which a provider writes: its first. Without one, an address made from the letter's own domain."""
    found = Mailbox.objects.filter(provider=letter.provider_id).order_by("pk").first()
    domain = letter.message_id.strip("<>").rpartition("@")[2]
    return found or Mailbox(provider_id=letter.provider_id, address=f"complaints@{domain}")


def into_folder(letter: Outgoing, envelope: Envelope) -> Path:
    """Write a mail into the desk's own folder; twice is once, for its name is the letter's."""
    folder = home.make() / "outgoing" / letter.provider_id
    folder.mkdir(mode=home.PRIVATE_FOLDER, parents=True, exist_ok=True)
    path = folder / f"{letter.key.replace('/', '-')}.eml"
    half = path.with_suffix(f".{os.getpid()}.part")
    with half.open("wb") as file:
        file.write(envelope.content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
    return path


# --- before a claim ----------------------------------------------------------------------------------------


def make_documents(now: datetime, lane: int = Lane.LAW) -> int:
    """Make what letters of a lane leave with, outside every transaction, once; how many could not be made.

    It is the PDF of an ADR letter, and any letter in its customer's format.
    """
    missing = 0
    for letter, kind in attached.waiting(now, lane):
        try:
            documents.document(letter, kind)
        except Exception as fault:
            log.exception("letter %s: its %s could not be made", letter.key, kind.name)
            _document_missing(letter, kind, f"{alarms.fault(fault)}", now)
            missing += 1
    return missing


def _complete(letters: list[Outgoing]) -> list[Outgoing]:
    """The claimed letters that have what they leave with; one that was decided just now goes back for its documents."""
    lacking = attached.lacking(letters)
    complete = []
    for letter in letters:
        if letter.pk in lacking and letter.attempts <= PDF_TRIES:
            give_back(letter)
        else:
            complete.append(letter)
    return complete


def _document_missing(letter: Outgoing, kind: documents.Kind, why: str, now: datetime) -> None:
    """Try again in a minute; at last leave without it, for the letter itself stands in the mail.

    A person then sends it in the customer's format.
    """
    what = "PDF" if kind in (documents.A4, documents.CODE_PDF) else f"{letter.format} version"
    alarms.raise_all([
        alarms.alarm(
            "no PDF", letter.key, f"The {what} of a letter of {letter.case.reference} could not be made: {why}",
            "A letter without its PDF", now, letter.provider_id,
        )
    ])  # fmt: skip
    tries = letter.attempts + 1
    if tries >= PDF_TRIES and kind is not documents.A4:
        try:
            needs.ask_a_person(letter, f"This machine could not make it: {why}"[:300], now)
        except Exception as fault:
            log.exception("letter %s: a person could not be asked for its %s", letter.key, what)
            _poisoned(letter, fault, now)
    waits = now + pause(tries) if tries < PDF_TRIES else letter.not_before
    Outgoing.objects.filter(pk=letter.pk, state="ready").update(
        attempts=tries, not_before=waits, last_error=f"{what}: {why}"[:500]
    )
