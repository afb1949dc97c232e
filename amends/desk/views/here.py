"""Who asks, at which provider, in which roles, and when: what every page of the console begins with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Concatenate, Final, ParamSpec, Protocol, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from amends.core.calendar import Calendar
from amends.core.may import MANAGERS
from amends.desk import access, books
from amends.desk.access import KEEPS_THE_DESK, SEES_CASES, WORKS_ON_CASES
from amends.desk.actions import Actor
from amends.desk.holidays import calendars
from amends.desk.models import Provider, Role, RoleName
from amends.desk.now import now
from amends.desk.people import called, person_id
from amends.desk.signing.noted import may_be_at

READ: Final = SEES_CASES
WORK: Final = WORKS_ON_CASES
DECIDE: Final = frozenset(RoleName(role) for role in MANAGERS)
KEEP: Final = KEEPS_THE_DESK
EVERYBODY: Final = frozenset(RoleName)

_STRONGEST: Final = (
    RoleName.DIRECTOR, RoleName.MANAGER, RoleName.COMPLIANCE, RoleName.HANDLER, RoleName.AGENT,
    RoleName.ADMINISTRATOR, RoleName.AUDITOR,
)  # fmt: skip
"""In which of several roles a person acts: the one that may do most."""


@dataclass(frozen=True, slots=True)
class Here:
    """One person at one provider, at the moment of this request."""

    person: User
    provider: Provider
    roles: frozenset[RoleName]
    now: datetime
    phone: str = ""
    email: str = ""

    def may(self, roles: frozenset[RoleName]) -> bool:
        """Whether the person has one of these roles here."""
        return bool(self.roles & roles)

    @property
    def works(self) -> bool:
        """Whether the person may write on cases."""
        return self.may(WORK)

    @property
    def reads(self) -> bool:
        """Whether the person may see cases."""
        return self.may(READ)

    @property
    def keeps(self) -> bool:
        """Whether the person sees the settings of the provider."""
        return self.may(KEEP)

    @property
    def administers(self) -> bool:
        """Whether the person gives and takes every role, and keeps how people sign in."""
        return RoleName.ADMINISTRATOR in self.roles

    @property
    def manages_people(self) -> bool:
        """Whether the person gives and takes some roles."""
        return self.administers or self.may(DECIDE)

    @property
    def role(self) -> str:
        """The role in which the person acts."""
        return str(next(role for role in _STRONGEST if role in self.roles))

    @property
    def id(self) -> str:
        """The id by which facts name the person."""
        return person_id(self.person)

    @property
    def name(self) -> str:
        """What the person is called."""
        return called(self.person)

    @property
    def actor(self) -> Actor:
        """The person as `actions` knows who acts."""
        return Actor(self.id, self.name, self.role, self.phone, self.email)


def calendar_of(code: int | None) -> Calendar:
    """The calendar by which working days are said for cases of an adopted code."""
    return books.book_of(code).calendar if code is not None else calendars()[books.NATION_WITHOUT_CODE]


P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, Here, P], HttpResponseBase]


class Guarded(Protocol):
    """A view that lets in these roles only."""

    roles: frozenset[RoleName]

    def __call__(self, request: HttpRequest, provider: str, **kwargs: object) -> HttpResponseBase:
        """The page."""
        ...


def console(
    *, roles: frozenset[RoleName] = READ, methods: tuple[str, ...] = ("GET", "HEAD")
) -> Callable[[Page[P]], Guarded]:
    """A page of the console: for people who are signed in, have a role at its provider, and one of these roles.

    A stranger is sent to the sign-in; at a provider where the person has no role there is no such page; a role
    that may not is told so in words.
    """

    def guard(page: Page[P]) -> Guarded:
        @require_http_methods(list(methods))
        @wraps(page)
        def view(request: HttpRequest, provider: str, **kwargs: object) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return HttpResponseRedirect(settings.LOGIN_URL)
            if not may_be_at(request, provider):
                raise Http404(provider)
            here = find(request.user, provider)
            access.for_this_request(here.person)
            if not here.may(roles):
                return not_your_role(request, here, roles)
            return cast("Callable[..., HttpResponseBase]", page)(request, here, **kwargs)

        guarded = cast("Guarded", view)
        guarded.roles = roles
        return guarded

    return guard


def find(person: User, provider: str) -> Here:
    """The person at this provider. Raises Http404 where they have no role: whether it exists is not said."""
    held = list(Role.objects.filter(person=person, provider=provider).select_related("provider"))
    if not held or not person.is_active:
        raise Http404(provider)
    return Here(
        person, held[0].provider, frozenset(RoleName(r.role) for r in held), now(),
        next((r.phone for r in held if r.phone), ""), next((r.email for r in held if r.email), person.email),
    )  # fmt: skip


def not_your_role(request: HttpRequest, here: Here, roles: frozenset[RoleName]) -> HttpResponse:
    """The page that says which roles may do this, instead of a bare refusal."""
    asked = [str(role) for role in RoleName if role in roles]
    return render(request, "console/not_your_role.html", {"here": here, "asked": asked}, status=403)
