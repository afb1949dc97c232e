"""The list of cases with its filters and saved views, and the search: what a caller says, and any words on a case."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.core.calendar import london_date
from amends.desk import access, queue, search
from amends.desk.catching_up import behind as catching_up
from amends.desk.filters import Behind, Filters, behind
from amends.desk.models import CaseTally, SavedView
from amends.desk.reference import normal
from amends.desk.views.case import colleagues
from amends.desk.views.here import DECIDE, Here, calendar_of, console
from amends.desk.views.pages import Tab, show

VIEWS_SHOWN: Final = 40
NAME_LIMIT: Final = 60
QUERY_LIMIT: Final = 2000


@console()
def cases(request: HttpRequest, here: Here) -> HttpResponse:
    """Cases narrowed by the filters of the address, or those behind a figure, the newest first; or what was searched for."""
    said = request.GET.get("find", "").strip()
    if said:
        return _found(request, here, said)
    asked = listed(here, request.GET)
    turned = queue.by_age(
        asked.rows, access.cases(here.person, here.provider.pk), request.GET.get("from", "")
    )
    return show(
        request, here, "console/cases.html", at="cases", asked=asked, form=asked.filters, onward=turned.onward,
        keep=asked.query, tabs=_tabs(asked), rows=turned.rows, from_start="from" not in request.GET,
        views=_views(here), may_share=here.may(DECIDE), me=here.person.pk,
        may_take=here.may(access.TAKES_LISTS_AWAY), catching_up=catching_up(),
        calendar=calendar_of(turned.rows[0].code_id if turned.rows else None),
    )  # fmt: skip


class Listed:
    """What an address asks to be listed: the filters, or the figure of a report; and the cases that fit."""

    def __init__(
        self, rows: QuerySet[CaseTally], filters: Filters, figure: Behind | None, today: date
    ) -> None:
        self.filters, self.figure = filters, figure
        self.rows = figure.narrow(rows, today) if figure else filters.narrow(rows)
        self.query = figure.query if figure else filters.query
        filters.is_valid()

    @property
    def title(self) -> str:
        """What the list is called."""
        if self.figure is not None:
            return _(self.figure.figure.title)
        return {"open": _("Open cases"), "closed": _("Closed cases"), "all": _("Cases")}[self.filters.shows]


def listed(here: Here, said: QueryDict) -> Listed:
    """What an address asks to be listed, within what this person may see."""
    filters = Filters(said, provider=here.provider.pk, colleagues=colleagues(here.provider.pk))
    rows = access.tallies(here.person, here.provider.pk)
    return Listed(rows, filters, behind(said), london_date(here.now))


def _tabs(asked: Listed) -> list[Tab]:
    """Open, closed or both, with the other filters as they are."""
    if asked.figure is not None:
        return []
    others = QueryDict(asked.filters.query, mutable=True)
    found = []
    for name, words in (("open", _("Open")), ("closed", _("Closed")), ("all", _("Both"))):
        others["show"] = name
        found.append(Tab(words, f"?{others.urlencode()}", asked.filters.shows == name))
    return found


def _views(here: Here) -> list[SavedView]:
    """The saved views of this person, and those that are shared."""
    mine = SavedView.objects.filter(Q(person=here.person) | Q(shared=True), provider=here.provider)
    return list(mine.order_by("name", "id")[:VIEWS_SHOWN])


@console(methods=("POST",))
def save_view(request: HttpRequest, here: Here) -> HttpResponse:
    """Keep the filters of a list under a name; a manager may share them with everybody here."""
    name = " ".join(request.POST.get("name", "").replace("\0", "").split())[:NAME_LIMIT]
    asked = listed(here, QueryDict(request.POST.get("query", "")[:QUERY_LIMIT]))
    if not name:
        messages.info(request, _("Nothing was saved: give the view a name."))
        return _to_list(here, asked.query)
    shared = bool(request.POST.get("shared")) and here.may(DECIDE)
    SavedView.objects.update_or_create(
        provider=here.provider, person=here.person, name=name,
        defaults={"query": asked.query, "shared": shared, "made": here.now},
    )  # fmt: skip
    messages.success(request, _("The view “%(name)s” is saved.") % {"name": name})
    return _to_list(here, asked.query)


@console(methods=("POST",))
def drop_view(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Take a saved view away: one's own, or as a manager a shared one."""
    found = SavedView.objects.filter(pk=number, provider=here.provider).first()
    if found is None or not (found.person_id == here.person.pk or (found.shared and here.may(DECIDE))):
        raise Http404(str(number))
    found.delete()
    messages.success(request, _("The view “%(name)s” is gone.") % {"name": found.name})
    return _to_list(here, "")


def _to_list(here: Here, query: str) -> HttpResponse:
    address = reverse("cases", args=[here.provider.pk])
    return HttpResponseRedirect(f"{address}?{query}" if query else address)


def _found(request: HttpRequest, here: Here, said: str) -> HttpResponse:
    mine = access.cases(here.person, here.provider.pk)
    page = search.find(mine, here.provider.pk, said, request.GET.get("from", ""))
    results = page.results
    if len(results) == 1 and normal(said) == results[0].reference:
        return redirect("case", here.provider.pk, results[0].reference)
    keep = QueryDict(mutable=True)
    keep["find"] = said
    around: dict[str, Any] = {
        "onward": page.onward,
        "keep": keep.urlencode(),
        "from_start": "from" not in request.GET,
    }
    return show(
        request,
        here,
        "console/found.html",
        at="cases",
        said=said,
        results=results,
        catching_up=catching_up(),
        may_take=here.may(access.TAKES_LISTS_AWAY),
        **around,
    )
