"""What of a complaint from the portal enters its case; then the reference and what happens next, by when."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse

from amends.core import facts as f
from amends.desk.actions import NewContact
from amends.desk.attachment import Attachment
from amends.desk.forms.portal import Complain
from amends.desk.houses import access_code
from amends.desk.views.portal.my_case import next_steps
from amends.desk.views.portal.page import Customer, Door, own_case, show


def first_words(form: Complain, at: Door, files: Sequence[Attachment]) -> tuple[NewContact, f.CustomerKnown]:
    """The first contact of a case and who wrote it, from a form that is valid."""
    said = form.cleaned_data
    contact = NewContact(
        channel="form", received=at.now, words=form.story, sender=said["email"], files=tuple(files)
    )
    known = f.CustomerKnown(
        at=at.now, logged=at.now, by=f.CUSTOMER, customer_kind=said["customer_kind"], prefers=said["prefers"],
        name=said["name"], email=said["email"], phone=said["phone"], address=said["address"], account=said["account"],
    )  # fmt: skip
    return contact, known


@own_case()
def received(request: HttpRequest, customer: Customer) -> HttpResponse:
    """The reference, the access code, and what happens next."""
    return show(
        request, customer.door, "portal/received.html", row=customer.row, access_code=access_code(customer.row),
        steps=next_steps(customer), own=customer.row,
    )  # fmt: skip
