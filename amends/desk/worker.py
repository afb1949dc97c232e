"""Keeps the desk going: the ticker, the outbox, the mailboxes, the LMTP listener, each in a thread of its own.

Any number of workers may run side by side, on any number of machines: the database shares the work out. What fails is
written to the log and tried again after a pause; a worker that is told to stop ends what it holds first.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import FrameType
from typing import Final

from django.db import close_old_connections, connections

from amends.desk import imap
from amends.desk.inbox import receive
from amends.desk.lmtp import Listener
from amends.desk.models import Heartbeat, Mailbox
from amends.desk.now import now
from amends.desk.outbox import Outbox
from amends.desk.telling import tell
from amends.desk.ticker import Ticked, beat, make_rounds, tick

log = logging.getLogger(__name__)

PAUSE: Final = 1.0
"""Seconds between two looks at what is due."""
AFTER_A_FAULT: Final = 10.0
POLL: Final = timedelta(minutes=1)
TELL: Final = 20.0
"""Seconds between two looks at which alarms have to leave the house."""
COMPARE: Final = timedelta(hours=24)
GOODBYE: Final = 60.0
"""Seconds that a thread has to end what it holds."""


@dataclass(frozen=True, slots=True)
class Lmtp:
    """Where the LMTP listener stands."""

    host: str
    port: int


class Worker:
    """The threads of one worker. `run` ends when `stop` is set, by a signal or by whoever holds it."""

    def __init__(
        self, lmtp: Lmtp | None = None, pause: float = PAUSE, after_a_fault: float = AFTER_A_FAULT
    ) -> None:
        self.stop = threading.Event()
        self._lmtp = lmtp
        self._pause = pause
        self._after_a_fault = after_a_fault
        self._outbox = Outbox(now)
        self._tell_next = 0.0

    def run(self) -> None:
        """Work until told to stop."""
        listener = Listener(now, self._lmtp.host, self._lmtp.port) if self._lmtp else None
        rounds = {
            "ticker": self._tick,
            "outbox": self._send,
            "watch": self._watch,
            "mailboxes": self._poll,
            "telling": self._tell,
        }
        threads = [
            threading.Thread(target=self._keep_doing, args=(name, what), name=name, daemon=True)
            for name, what in rounds.items()
        ]
        if listener is not None:
            listener.start()
        for thread in threads:
            thread.start()
        try:
            while not self.stop.wait(1.0):
                pass
        finally:
            self.stop.set()
            if listener is not None:
                listener.stop()
            for thread in threads:
                thread.join(GOODBYE)

    def stop_on_signals(self) -> None:
        """Let Ctrl-C and a service manager's stop end the work in good order."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._told)

    def _told(self, _number: int, _frame: FrameType | None) -> None:
        self.stop.set()

    def _keep_doing(self, name: str, what: Callable[[], None]) -> None:
        """Do it again and again; a fault is logged, and its pause keeps it from filling the log."""
        while not self.stop.is_set():
            pause = self._pause
            try:
                close_old_connections()
                what()
            except Exception:
                log.exception("the %s failed and will be tried again", name)
                pause = self._after_a_fault
            self.stop.wait(pause)
        connections.close_all()

    def _tick(self) -> None:
        tick(now(), send=False, rounds=False)

    def _send(self) -> None:
        self._outbox.run(until=self.stop.is_set)

    def _watch(self) -> None:
        beats = dict(Heartbeat.objects.values_list("name", "at"))
        make_rounds(now(), beats, Ticked())

    def _tell(self) -> None:
        """In a thread of its own: whoever is slow to listen must not hold up the watch."""
        if time.monotonic() >= self._tell_next:
            self._tell_next = time.monotonic() + TELL
            tell(now())

    def _poll(self) -> None:
        for mailbox in Mailbox.objects.exclude(imap_host="").select_related("provider"):
            if self.stop.is_set():
                return
            if _turn(f"poll {mailbox.pk}", POLL):
                look_into(mailbox, now())


def _turn(name: str, every: timedelta) -> bool:
    """Whether it is this worker's turn: of several at the same moment one gets it."""
    at = now()
    if Heartbeat.objects.filter(name=name, at__lte=at - every).update(at=at):
        return True
    if Heartbeat.objects.filter(name=name).exists():
        return False
    beat(name, at)
    return True


def look_into(mailbox: Mailbox, at: datetime) -> int:
    """Take in what is new in a mailbox, and once a day what slipped through; how many messages."""

    def take(message: imap.Fetched) -> None:
        receive(
            mailbox.provider, message.raw, message.received, now=now(), mailbox=mailbox, odd=message.odd,
            junk=message.junk,
        )  # fmt: skip

    mine = Mailbox.objects.filter(pk=mailbox.pk)
    since = imap.begins(mailbox)
    try:
        taken = imap.poll(mailbox, take, at)
        if _turn(f"compare {mailbox.pk}", COMPARE):
            taken += imap.compare(mailbox, take, at, since)
    except imap.NotHeard as broken:
        mine.update(last_error=str(broken).replace("\0", ""))
        log.warning("%s: %s", mailbox.address, broken)
        return 0
    mine.exclude(last_error="").update(last_error="")
    return taken
