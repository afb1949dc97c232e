"""The people of a provider and their roles: made, given and taken by an administrator, each written into the audit."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from amends.core.may import Refusal
from amends.desk.assigning import HOLDS_CASES
from amends.desk.forms.house import GiveRole, NewPerson
from amends.desk.models import (
    CaseRow,
    Provider,
    Role,
    RoleName,
)
from amends.desk.people import give_role, make_person, person_id, take_role
from amends.desk.signing import factors
from amends.desk.views.here import Here, called, console
from amends.desk.views.pages import back, show

ADMINISTER = frozenset({RoleName.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person with their roles here."""

    person: User
    name: str
    roles: tuple[Role, ...]


@console(roles=ADMINISTER)
def people(request: HttpRequest, here: Here) -> HttpResponse:
    """Who works here, in which roles."""
    return _people(request, here, NewPerson(), GiveRole(people=_who(here.provider)))


def _people(
    request: HttpRequest, here: Here, new: NewPerson, give: GiveRole, status: int = 200
) -> HttpResponse:
    held: dict[int, list[Role]] = defaultdict(list)
    for role in (
        Role.objects.filter(provider=here.provider)
        .select_related("person")
        .order_by("person__first_name", "id")
    ):
        held[role.person_id].append(role)
    found = [Colleague(roles[0].person, called(roles[0].person), tuple(roles)) for roles in held.values()]
    return show(
        request, here, "console/people.html", at="house", status=status, people=found, new=new, give=give,
        have=factors.who_have([each.person for each in found]),
    )  # fmt: skip


def _who(provider: Provider) -> list[tuple[str, str]]:
    people = User.objects.filter(roles__provider=provider).distinct().order_by("first_name", "username")
    return [(person_id(p), called(p)) for p in people]


@console(roles=ADMINISTER, methods=("POST",))
def add_person(request: HttpRequest, here: Here) -> HttpResponse:
    """A new person with a first role."""
    form = NewPerson(request.POST)
    if not form.is_valid():
        return _people(request, here, form, GiveRole(people=_who(here.provider)), 422)
    said = form.cleaned_data
    if User.objects.filter(username=said["username"]).exists():
        # Whether the name is taken at another provider must not tell who works there, so nothing more is said.
        form.add_error("username", _("Nobody new can be made under this name. Choose another."))
        return _people(request, here, form, GiveRole(people=_who(here.provider)), 422)
    made = make_person(
        said["username"], name=said["name"], password=said["password"], provider=here.provider,
        role=RoleName(said["role"]), by=here.id, now=here.now, phone=said["phone"], email=said["email"], must_change=True,
    )  # fmt: skip
    if isinstance(made, Refusal):
        form.add_error("password", f"{made.what} {made.mend}")
        return _people(request, here, form, GiveRole(people=_who(here.provider)), 422)
    messages.success(request, _("They can sign in now, and choose their own password first."))
    return back(here, "people")


@console(roles=ADMINISTER, methods=("POST",))
def give(request: HttpRequest, here: Here) -> HttpResponse:
    """One more role for somebody who works here."""
    form = GiveRole(request.POST, people=_who(here.provider))
    if not form.is_valid():
        return _people(request, here, NewPerson(), form, 422)
    said = form.cleaned_data
    person = User.objects.get(pk=said["person"])
    give_role(
        person,
        here.provider,
        RoleName(said["role"]),
        by=here.id,
        now=here.now,
        phone=said["phone"],
        email=said["email"],
    )
    messages.success(request, _("The role is given."))
    return back(here, "people")


@console(roles=ADMINISTER, methods=("POST",))
def take(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Take a role away; never the last administrator's, for then nobody could give it back."""
    role = Role.objects.filter(provider=here.provider, pk=number).select_related("person").first()
    if role is None:
        raise Http404(str(number))
    others = Role.objects.filter(provider=here.provider, role=RoleName.ADMINISTRATOR).exclude(pk=role.pk)
    if role.role == RoleName.ADMINISTRATOR and not others.exists():
        messages.error(request, _("This is the last administrator. Make another one first."))
    elif _leaves_cases(role):
        messages.error(
            request, _("They have open cases, and would work on none. A manager hands them over first.")
        )
    else:
        take_role(role.person, here.provider, RoleName(role.role), by=here.id, now=here.now)
        messages.success(request, _("The role is taken away."))
    return back(here, "people")


def _leaves_cases(role: Role) -> bool:
    """Whether somebody who has open cases would work on no cases any more."""
    others = Role.objects.filter(provider=role.provider_id, person=role.person_id, role__in=HOLDS_CASES)
    if role.role not in HOLDS_CASES or others.exclude(pk=role.pk).exists():
        return False
    held = CaseRow.objects.filter(provider=role.provider_id, is_open=True, handler=person_id(role.person))
    return held.exists()
