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
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amends.desk import access, unsent
from amends.desk.models import CaseRow, Role, Tried
from amends.desk.now import now
from amends.desk.signing import factors, log, noted

IDLE_MINUTES: Final = 60
"""After so long without a page somebody is signed out, where their provider has not said otherwise."""
NOTED_EVERY: Final = timedelta(minutes=1)

KEPT: Final = gettext_lazy(
    "What you had typed is kept for you alone: you find it in My day when you have signed in."
)
BY_ITSELF: Final = frozenset({"case-here"})
"""What an open page asks by itself: it keeps nobody signed in, and signs nobody out."""

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
            _from_another_window(request)
            return None
        moment, asked = now(), asked_of(person)
        seen = noted.moment(request, noted.SEEN)
        if seen is not None and moment - seen >= asked.idle:
            # A page that asks by itself opens nothing, and leaves it to the person's next press to find out.
            if match.url_name in BY_ITSELF:
                return HttpResponse(status=204)
            return _idle(request, person, asked.idle, moment)
        if match.url_name in BY_ITSELF:
            return _first(request, person, asked, match.url_name or "")
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


def _idle(request: HttpRequest, person: User, idle: timedelta, moment: datetime) -> HttpResponseBase:
    kept = _typed(request, person, moment)
    log.write(request, Tried.IDLE, person)
    logout(request)
    # What is sent from another window that stood open is kept for the same person, whoever signs in here next.
    request.session[noted.WAS] = person.pk
    minutes: dict[str, Any] = {"minutes": idle // timedelta(minutes=1)}
    messages.info(
        request, _("You were signed out: nothing was opened here for %(minutes)s minutes.") % minutes
    )
    if kept:
        messages.info(request, KEPT)
    return redirect("sign-in")


KEPT_FORMS: Final = {
    "deed": "",
    "new-contact": unsent.NEW_CONTACT,
    "bundle": unsent.DATA_COPY,
}
"""The pages whose words are kept as a draft, with what their draft is called; that of a deed is its own name."""


def _typed(request: HttpRequest, person: User, moment: datetime) -> bool:
    """Keep what somebody pressed send on after the time was over, as their draft; whether it was one."""
    match = request.resolver_match
    if match is None or request.method != "POST" or match.url_name not in KEPT_FORMS:
        return False
    provider, said = str(match.kwargs["provider"]), match.kwargs
    try:
        house = access.provider_for(person, provider, access.WORKS_ON_CASES)
        wanted = str(said.get("reference", "")) or about(request.POST.get("about", ""))
    except access.NotYours:
        return False
    row: CaseRow | None = None
    if wanted:
        try:
            row = access.case_for(person, provider, wanted, access.WORKS_ON_CASES)
        except access.NotYours:
            if match.url_name != "new-contact":
                return False
    form = str(said.get("slug", KEPT_FORMS[match.url_name]))
    return unsent.keep(person, house, row, form, request.POST, moment)


def about(said: str) -> str:
    """The case that a new contact was said to be about; empty for somebody new."""
    return said.removeprefix("new:").removeprefix("new")


def _from_another_window(request: HttpRequest) -> None:
    """What was typed in a window that stood open when its person was signed out in another."""
    was = request.session.get(noted.WAS) if request.method == "POST" else None
    person = User.objects.filter(pk=was, is_active=True).first() if was else None
    if person is not None and _typed(request, person, now()):
        messages.info(request, KEPT)


def _note(request: HttpRequest, moment: datetime) -> None:
    """Once a minute, not with every page: each note is a write."""
    request.session[noted.SEEN] = moment.isoformat()
    mine = UserSession.objects.filter(session_key=request.session.session_key)
    if not mine.update(last_seen_at=moment):
        UserSession.objects.create_from_request(request)
        mine.update(created_at=moment, last_seen_at=moment)
