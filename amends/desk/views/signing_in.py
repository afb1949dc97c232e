"""Signing in and out, and the way to one's desk.

Wrong passwords are counted in the database: by name and network, by network, and by name alone. The last locks only
after very many, for whoever knows a name could otherwise keep a colleague out.
"""

from __future__ import annotations

import ipaddress
import json
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.models import User
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from amends.core.saying import time
from amends.desk import attempts
from amends.desk.access import TRIES, count_try
from amends.desk.forms.signing_in import SignIn
from amends.desk.models import Provider, Role, RoleName
from amends.desk.now import now
from amends.desk.proxy import is_proxy
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
TRIES_OF_A_NETWORK: Final = 50
"""Wrong tries from one network, at whichever names: an office may share one address."""
TRIES_AT_A_NAME: Final = 100
"""Wrong tries at one name from everywhere: more than a colleague makes who wants to keep somebody out."""


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in. It leads to one's desk and nowhere else: no address is taken from the visitor."""
    if request.user.is_authenticated:
        return redirect("home")
    form = SignIn(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = _known(request, form)
        if person is not None:
            login(request, person)
            return redirect("home")
    demo = _demo(request)
    # Whoever looks at the demonstration looks for its customers too; other desks name nobody here.
    portals = Provider.objects.order_by("name") if demo else Provider.objects.none()
    around = {"form": form, "now": now(), "demo": demo, "portals": portals}
    return render(request, "console/sign_in.html", around)


def _known(request: HttpRequest, form: SignIn) -> User | None:
    """Whose name and password these are; None, with the mistake said in the form, where they are nobody's."""
    moment, name = now(), form.cleaned_data["username"]
    network = network_of(request)
    counted = {
        attempts.key("sign in", name, network): TRIES, attempts.key("sign in from", network): TRIES_OF_A_NETWORK,
        attempts.key("sign in as", name): TRIES_AT_A_NAME,
    }  # fmt: skip
    until = max(filter(None, (attempts.locked_until(key, moment) for key in counted)), default=None)
    if until is not None:
        form.add_error(None, _("Too many wrong tries. Try again after %(time)s.") % {"time": time(until)})
        return None
    person = authenticate(request, username=name, password=form.cleaned_data["password"])
    if isinstance(person, User):
        attempts.forget(attempts.key("sign in", name, network))
        return person
    for key, limit in counted.items():
        count_try(key, moment, limit)
    form.add_error(None, _("The name or the password is not right."))
    return None


def network_of(request: HttpRequest) -> str:
    """From which network somebody comes: of an IPv6 address the half that one household has, an IPv4 one whole.

    Behind a proxy of ours it is the network that the proxy names last; what visitors write stands before it.
    """
    said = str(request.META.get("REMOTE_ADDR", ""))
    named = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    try:
        at = ipaddress.ip_address(said)
        if named and is_proxy(said):
            at = ipaddress.ip_address(named)
    except ValueError:
        return said
    return str(ipaddress.ip_network((at, 64 if at.version == 6 else 32), strict=False))


def _demo(request: HttpRequest) -> list[dict[str, str]]:
    """The printed sign-ins of the demonstration: only where it runs, to this machine, and past no proxy."""
    mark = settings.HOME / DEMO_MARK
    if not (settings.DEMO and _served_to_this_machine_only(request) and mark.exists()):
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
    logout(request)
    return redirect("sign-in")


def not_read(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for what could not be read; where the name in the address is not ours, whoever installs is told so."""
    foreign = isinstance(exception, DisallowedHost)
    return HttpResponse(render_to_string("400.html", {"foreign": foreign}), status=400)


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
        held.setdefault(role.provider_id, set()).add(RoleName(role.role))
        providers[role.provider_id] = role.provider
    if len(held) == 1:
        ((provider, roles),) = held.items()
        return redirect("my-day" if roles & READ else "house", provider)
    choices = [(providers[p], "my-day" if roles & READ else "house") for p, roles in held.items()]
    return render(request, "console/home.html", {"choices": choices, "now": now()})
