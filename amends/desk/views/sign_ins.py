"""What administrators keep about signing in: the rules, the log, and the sign-in of each person of their provider."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from amends.desk import people as staff
from amends.desk.forms.house import SignInRulesForm, SignOnOf
from amends.desk.models import Role, SignInRules, SignOn, SignOnLink
from amends.desk.people import called
from amends.desk.signing import factors, gate, log
from amends.desk.views import exported
from amends.desk.views.exports import taken
from amends.desk.views.here import Here, console
from amends.desk.views.pages import back, show
from amends.desk.views.people import ADMINISTER

LINES: Final = 50


@console(roles=ADMINISTER, methods=("GET", "HEAD", "POST"))
def rules(request: HttpRequest, here: Here) -> HttpResponse:
    """Who needs a second factor, and after how long a pause somebody is signed out."""
    kept = SignInRules.objects.filter(provider=here.provider).first() or SignInRules(provider=here.provider)
    if request.method == "POST":
        form = SignInRulesForm(request.POST)
        if form.is_valid():
            said = form.cleaned_data
            staff.set_sign_in_rules(
                here.provider,
                roles=said["roles"],
                idle_minutes=said["idle_minutes"],
                by=here.id,
                now=here.now,
            )
            messages.success(request, _("The rules are kept. They hold from each person’s next page on."))
            return back(here, "sign-in-rules")
    else:
        form = SignInRulesForm(
            initial={
                "roles": kept.second_factor_roles,
                "idle_minutes": kept.idle_minutes or gate.IDLE_MINUTES,
            }
        )
    without = _without(here, set(kept.second_factor_roles))
    return show(
        request, here, "console/sign_in_rules.html", at="house", status=422 if form.errors else 200, form=form,
        without=without, sign_on=SignOn.objects.filter(provider=here.provider).first(),
    )  # fmt: skip


def _without(here: Here, roles: set[str]) -> list[str]:
    """The people whose role needs a second factor and who have none yet."""
    needing = list(User.objects.filter(roles__provider=here.provider, roles__role__in=roles).distinct())
    have = factors.who_have(needing)
    return sorted(called(person) for person in needing if person.pk not in have)


@console(roles=ADMINISTER)
def sign_ins(request: HttpRequest, here: Here) -> HttpResponse:
    """The log of sign-ins, newest first; `from` is the line before which a page begins."""
    lines = log.of_provider(here.provider)
    start = request.GET.get("from", "")
    if start.isascii() and start.isdigit() and len(start) < 19:
        lines = lines.filter(pk__lt=int(start))
    found = list(lines[: LINES + 1])
    more = found[LINES - 1].pk if len(found) > LINES else None
    return show(request, here, "console/sign_ins.html", at="house", lines=found[:LINES], more=more)


@console(roles=ADMINISTER)
def sign_ins_as(_request: HttpRequest, here: Here, kind: str) -> HttpResponseBase:
    """The whole log as a file."""
    return taken(here, exported.sign_ins_sheet(log.of_provider(here.provider)), "sign-ins", kind, "")


@console(roles=ADMINISTER)
def person(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """How somebody who works here signs in."""
    who = _who(here, number)
    return _person(request, here, who, SignOnOf(initial=_known_as(here, who)))


def _person(
    request: HttpRequest, here: Here, who: User, form: SignOnOf, status: int = 200, password: str = ""
) -> HttpResponse:
    return show(
        request, here, "console/person.html", at="house", status=status, who=who, name=called(who), form=form,
        kept_here=staff.kept_by(who, here.provider), factors=factors.held(who), codes=factors.codes_left(who),
        log=log.of_provider(here.provider).filter(person=who)[:10], password=password,
        link=SignOnLink.objects.filter(provider=here.provider, person=who).first(),
        sign_on=SignOn.objects.filter(provider=here.provider).first(),
    )  # fmt: skip


def _who(here: Here, number: int) -> User:
    """Somebody who works here. Raises Http404."""
    role = Role.objects.filter(provider=here.provider, person=number).select_related("person").first()
    if role is None:
        raise Http404(str(number))
    return role.person


def _theirs_to_keep(request: HttpRequest, here: Here, who: User) -> HttpResponse | None:
    """None where this provider alone keeps the person's sign-in; else back, told why not."""
    if staff.kept_by(who, here.provider):
        return None
    messages.error(request, _("The sign-in of this person is kept by whoever keeps the desk: ask them."))
    return redirect("person", here.provider.pk, who.pk)


def _known_as(here: Here, who: User) -> dict[str, str]:
    link = SignOnLink.objects.filter(provider=here.provider, person=who).first()
    return {"email": link.email if link else who.email, "subject": link.subject if link else ""}


@console(roles=ADMINISTER, methods=("POST",))
def reset_password(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """A password for one sign-in, shown once on this page."""
    who = _who(here, number)
    refused = _theirs_to_keep(request, here, who)
    if refused is not None:
        return refused
    made = staff.reset_password(who, by=here.id, now=here.now)
    return _person(request, here, who, SignOnOf(initial=_known_as(here, who)), password=made)


@console(roles=ADMINISTER, methods=("POST",))
def reset_second_factor(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """A phone is lost: the second factors go, and the person is signed out everywhere."""
    who = _who(here, number)
    refused = _theirs_to_keep(request, here, who)
    if refused is not None:
        return refused
    staff.reset_second_factor(who, by=here.id, now=here.now)
    messages.success(request, _("The second factor is taken away, and they are signed out everywhere."))
    return redirect("person", here.provider.pk, who.pk)


@console(roles=ADMINISTER, methods=("POST",))
def record_sign_on(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Who somebody is at the provider's identity provider."""
    who = _who(here, number)
    refused = _theirs_to_keep(request, here, who)
    if refused is not None:
        return refused
    form = SignOnOf(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        refusal = staff.record_sign_on(
            who, here.provider, email=said["email"], subject=said["subject"], by=here.id, now=here.now
        )
        if refusal is None:
            messages.success(request, _("They can come by single sign-on."))
            return redirect("person", here.provider.pk, who.pk)
        form.add_error(None, f"{refusal.what} {refusal.mend}")
    return _person(request, here, who, form, 422)


@console(roles=ADMINISTER, methods=("POST",))
def remove_sign_on(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Somebody comes by single sign-on no longer."""
    who = _who(here, number)
    staff.remove_sign_on(who, here.provider, by=here.id, now=here.now)
    messages.success(request, _("The link to single sign-on is taken away."))
    return redirect("person", here.provider.pk, who.pk)
