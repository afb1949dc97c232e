"""My second factors: an authenticator app, passkeys and recovery codes, set up and taken away by the person alone."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from amends.desk.forms.signing_in import FirstCode, NewPasskey
from amends.desk.now import now
from amends.desk.people import second_factor_changed
from amends.desk.signing import factors, gate, noted
from amends.desk.views.mine import own, show


@own(fresh=True)
def set_up(request: HttpRequest, person: User) -> HttpResponse:
    """Which second factor to set up; who must have one is led here, and reaches nothing else."""
    return show(request, person, "console/set_up_second_factor.html")


@sensitive_post_parameters()
@own(methods=("GET", "HEAD", "POST"), fresh=True)
def authenticator(request: HttpRequest, person: User) -> HttpResponse:
    """An authenticator app: its picture to scan, its secret to type, and its first code."""
    form = FirstCode(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if factors.set_up_app(request, person, form.cleaned_data["code"], now()):
            return _is_set_up(request, person, factors.APP)
        form.add_error(
            "code", _("This code is not right. Look at the app’s newest one, and at the clock of your phone.")
        )
    secret = factors.app_secret(request)
    address, picture = factors.app_picture(person, secret)
    return show(
        request, person, "console/my_authenticator.html", form=form, picture=picture, address=address,
        secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)), status=422 if form.errors else 200,
    )  # fmt: skip


@sensitive_post_parameters()
@own(methods=("GET", "HEAD", "POST"), fresh=True)
def passkey(request: HttpRequest, person: User) -> HttpResponse:
    """A passkey: the browser makes it, asked by a script. Without one there is the authenticator app."""
    form = NewPasskey(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if factors.set_up_passkey(person, said["name"], said["credential"], now()):
            return _is_set_up(request, person, factors.PASSKEY)
        form.add_error(None, _("Your browser’s answer does not fit what was asked. Try again."))
    return show(
        request, person, "console/my_passkey.html", form=form, offer=factors.passkey_offer(person),
        status=422 if form.errors else 200,
    )  # fmt: skip


def _is_set_up(request: HttpRequest, person: User, what: str) -> HttpResponse:
    """Written down; whoever has no recovery codes yet is shown theirs, once."""
    noted.second(request)
    second_factor_changed(person, f"{what} set up", now=now())
    messages.success(request, _("Your second factor is set up. It is asked for when you next sign in."))
    return _new_codes(request, person) if not factors.codes_left(person) else redirect("my-sign-in")


def _new_codes(request: HttpRequest, person: User) -> HttpResponse:
    codes = factors.new_codes(person, now())
    second_factor_changed(person, "recovery codes made", now=now())
    return show(request, person, "console/my_recovery_codes.html", codes=codes)


@own(methods=("GET", "HEAD", "POST"), fresh=True)
def recovery_codes(request: HttpRequest, person: User) -> HttpResponse:
    """New recovery codes, in place of the old ones; shown once."""
    if not factors.has(person):
        raise Http404("recovery codes")
    if request.method == "POST":
        return _new_codes(request, person)
    left = factors.codes_left(person)
    return show(request, person, "console/my_recovery_codes.html", codes=None, left=left)


@own(methods=("POST",), fresh=True)
def remove(request: HttpRequest, person: User, number: int) -> HttpResponse:
    """Take a second factor away; the last one stays where the person's role demands one."""
    if len(factors.held(person)) == 1 and gate.asked_of(person).second_factor:
        messages.error(request, _("Your role needs a second factor. Set another one up first."))
        return redirect("my-sign-in")
    what = factors.remove(person, number)
    if not what:
        raise Http404(str(number))
    second_factor_changed(person, f"{what} removed", now=now())
    messages.success(request, _("The second factor is taken away."))
    return redirect("my-sign-in")
