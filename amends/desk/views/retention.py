"""How long words are kept: the provider's period with what it would do, the cases on their way, and holding one case."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from amends.core.calendar import london_date
from amends.core.may import Refusal
from amends.core.retention import NOTICE, holds, kept
from amends.desk import access
from amends.desk.forms.retention import Hold, Period
from amends.desk.models import Keeping
from amends.desk.people import names_at
from amends.desk.retention import holding, rule
from amends.desk.views.case import open_for
from amends.desk.views.here import Here, console, not_your_role
from amends.desk.views.pages import Tab, back, few, show

SEES: Final = access.SEES_LESSONS
HOLDS: Final = access.REVIEWS_THE_CODE
PAGE: Final = 50
COUNTED: Final = 999
ASK_IN: Final = timedelta(days=183)
"""When a held case is asked about again where nobody says otherwise: a rule of this house."""


@console(roles=SEES, methods=("GET", "HEAD", "POST"))
def retention(request: HttpRequest, here: Here) -> HttpResponse:
    """The period, what it would do, and every case that has come to its day."""
    stands, least = rule.rule_of(here.provider.pk), rule.least(here.now)
    months = stands.months if stands else rule.usual(here.now)
    if request.method == "POST" and not here.may(access.ERASES):
        return not_your_role(request, here, access.ERASES)
    form = Period(request.POST or None, least=least, initial={"erases": stands is not None, "months": months})
    if request.method == "POST" and form.is_valid():
        done = rule.set_rule(here.provider, form.wanted, by=here.id, now=here.now)
        if not isinstance(done, Refusal):
            messages.success(request, _on() if form.wanted else _("Nothing is erased by itself."))
            return back(here, "retention")
        form.add_error("months", str(done))
    return show(
        request, here, "console/retention.html", at="house", status=422 if form.errors else 200, form=form, rule=stands,
        before=rule.preview(here.provider.pk, months, here.now), least=least, notice=NOTICE, erases=here.may(access.ERASES),
        may_take=here.may(access.TAKES_LISTS_AWAY), **_list(request, here),
    )  # fmt: skip


def _on() -> str:
    return _("From now on each ended case is announced here %(days)s days before its words go.") % {
        "days": NOTICE
    }


def titles() -> dict[str, str]:
    """The lists of the page, by state."""
    return {
        Keeping.ANNOUNCED: _("To be erased"), Keeping.HELD: _("Held"), Keeping.KEPT: _("Kept for now"),
        Keeping.ERASED: _("Erased"),
    }  # fmt: skip


def asked_for(request: HttpRequest) -> str:
    """Which of the lists is asked for."""
    state = request.GET.get("state", "")
    return state if state in titles() else str(Keeping.ANNOUNCED)


def _list(request: HttpRequest, here: Here) -> dict[str, Any]:
    state, rows = asked_for(request), access.retentions_for(here.person, here.provider.pk)
    asked = request.GET.get("from", "")
    start = int(asked) if asked.isdecimal() and len(asked) < 7 else 0
    mine = rows.filter(state=state).select_related("case").order_by("day", "case")
    some = list(mine[start : start + PAGE + 1])
    tabs = []
    for each, words in titles().items():
        count = rows.filter(state=each).order_by()[: COUNTED + 1].count()
        tabs.append(
            Tab(
                words, f"?state={each}", each == state,
                few(min(count, COUNTED), count > COUNTED) if count else "",
            )
        )  # fmt: skip
    return {
        "tabs": tabs, "state": state, "rows": some[:PAGE], "names": names_at(here.provider.pk),
        "onward": str(start + PAGE) if len(some) > PAGE else "", "from_start": not start, "keep": f"state={state}",
    }  # fmt: skip


@console(methods=("GET", "HEAD", "POST"))
def keep_case(request: HttpRequest, here: Here, reference: str) -> HttpResponse:
    """Until when the words of one case are kept and why; hold it, or let it go."""
    opened = open_for(here, reference)
    row, stands = opened.row, holding.standing(opened.row)
    lets_go = stands is not None and stands.state == Keeping.HELD and here.may(access.ERASES)
    form = Hold(
        request.POST if request.POST.get("doing") == "hold" else None,
        initial={"until": london_date(here.now) + ASK_IN},
    )
    if request.method == "POST":
        needed = access.ERASES if request.POST.get("doing") == "let go" else HOLDS
        if not here.may(needed):
            return not_your_role(request, here, needed)
        if request.POST.get("doing") == "let go":
            done = holding.let_go(row, by=here.id, now=here.now)
            if done is not None:
                raise Http404(str(done))
            messages.success(request, _("It is held no more. It will be announced before anything goes."))
            return redirect("keep-case", here.provider.pk, reference)
        if form.is_valid():
            said: dict[str, Any] = form.cleaned_data
            until: date = said["until"]
            done = holding.hold(row, why=said["why"], until=until, by=here.id, now=here.now)
            if done is None:
                messages.success(request, _("It is held: nothing of it is erased until somebody lets it go."))
                return redirect("keep-case", here.provider.pk, reference)
            form.add_error("until" if "day" in done.what else "why", str(done))
    found = rule.rule_of(here.provider.pk)
    until_day = kept(opened.case, opened.book, found.months if found else rule.usual(here.now))
    erased = stands is not None and stands.state == Keeping.ERASED
    return show(
        request, here, "console/keep_case.html", at="cases", status=422 if form.errors else 200, row=row, stands=stands,
        rule=found, until=until_day, why_now=holds(opened.case) if not row.is_open else "", form=form, lets_go=lets_go,
        holds=here.may(HOLDS) and not erased, erases=here.may(access.ERASES) and not row.is_open and not erased,
        by=names_at(here.provider.pk).get(stands.by, stands.by) if stands else "",
    )  # fmt: skip
