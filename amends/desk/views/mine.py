"""My sign-in: one's own password, sessions and log, each for nobody but the person."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from amends.desk.forms.fields import House
from amends.desk.forms.signing_in import ChangePassword, Confirm
from amends.desk.models import Role, Tried
from amends.desk.now import now
from amends.desk.people import change_password, end_sessions, person_id
from amends.desk.signing import factors, gate, lock, log, noted
from amends.desk.views.signing_in import too_many

SHOWN: Final = 20
"""Lines of one's own log."""
CONFIRMABLE: Final = frozenset(
    {"my-sign-in", "set-up-second-factor", "my-authenticator", "my-passkey", "my-recovery-codes"}
)
"""Where one may go on to after the password was asked for again; nowhere else."""

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, User, P], HttpResponse]


def own(
    *, methods: tuple[str, ...] = ("GET", "HEAD"), fresh: bool = False
) -> Callable[[Page[P]], Callable[..., HttpResponse]]:
    """A page of one's own. A stranger is sent to the sign-in; with `fresh` the password is asked for again first.

    Who came by the single sign-on of one of several providers changes nothing here: it vouches for no other's.
    """

    def guard(page: Page[P]) -> Callable[..., HttpResponse]:
        @require_http_methods(list(methods))
        @wraps(page)
        def view(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            person = request.user
            if not isinstance(person, User):
                return HttpResponseRedirect(settings.LOGIN_URL)
            only_at = request.session.get(noted.ONLY_AT)
            if only_at and Role.objects.filter(person=person).exclude(provider=only_at).exists():
                raise Http404(only_at)
            if fresh and not noted.is_fresh(request, now()):
                name = request.resolver_match.url_name if request.resolver_match else ""
                then = name if name in CONFIRMABLE else "my-sign-in"
                return HttpResponseRedirect(f"{reverse('my-confirm')}?then={then}")
            return page(request, person, *args, **kwargs)

        return view

    return guard


def show(
    request: HttpRequest, person: User, template: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    """A page of one's own, with what stands around it."""
    around = {"person": person, "now": now(), "bound_to": _bound(request, person), **more}
    return render(request, template, around, status=status)


def _bound(request: HttpRequest, person: User) -> bool:
    """Whether something has to be done before anything else may be opened."""
    if request.session.get(noted.MUST_CHANGE):
        return True
    return not request.session.get(noted.FACTOR) and gate.asked_of(person).second_factor


@own()
def my_sign_in(request: HttpRequest, person: User) -> HttpResponse:
    """How one signs in, where one is signed in, and one's own log."""
    sessions = UserSession.objects.purge_and_list(person)
    here = request.session.session_key
    return show(
        request, person, "console/my_sign_in.html", factors=factors.held(person), codes=factors.codes_left(person),
        sessions=[(s, s.session_key == here) for s in sorted(sessions, key=lambda s: s.last_seen_at, reverse=True)],
        log=log.of_person(person)[:SHOWN], demanded=gate.asked_of(person).second_factor,
        has_password=person.has_usable_password(),
    )  # fmt: skip


@own(methods=("POST",))
def end_other_sessions(request: HttpRequest, person: User) -> HttpResponse:
    """Sign out everywhere else."""
    ended = end_sessions(person, but=request.session.session_key or "")
    words = _("You are signed out everywhere else.") if ended else _("You were signed in nowhere else.")
    messages.success(request, words)
    return redirect("my-sign-in")


@sensitive_post_parameters()
@own(methods=("GET", "HEAD", "POST"))
def my_password(request: HttpRequest, person: User) -> HttpResponse:
    """A new password of one's own; every other session ends with the old one."""
    if not person.has_usable_password():
        raise Http404("password")
    form = ChangePassword(request.POST or None)
    if request.method == "POST" and form.is_valid() and right_password(request, person, form, "current"):
        refusal = change_password(person, form.cleaned_data["new"], by=person_id(person), now=now())
        if refusal is None:
            end_sessions(person, but=request.session.session_key or "")
            update_session_auth_hash(request, person)
            request.session.pop(noted.MUST_CHANGE, None)
            request.session.pop(noted.SEEN, None)
            messages.success(request, _("Your password is changed. You are signed out everywhere else."))
            return redirect("my-sign-in")
        form.add_error("new", f"{refusal.what} {refusal.mend}")
    return show(request, person, "console/my_password.html", form=form, status=422 if form.errors else 200)


@sensitive_post_parameters()
@own(methods=("GET", "HEAD", "POST"))
def confirm(request: HttpRequest, person: User) -> HttpResponse:
    """The password once more; who has none is asked to sign in anew."""
    then = request.GET.get("then", "")
    if then not in CONFIRMABLE:
        then = "my-sign-in"
    form = Confirm(request.POST or None)
    if request.method == "POST" and form.is_valid() and right_password(request, person, form, "password"):
        noted.confirmed(request, now())
        return redirect(then)
    return show(
        request, person, "console/my_confirm.html", form=form, has_password=person.has_usable_password(),
        status=422 if form.errors else 200,
    )  # fmt: skip


def right_password(request: HttpRequest, person: User, form: House, box: str) -> bool:
    """Whether this is the person's password, counted as at the sign-in: a stolen session is no place to guess."""
    moment, counted = now(), lock.password(request, person.get_username())
    until = lock.begin(counted, moment)
    if until is not None:
        form.add_error(None, too_many(until))
        return False
    if person.check_password(form.cleaned_data[box]):
        lock.right(counted)
        return True
    log.write(request, Tried.WRONG_PASSWORD, person, by="password asked for again")
    lock.wrong(counted, moment)
    form.add_error(box, _("This is not your password."))
    return False
