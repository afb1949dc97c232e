"""A small real IMAP server on loopback for tests (RFC 3501, what a read-only visitor needs), which notes every command."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass
class Box:
    """One mailbox: messages by UID with their internal dates. `dies_at` is a UID at which the line breaks."""

    messages: dict[int, tuple[datetime, bytes]] = field(default_factory=dict)
    validity: int = 7
    password: str = "secret"
    commands: list[str] = field(default_factory=list)
    port: int = 0
    dies_at: int = 0
    date_first: bool = True
    """Whether a fetched message tells its date before its bytes or after them: servers differ."""

    def put(self, raw: bytes, at: datetime) -> int:
        """A new message; its UID."""
        uid = max(self.messages, default=0) + 1
        self.messages[uid] = (at, raw)
        return uid


@contextmanager
def mailbox_server(box: Box) -> Iterator[Box]:
    """Serve the box on loopback until the block ends."""
    server = _Server(("127.0.0.1", 0), _Talk)
    server.box = box
    box.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield box
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    box: Box


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, _Server)
        self.box = self.server.box
        self._say("* OK ready")
        while line := self.rfile.readline():
            tag, _, command = line.decode().strip().partition(" ")
            self.box.commands.append(command)
            if not self._answer(tag, command):
                return

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")

    def _answer(self, tag: str, command: str) -> bool:
        word = command.upper()
        if word.startswith("CAPABILITY"):
            self._say("* CAPABILITY IMAP4rev1")
        elif word.startswith("LOGIN") and self.box.password not in command:
            self._say(f"{tag} NO wrong")
            return True
        elif word.startswith("EXAMINE"):
            self._say(f"* {len(self.box.messages)} EXISTS")
            self._say(f"* OK [UIDVALIDITY {self.box.validity}] valid")
            self._say(f"* OK [UIDNEXT {max(self.box.messages, default=0) + 1}] next")
        elif word.startswith("LIST"):
            self._say('* LIST (\\HasNoChildren) "." INBOX')
        elif word.startswith("UID SEARCH"):
            self._say("* SEARCH " + " ".join(map(str, self._search(word))))
        elif word.startswith("UID FETCH"):
            if not self._fetch(word):
                return False
        elif word.startswith("LOGOUT"):
            self._say("* BYE")
        elif not word.startswith("LOGIN"):
            self._say(f"{tag} BAD no")
            return True
        self._say(f"{tag} OK done")
        return not word.startswith("LOGOUT")

    def _search(self, word: str) -> list[int]:
        if since := re.search(r"SINCE (\d+)-(\w{3})-(\d+)", word):
            day = datetime(int(since[3]), _MONTHS.index(since[2].title()) + 1, int(since[1]), tzinfo=UTC)
            return [uid for uid, (at, _) in self.box.messages.items() if at >= day]
        first = re.search(r"UID (\d+):\*", word)
        assert first is not None
        last = max(self.box.messages, default=0)
        return [uid for uid in self.box.messages if uid >= int(first[1]) or uid == last]

    def _fetch(self, word: str) -> bool:
        uids = [int(uid) for uid in word.split()[2].split(",")]
        for uid in uids:
            if uid == self.box.dies_at:
                self.connection.close()
                return False
            if uid not in self.box.messages:
                continue
            at, raw = self.box.messages[uid]
            if "HEADER.FIELDS" in word:
                found = re.search(rb"(?im)^message-id:.*(?:\r?\n[ \t].*)*", raw)
                raw = (found[0] if found else b"") + b"\r\n\r\n"
                self._literal(f"UID {uid} BODY[HEADER.FIELDS (MESSAGE-ID)]", raw, "")
                continue
            dated = f'INTERNALDATE "{at.day:2}-{_MONTHS[at.month - 1]}-{at:%Y %H:%M:%S +0000}"'
            if self.box.date_first:
                self._literal(f"UID {uid} {dated} BODY[]", raw, "")
            else:
                self._literal(f"UID {uid} BODY[]", raw, f" {dated}")
        return True

    def _literal(self, before: str, raw: bytes, after: str) -> None:
        self.wfile.write(f"* 1 FETCH ({before} {{{len(raw)}}}\r\n".encode() + raw + after.encode() + b")\r\n")
