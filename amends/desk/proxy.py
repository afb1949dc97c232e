"""What the desk believes of the proxies in front of it: who a visitor is and that the line is encrypted, from them alone.

Whoever reaches the web server itself can write any `X-Forwarded-…` header. Such a header counts only when it comes from
this machine or from a network that `AMENDS_PROXIES` names. `X-Forwarded-Host` never counts: a proxy passes the name that
people typed as `Host`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

THIS_MACHINE = ("127.0.0.0/8", "::1/128")


def is_proxy(address: str) -> bool:
    """Whether what comes from this address may speak for somebody else."""
    try:
        at = ip_address(address)
    except ValueError:
        return False
    return any(at in network for network in _networks(tuple(settings.PROXIES)))


@cache
def _networks(named: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(network) for network in (*THIS_MACHINE, *named))


def believed(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The middleware that forgets the word of anybody but our proxies that the line is encrypted."""

    def with_what_is_believed(request: HttpRequest) -> HttpResponse:
        if not is_proxy(str(request.META.get("REMOTE_ADDR", ""))):
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)
        return get_response(request)

    return with_what_is_believed


def one_line(record: logging.LogRecord) -> bool:
    """Leave the fault's trace out of the log: that somebody asked for a name that is not ours is no fault of ours."""
    record.exc_info = None
    return True
