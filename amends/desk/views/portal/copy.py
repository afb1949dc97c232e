"""To ask for a copy of the code, in any format, by email or post, free of charge and without an account."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.core import facts as f
from amends.desk import copying
from amends.desk.actions import THE_CUSTOMER, NewContact
from amends.desk.forms.copies import SUBJECT, AskCopy
from amends.desk.houses import access_code
from amends.desk.models import CaseRow
from amends.desk.views.portal import once
from amends.desk.views.portal.my_case import next_steps
from amends.desk.views.portal.page import Customer, Door, let_in, own_case, portal, show


@portal("GET", "HEAD", "POST")
def ask_copy(request: HttpRequest, at: Door) -> HttpResponse:
    """The page on which one asks for it."""
    if at.code is None:
        raise Http404("no code is in force")
    if request.method != "POST":
        return once.marked(request, at, lambda which: _page(request, at, AskCopy(initial={"which": which})))
    form = AskCopy(request.POST)
    if not form.is_valid():
        return _page(request, at, form, 422)
    asked = form.copy
    to = form.cleaned_data["email" if asked.channel == "email" else "address"]
    if not copying.within_limits(at.provider, asked.channel, to, at.now):
        form.add_error(
            None,
            _(
                "We have had too many requests like this one. Please call us or write to us: the copy is yours."
            ),
        )
        return _page(request, at, form, 429)
    let_in(request, _case_of(request, at, form), at.now)
    return HttpResponseRedirect(reverse("copy-asked", args=[at.provider.pk]))


def _page(request: HttpRequest, at: Door, form: AskCopy, status: int = 200) -> HttpResponse:
    return show(request, at, "portal/copy.html", status=status, form=form)


def _case_of(request: HttpRequest, at: Door, form: AskCopy) -> CaseRow:
    said = form.cleaned_data
    contact = NewContact(channel="form", received=at.now, words="", subject=SUBJECT, sender=said["email"])
    known = f.CustomerKnown(
        at=at.now, logged=at.now, by=f.CUSTOMER, prefers=said["prefers"], name=said["name"], email=said["email"],
        address=said["address"],
    )  # fmt: skip

    def opening(reference: str | None) -> CaseRow:
        return copying.open_case(at.provider, contact, known, form.copy, THE_CUSTOMER, at.now, reference)

    return once.one_case(once.lot_of(request, at, said), at, contact, known, opening)


@own_case()
def copy_asked(request: HttpRequest, customer: Customer) -> HttpResponse:
    """The reference, and how the copy comes."""
    return show(
        request, customer.door, "portal/copy_asked.html", row=customer.row, access_code=access_code(customer.row),
        steps=next_steps(customer), own=customer.row,
    )  # fmt: skip
