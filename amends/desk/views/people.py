"""The people of a provider and their roles: made, given and taken, each written into the audit.

An administrator gives every role. A manager or director brings in agents and handlers and lets them go, and touches
nobody who is more than that: nobody climbs by it. How people sign in stays with the administrator, for whoever gives
somebody a password can come in as them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from amends.core.may import Refusal
from amends.desk.assigning import HOLDS_CASES
from amends.desk.forms.house import GiveRole, NewPerson
from amends.desk.models import (
    AuditEntry,
    CaseRow,
    Role,
    RoleName,
)
from amends.desk.people import called, give_role, make_person, person_id, take_role
from amends.desk.signing import factors
from amends.desk.views import exported
from amends.desk.views.exports import taken
from amends.desk.views.here import DECIDE, Here, console
from amends.desk.views.pages import back, show

ADMINISTER = frozenset({RoleName.ADMINISTRATOR})
MANAGES_PEOPLE = ADMINISTER | DECIDE
BELOW = frozenset({RoleName.AGENT, RoleName.HANDLER})
"""The roles that a manager gives and takes, of people who have no other."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person with their roles here."""

    person: User
    name: str
    roles: tuple[Role, ...]
    managed: bool
    """Whether whoever looks may give them roles and take them."""


def _gives(here: Here) -> frozenset[RoleName]:
    """The roles that this person may give and take."""
    return frozenset(RoleName) if here.administers else BELOW


@console(roles=MANAGES_PEOPLE)
def people(request: HttpRequest, here: Here) -> HttpResponse:
    """Who works here, in which roles."""
    return _people(request, here)


@console(roles=MANAGES_PEOPLE)
def people_as(_request: HttpRequest, here: Here, kind: str) -> HttpResponseBase:
    """The same as a file."""
    return taken(here, exported.people_sheet(here), "people", kind, "")


def _people(
    request: HttpRequest, here: Here, new: NewPerson | None = None, give: GiveRole | None = None
) -> HttpResponse:
    status = 422 if new or give else 200
    new = new or NewPerson(gives=_gives(here))
    give = give or GiveRole(people=_who(here), gives=_gives(here))
    held: dict[int, list[Role]] = defaultdict(list)
    for role in (
        Role.objects.filter(provider=here.provider)
        .select_related("person")
        .order_by("person__first_name", "id")
    ):
        held[role.person_id].append(role)
    found = [
        Colleague(
            roles[0].person,
            called(roles[0].person),
            tuple(roles),
            _gives(here).issuperset(RoleName(r.role) for r in roles),
        )
        for roles in held.values()
    ]
    return show(
        request, here, "console/people.html", at="house", status=status, people=found, new=new, give=give,
        have=factors.who_have([each.person for each in found]),
    )  # fmt: skip


def _who(here: Here) -> list[tuple[str, str]]:
    """Those whose roles this person may change."""
    people = User.objects.filter(roles__provider=here.provider).distinct().order_by("first_name", "username")
    if not here.administers:
        above = Role.objects.filter(provider=here.provider).exclude(role__in=BELOW)
        people = people.exclude(pk__in=above.values("person"))
    return [(person_id(p), called(p)) for p in people]


@console(roles=MANAGES_PEOPLE, methods=("POST",))
def add_person(request: HttpRequest, here: Here) -> HttpResponse:
    """A new person with a first role."""
    form = NewPerson(request.POST, gives=_gives(here))
    if not form.is_valid():
        return _people(request, here, new=form)
    said = form.cleaned_data
    before = _was_here(here, said["username"])
    if before is not None:
        give_role(
            before, here.provider, RoleName(said["role"]), by=here.id, now=here.now, phone=said["phone"], email=said["email"]
        )  # fmt: skip
        messages.success(
            request, _("They worked here before: they are back, with the password that they had.")
        )
        return back(here, "people")
    if User.objects.filter(username=said["username"]).exists():
        # Whether the name is taken at another provider must not tell who works there, so nothing more is said.
        form.add_error("username", _("Nobody new can be made under this name. Choose another."))
        return _people(request, here, new=form)
    made = make_person(
        said["username"], name=said["name"], password=said["password"], provider=here.provider,
        role=RoleName(said["role"]), by=here.id, now=here.now, phone=said["phone"], email=said["email"], must_change=True,
    )  # fmt: skip
    if isinstance(made, Refusal):
        form.add_error("password", f"{made.what} {made.mend}")
        return _people(request, here, new=form)
    messages.success(request, _("They can sign in now, and choose their own password first."))
    return back(here, "people")


def _was_here(here: Here, username: str) -> User | None:
    """Somebody whose last role anywhere was taken away at this provider: they come back as who they were."""
    person = User.objects.filter(username=username, is_active=True, is_superuser=False, roles=None).first()
    if person is None:
        return None
    left = (
        AuditEntry.objects.filter(what="role taken", detail__person=person_id(person)).order_by("-id").first()
    )
    return person if left is not None and left.provider_id == here.provider.pk else None


@console(roles=MANAGES_PEOPLE, methods=("POST",))
def give(request: HttpRequest, here: Here) -> HttpResponse:
    """One more role for somebody who works here."""
    form = GiveRole(request.POST, people=_who(here), gives=_gives(here))
    if not form.is_valid():
        return _people(request, here, give=form)
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


@console(roles=MANAGES_PEOPLE, methods=("POST",))
def take(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Take a role away; never the last administrator's, for then nobody could give it back."""
    role = Role.objects.filter(provider=here.provider, pk=number).select_related("person").first()
    if role is None:
        raise Http404(str(number))
    others = Role.objects.filter(provider=here.provider, role=RoleName.ADMINISTRATOR).exclude(pk=role.pk)
    if person_id(role.person) not in dict(_who(here)):
        messages.error(request, _("Only an administrator changes the roles of these people."))
    elif role.role == RoleName.ADMINISTRATOR and not others.exists():
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
