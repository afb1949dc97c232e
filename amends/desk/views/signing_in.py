"""Signing in and out: name and password, then the second factor of whoever has one; and the way to one's desk."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from allauth.account.stages import LoginStageController
from allauth.account.utils import perform_login
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import authenticate, logout
from django.contrib.auth.models import User
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from amends.core.saying import time
from amends.desk.forms.signing_in import Code, Passkey, SignIn
from amends.desk.models import Provider, Role, RoleName, SignOn, Tried
from amends.desk.now import now
from amends.desk.signing import factors, lock, log, noted
from amends.desk.signing.doors import AskSecondFactor
from amends.desk.views.here import READ

DEMO_MARK: Final = "demonstration.json"
THIS_MACHINE: Final = frozenset({"127.0.0.1", "::1", "localhost"})
PROXIED: Final = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_REAL_IP",
    "HTTP_VIA",
)
"""Headers by which a proxy tells that it stands between: then a visitor from this machine may be one from anywhere."""


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The sign-in. It leads to one's desk and nowhere else: no address is taken from the visitor."""
    if request.user.is_authenticated:
        return redirect("home")
    form = SignIn(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = _known(request, form)
        if person is not None:
            noted.begin(request, "password")
            return come_in(request, person)
    return page(request, form)


def come_in(request: HttpRequest, person: User) -> HttpResponseBase:
    """Somebody has shown who they are: on to the second factor, or in."""
    # What was begun in a session that somebody else may know goes on in another.
    request.session.cycle_key()
    answer: HttpResponseBase = perform_login(request, person)
    return answer


def page(request: HttpRequest, form: SignIn, status: int = 200, wrong: str = "") -> HttpResponse:
    """The page of the sign-in; `wrong` says what went wrong on another way in."""
    demo = _demo(request)
    # Whoever looks at the demonstration looks for its customers too; other desks name nobody here.
    portals = Provider.objects.order_by("name") if demo else Provider.objects.none()
    around = {
        "form": form, "now": now(), "demo": demo, "portals": portals, "wrong": wrong,
        "sign_ons": SignOn.objects.select_related("provider").order_by("provider__name"),
    }  # fmt: skip
    return render(request, "console/sign_in.html", around, status=status)


def _known(request: HttpRequest, form: SignIn) -> User | None:
    """Whose name and password these are; None, with the mistake said in the form, where they are nobody's."""
    moment, name = now(), form.cleaned_data["username"]
    counted = lock.password(request, name)
    until = lock.begin(counted, moment)
    if until is not None:
        form.add_error(None, too_many(until))
        return None
    person = authenticate(request, username=name, password=form.cleaned_data["password"])
    if isinstance(person, User) and not _demo_elsewhere(request, name):
        lock.right(counted)
        return person
    owner = User.objects.filter(username=name).first()
    log.write(request, Tried.WRONG_PASSWORD, owner, by="password")
    if lock.wrong(counted, moment):
        log.write(request, Tried.LOCKED, owner, by="password")
    form.add_error(None, _("The name or the password is not right."))
    return None


def too_many(until: datetime) -> str:
    """What whoever is locked out is told."""
    return _("Too many wrong tries. Try again after %(time)s.") % {"time": time(until)}


@sensitive_post_parameters("code", "credential")
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponseBase:
    """The second factor of somebody whose password was right: a passkey, a code of the app, or a recovery code."""
    stage = (
        None if request.user.is_authenticated else LoginStageController.enter(request, AskSecondFactor.key)
    )
    if stage is None or not stage.login.user.is_active:
        return redirect("home" if request.user.is_authenticated else "sign-in")
    person: User = stage.login.user
    by_passkey = "credential" in request.POST
    form = Passkey(request.POST) if by_passkey else Code(request.POST or None)
    if request.method == "POST" and form.is_valid() and (by := _shown(request, person, form)):
        noted.second(request, by)
        answer: HttpResponseBase = stage.exit()
        return answer
    around = {
        "form": form, "code": Code() if by_passkey else form, "now": now(), "question": factors.passkey_question(person),
    }  # fmt: skip
    return render(request, "console/second_factor.html", around)


def _shown(request: HttpRequest, person: User, form: Code | Passkey) -> str:
    """Which second factor this was; nothing, with the mistake said in the form, where it was none."""
    moment, counted = now(), lock.second_factor(request, person)
    until = lock.begin(counted, moment)
    if until is not None:
        form.add_error(None, too_many(until))
        return ""
    said = form.cleaned_data
    if isinstance(form, Passkey):
        by = factors.PASSKEY if factors.check_passkey(person, said["credential"], moment) else ""
    else:
        by = factors.check_code(person, said["code"], moment)
    if by:
        lock.right(counted)
        return by
    log.write(
        request, Tried.WRONG_FACTOR, person, by=factors.PASSKEY if isinstance(form, Passkey) else "code"
    )
    if lock.wrong(counted, moment):
        log.write(request, Tried.LOCKED, person, by="second factor")
    if isinstance(form, Passkey):
        form.add_error(None, _("This passkey is not one of yours. Try again, or give a code."))
    else:
        form.add_error(
            "code",
            _("This code is not right, or was used before. The app shows a new one every half minute."),
        )
    return ""


def _demo(request: HttpRequest) -> list[dict[str, str]]:
    """The printed sign-ins of the demonstration: only where it runs, to this machine, and past no proxy."""
    mark: Path = settings.HOME / DEMO_MARK
    return _printed(mark) if settings.DEMO and _served_to_this_machine_only(request) else []


def _demo_elsewhere(request: HttpRequest, name: str) -> bool:
    """Whether this is a printed sign-in of the demonstration and not asked for from this machine."""
    printed = {person["username"] for person in _printed(settings.HOME / DEMO_MARK)}
    return name in printed and not _served_to_this_machine_only(request)


def _printed(mark: Path) -> list[dict[str, str]]:
    if not mark.exists():
        return []
    found: list[dict[str, str]] = json.loads(mark.read_text(encoding="utf-8")).get("sign_ins", [])
    return found


def _served_to_this_machine_only(request: HttpRequest) -> bool:
    site = urlsplit(settings.SITE).hostname
    names = {name.strip("[]") for name in (*settings.ALLOWED_HOSTS, site or "")}
    proxied = any(name in request.META for name in PROXIED)
    return not proxied and names <= THIS_MACHINE and request.META.get("REMOTE_ADDR") in THIS_MACHINE


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """The way out."""
    if isinstance(request.user, User):
        log.write(request, Tried.OUT, request.user)
        UserSession.objects.filter(session_key=request.session.session_key).delete()
    logout(request)
    return redirect("sign-in")


def not_read(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for what could not be read; where the name in the address is not ours, whoever installs is told so."""
    foreign = isinstance(exception, DisallowedHost)
    around = {"foreign": foreign, "request": request}
    return HttpResponse(render_to_string("400.html", around), status=400)


def broke(request: HttpRequest) -> HttpResponse:
    """The page for a mistake of ours. It asks nothing of the database, for that may be what broke."""
    return HttpResponse(render_to_string("500.html", {"request": request}), status=500)


@require_http_methods(["GET", "HEAD"])
def home(request: HttpRequest) -> HttpResponse:
    """One's desk: at the one provider where one works, or a choice of them."""
    if not isinstance(request.user, User):
        return HttpResponseRedirect(settings.LOGIN_URL)
    held: dict[str, set[RoleName]] = {}
    providers: dict[str, Provider] = {}
    for role in (
        Role.objects.filter(person=request.user).select_related("provider").order_by("provider__name")
    ):
        if noted.may_be_at(request, role.provider_id):
            held.setdefault(role.provider_id, set()).add(RoleName(role.role))
            providers[role.provider_id] = role.provider
    if len(held) == 1:
        ((provider, roles),) = held.items()
        return redirect("my-day" if roles & READ else "house", provider)
    choices: list[Any] = [(providers[p], "my-day" if roles & READ else "house") for p, roles in held.items()]
    return render(request, "console/home.html", {"choices": choices, "now": now()})
