"""Lock-out: wrong tries are counted in the database before they are looked at, so that no two are tried at one moment.

A password is counted by name and network, by network, and by name from everywhere; a second factor by person and
network, and by person. Each count locks for an hour. Whoever signed in from a browser before is counted on that browser
alone, by a signed cookie: a stranger who guesses for ever locks out other strangers, and never a colleague at her desk.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponseBase

from amends.desk import attempts
from amends.desk.access import LOCKED_FOR, TRIES, TRIES_WITHIN
from amends.desk.models import PortalAttempt
from amends.desk.signing.log import network_of

TRIES_OF_A_NETWORK: Final = 50
"""Wrong passwords from one network, at whichever names: an office may share one address."""
TRIES_AT_A_NAME: Final = 100
"""Wrong passwords at one name from everywhere, but from the browsers that are known."""
CODES_OF_A_PERSON: Final = 20
"""Wrong second factors of one person from everywhere, but from the browsers that are known."""
CROWDED: Final = timedelta(minutes=1)
"""How long to wait where so many tries are under way at once that they would reach the limit."""

KNOWN: Final = "amends_known"
KNOWN_FOR: Final = 400 * 24 * 60 * 60
KNOWN_PEOPLE: Final = 8
"""People who share a browser; who signs in after them takes the place of the first."""
SALT: Final = "amends known browser"


@dataclass(frozen=True, slots=True)
class Counted:
    """The counts that one try goes into, each with its limit; `own` is forgotten when the try is right."""

    limits: Mapping[str, int]
    own: str


def password(request: HttpRequest, name: str) -> Counted:
    """The counts of a password for this name."""
    browser = _known_browser(request, name)
    if browser:
        own = attempts.key("sign in on", browser, name)
        return Counted({own: TRIES}, own)
    network = network_of(request)
    own = attempts.key("sign in", name, network)
    return Counted(
        {own: TRIES, attempts.key("sign in from", network): TRIES_OF_A_NETWORK,
         attempts.key("sign in as", name): TRIES_AT_A_NAME},
        own,
    )  # fmt: skip


def second_factor(request: HttpRequest, person: User) -> Counted:
    """The counts of a second factor of this person."""
    browser = _known_browser(request, person.get_username())
    if browser:
        own = attempts.key("second factor on", browser, str(person.pk))
        return Counted({own: TRIES}, own)
    own = attempts.key("second factor", str(person.pk), network_of(request))
    return Counted({own: TRIES, attempts.key("second factor of", str(person.pk)): CODES_OF_A_PERSON}, own)


def begin(counted: Counted, now: datetime) -> datetime | None:
    """Count a try that is about to be looked at; where it may not be, the moment from which one may be again."""
    with transaction.atomic():
        rows = _rows(counted, now)
        until = max((r.locked_until for r in rows if r.locked_until and r.locked_until > now), default=None)
        if until is not None:
            return until
        for row in rows:
            if now - row.first > TRIES_WITHIN or row.locked_until:
                row.first, row.tries, row.locked_until = now, 0, None
            if row.tries >= counted.limits[row.key]:
                return now + CROWDED
        for row in rows:
            row.tries += 1
            row.save()
    return None


def wrong(counted: Counted, now: datetime) -> bool:
    """The try was wrong: what has reached its limit is locked. Whether anything is."""
    with transaction.atomic():
        full = [row for row in _rows(counted, now) if row.tries >= counted.limits[row.key]]
        for row in full:
            row.locked_until, row.tries, row.first = now + LOCKED_FOR, 0, now
            row.save()
    return bool(full)


def right(counted: Counted) -> None:
    """The try was right: it does not count, and the person's own wrong ones are forgotten."""
    attempts.forget(counted.own)
    others = [key for key in counted.limits if key != counted.own]
    PortalAttempt.objects.filter(key__in=others, tries__gt=0).update(tries=F("tries") - 1)


def know(request: HttpRequest, answer: HttpResponseBase, person: User) -> None:
    """Remember that this person has signed in from this browser."""
    browser, names = _read(request)
    mine = _named(person.get_username())
    names = [*(name for name in names if name != mine), mine][-KNOWN_PEOPLE:]
    value = signing.dumps([browser or secrets.token_hex(16), names], salt=SALT, compress=True)
    answer.set_cookie(
        KNOWN, value, max_age=KNOWN_FOR, path="/sign-in", secure=settings.SESSION_COOKIE_SECURE, httponly=True,
        samesite="Lax",
    )  # fmt: skip


def _rows(counted: Counted, now: datetime) -> list[PortalAttempt]:
    """The counts, each locked until the transaction ends; always in one order, so that no two wait for each other."""
    kept = PortalAttempt.objects.select_for_update()
    return [kept.get_or_create(key=key, defaults={"first": now})[0] for key in sorted(counted.limits)]


def _known_browser(request: HttpRequest, name: str) -> str:
    browser, names = _read(request)
    return browser if _named(name) in names else ""


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    """The browser and the names that its cookie knows; nothing where there is none of ours, or an old one."""
    try:
        browser, names = signing.loads(request.COOKIES.get(KNOWN, ""), salt=SALT, max_age=KNOWN_FOR)
    except signing.BadSignature:
        return "", []
    return str(browser), [str(name) for name in names]


def _named(name: str) -> str:
    """A name as the cookie holds it: a digest, for the browser may be anybody's."""
    return attempts.key("known", name)[-24:]
