"""Sends one mail by SMTP and says what became of it: sent, refused, not reached, or in doubt (L16, C16).

Django's mail back end hides which recipient was refused and whether the end of the mail had been said when the line
broke. Here each step is taken by itself: until the closing dot has been handed over, no server may have taken the
mail, and it can go again; from then on until the server has answered, nobody knows.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from amends.desk import calls, sasl

TIMEOUT: Final = 30.0
"""Seconds for each answer of a mail server. Its answer to a whole mail may take longer: see `FINAL_TIMEOUT`."""
FINAL_TIMEOUT: Final = 120.0

_OK: Final = range(200, 300)
_PERMANENT: Final = range(500, 600)
_LINE_END: Final = re.compile(rb"\r\n|\r|\n")


class NotSent(Exception):
    """The mail did not leave; the words are the server's own or say what broke. It can go again later."""


class NotReached(NotSent):
    """The server does not answer, or does not take mail from us at all: the next mail would fare no better."""


class Refused(NotSent):
    """The server will never take this mail for this recipient."""


class InDoubt(Exception):
    """The line broke after the whole mail was handed over and before the server answered: it may have left."""


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server to send through, and how: `security` is starttls, tls or none."""

    host: str
    port: int
    security: str = "starttls"
    user: str = ""
    password: str = ""
    token: Callable[[bool], str] | None = None
    """Gives an access token in place of a password, a new one where the last was refused. Raises NotReached."""
    inside: bool = True
    """Whether it may stand on this machine or in a private network."""


class Line:
    """A connection to a mail server, opened at the first mail and kept for the next ones."""

    def __init__(self, server: Server, own_name: str | None = None) -> None:
        self.server = server
        self.own_name = own_name
        self.way = "none"
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, sender: str, recipient: str, content: bytes) -> None:
        """Hand over one mail. Raises NotSent (of one of its kinds) or InDoubt; else the server has taken it."""
        smtp = self._opened()
        try:
            self._envelope(smtp, sender, recipient)
            self._content(smtp, content)
        except (NotReached, InDoubt):
            self.close()
            raise
        except NotSent:
            self._reset(smtp)
            raise

    def close(self) -> None:
        """Say goodbye, if anybody listens."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                smtp.quit()
            smtp.close()

    def _opened(self) -> smtplib.SMTP:
        if self._smtp is None:
            try:
                self._smtp = self._connect()
            except (smtplib.SMTPException, OSError, UnicodeError, calls.NotTaken) as broken:
                raise NotReached(f"{self.server.host}:{self.server.port}: {_said(broken)}") from broken
            except sasl.Unspeakable as broken:
                raise NotReached(f"{self.server.host}:{self.server.port}: {broken}") from broken
        return self._smtp

    def open(self) -> str:
        """Connect and sign in now; by which way: a password, the mechanism that took a token, or none. Raises NotReached."""
        self._opened()
        return self.way

    def _connect(self, *, anew: bool = False) -> smtplib.SMTP:
        server, trusted = self.server, ssl.create_default_context()
        if server.security == "tls":
            encrypted = smtplib.SMTP_SSL if server.inside else _OutsideTls
            smtp: smtplib.SMTP = encrypted(
                server.host, server.port, self.own_name, timeout=TIMEOUT, context=trusted
            )
        else:
            plain = smtplib.SMTP if server.inside else _Outside
            smtp = plain(server.host, server.port, self.own_name, timeout=TIMEOUT)
        try:
            if server.security == "starttls":
                smtp.starttls(context=trusted)
            if server.token is not None:
                self._by_token(smtp, server.token(anew))
            elif server.user:
                smtp.login(server.user, server.password)
                self.way = "password"
            smtp.ehlo_or_helo_if_needed()
        except _TokenRefused:
            smtp.close()
            if anew:
                raise
            # It may have been withdrawn before its time, or this machine's clock is wrong.
            return self._connect(anew=True)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _by_token(self, smtp: smtplib.SMTP, token: str) -> None:
        smtp.ehlo_or_helo_if_needed()
        self.way = sasl.chosen(smtp.esmtp_features.get("auth", "").split())
        bearer = sasl.Bearer(self.way, self.server.user, token, self.server.host, self.server.port)
        try:
            smtp.auth(self.way, bearer.answer)
        except smtplib.SMTPAuthenticationError as refused:
            words = f"{bearer.refusal} {refused.smtp_error!r}" if bearer.refusal else refused.smtp_error
            raise _TokenRefused(refused.smtp_code, words) from refused

    def _envelope(self, smtp: smtplib.SMTP, sender: str, recipient: str) -> None:
        options = [] if f"{sender}{recipient}".isascii() else ["SMTPUTF8"]
        if options and not smtp.has_extn("smtputf8"):
            raise Refused(f"{self.server.host} cannot carry the address {recipient} (no SMTPUTF8)")
        try:
            code, words = smtp.mail(sender, options)
            if code not in _OK:
                raise NotReached(f"the sender was refused: {_reply(code, words)}")
            code, words = smtp.rcpt(recipient)
        except (smtplib.SMTPException, OSError, UnicodeError) as broken:
            raise NotReached(_said(broken)) from broken
        if code in _PERMANENT:
            raise Refused(f"the recipient was refused: {_reply(code, words)}")
        if code not in _OK:
            raise NotSent(f"the recipient was put off: {_reply(code, words)}")

    def _content(self, smtp: smtplib.SMTP, content: bytes) -> None:
        try:
            code, words = smtp.docmd("DATA")
            if code != 354:
                raise NotSent(f"the mail was not asked for: {_reply(code, words)}")
            smtp.send(dotted(content))
        except (smtplib.SMTPException, OSError) as broken:
            raise NotReached(_said(broken)) from broken
        code, words = self._end(smtp)
        if code in _PERMANENT:
            raise Refused(f"the mail was refused: {_reply(code, words)}")
        if code not in _OK:
            raise NotSent(f"the mail was put off: {_reply(code, words)}")

    def _end(self, smtp: smtplib.SMTP) -> tuple[int, bytes]:
        """Say that the mail is whole, and hear what the server says to it."""
        try:
            if smtp.sock is not None:
                smtp.sock.settimeout(FINAL_TIMEOUT)
            smtp.send(b".\r\n")
            code, words = smtp.getreply()
            if smtp.sock is not None:
                smtp.sock.settimeout(TIMEOUT)
        except (smtplib.SMTPException, OSError) as broken:
            raise InDoubt(f"the line broke before the server answered: {_said(broken)}") from broken
        if code < 0:
            raise InDoubt("the line broke before the server answered")
        return code, words

    def _reset(self, smtp: smtplib.SMTP) -> None:
        """Make ready for the next mail after a refused one."""
        try:
            code, _ = smtp.rset()
        except (smtplib.SMTPException, OSError):
            code = -1
        if code not in _OK:
            self.close()


class _TokenRefused(smtplib.SMTPAuthenticationError):
    """The server does not take the token."""


class _Outside(smtplib.SMTP):
    """A line that may lead nowhere but outside: see `calls`."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return calls.connect(host, port, private_network=False, timeout=timeout)


class _OutsideTls(smtplib.SMTP_SSL):
    """The same, encrypted."""

    def _get_socket(self, host: str, port: int, timeout: float) -> ssl.SSLSocket:
        line = calls.connect(host, port, private_network=False, timeout=timeout)
        return self.context.wrap_socket(line, server_hostname=host)


def dotted(content: bytes) -> bytes:
    """A mail as it goes over the line: CRLF at every line's end, a dot before every leading dot (RFC 5321, 4.5.2)."""
    lines = _LINE_END.sub(b"\r\n", content)
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", lines)


def _reply(code: int, words: bytes) -> str:
    return f"{code} {' '.join(words.decode('utf-8', 'replace').split())}"[:500]


def _said(broken: Exception) -> str:
    if isinstance(broken, smtplib.SMTPResponseException):
        words = broken.smtp_error
        return _reply(broken.smtp_code, words if isinstance(words, bytes) else str(words).encode())
    return f"{type(broken).__name__}: {broken}"[:500]
