"""The customers' book on pages: the list with its search, one customer with all that is theirs, needs to ask about again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from amends.core.calendar import london_date
from amends.core.case import Contact
from amends.core.code import CustomerKind
from amends.core.contracts import Contract, Renewal
from amends.core.eligibility import Covered, covered
from amends.core.saying import pence
from amends.desk import access
from amends.desk import disconnection as disconnecting
from amends.desk.customers import checked, finding, recorded, terms
from amends.desk.customers.speakers import MAY_HEAR
from amends.desk.customers.terms import Which
from amends.desk.forms.customers import EraseCustomer
from amends.desk.models import (
    Account,
    CaseRow,
    CustomerChange,
    CustomerRow,
    RecordedNeed,
    Service,
    Speaker,
)
from amends.desk.opened import read
from amends.desk.people import names_at
from amends.desk.views.here import Here, console
from amends.desk.views.pages import Tab, show
from amends.law import law

PAGE: Final = 25
CASES_SHOWN: Final = 10
LAST_CONTACTS: Final = 5
READ_FOR_CONTACTS: Final = 3
CHANGES_SHOWN: Final = 40


@console()
def book(request: HttpRequest, here: Here) -> HttpResponse:
    """The list, the newest first; or what was searched for; or the needs that are to be asked about again."""
    said = request.GET.get("find", "").strip()
    reviews = request.GET.get("show") == "reviews"
    customers = access.customers(here.person, here.provider.pk).filter(erased_at__isnull=True)
    needs = access.needs_for(here.person, here.provider.pk)
    due = list(recorded.to_review(needs, london_date(here.now)).select_related("customer")[: PAGE + 1])
    last = request.GET.get("from", "")
    start = int(last) if last.isascii() and last.isdecimal() and len(last) < 19 else 0
    if said:
        rows = finding.find(customers, here.provider.pk, said)
    else:
        rows = list((customers.filter(pk__lt=start) if start else customers).order_by("-pk")[: PAGE + 1])
    return show(
        request, here, "console/customer_book.html", at="customer-book", rows=rows[:PAGE], said=said, reviews=reviews,
        due=[(need, kind_label(need)) for need in due[:PAGE]], more_due=len(due) > PAGE, keep="",
        taken=urlencode({"find": said} if said else {}), from_start=not start, more_fit=bool(said) and len(rows) >= PAGE,
        may_import=here.may(access.IMPORTS),
        onward=str(rows[PAGE - 1].pk) if not said and len(rows) > PAGE else "",
        tabs=[
            Tab(_("Customers"), "?", not reviews),
            Tab(_("Needs to ask about again"), "?show=reviews", reviews, f"{len(due[:PAGE])}{'+' * (len(due) > PAGE)}"),
        ],
    )  # fmt: skip


def kind_label(need: RecordedNeed) -> str:
    """What a need is called."""
    if need.kind == recorded.FORMAT:
        return need.format
    return recorded.KINDS[need.kind].label if need.kind in recorded.KINDS else need.kind


@dataclass(frozen=True, slots=True)
class Held:
    """A service as the page tells it."""

    service: Service
    kind: str
    contract: str
    price: str
    terms: Which | None
    over: bool


@dataclass(frozen=True, slots=True)
class Billed:
    """An account with its services; None for services that stand on no account."""

    account: Account | None
    payment: str
    services: list[Held]


@dataclass(frozen=True, slots=True)
class Speaks:
    """Somebody who may speak for the customer, in words."""

    speaker: Speaker
    may_hear: str
    over: bool


@console()
def customer(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """One customer: who they are, who speaks for them, what they have and need, their cases, what was said last."""
    row = access.customer_for(here.person, here.provider.pk, number)
    return customer_page(request, here, row, EraseCustomer())


def customer_page(
    request: HttpRequest, here: Here, row: CustomerRow, erase: EraseCustomer, status: int = 200
) -> HttpResponse:
    """The page of a customer, with the form that erases them as it stands."""
    today = london_date(here.now)
    theirs = access.cases(here.person, here.provider.pk).filter(customer=row.pk)
    cases = list(theirs.order_by("-is_open", "-id")[: CASES_SHOWN + 1])
    around: dict[str, Any] = {
        "row": row, "title": title(row), "covered": cover(row, today), "erase": erase,
        "speakers": list(_speakers(row, today)), "billed": list(_billed(here, row, today)),
        "needs": [(n, kind_label(n), n.review <= today) for n in recorded.standing(row)],
        "cases": cases[:CASES_SHOWN], "more_cases": len(cases) > CASES_SHOWN,
        "contacts": list(last_contacts(cases)), "changes": list(_changes(here, row)),
        "may_erase": here.may(access.ERASES),
    }  # fmt: skip
    return show(request, here, "console/customer.html", at="customer-book", status=status, **around)


@console()
def disconnection(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Whether a customer may be disconnected today, with every reason why not and its clause."""
    row = access.customer_for(here.person, here.provider.pk, number)
    found = disconnecting.verdict(row, access.cases(here.person, here.provider.pk), london_date(here.now))
    return show(
        request,
        here,
        "console/disconnection.html",
        at="customer-book",
        row=row,
        title=title(row),
        verdict=found,
    )


