"""The page on which a customer tells us that they took their complaint to a scheme: which, when, and its number.

AD-03, CH-03: their word is kept as theirs (`told_of_scheme`), and a colleague asks the scheme.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from amends.core.calendar import london_date
from amends.core.may import Refusal
from amends.desk import told_of_scheme
from amends.desk.forms.portal import WentToScheme
from amends.desk.opened import Opened, read
from amends.desk.record import CaseInHand, Docket
from amends.desk.views.portal.my_case import act, back
from amends.desk.views.portal.page import Customer, own_case, show


@own_case("GET", "HEAD", "POST")
def tell(request: HttpRequest, customer: Customer) -> HttpResponse:
    """The page, and what was told on it."""
    opened, now = read(customer.row), customer.door.now
    schemes = [(scheme.id, scheme.name) for scheme in opened.book.law.schemes]
    if not told_of_scheme.may_tell(opened.case, opened.book, london_date(now)):
        return _page(request, customer, None, 200 if request.method != "POST" else 422)
    if request.method != "POST":
        return _page(request, customer, WentToScheme(schemes=schemes, initial=_known(opened, customer)))
    form = WentToScheme(request.POST, schemes=schemes)
    if not form.is_valid():
        return _page(request, customer, form, 422)
    said = form.cleaned_data

    def doing(_taken: Docket, hand: CaseInHand) -> Refusal | None:
        return told_of_scheme.tell(hand, now, scheme=said["scheme"], day=said["day"], number=said["number"])

    refusal = act(customer, doing)
    if refusal is not None:
        form.add_error("day", f"{refusal.what}. {refusal.mend}")
        return _page(request, customer, form, 422)
    return back(request, customer, _("Thank you. We ask the scheme next."))


def _known(opened: Opened, customer: Customer) -> dict[str, Any]:
    """What they told us before, else the scheme that their letter names."""
    told = opened.case.scheme_told
    if told is not None:
        return {"scheme": told.scheme, "day": london_date(told.applied), "number": told.number}
    today = london_date(customer.door.now)
    return {"scheme": told_of_scheme.named(opened.case, opened.row.provider_id, today)}


def _page(
    request: HttpRequest, customer: Customer, form: WentToScheme | None, status: int = 200
) -> HttpResponse:
    return show(
        request,
        customer.door,
        "portal/went_to_scheme.html",
        status=status,
        row=customer.row,
        own=customer.row,
        form=form,
    )
