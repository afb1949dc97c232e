"""The audit log: every change to the desk of a provider, with who and when; filtered, and taken away as a file."""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from amends.desk import audit as entries
from amends.desk.forms.audit import AuditFilter
from amends.desk.models import AuditEntry, RoleName
from amends.desk.views import exported
from amends.desk.views.exports import taken
from amends.desk.views.here import Here, console
from amends.desk.views.pages import show

READS_THE_AUDIT: Final = frozenset({RoleName.COMPLIANCE, RoleName.AUDITOR, RoleName.ADMINISTRATOR})
LINES: Final = 50


@console(roles=READS_THE_AUDIT)
def audit(request: HttpRequest, here: Here) -> HttpResponse:
    """The entries, newest first; `from` is the entry before which a page begins."""
    form = _filter(request, here)
    found = _narrowed(here, form)
    start = request.GET.get("from", "")
    if start.isascii() and start.isdigit() and len(start) < 19:
        found = entries.older(found, here.provider.pk, int(start))
    rows = list(found[: LINES + 1])
    more = rows[LINES - 1].pk if len(rows) > LINES else None
    return show(
        request, here, "console/audit.html", at="house", form=form, lines=entries.read(rows[:LINES]), more=more,
    )  # fmt: skip


@console(roles=READS_THE_AUDIT)
def audit_as(request: HttpRequest, here: Here, kind: str) -> HttpResponseBase:
    """The same entries as a file. Taking it away is itself an entry."""
    form = _filter(request, here)
    return taken(here, exported.audit_sheet(here, _narrowed(here, form)), "audit", kind, form.query)


def _filter(request: HttpRequest, here: Here) -> AuditFilter:
    rows = AuditEntry.objects.filter(provider=here.provider).order_by()
    whats = sorted(set(rows.values_list("what", flat=True).distinct()))
    who = set(rows.values_list("by", flat=True).distinct())
    called = entries.names(who)
    people = sorted(((each, called.get(each, each)) for each in who), key=lambda pair: pair[1].casefold())
    return AuditFilter(request.GET, whats=whats, people=people)


def _narrowed(here: Here, form: AuditFilter) -> QuerySet[AuditEntry]:
    return entries.entries(here.provider.pk, **form.narrowed)
