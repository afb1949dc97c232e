"""The list of cases, and the search: what a caller says, found by an index."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from amends.desk import access, queue, search
from amends.desk.reference import normal
from amends.desk.views.here import Here, calendar_of, console
from amends.desk.views.pages import Tab, show


@console()
def cases(request: HttpRequest, here: Here) -> HttpResponse:
    """Open or closed cases, the newest first; or what was searched for."""
    said = request.GET.get("find", "").strip()
    if said:
        return _found(request, here, said)
    closed = request.GET.get("show") == "closed"
    mine = queue.standing(access.cases(here.person, here.provider.pk), is_open=not closed)
    turned = queue.by_age(mine, request.GET.get("from", ""))
    tabs = [Tab(_("Open"), "?show=open", not closed), Tab(_("Closed"), "?show=closed", closed)]
    return show(
        request, here, "console/cases.html", at="cases", tabs=tabs, closed=closed, onward=turned.onward,
        rows=turned.rows, from_start="from" not in request.GET,
        calendar=calendar_of(turned.rows[0].code_id if turned.rows else None),
    )  # fmt: skip


def _found(request: HttpRequest, here: Here, said: str) -> HttpResponse:
    results = search.search(access.cases(here.person, here.provider.pk), here.provider.pk, said)
    if len(results) == 1 and normal(said) == results[0].reference:
        return redirect("case", here.provider.pk, results[0].reference)
    return show(
        request, here, "console/found.html", at="cases", said=said, results=results, most=search.FOUND,
        full=len(results) == search.FOUND,
    )  # fmt: skip
