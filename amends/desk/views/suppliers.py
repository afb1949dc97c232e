"""What waits on suppliers: whom we asked for what, how long ago, and when we ask again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from amends.desk import access, queue
from amends.desk.views.here import READ, Here, calendar_of, console
from amends.desk.views.pages import show


@console(roles=READ)
def suppliers(request: HttpRequest, here: Here) -> HttpResponse:
    """The list, what is to be chased first standing first."""
    waiting = access.suppliers_for(here.person, here.provider.pk).filter(answered=None)
    turned = queue.by_time(waiting, "chase", request.GET.get("from", ""))
    calendar = calendar_of(turned.rows[0].case.code_id if turned.rows else None)
    return show(
        request, here, "console/suppliers.html", at="my-day", rows=turned.rows, calendar=calendar,
        onward=turned.onward, keep="", from_start="from" not in request.GET,
    )  # fmt: skip
