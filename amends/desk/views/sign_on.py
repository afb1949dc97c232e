"""Signing in by a provider's own identity provider: on to it, and back from it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from amends.desk.forms.signing_in import SignIn
from amends.desk.home import NoSecret
from amends.desk.models import SignOn, Tried
from amends.desk.now import now
from amends.desk.signing import log, noted
from amends.desk.signing.sign_on import Claims, Refused, come_back, lead_there, person_of
from amends.desk.views.signing_in import come_in, page


@require_POST
def sign_on(request: HttpRequest, provider: str) -> HttpResponseBase:
    """On to the identity provider.

    By a page that goes on by itself: a form whose answer leads to another site is held up by our own rules for browsers.
    """
    kept = get_object_or_404(SignOn.objects.select_related("provider"), provider=provider)
    if request.user.is_authenticated:
        return redirect("home")
    try:
        there = lead_there(request, provider)
    except (Refused, NoSecret) as refused:
        return _refused(request, kept, str(refused))
    around = {"there": there.headers["Location"], "kept": kept, "now": now()}
    return render(request, "console/on_to.html", around)


@sensitive_variables("claims")
@require_http_methods(["GET", "HEAD"])
def sign_on_return(request: HttpRequest, provider: str) -> HttpResponseBase:
    """Back from the identity provider: in, or told that nobody here is linked to that account."""
    kept = get_object_or_404(SignOn.objects.select_related("provider"), provider=provider)
    if request.user.is_authenticated:
        return redirect("home")
    claims = None
    try:
        claims = come_back(request, provider)
        person = person_of(kept.provider, claims, now())
    except (Refused, NoSecret) as refused:
        return _refused(request, kept, str(refused), claims)
    noted.begin(request, "single sign-on", only_at=kept.provider, two=kept.has_second_factor)
    return come_in(request, person)


def _refused(request: HttpRequest, kept: SignOn, why: str, claims: Claims | None = None) -> HttpResponse:
    log.write(
        request, Tried.REFUSED, provider=kept.provider, by="single sign-on", why=why,
        subject=claims.subject if claims else "", email=claims.email if claims else "",
    )  # fmt: skip
    wrong = _(
        "You could not be signed in with %(name)s. Try again; if it stays so, ask an administrator of %(provider)s, "
        "who sees the reason in the log of sign-ins."
    )
    return page(request, SignIn(), 403, wrong % {"name": kept.name, "provider": kept.provider.name})
