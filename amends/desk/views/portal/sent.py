"""What of a complaint from the portal enters its case; then the reference and what happens next, by when."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse

from amends.core import facts as f
from amends.core.may import Refusal
from amends.desk import actions
from amends.desk.actions import THE_CUSTOMER, NewContact
from amends.desk.attachment import Attachment
from amends.desk.forms.complaining import AtOnce
from amends.desk.forms.formats import USUAL
from amends.desk.houses import access_code
from amends.desk.models import CaseRow
from amends.desk.record import docket
from amends.desk.views.portal.my_case import next_steps
from amends.desk.views.portal.my_letters import CONSENT
from amends.desk.views.portal.page import Customer, Door, own_case, show


def first_words(form: AtOnce, at: Door, files: Sequence[Attachment]) -> tuple[NewContact, f.CustomerKnown]:
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


def open_case(
    at: Door, contact: NewContact, known: f.CustomerKnown, form: AtOnce, reference: str | None = None
) -> CaseRow:
    """The case that a complaint opens, its letters in the format that was asked for from the first one on."""
    wanted = form.cleaned_data["wanted"]
    with docket(now=at.now) as taken:
        hand = actions.open_case(taken, at.provider, contact, known, THE_CUSTOMER, at.now, reference)
        if wanted != USUAL:
            refused = actions.need_format(hand, THE_CUSTOMER, at.now, wanted=wanted, consent=CONSENT)
            assert not isinstance(refused, Refusal), refused
        if form.cleaned_data["about_data"] == "yes":
            # The clock of a complaint about personal data begins with the same receipt (DP-01).
            first = next(c for c in hand.case.contacts if c.inbound)
            unheard = actions.find_personal_data(
                hand,
                THE_CUSTOMER,
                at.now,
                concerned=True,
                contact=first.id,
                why="The customer says so in the form.",
            )
            assert unheard is None, unheard
        return hand.row


@own_case()
def received(request: HttpRequest, customer: Customer) -> HttpResponse:
    """The reference, the access code, and what happens next."""
    return show(
        request, customer.door, "portal/received.html", row=customer.row, access_code=access_code(customer.row),
        steps=next_steps(customer), own=customer.row,
    )  # fmt: skip
