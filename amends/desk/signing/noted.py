"""What the desk notes in a session: when and how somebody came in, whether by two factors, and where alone they may be."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest

from amends.desk.models import Provider

BY: Final = "signing: by"
FACTOR: Final = "signing: second factor"
ONLY_AT: Final = "signing: only at"
MUST_CHANGE: Final = "signing: must change"
CONFIRMED: Final = "signing: confirmed"
SEEN: Final = "signing: seen"
WAS: Final = "signing: was"
"""Who was signed out in this browser for want of a sign of them."""

FRESH_FOR: Final = timedelta(minutes=10)
"""How long after a sign-in, or after the password was asked for again, a second factor may be changed."""


def begin(request: HttpRequest, by: str, *, only_at: Provider | None = None, two: bool = False) -> None:
    """Somebody has shown one thing, such as a password; what a try before this one had noted is forgotten."""
    for key in (FACTOR, ONLY_AT, MUST_CHANGE, CONFIRMED, SEEN, WAS):
        request.session.pop(key, None)
    request.session[BY] = by
    if only_at is not None:
        request.session[ONLY_AT] = only_at.pk
    if two:
        request.session[FACTOR] = True


def second(request: HttpRequest, by: str = "") -> None:
    """And a second thing; with `by` it was part of signing in."""
    request.session[FACTOR] = True
    if by:
        request.session[BY] = f"{request.session.get(BY, '')}, {by}"


def complete(request: HttpRequest, now: datetime, *, must_change: bool) -> None:
    """They are in."""
    request.session[CONFIRMED] = request.session[SEEN] = now.isoformat()
    if must_change:
        request.session[MUST_CHANGE] = True


def confirmed(request: HttpRequest, now: datetime) -> None:
    """They have shown once more that it is they."""
    request.session[CONFIRMED] = now.isoformat()


def is_fresh(request: HttpRequest, now: datetime) -> bool:
    """Whether they showed only just now that it is they."""
    at = moment(request, CONFIRMED)
    return at is not None and timedelta() <= now - at <= FRESH_FOR


def moment(request: HttpRequest, key: str) -> datetime | None:
    """A moment that was noted."""
    said = request.session.get(key)
    return datetime.fromisoformat(said) if isinstance(said, str) else None


def may_be_at(request: HttpRequest, provider: str) -> bool:
    """Whether whoever came by a provider's single sign-on is there: at another provider it vouches for nobody."""
    return bool(request.session.get(ONLY_AT, provider) == provider)
