"""One call to an address of the web: encrypted unless it stays on this machine, never redirected, never led elsewhere.

The address comes from whoever may type commands on this machine, and still it is not trusted to lead where its words
say: names are looked up once, what they give is judged, and the line goes to the very address that was judged. A name
that leads into a private network is refused unless that was allowed for this address; one that is no name of this
machine and leads here is always refused. No proxy of the environment is used.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

TIMEOUT: Final = 10.0
"""Seconds for the line to open, and for each piece of the answer."""
LONGEST: Final = 100_000
"""Bytes of an answer that are read; what says more is not what was asked for."""

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotTaken(Exception):
    """The call did not arrive, or was not taken; the words say why and never quote the address or the answer's body."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: the status of HTTP, and the body as far as it is read."""

    status: int
    body: bytes


def unusable(address: str) -> str:
    """Why nobody can be called at this address; empty where somebody can. No name is looked up."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError as wrong:
        return f"it is no address: {wrong}"
    if parts.scheme not in ("https", "http") or not host:
        return "it begins with https:// and a name"
    if parts.username or parts.password or parts.fragment:
        return "it holds a name, a password or a # part: leave them out"
    if not address.isascii() or any(c.isspace() or ord(c) < 32 for c in address):
        return "it holds spaces or letters that an address of the web cannot have"
    if parts.scheme == "http" and not _is_this_machine(host):
        return "http:// is for this machine alone: use https://"
    return ""


def call(
    method: str, address: str, body: bytes = b"", headers: Mapping[str, str] | None = None, *,
    private_network: bool = False,
) -> int:  # fmt: skip
    """Make the call; the status of the answer, which is one of 200 to 299. Raises NotTaken for any other end."""
    answer = ask(method, address, body, headers, private_network=private_network).status
    if not 200 <= answer < 300:
        raise NotTaken(f"it answered {answer}")
    return answer


def ask(
    method: str, address: str, body: bytes = b"", headers: Mapping[str, str] | None = None, *,
    private_network: bool = False,
) -> Answer:  # fmt: skip
    """Make the call; its answer, whatever it says. Raises NotTaken where there is none, or one that leads elsewhere."""
    why = unusable(address)
    if why:
        raise NotTaken(why)
    parts = urlsplit(address)
    try:
        answer = _answer(method, parts, body, dict(headers or {}), private_network=private_network)
    except (OSError, http.client.HTTPException) as broken:
        raise NotTaken(f"{type(broken).__name__}: {broken}"[:300]) from broken
    if 300 <= answer.status < 400:
        raise NotTaken(f"it answered {answer.status}, and a redirect is not followed")
    return answer


def _answer(
    method: str, parts: SplitResult, body: bytes, headers: dict[str, str], *, private_network: bool
) -> Answer:
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    with connect(host, port, private_network=private_network) as line:
        spoken: socket.socket = line
        if parts.scheme == "https":
            spoken = ssl.create_default_context().wrap_socket(line, server_hostname=host)
        with spoken:
            connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)
            connection.sock = spoken
            path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
            named = {"Host": parts.netloc, "User-Agent": "Amends", "Connection": "close"}
            connection.request(method, path, body or None, {**headers, **named})
            answer = connection.getresponse()
            return Answer(answer.status, answer.read(LONGEST))


def connect(host: str, port: int, *, private_network: bool, timeout: float = TIMEOUT) -> socket.socket:
    """A line to the very address that was judged. Raises NotTaken where it may not be called, and OSError."""
    return _open(_led_to(host, port, private_network=private_network), port, timeout)


def _led_to(host: str, port: int, *, private_network: bool) -> list[Ip]:
    """The addresses that a host leads to. Raises NotTaken where one of them is none that may be called."""
    found = _addresses(host, port)
    for each in found:
        at = _within(each) or each
        if _is_this_machine(host) and at.is_loopback:
            continue
        reserved = at.is_loopback or at.is_unspecified or at.is_multicast or at.is_link_local
        if reserved or not (at.is_global or private_network):
            where = "this machine or its own line" if reserved else "a private network"
            mend = "" if reserved else ": allow it with --private-network"
            raise NotTaken(f"the address leads into {where}{mend}")
    return found


def _within(at: Ip) -> Ip | None:
    """The IPv4 address to which an IPv6 one leads: by its own notation, 6to4, or a translator (RFC 6052, RFC 8215)."""
    if isinstance(at, ipaddress.IPv4Address):
        return None
    if at.ipv4_mapped or at.sixtofour:
        return at.ipv4_mapped or at.sixtofour
    carries = any(at in network for network in _CARRY_IPV4)
    return ipaddress.IPv4Address(int(at) & 0xFFFF_FFFF) if carries and int(at) > 1 else None


_CARRY_IPV4: Final = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "::/96")))


def _open(addresses: list[Ip], port: int, timeout: float) -> socket.socket:
    """A line to the first of these that answers. Raises OSError where none does."""
    broken: OSError = OSError("the name leads nowhere")
    for at in addresses:
        try:
            return socket.create_connection((str(at), port), timeout)
        except OSError as refused:
            broken = refused
    raise broken


def _addresses(host: str, port: int) -> list[Ip]:
    try:
        return [ipaddress.ip_address(host)]
    except ValueError:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


def _is_this_machine(host: str) -> bool:
    try:
        return host.lower() == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
