"""What the customers' book says of a service and its contract, in the words in which a kind of case asks for it.

N-cancel, F-cancel-explain: the fee follows from the contract's own dates, minimum term and price. What the book has need not
be typed again; where a case was filled in otherwise, both stand on its page, and a person says which is right.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from amends.core.calendar import add_months
from amends.core.care.kinds import CANCELLATION
from amends.core.care.steps import said
from amends.core.contracts import Contract, Renewal
from amends.core.kinds import CaseKind
from amends.desk.customers.checked import SERVICES
from amends.desk.models import Service

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amends.core.case import Case

_A_MONTH: Final = {"month": 1, "quarter": 3, "year": 12}
TERM, NO_TERM = "a minimum term", "no minimum term"


_PAYS: Final = {
    "direct debit": "direct debit", "card": "card", "paypal": "card through PayPal", "bacs": "BACS transfer",
    "cheque": "cheque", "cash": "another way", "other": "another way",
}  # fmt: skip
"""How an account is paid, in the words in which a change of payment method asks for it."""


class Differs(NamedTuple):
    """A particular that the case has otherwise than the book, or that the case lacks."""

    asks: str
    here: str
    book: str


def known(kind: CaseKind, service: Service, on: date) -> dict[str, str]:
    """What the book says of what a case of this kind asks for, so that it is not typed again; what it lacks is left out."""
    if kind is CaseKind.CANCELLATION:
        return asked(service, on)
    found = {
        CaseKind.FAULT: {"service": _with_number(service), "numbers": service.numbers},
        CaseKind.PORT: {"numbers": service.numbers},
        CaseKind.PRICES: {"services": named(service)},
        CaseKind.PAYMENT_METHOD: {"pays": _PAYS.get(service.account.payment_method, "") if service.account else ""},
        CaseKind.HARDSHIP: {"bills": service.account.number if service.account else ""},
    }.get(kind, {})  # fmt: skip
    return {name: words for name, words in found.items() if words}


def _with_number(service: Service) -> str:
    """A service with its first number, by which people know it."""
    first = service.numbers.splitlines()[0] if service.numbers else ""
    return f"{named(service)}, {first}"[:300] if first else named(service)


def asked(service: Service, on: date) -> dict[str, str]:
    """What the book says of the particulars of a cancellation asked for on this London day; what it lacks is left out.

    Of a contract that renewed it is the term that runs. A price by the quarter or year is put by the month, rounded down
    to a whole penny: what we charge is rounded in the customer's favour.
    """
    found = {"what": named(service)}
    if service.starts is not None and service.starts <= on:
        found["provided"] = service.starts.isoformat()
    contract = Contract(service.starts, service.minimum_months, Renewal(service.renewal), service.ends)
    until = contract.minimum_until(on)
    if service.minimum_months == 0:
        found["term"] = NO_TERM
    elif service.minimum_months is not None and until is not None:
        assert service.starts is not None
        found |= {"term": TERM, "months": str(service.minimum_months)}
        found["first"] = _first(service.starts, service.minimum_months, until).isoformat()
    share = _A_MONTH.get(service.price_per)
    if service.price_pence is not None and share:
        pence = service.price_pence // share
        found["monthly"] = f"{pence // 100}.{pence % 100:02}"
    if service.ends is not None and service.ends > on:
        found["ends"] = (service.ends - timedelta(days=1)).isoformat()
    return found


def _first(starts: date, months: int, until: date) -> date:
    """The first day of the minimum term that ends on this day: terms are counted from the start of the contract."""
    terms = 0
    while add_months(starts, months * (terms + 1)) < until:
        terms += 1
    return add_months(starts, months * terms)


def of_case(case: Case, on: date) -> dict[str, str]:
    """What the book says of a cancellation's contract, where the case is for one of its services; else nothing."""
    service = service_of(case)
    return asked(service, on) if service is not None else {}


def service_of(case: Case) -> Service | None:
    """The service that a cancellation is for, as a person said; None while nobody has."""
    linked = case.linked
    if case.kind is not CaseKind.CANCELLATION or linked is None or not linked.service:
        return None
    return Service.objects.filter(provider=case.provider, pk=int(linked.service)).first()


def differs(given: Mapping[str, str], service: Service, on: date) -> tuple[Differs, ...]:
    """Where a cancellation says other than the book of its fee: the dates, the term and the price, as people read them."""
    book = asked(service, on)
    return tuple(
        Differs(p.asks, said(p, given[p.name]) if given.get(p.name) else "", said(p, book[p.name]))
        for p in CANCELLATION.particulars
        if p.name in ("provided", "term", "first", "months", "monthly")
        and p.name in book
        and given.get(p.name, "") != book[p.name]
    )


def named(service: Service) -> str:
    """What a service is called among others: its kind, and what it is sold as."""
    kind = SERVICES.get(service.kind, service.kind)
    return f"{kind}: {service.name}"[:300] if service.name else kind
