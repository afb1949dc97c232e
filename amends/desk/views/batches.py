"""Print batches: what waits for the post made into one PDF with its manifest, printed again, and posted on a day."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from amends.core.calendar import london_date
from amends.desk import access
from amends.desk import batches as post
from amends.desk.forms.posting import Posted
from amends.desk.models import PrintBatch
from amends.desk.people import names_at
from amends.desk.views.here import WORK, Here, console
from amends.desk.views.pages import show

PAGE: Final = 25


@console()
def batches(request: HttpRequest, here: Here) -> HttpResponse:
    """The batches, the newest first."""
    found = access.batches_for(here.person, here.provider.pk).order_by("-number")
    after = request.GET.get("from", "")
    if after.isdecimal() and len(after) < 10:
        found = found.filter(number__lt=int(after))
    rows = list(found[: PAGE + 1])
    names = names_at(here.provider.pk)
    return show(
        request, here, "console/batches.html", at="letters",
        batches=[(row, names.get(row.made_by, row.made_by), letters_in(row)) for row in rows[:PAGE]],
        onward=str(rows[PAGE - 1].number) if len(rows) > PAGE else "",
    )  # fmt: skip


def letters_in(row: PrintBatch) -> tuple[int, int]:
    """How many letters the batch has, and how many of them wait for the post."""
    return row.letters.count(), row.letters.filter(outgoing__state="to post").count()


@console(roles=WORK, methods=("POST",))
def make_batch(request: HttpRequest, here: Here) -> HttpResponse:
    """Make a batch of what waits."""
    made = post.make(here.provider, here.actor, here.now, both_sides=request.POST.get("both_sides") == "yes")
    if made is None:
        messages.info(request, _("No letter waits that is not in a batch already."))
        return HttpResponseRedirect(reverse("batches", args=[here.provider.pk]))
    messages.success(request, _("The batch is made. Print it, check it against its list, and post it."))
    return HttpResponseRedirect(reverse("batch", args=[here.provider.pk, made.number]))


def _batch(here: Here, number: int) -> PrintBatch:
    found = access.batches_for(here.person, here.provider.pk).select_related("provider")
    batch = found.filter(number=number).first() if number < 10**9 else None
    if batch is None:
        raise Http404(str(number))
    return batch


@console()
def batch(request: HttpRequest, here: Here, batch: int) -> HttpResponse:
    """One batch: its letters in posting order, and what became of each."""
    found = _batch(here, batch)
    places = post.letters_of(found)
    rows = list(zip(post.lines(places), (place.outgoing for place in places), strict=True))
    waits = [letter.key for _line, letter in rows if letter.state == "to post"]
    return show(
        request, here, "console/batch.html", at="letters", batch=found, rows=rows, waits=waits,
        maker=names_at(here.provider.pk).get(found.made_by, found.made_by),
        form=Posted(keys=waits, today=london_date(here.now)),
    )  # fmt: skip


@console()
def batch_pdf(_request: HttpRequest, here: Here, batch: int) -> HttpResponse:
    """The batch to print, the first time or again."""
    found = _batch(here, batch)
    answer = HttpResponse(post.printed(found).content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=False, filename=f"batch-{found.number}.pdf") or "inline"
    )
    return answer


@console()
def batch_csv(_request: HttpRequest, here: Here, batch: int) -> HttpResponse:
    """The manifest as a table."""
    found = _batch(here, batch)
    answer = HttpResponse(post.as_csv(found), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=f"batch-{found.number}.csv") or "attachment"
    )
    return answer
