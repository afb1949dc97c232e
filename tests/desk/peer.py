"""A real mail server on loopback for tests: it takes mail, or refuses, puts off, or breaks the line as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any, NamedTuple

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Taken(NamedTuple):
    """One mail that the server has heard to its end."""

    sender: str
    recipient: str
    content: bytes

    @property
    def mail(self) -> EmailMessage:
        return BytesParser(policy=default).parsebytes(self.content)


@dataclass
class Peer:
    """What the server heard, and how it answers: `recipient` and `whole` are replies, "" for its usual one."""

    taken: list[Taken] = field(default_factory=list)
    port: int = 0
    sender: str = ""
    recipient: str = ""
    whole: str = ""
    breaks: str = ""
    """Where the line breaks: "at data", or "at the end", after the whole mail and before the answer."""
    any_letters: bool = True
    """Whether it carries addresses with letters beyond A to Z."""
    hangs: bool = False
    """Whether the server hears the whole mail and then says nothing for a long time."""

    async def handle_MAIL(  # noqa: N802 - the library's own name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.sender:
            return self.sender
        envelope.mail_from, envelope.mail_options = address, options
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - the library's own name
        self, server: Any, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.breaks == "at data":
            server.transport.abort()
        if self.recipient and "fine" not in address:
            return self.recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the library's own name
        self, server: Any, _session: Session, envelope: Envelope
    ) -> str:
        content = bytes(envelope.original_content or b"")
        self.taken.append(Taken(str(envelope.mail_from), envelope.rcpt_tos[0], content))
        if self.hangs:
            await asyncio.sleep(60)
        if self.breaks == "at the end":
            server.transport.abort()
        return self.whole or "250 OK"


class AnyPort(Controller):
    """A listener at whichever port the system gives."""

    def _trigger_server(self) -> None:
        listening: Any = self.server
        self.port = listening.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # the library's own


@contextmanager
def peer(**how: Any) -> Iterator[Peer]:
    """A server that listens until the block ends."""
    handler = Peer(**how)
    listening = AnyPort(
        handler, hostname="127.0.0.1", port=0, ready_timeout=30, enable_SMTPUTF8=handler.any_letters
    )
    listening.start()
    try:
        handler.port = listening.port
        yield handler
    finally:
        listening.stop()
