"""How work is shared: rules of assignment, account managers, who is away, and handing cases over and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amends.core.calendar import london_date
from amends.core.may import Refusal
from amends.core.saying import day
from amends.desk import books, categories, handover, rules, stage_roles
from amends.desk.assigning import HOLDS_CASES, said
from amends.desk.forms.sharing import AbsenceForm, AccountManagers, CodeRoles, HandoverForm, RuleForm
from amends.desk.models import Absence, AccountManager, AssignmentRule, DutyRow, Role
from amends.desk.people import called, names_at, person_id
from amends.desk.views.case import colleagues
from amends.desk.views.here import DECIDE, KEEP, Here, console
from amends.desk.views.pages import back, show

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as its page shows it."""

    row: AssignmentRule
    said: str
    people: tuple[str, ...]


@console(roles=KEEP, methods=("GET", "HEAD", "POST"))
def assignment(request: HttpRequest, here: Here) -> HttpResponse:
    """The rules in their order, and the form of a new one."""
    form = _rule_form(here, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        rules.add(here.provider, form.rule, by=here.id, now=here.now)
        messages.success(request, _("The rule stands. It holds for what happens from now on."))
        return back(here, "assignment")
    return _assignment(request, here, form, _managers_form(here), 422 if form.is_bound else 200)


@console(roles=KEEP, methods=("POST",))
def account_managers(request: HttpRequest, here: Here) -> HttpResponse:
    """Who looks after which account."""
    form = _managers_form(here, request.POST)
    if not form.is_valid():
        return _assignment(request, here, _rule_form(here), form, 422)
    count = rules.set_account_managers(here.provider, form.wanted, by=here.id, now=here.now)
    messages.success(
        request, ngettext("%(n)s account changed.", "%(n)s accounts changed.", count) % {"n": count}
    )
    return back(here, "assignment")


@console(roles=KEEP, methods=("POST",))
def rule_up(_request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """A rule one place earlier."""
    rules.move_up(_rule(here, number), by=here.id, now=here.now)
    return back(here, "assignment")


@console(roles=KEEP, methods=("POST",))
def remove_rule(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """A rule that holds no longer."""
    rules.remove(_rule(here, number), by=here.id, now=here.now)
    messages.success(request, _("The rule is taken away. Cases keep who has them."))
    return back(here, "assignment")


@console(roles=KEEP, methods=("GET", "HEAD", "POST"))
def code_roles(request: HttpRequest, here: Here) -> HttpResponse:
    """Who fills the roles that the code names: what climbs to a role waits for them."""
    roles = _stages(here)
    form = CodeRoles(
        request.POST if request.method == "POST" else None, roles=roles, people=_colleagues(here),
        known=stage_roles.filled(here.provider),
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        count = stage_roles.fill(here.provider, form.wanted, by=here.id, now=here.now)
        messages.success(
            request, ngettext("%(n)s role changed.", "%(n)s roles changed.", count) % {"n": count}
        )
        return back(here, "code-roles")
    status = 422 if form.is_bound else 200
    return show(request, here, "console/code_roles.html", at="house", status=status, form=form, roles=roles)


def _stages(here: Here) -> list[str]:
    """The roles of the stages of the code of today, each once, in the order of the path."""
    _adopted, code = books.governing(here.provider.pk, london_date(here.now))
    return list(dict.fromkeys(stage.role for stage in code.stages)) if code else []


def _assignment(
    request: HttpRequest, here: Here, form: RuleForm, managers: AccountManagers, status: int
) -> HttpResponse:
    names = names_at(here.provider.pk)
    rows = AssignmentRule.objects.filter(provider=here.provider).order_by("place", "id")
    found = [
        Rule(row, said(row), tuple(names.get(p, _("somebody who left")) for p in row.people)) for row in rows
    ]
    return show(
        request, here, "console/assignment.html", at="house", status=status, form=form, managers=managers, rules=found,
    )  # fmt: skip


def _rule_form(here: Here, data: Any = None) -> RuleForm:
    return RuleForm(
        data, people=_colleagues(here), categories=categories.lists(here.provider.pk).categories,
        stages=_stages(here),
    )  # fmt: skip


def _managers_form(here: Here, data: Any = None) -> AccountManagers:
    people = {
        str(role.person.username).casefold(): role.person_id
        for role in Role.objects.filter(provider=here.provider, role__in=HOLDS_CASES).select_related("person")
    }
    known = AccountManager.objects.filter(provider=here.provider).select_related("person").order_by("account")
    lines = "\n".join(f"{row.account}, {row.person.username}" for row in known)
    return AccountManagers(data, known=lines, people=people)


def _colleagues(here: Here) -> list[tuple[str, str]]:
    return [(who.id, who.name) for who in colleagues(here.provider.pk)]


def _rule(here: Here, number: int) -> AssignmentRule:
    rows = AssignmentRule.objects.filter(provider=here.provider, pk=number).select_related("provider")
    found = rows.first()
    if found is None:
        raise Http404(str(number))
    return found


# --- absence and handover ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Gone:
    """An absence as its page shows it: whose, and what waits on it."""

    row: Absence
    name: str
    now: bool
    open: int
    over: int
    """How many of their cases are with others, and can go back."""


@console(roles=DECIDE, methods=("GET", "HEAD", "POST"))
def absences(request: HttpRequest, here: Here) -> HttpResponse:
    """Who is away now and later, and the form that says so."""
    form = AbsenceForm(request.POST if request.method == "POST" else None, people=_colleagues(here))
    if form.is_bound and form.is_valid():
        wanted = form.cleaned_data
        who = User.objects.get(pk=wanted["person"])
        made = handover.announce(
            here.provider, who, wanted["since"], wanted["until"], by=here.id, now=here.now
        )
        if not isinstance(made, Refusal):
            messages.success(request, _("It is written down. New cases pass them over on these days."))
            return HttpResponseRedirect(reverse("handover", args=[here.provider.pk, who.pk]))
        form.add_error("until", str(made))
    today = london_date(here.now)
    rows = Absence.objects.filter(provider=here.provider, ended_at__isnull=True).select_related("person")
    some = list(rows.order_by("since", "id")[:SHOWN])
    people = {str(row.person_id) for row in some}
    held = handover.counts_held(here.provider.pk, people)
    over = handover.counts_to_give_back(here.provider.pk, people)
    return show(
        request, here, "console/absences.html", at="house", status=422 if form.is_bound else 200, form=form,
        absences=[_gone(row, today, held, over) for row in some],
        people=[(who.id, who.name) for who in colleagues(here.provider.pk)],
    )  # fmt: skip


def _gone(row: Absence, today: date, held: dict[str, int], over: dict[str, int]) -> Gone:
    who = str(row.person_id)
    there = row.since <= today and (row.until is None or row.until >= today)
    return Gone(row, called(row.person), there, held.get(who, 0), over.get(who, 0))


@console(roles=DECIDE, methods=("POST",))
def end_absence(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Somebody is back, or did not go."""
    found = Absence.objects.filter(provider=here.provider, pk=number).select_related("provider").first()
    if found is None:
        raise Http404(str(number))
    handover.end(found, by=here.id, now=here.now)
    messages.success(request, _("The absence is over. New cases come to them again."))
    return back(here, "absences")


@console(roles=DECIDE, methods=("GET", "HEAD", "POST"))
def hand_over(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Everything that somebody has, and to whom it goes in one step."""
    who = _who(here, number)
    people = [(each, name) for each, name in _colleagues(here) if each != person_id(who)]
    form = HandoverForm(
        request.POST if request.method == "POST" else None, people=people, why=_because(here, who)
    )
    if form.is_bound and form.is_valid():
        wanted = form.cleaned_data
        done = handover.hand_over(
            here.provider, who, wanted["to"], why=wanted["why"], by=here.id, now=here.now
        )
        if not isinstance(done, Refusal):
            words = ngettext("%(n)s case is handed over.", "%(n)s cases are handed over.", done.cases)
            messages.success(request, words % {"n": done.cases})
            return HttpResponseRedirect(reverse("handover", args=[here.provider.pk, who.pk]))
        form.add_error("to", str(done))
    mine = person_id(who)
    held = handover.held_by(here.provider.pk, mine)
    duties = (
        DutyRow.objects.filter(provider=here.provider, handler=mine)
        .select_related("case")
        .order_by("falls", "id")
    )
    return show(
        request, here, "console/handover.html", at="house", status=422 if form.is_bound else 200, form=form, who=who,
        name=called(who), cases=held[:SHOWN], count=len(held), duties=duties[:SHOWN],
        times=[d for d in duties if d.duty.startswith("keep:")][:SHOWN],
        over=len(handover.to_give_back(here.provider.pk, mine)),
    )  # fmt: skip


@console(roles=DECIDE, methods=("POST",))
def give_back(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """What went to others and is still with them goes back."""
    done = handover.give_back(here.provider, _who(here, number), by=here.id, now=here.now)
    if isinstance(done, Refusal):
        messages.error(request, str(done))
    else:
        words = ngettext("%(n)s case is back.", "%(n)s cases are back.", done)
        messages.success(request, words % {"n": done})
    return HttpResponseRedirect(reverse("handover", args=[here.provider.pk, number]))


def _because(here: Here, who: User) -> str:
    absence = handover.away_on(here.provider.pk, london_date(here.now)).get(person_id(who))
    later = (
        Absence.objects.filter(provider=here.provider, person=who, ended_at__isnull=True)
        .order_by("since")
        .first()
    )
    found = absence or later
    if found is None:
        return ""
    return _("away until %(day)s") % {"day": day(found.until)} if found.until else _("away")


def _who(here: Here, number: int) -> User:
    """Somebody who works here. Raises Http404."""
    role = Role.objects.filter(provider=here.provider, person=number).select_related("person").first()
    if role is None:
        raise Http404(str(number))
    return role.person
