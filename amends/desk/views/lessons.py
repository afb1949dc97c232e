"""The review list of lessons: what was learned on cases, who sees to it by when, and what was decided."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.core.calendar import london_date
from amends.core.may import Refusal
from amends.desk import access
from amends.desk import lessons as kept
from amends.desk.forms.lessons import Decide, Give
from amends.desk.models import Lesson
from amends.desk.people import names_at
from amends.desk.views.here import Here, console
from amends.desk.views.pages import Tab, show

SEES: Final = access.SEES_LESSONS
REVIEWS: Final = access.REVIEWS_THE_CODE
PAGE: Final = 25
GIVE, DECIDE = "give", "decide"


@console(roles=SEES)
def lessons(request: HttpRequest, here: Here) -> HttpResponse:
    """The list: what nobody has first, then by their days; what was decided, the newest first. And the root causes."""
    decided = request.GET.get("state") == "decided"
    rows = access.lessons_for(here.person, here.provider.pk).select_related("case")
    found = (
        rows.filter(decided_at__isnull=False).order_by("-decided_at", "-pk")
        if decided
        else kept.waiting(rows)
    )
    asked = request.GET.get("from", "")
    start = int(asked) if asked.isdecimal() and len(asked) < 7 else 0
    some = list(found[start : start + PAGE + 1])
    today, names = london_date(here.now), names_at(here.provider.pk)
    shown = [
        (
            x,
            names.get(x.owner, x.owner),
            x.review_on is not None and x.review_on < today and x.decided_at is None,
        )
        for x in some[:PAGE]
    ]
    return show(
        request, here, "console/lessons.html", at="reports", lessons=shown, decided=decided,
        causes=kept.causes(here.provider.pk, today), onward=str(start + PAGE) if len(some) > PAGE else "",
        from_start=not start, keep="state=decided" if decided else "", may_take=here.may(access.TAKES_LISTS_AWAY),
        tabs=[Tab(_("Waiting"), "?", not decided), Tab(_("Decided"), "?state=decided", decided)],
    )  # fmt: skip


@console(roles=SEES, methods=("GET", "HEAD", "POST"))
def lesson(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """One lesson: who sees to it by when, and what was decided, are written down here."""
    found = access.lessons_for(here.person, here.provider.pk).filter(pk=number).select_related("case").first()
    if found is None or (request.method == "POST" and not here.may(REVIEWS)):
        raise Http404(str(number))
    owners = kept.owners(here.provider.pk)
    doing = request.POST.get("doing", "") if request.method == "POST" else ""
    initial = {"owner": found.owner, "review_on": found.review_on}
    give = Give(request.POST if doing == GIVE else None, owners=owners, initial=initial)
    decide = Decide(request.POST if doing == DECIDE else None, initial={"decision": found.decision})
    if give.is_bound and give.is_valid():
        refusal = kept.give(found, **give.cleaned_data, by=here.id, now=here.now)
        if refusal is None:
            return _back(request, here, _("It stands on the list with its owner and its day."))
        give.add_error("owner" if "person" in refusal.what else "review_on", _said(refusal))
    if decide.is_bound and decide.is_valid():
        refusal = kept.decide(found, **decide.cleaned_data, by=here.id, now=here.now)
        if refusal is None:
            return _back(request, here, _("It stands what was decided."))
        decide.add_error("decision", _said(refusal))
    return _page(request, here, found, give, decide)


def _page(request: HttpRequest, here: Here, found: Lesson, give: Give, decide: Decide) -> HttpResponse:
    names = names_at(here.provider.pk)
    return show(
        request, here, "console/lesson.html", at="reports", status=422 if give.errors or decide.errors else 200,
        lesson=found, give=give, decide=decide, reviews=here.may(REVIEWS), noted=names.get(found.noted_by, found.noted_by),
        owner=names.get(found.owner, found.owner), decider=names.get(found.decided_by, found.decided_by),
    )  # fmt: skip


def _said(refusal: Refusal) -> str:
    return f"{refusal.what}. {refusal.mend}"


def _back(request: HttpRequest, here: Here, words: str) -> HttpResponse:
    messages.success(request, words)
    return HttpResponseRedirect(reverse("lessons", args=[here.provider.pk]))
