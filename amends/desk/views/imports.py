"""Bringing customers in from a file: what it would do stands on the page, row by row, before anything is written."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.desk import access
from amends.desk.forms.imports import ImportFile
from amends.desk.imports.customers import COLUMNS, Customers
from amends.desk.imports.reading import Unreadable, table
from amends.desk.imports.running import Result, file_digest, run
from amends.desk.models import ImportRun
from amends.desk.views.here import Here, console
from amends.desk.views.pages import show

SHOWN = 200


@console(roles=access.IMPORTS, methods=("GET", "HEAD", "POST"))
def import_customers(request: HttpRequest, here: Here) -> HttpResponse:
    """The file is chosen here, and those that were brought in before are listed."""
    form = ImportFile(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = _kept(here, form.cleaned_data["file"])
        except Unreadable as wrong:
            form.add_error(
                "file", ValidationError(_("The file cannot be used: %(why)s.") % {"why": str(wrong)})
            )
        else:
            return HttpResponseRedirect(reverse("import-look", args=[here.provider.pk, kept.pk]))
    runs = access.imports_for(here.person, here.provider.pk).order_by("-id")[:10]
    return show(
        request, here, "console/import.html", at="customer-book", form=form, runs=runs, columns=COLUMNS,
        status=422 if form.is_bound else 200,
    )  # fmt: skip


def _kept(here: Here, file: Any) -> ImportRun:
    """The file, kept until it was looked at and brought in. Raises Unreadable."""
    content = file.read()
    whole = BytesIO(content)
    Customers(here.provider, here.id, here.now).unknown(table(whole).columns)
    digest = file_digest(whole)
    mine = access.imports_for(here.person, here.provider.pk).filter(what="customers", finished__isnull=True)
    there = mine.filter(sha256=digest).order_by("-id").first()
    if there is not None and there.content is None:
        # It broke off elsewhere, or was let go of: the same bytes go on where it stands.
        there.content, there.began = content, here.now
        there.save(update_fields=["content", "began"])
    return there or ImportRun.objects.create(
        provider=here.provider, what="customers", name=file.name[:200], sha256=digest, content=content, began=here.now,
        by=here.id,
    )  # fmt: skip


@console(roles=access.IMPORTS, methods=("GET", "HEAD", "POST"))
def import_look(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """What the file would do; a press does it, and goes on where it broke off."""
    kept = access.imports_for(here.person, here.provider.pk).filter(pk=number, what="customers").first()
    if kept is None:
        raise access.NotYours(str(number))
    if kept.finished is not None or kept.content is None:
        return show(request, here, "console/import_done.html", at="customer-book", run=kept)
    if request.method == "POST":
        result = _brought(here, kept, dry=False)
        messages.success(
            request, _("%(rows)s rows were dealt with.") % {"rows": result.rows + result.skipped}
        )
        return show(
            request, here, "console/import_done.html", at="customer-book", run=ImportRun.objects.get(pk=kept.pk),
            result=result, broken=result.broken[:SHOWN],
        )  # fmt: skip
    result = _brought(here, kept, dry=True)
    return show(
        request, here, "console/import_look.html", at="customer-book", run=kept, result=result,
        broken=result.broken[:SHOWN], warnings=result.warnings[:SHOWN], samples=result.samples,
        more=result.counts["broken"] - len(result.broken[:SHOWN]),
    )  # fmt: skip


def _brought(here: Here, kept: ImportRun, *, dry: bool) -> Result:
    assert kept.content is not None
    bringer = Customers(here.provider, here.id, here.now)
    return run(
        here.provider,
        BytesIO(bytes(kept.content)),
        bringer,
        dry=dry,
        by=here.id,
        now=here.now,
        name=kept.name,
    )
