"""A complaint on one page: for whoever would rather see every question at once, and where the chat is closed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from amends.desk import room, uploads
from amends.desk.forms.complaining import AtOnce
from amends.desk.models import CaseRow
from amends.desk.signing.log import network_of
from amends.desk.views.portal import once
from amends.desk.views.portal.page import Door, let_in, portal, show
from amends.desk.views.portal.sent import first_words, open_case


@portal("GET", "HEAD", "POST")
def one_page(request: HttpRequest, at: Door) -> HttpResponse:
    """The page on which one complains at once."""
    if request.method != "POST":
        return asked(request, at, "portal/one_page.html")
    form = AtOnce(request.POST, request.FILES)
    if form.is_valid() and not room.for_files(
        at.provider, network_of(request), form.cleaned_data["enclosed"], at.now
    ):
        form.add_error("enclosed", room.NO_FILES)
    if not form.is_valid():
        form.ask_files_again()
        return show(request, at, "portal/one_page.html", status=422, form=form)
    let_in(request, _case_of(request, at, form), at.now)
    return HttpResponseRedirect(reverse("received", args=[at.provider.pk]))


def asked(request: HttpRequest, at: Door, template: str, *, words: str = "", **more: Any) -> HttpResponse:
    """A page with a new form, for this browser; with words that were written elsewhere, where there are any."""

    def page(which: str) -> HttpResponse:
        return show(request, at, template, form=AtOnce(initial={"which": which, "words": words}), **more)

    return once.marked(request, at, page)


def _case_of(request: HttpRequest, at: Door, form: AtOnce) -> CaseRow:
    """The case of this complaint: a new one, or the one that this browser has opened with this form just now."""
    said = form.cleaned_data
    contact, known = first_words(form, at, said["enclosed"])

    def opening(reference: str | None) -> CaseRow:
        return open_case(at, contact, known, form, reference)

    return once.one_case(
        once.lot_of(request, at, {**said, "enclosed": uploads.digests(said["enclosed"])}),
        at,
        contact,
        known,
        opening,
    )
