"""A token server on loopback for mailboxes (RFC 6749, 7636, 7662, 8628), strict with whoever asks.

It knows one application and one mailbox. It hands out tokens that end, replaces refresh tokens and takes the old ones back
with all that came of them, and tells a mail server whether a token is good. Its faults are chosen by name.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

APPLICATION, SECRET = "the-desk", "a secret & of the application"
SCOPE = "https://mail.example/.default"


@dataclass
class TokenServer:
    """What was asked of it, and what it has given. `fault` changes what it answers."""

    user: str = "complaints@opus.example"
    fault: str = ""
    lasts: int = 3600
    rotates: bool = True
    secret: str = SECRET
    good: set[str] = field(default_factory=set)
    """Access tokens that a mail server is told are active."""
    refresh: set[str] = field(default_factory=set)
    asked: list[dict[str, str]] = field(default_factory=list)
    inspected: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    agreed: bool = False
    """Whether the person has typed the code of a device."""
    at: str = ""

    @property
    def token_url(self) -> str:
        return f"{self.at}/token"

    def grants(self, kind: str) -> int:
        """How often a token was asked for in one way."""
        return sum(each.get("grant_type") == kind for each in self.asked)

    def tokens(self, *, refresh: bool) -> tuple[int, dict[str, Any]]:
        access = secrets.token_urlsafe(200)  # as long as those of Microsoft are
        self.good.add(access)
        said: dict[str, Any] = {"access_token": access, "token_type": "Bearer", "expires_in": self.lasts}
        if refresh:
            said["refresh_token"] = secrets.token_urlsafe()
            self.refresh.add(said["refresh_token"])
        return 200, said

    def token(self, asked: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """What RFC 6749 answers to this."""
        self.asked.append(asked)
        if self.fault:
            return {"away": (503, {}), "nonsense": (200, {"hello": "there"})}.get(
                self.fault,
                (400, {"error": self.fault, "error_description": "AADSTS700082: It has\r\nexpired."}),
            )
        if asked.get("client_id") != APPLICATION or asked.get("client_secret", "") != self.secret:
            return 401, {"error": "invalid_client"}
        kind = asked.get("grant_type", "")
        if kind == "client_credentials":
            return (
                self.tokens(refresh=False)
                if asked.get("scope") == SCOPE
                else (400, {"error": "invalid_scope"})
            )
        if kind == "refresh_token":
            return self._refreshed(asked.get("refresh_token", ""))
        if kind == "authorization_code":
            return self._exchanged(asked)
        if kind == "urn:ietf:params:oauth:grant-type:device_code":
            if asked.get("device_code") != "device-1":
                return 400, {"error": "expired_token"}
            return self.tokens(refresh=True) if self.agreed else (400, {"error": "authorization_pending"})
        return 400, {"error": "unsupported_grant_type"}

    def _refreshed(self, refresh: str) -> tuple[int, dict[str, Any]]:
        if refresh not in self.refresh:
            # A token that was replaced comes again: somebody has stolen it, and everything of it ends.
            self.refresh.clear()
            self.good.clear()
            return 400, {"error": "invalid_grant"}
        if self.rotates:
            self.refresh.discard(refresh)
        return self.tokens(refresh=self.rotates)

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes on to: back to the desk, with a code."""
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        said = {"error": "access_denied"} if self.fault == "denied" else {"code": code}
        state = "of somebody else" if self.fault == "mixed up" else asked.get("state", "")
        return f"{asked['redirect_uri']}?{urlencode({**said, 'state': state})}"

    def _exchanged(self, asked: dict[str, str]) -> tuple[int, dict[str, Any]]:
        begun = self.codes.pop(asked.get("code", ""), None)
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            begun is None
            or begun.get("code_challenge") != challenge
            or begun.get("redirect_uri") != asked.get("redirect_uri")
        ):
            return 400, {"error": "invalid_grant"}
        return self.tokens(refresh=True)

    def device(self, asked: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """What RFC 8628 answers to whoever begins."""
        if asked.get("client_id") != APPLICATION:
            return 400, {"error": "invalid_client"}
        return 200, {
            "device_code": "device-1", "user_code": "ABCD-EFGH", "verification_uri": f"{self.at}/devicelogin",
            "expires_in": 900, "interval": 1,
        }  # fmt: skip

    def inspect(self, token: str) -> tuple[int, dict[str, Any]]:
        """What a mail server is told of a token (RFC 7662)."""
        self.inspected.append(token)
        return 200, {"active": token in self.good, "username": self.user}


@contextmanager
def token_server(**how: Any) -> Iterator[TokenServer]:
    """A token server that listens until the block ends."""
    house = TokenServer(**how)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", house.authorize(asked))
                self.end_headers()
                return
            token = self.headers.get("Authorization", "").removeprefix("Bearer ") or asked.get("token", "")
            self._send(*house.inspect(token))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            asked = {name: values[0] for name, values in parse_qs(body).items()}
            if self.path == "/introspect":
                self._send(*house.inspect(asked.get("token", "")))
            elif house.fault == "leads elsewhere":
                self.send_response(307)
                self.send_header("Location", f"{house.at}/stolen")
                self.end_headers()
            else:
                self._send(*(house.device(asked) if self.path == "/device" else house.token(asked)))

        def _send(self, status: int, said: dict[str, Any]) -> None:
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *said: object) -> None:
            """A test says what went wrong; the server need not."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    house.at = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield house
    finally:
        server.shutdown()
        server.server_close()