def title(row: CustomerRow) -> str:
    """What a customer is called on a page."""
    return row.name or (_("An erased customer") if row.erased_at else _("No name"))


def cover(row: CustomerRow, today: date) -> Covered:
    """Whether the dispute-resolution rules cover this customer today, and why."""
    kind = CustomerKind(row.kind) if row.kind else CustomerKind.UNKNOWN
    return covered(kind, row.headcount, law(), today)


def _speakers(row: CustomerRow, today: date) -> Iterator[Speaks]:
    for each in row.speakers.order_by("id"):
        over = each.until is not None and each.until <= today
        yield Speaks(each, MAY_HEAR.get(each.may_hear, each.may_hear), over)


def _billed(here: Here, row: CustomerRow, today: date) -> Iterator[Billed]:
    services = list(row.services.order_by("ends", "id"))
    wanted = {s.terms for s in services if s.terms}
    versions = access.terms_for(here.person, here.provider.pk).filter(name__in=wanted) if wanted else ()
    which = terms.of_services(versions, services, today)
    held: dict[int | None, list[Held]] = {}
    for s in services:
        held.setdefault(s.account_id, []).append(_held(s, which.get(s.pk), today))
    for account in row.accounts.order_by("id"):
        said = [checked.PAYMENT.get(account.payment_method, ""), checked.BILLING.get(account.billing, "")]
        yield Billed(account, ", ".join(filter(None, said)), held.pop(account.pk, []))
    if None in held:
        yield Billed(None, "", held[None])


def _held(s: Service, which: Which | None, today: date) -> Held:
    contract = Contract(s.starts, s.minimum_months, Renewal(s.renewal), s.ends)
    price = "" if s.price_pence is None else f"{pence(s.price_pence)} {checked.PER.get(s.price_per, '')}"
    over = s.ends is not None and s.ends <= today
    return Held(s, checked.SERVICES.get(s.kind, s.kind), contract.said(today), price, which, over)


def last_contacts(cases: list[CaseRow]) -> Iterator[tuple[CaseRow, Contact]]:
    """What was said last on the newest cases of a customer, the newest first."""
    found = [(row, c) for row in cases[:READ_FOR_CONTACTS] for c in read(row).case.contacts if not c.machine]
    yield from sorted(found, key=lambda each: each[1].at, reverse=True)[:LAST_CONTACTS]


@dataclass(frozen=True, slots=True)
class Changed:
    """One line of the history."""

    change: CustomerChange
    who: str
    what: str
    fields: list[tuple[str, str, str]]


_FIELDS: Final = {
    "counted_how": "how it was counted", "counted_on": "counted on", "account_manager_name": "account manager",
    "payment_method": "how it is paid", "closed_on": "closed on", "minimum_months": "minimum term in months",
    "renewal_words": "renewal, in the contract’s words", "price_pence": "price in pence", "price_per": "price each",
    "may_hear": "may hear", "over_on": "over on", "external": "number in your own system", "ends": "first day without it",
}  # fmt: skip


def _changes(here: Here, row: CustomerRow) -> Iterator[Changed]:
    names = names_at(here.provider.pk)
    for change in row.changes.order_by("-id")[:CHANGES_SHOWN]:
        fields = [
            (_FIELDS.get(name, name), *("–" if x in ("", None) else str(x) for x in (was, now)))
            for name, (was, now) in (change.fields or {}).items()
            if name != "account_manager"
        ]
        yield Changed(change, names.get(change.by, change.by), change.what.partition(" ")[0], fields)
