"""The audit log: every change to the desk of a provider, with who and when; filtered, and taken away as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from amends.desk import audit as entries
from amends.desk.forms.audit import AuditFilter
from amends.desk.models import AuditEntry, RoleName
from amends.desk.sheets import Sheet, Value, as_csv
from amends.desk.views.here import Here, console
from amends.desk.views.pages import show

READS_THE_AUDIT: Final = frozenset({RoleName.COMPLIANCE, RoleName.AUDITOR, RoleName.ADMINISTRATOR})
LINES: Final = 50
AT_ONCE: Final = 500


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
def audit_csv(request: HttpRequest, here: Here) -> HttpResponseBase:
    """The same entries as a file. Taking it away is itself an entry."""
    form = _filter(request, here)
    found = _narrowed(here, form)
    AuditEntry.objects.create(
        provider=here.provider, at=here.now, by=here.id, what="audit exported", detail={"narrowed to": form.query}
    )  # fmt: skip
    sheet = Sheet("audit", ("When", "By", "What", "Details"), _rows(found, here.provider.pk))
    answer = StreamingHttpResponse(as_csv(sheet), content_type="text/csv; charset=utf-8")
    name = f"{here.provider.pk}-audit-{here.now:%Y-%m-%d}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _filter(request: HttpRequest, here: Here) -> AuditFilter:
    rows = AuditEntry.objects.filter(provider=here.provider).order_by()
    whats = sorted(set(rows.values_list("what", flat=True).distinct()))
    who = set(rows.values_list("by", flat=True).distinct())
    called = entries.names(who)
    people = sorted(((each, called.get(each, each)) for each in who), key=lambda pair: pair[1].casefold())
    return AuditFilter(request.GET, whats=whats, people=people)


def _narrowed(here: Here, form: AuditFilter) -> QuerySet[AuditEntry]:
    return entries.entries(here.provider.pk, **form.narrowed)


def _rows(found: QuerySet[AuditEntry], provider: str) -> Iterator[tuple[Value, ...]]:
    some = list(found[:AT_ONCE])
    while some:
        for line in entries.read(some):
            yield line.at, line.by, line.what, line.said
        some = list(entries.older(found, provider, some[-1].pk)[:AT_ONCE])
