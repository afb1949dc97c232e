"""The gate in front of every page for people: idle time-out, a password to be changed, a second factor to be set up.

Whoever is led to do one of these reaches nothing else until it is done. A page is behind the gate unless it is named
here, so that a new page cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from amends.desk.models import Role, Tried
from amends.desk.now import now
from amends.desk.signing import factors, log, noted

IDLE_MINUTES: Final = 60
"""After so long without a page somebody is signed out, where their provider has not said otherwise."""
NOTED_EVERY: Final = timedelta(minutes=1)

NOT_FOR_PEOPLE: Final = "portal/"
FREE: Final = frozenset({"accent", "sign-out"})
TO_CHANGE: Final = frozenset({"my-password"})
TO_SET_UP: Final = frozenset({"set-up-second-factor", "my-authenticator", "my-passkey"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What the providers of a person ask of them: of several what is stricter."""

    second_factor: bool
    idle: timedelta


def asked_of(person: User) -> Asked:
    """What the rules of every provider at which the person works ask."""
    rules = Role.objects.filter(person=person).values_list(
        "role", "provider__sign_in_rules__second_factor_roles", "provider__sign_in_rules__idle_minutes"
    )
    held = list(rules)
    return Asked(
        any(role in (wanted or ()) for role, wanted, _ in held),
        timedelta(minutes=min((idle or IDLE_MINUTES for *_, idle in held), default=IDLE_MINUTES)),
    )


class Gate:
    """The middleware; it comes after the session and the person are known."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing is done before the page is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_page: object) -> HttpResponseBase | None:
        """None lets somebody through; else where they are led."""
        match = request.resolver_match
        if match is None or match.route.startswith(NOT_FOR_PEOPLE) or match.url_name in FREE:
            return None
        person = request.user
        if not isinstance(person, User):
            return None
        moment, asked = now(), asked_of(person)
        seen = noted.moment(request, noted.SEEN)
        if seen is not None and moment - seen >= asked.idle:
            return _idle(request, person, asked.idle)
        if seen is None or moment - seen >= NOTED_EVERY:
            _note(request, moment)
        return _first(request, person, asked, match.url_name or "")


def _first(request: HttpRequest, person: User, asked: Asked, page: str) -> HttpResponseBase | None:
    """What has to be done before anything else."""
    if request.session.get(noted.MUST_CHANGE):
        return None if page in TO_CHANGE else redirect("my-password")
    if not asked.second_factor or request.session.get(noted.FACTOR):
        return None
    if factors.has(person):
        # It was set up elsewhere since; this session never showed it.
        logout(request)
        return redirect("sign-in")
    return None if page in TO_SET_UP else redirect("set-up-second-factor")


def _idle(request: HttpRequest, person: User, idle: timedelta) -> HttpResponseBase:
    log.write(request, Tried.IDLE, person)
    logout(request)
    minutes: dict[str, Any] = {"minutes": idle // timedelta(minutes=1)}
    messages.info(
        request, _("You were signed out: nothing was opened here for %(minutes)s minutes.") % minutes
    )
    return redirect("sign-in")


def _note(request: HttpRequest, moment: datetime) -> None:
    """Once a minute, not with every page: each note is a write."""
    request.session[noted.SEEN] = moment.isoformat()
    mine = UserSession.objects.filter(session_key=request.session.session_key)
    if not mine.update(last_seen_at=moment):
        UserSession.objects.create_from_request(request)
        mine.update(created_at=moment, last_seen_at=moment)
