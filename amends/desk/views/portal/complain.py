"""To complain: one calm page, no account; then the reference, and what happens next, by when."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from amends.core import facts as f
from amends.desk import actions, uploads
from amends.desk.actions import THE_CUSTOMER, NewContact
from amends.desk.forms.portal import Complain
from amends.desk.houses import access_code
from amends.desk.models import CaseRow
from amends.desk.record import docket
from amends.desk.views.portal import once
from amends.desk.views.portal.my_case import next_steps
from amends.desk.views.portal.page import Customer, Door, let_in, own_case, portal, show


@portal("GET", "HEAD", "POST")
def complain(request: HttpRequest, at: Door) -> HttpResponse:
    """The page on which one complains."""
    if request.method != "POST":
        return asked(request, at, "portal/complain.html")
    form = Complain(request.POST, request.FILES)
    if not form.is_valid():
        form.ask_files_again()
        return show(request, at, "portal/complain.html", status=422, form=form)
    let_in(request, _case_of(request, at, form), at.now)
    return HttpResponseRedirect(reverse("received", args=[at.provider.pk]))


def asked(request: HttpRequest, at: Door, template: str, *, words: str = "", **more: Any) -> HttpResponse:
    """A page with a new form, for this browser; with words that were written elsewhere, where there are any."""

    def page(which: str) -> HttpResponse:
        return show(request, at, template, form=Complain(initial={"which": which, "words": words}), **more)

    return once.marked(request, at, page)


def _case_of(request: HttpRequest, at: Door, form: Complain) -> CaseRow:
    """The case of this complaint: a new one, or the one that this browser has opened with this form just now."""
    said = form.cleaned_data
    contact = NewContact(
        channel="form", received=at.now, words=form.story, sender=said["email"], files=said["enclosed"]
    )
    known = f.CustomerKnown(
        at=at.now, logged=at.now, by=f.CUSTOMER, customer_kind=said["customer_kind"], prefers=said["prefers"],
        name=said["name"], email=said["email"], phone=said["phone"], address=said["address"], account=said["account"],
    )  # fmt: skip

    def opening(reference: str | None) -> CaseRow:
        with docket(now=at.now) as taken:
            return actions.open_case(taken, at.provider, contact, known, THE_CUSTOMER, at.now, reference).row

    return once.one_case(
        once.lot_of(request, at, {**said, "enclosed": uploads.digests(said["enclosed"])}),
        at,
        contact,
        known,
        opening,
    )


@own_case()
def received(request: HttpRequest, customer: Customer) -> HttpResponse:
    """The reference, the access code, and what happens next."""
    return show(
        request, customer.door, "portal/received.html", row=customer.row, access_code=access_code(customer.row),
        steps=next_steps(customer), own=customer.row,
    )  # fmt: skip
