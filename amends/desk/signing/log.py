"""The sign-in log: who came in or tried to, when, from where and how. Each sees their own, an administrator a provider's."""

from __future__ import annotations

import ipaddress
from datetime import timedelta
from typing import Final

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from amends.desk.models import Provider, Role, SignIn, Tried
from amends.desk.now import now
from amends.desk.proxy import is_proxy

KEPT_FOR: Final = timedelta(days=400)
"""A year and a month: long enough to look back over a year, no longer than there is a reason to keep addresses."""


def address_of(request: HttpRequest) -> str:
    """The network address of whoever asks; behind a proxy of ours the one that the proxy names last."""
    said = str(request.META.get("REMOTE_ADDR", ""))
    named = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    try:
        at = ipaddress.ip_address(said)
        return str(ipaddress.ip_address(named) if named and is_proxy(said) else at)
    except ValueError:
        return said[:64]


def network_of(request: HttpRequest) -> str:
    """From which network somebody comes: of an IPv6 address the half that one household has, an IPv4 one whole."""
    said = address_of(request)
    try:
        at = ipaddress.ip_address(said)
    except ValueError:
        return said
    return str(ipaddress.ip_network((at, 64 if at.version == 6 else 32), strict=False))


def browser_of(request: HttpRequest) -> str:
    """What the browser says that it is, in so many printable signs as are kept."""
    said = str(request.META.get("HTTP_USER_AGENT", ""))
    return "".join(sign for sign in said if sign.isprintable())[:200]


def write(
    request: HttpRequest,
    tried: Tried,
    person: User | None = None,
    *,
    by: str = "",
    provider: Provider | None = None,
    subject: str = "",
    email: str = "",
    why: str = "",
) -> None:
    """One line of the log; whoever comes in leaves nothing behind that is older than `KEPT_FOR`."""
    moment = now()
    SignIn.objects.create(
        at=moment, person=person, provider=provider, tried=tried, by=by, subject=subject[:255], email=email[:320],
        why=why[:200], address=address_of(request), browser=browser_of(request),
    )  # fmt: skip
    if tried is Tried.IN:
        SignIn.objects.filter(person=person, at__lt=moment - KEPT_FOR).delete()


def of_person(person: User) -> QuerySet[SignIn]:
    """The lines of one person, newest first."""
    return SignIn.objects.filter(person=person).select_related("provider").order_by("-id")


def of_provider(provider: Provider) -> QuerySet[SignIn]:
    """The lines of those who work at a provider, and of its single sign-on; what they do by another's is not shown."""
    people = Role.objects.filter(provider=provider).values("person")
    mine = Q(person__in=people) & (Q(provider__isnull=True) | Q(provider=provider))
    theirs = Q(provider=provider, person__isnull=True)
    return SignIn.objects.filter(mine | theirs).select_related("person").order_by("-id")
