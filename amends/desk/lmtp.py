"""Takes mail from a mail server by LMTP (RFC 2033): one answer for each recipient, "kept" only after it is on disk.

The listener stands on loopback unless told otherwise: LMTP knows no passwords. A mailbox that no provider has is refused
before the mail is sent; a mail that cannot be kept now is put off, so that the server tries again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Final

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import close_old_connections

from amends.desk.inbox import receive
from amends.desk.models import Mailbox

log = logging.getLogger(__name__)

THREADS: Final = 4
LONGEST_LINE: Final = 64 * 1024 * 1024
"""Some programs write a mail without a single line break; that is no reason to refuse a complaint (L19)."""

KEPT: Final = "250 2.0.0 kept"
LATER: Final = "451 4.3.0 cannot be kept now, try again"
UNKNOWN: Final = "550 5.1.1 no such mailbox here"


class _Lmtp(LMTP):
    line_length_limit = LONGEST_LINE


class Listener(Controller):
    """An LMTP listener in a thread of its own: `start()` and `stop()`; `port` 0 takes any free one."""

    def __init__(self, clock: Callable[[], datetime], host: str = "127.0.0.1", port: int = 8024) -> None:
        super().__init__(_Door(clock), hostname=host, port=port, ready_timeout=30)

    def _trigger_server(self) -> None:
        """Take note of the port that the system gave, before the library knocks at it to see that it is open."""
        listening: Any = self.server
        self.port = listening.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # the library's own

    def factory(self) -> SMTP:
        """One conversation."""
        return _Lmtp(
            self.handler, data_size_limit=None, enable_SMTPUTF8=True, ident="Amends", hostname="amends"
        )


class _Door:
    """Answers the mail server; what touches the database runs in threads, away from the conversation."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="lmtp")

    async def handle_RCPT(  # noqa: N802 - the library's own name and arguments
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        try:
            known = await self._aside(mailbox_of, address)
        except Exception:
            log.exception("LMTP: whether %s is a mailbox could not be asked", address)
            return LATER
        if known is None:
            return UNKNOWN
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 go on"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's own name
        return "\r\n".join(
            [await self._aside(self._keep, address, envelope) for address in envelope.rcpt_tos]
        )

    async def _aside(self, what: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401 - whatever it gives
        return await asyncio.get_running_loop().run_in_executor(self._threads, what, *arguments)

    def _keep(self, address: str, envelope: Envelope) -> str:
        """Keep the mail for one recipient; the answer is for that one alone."""
        try:
            close_old_connections()
            mailbox = mailbox_of(address)
            if mailbox is None:
                return UNKNOWN
            now = self._clock()
            receive(mailbox.provider, delivered(envelope, address), now, now=now, mailbox=mailbox)
        except Exception:
            log.exception("LMTP: a mail for %s could not be kept", address)
            return LATER
        return KEPT


def delivered(envelope: Envelope, address: str) -> bytes:
    """The mail with what the last server adds (RFC 5321, 4.4): where reports go, and the mailbox it came to."""
    sender = "".join((envelope.mail_from or "").split())
    # The library hands over the null sender of a report or an automatic answer with its brackets.
    sender = "" if sender == "<>" else sender
    head = f"Return-Path: <{sender}>\r\nDelivered-To: {address}\r\n"
    return head.encode("utf-8", "replace") + bytes(envelope.original_content or b"")


def mailbox_of(address: str) -> Mailbox | None:
    """The mailbox at an address, whatever stands behind its plus; None where no provider has it."""
    local, _, domain = address.rpartition("@")
    plain = f"{local.partition('+')[0]}@{domain}"
    return Mailbox.objects.select_related("provider").filter(address__iexact=plain).order_by("pk").first()
