"""A real web server on loopback for tests: it writes down what it is called with, and answers as it is told."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

CERTIFICATE = Path(__file__).parent / "loopback.pem"
"""Made for tests alone: `localhost` and 127.0.0.1, with its key, which opens nothing."""


class Called(NamedTuple):
    """One call that the server heard."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Hook:
    """What the server heard, and how it answers."""

    calls: list[Called] = field(default_factory=list)
    status: int = 204
    location: str = ""
    says: bytes = b""
    port: int = 0


@contextmanager
def hook(*, tls: bool = False, **how: Any) -> Iterator[Hook]:
    """A server that listens until the block ends."""
    heard = Hook(**how)

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            heard.calls.append(Called(self.command, self.path, dict(self.headers), body))
            self.send_response(heard.status)
            if heard.location:
                self.send_header("Location", heard.location)
            self.send_header("Content-Length", str(len(heard.says)))
            self.end_headers()
            self.wfile.write(heard.says)

        do_GET = do_POST = _answer  # noqa: N815 - the library's own names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        heard.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield heard
        finally:
            server.shutdown()
            thread.join()
