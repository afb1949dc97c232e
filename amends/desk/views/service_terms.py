"""The terms of services on a page: every version with its first day, the ones in force today marked, and a new one."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from amends.core.calendar import london_date
from amends.core.code import ChangedTogether
from amends.core.contracts import terms_on
from amends.core.may import Refusal
from amends.desk import access, books
from amends.desk.customers import terms
from amends.desk.forms.customers import TermsForm
from amends.desk.views.here import Here, console
from amends.desk.views.pages import back, show


@console(methods=("GET", "HEAD", "POST"))
def service_terms(request: HttpRequest, here: Here) -> HttpResponse:
    """Every version of every set of terms; whoever keeps the desk adds one."""
    form = TermsForm(request.POST or None) if here.keeps else None
    if form is not None and form.is_bound and form.is_valid():
        done = terms.add(here.provider, **form.cleaned_data, by=here.id, now=here.now)
        if not isinstance(done, Refusal):
            messages.success(request, _("The version stands."))
            return back(here, "service-terms")
        form.add_error("in_force_from", str(done))
    versions = access.terms_for(here.person, here.provider.pk).order_by("name", "-in_force_from")
    today = london_date(here.now)
    found = []
    for name, these in groupby(versions, key=lambda v: v.name):
        all_ = list(these)
        found.append((name, all_, terms_on(all_, today)))
    return show(
        request, here, "console/service_terms.html", at="house", form=form, terms=found, today=today,
        changes=_changes(here, {v.in_force_from for v in versions}),
        status=422 if form is not None and form.is_bound else 200,
    )  # fmt: skip


def _changes(here: Here, begins: set[date]) -> list[tuple[ChangedTogether, bool]]:
    """What the code of today says of documents that changed together, and whether terms begin on that day (I-changes)."""
    row, _ = books.governing(here.provider.pk, london_date(here.now))
    code = books.book_of(row).code if row is not None else None
    return [(change, change.on in begins) for change in (code.changed_together if code else ())]
