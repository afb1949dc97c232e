"""What a customer has with us and what it costs, as the customers' book has it, beside their own case.

N-prices: own prices in the portal. N-renewal, N-terms, F-tariffs, F-which-terms: until when a contract runs, and its terms.
Nothing of it is shown on a case of which nobody has said whose it is, to somebody who acts for the customer or of whom it
was not seen who they are (`my_case.is_known`), or where the case and the book do not name the same email address: who
writes about an account is not always who has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from amends.core.contracts import Contract, Renewal
from amends.core.saying import pence
from amends.desk.address import Address
from amends.desk.customers import terms
from amends.desk.models import CustomerRow, Service, TermsVersion
from amends.desk.opened import Opened

KINDS: Final = {
    "line": _("Telephone line"),
    "broadband": _("Broadband"),
    "mobile": _("Mobile"),
    "numbers": _("Numbers"),
    "sip trunk": _("SIP trunk"),
    "hosted voice": _("Hosted voice"),
    "termination": _("Call termination"),
    "call routing": _("Inbound call routing"),
    "sms": _("Text messages"),
    "colocation": _("Colocation"),
    "leased line": _("Leased line"),
    "software": _("Software and interfaces"),
    "other": _("Something else"),
}
PER: Final = {"month": _("a month"), "quarter": _("a quarter"), "year": _("a year"), "once": _("once")}


@dataclass(frozen=True, slots=True)
class Mine:
    """One service of a customer, in the words of the portal."""

    kind: object
    name: str
    """What it is sold as."""
    numbers: str
    price: str
    """With VAT; empty where the book has none."""
    per: object
    since: date | None
    until: date | None
    """The last London day of its minimum term; None where no term runs."""
    ends: date | None
    """Its last London day; None while no end is agreed."""
    terms: TermsVersion | None
    """The terms that apply to it today."""


def of(opened: Opened, day: date) -> list[Mine]:
    """What the customer of this case has, in the order in which the book has it; what is over is left out."""
    linked = opened.case.linked
    if linked is None or not linked.customer.isdecimal():
        return []
    customer = CustomerRow.objects.filter(
        provider=opened.row.provider_id, pk=int(linked.customer), erased_at__isnull=True
    ).first()
    if customer is None or not _same(customer.email, opened.case.customer.email):
        return []
    found = [
        service
        for service in Service.objects.filter(customer=customer).order_by("pk")
        if service.ends is None or service.ends > day
    ]
    named = {service.terms for service in found if service.terms}
    versions = TermsVersion.objects.filter(provider=customer.provider_id, name__in=named) if named else ()
    which = terms.of_services(versions, found, day)
    return [_mine(service, which.get(service.pk), day) for service in found]


def _same(book: str, case: str) -> bool:
    return bool(book) and bool(case) and Address("", book).key == Address("", case).key


def _mine(service: Service, which: terms.Which | None, day: date) -> Mine:
    contract = Contract(service.starts, service.minimum_months, Renewal(service.renewal), service.ends)
    until = contract.minimum_until(day) if contract.bound(day) else None
    return Mine(
        KINDS.get(service.kind, service.kind), service.name, service.numbers,
        pence(service.price_pence) if service.price_pence is not None else "", PER.get(service.price_per, ""),
        service.starts, _before(until), _before(service.ends),
        which.today if which else None,
    )  # fmt: skip


def _before(first: date | None) -> date | None:
    """The day before the first without it."""
    return first - timedelta(days=1) if first else None
