"""Fills the customers' book of the demonstration: accounts, services, terms, who speaks for whom, and what is needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final, TypeVar

from amends.core.calendar import add_months, london_date
from amends.core.code import CustomerKind
from amends.core.may import Refusal
from amends.desk.books import governing
from amends.desk.customers import book, checked, recorded, speakers, terms
from amends.desk.demo import words as w
from amends.desk.models import Account, CustomerCount, CustomerRow, Provider

TERMS, BUSINESS_TERMS = "Home broadband", "Business broadband"
PLANS = (("Fibre 80", 3119), ("Fibre 150", 3650), ("Fibre 500", 4299))
NEEDS = {
    "Joan Whitfield": recorded.New(
        "telecare", "said so on a call, after the identity check",
        words="A pendant alarm works over her line.", arranged="Her alarm company is rung before any work on the line.",
    ),
    "Iain McTaggart": recorded.New("format", "asked for it in a letter", format="large print", arranged="18 point."),
    "Ruth Pemberton": recorded.New(
        "understanding", "agreed on a call",
        words="Plain words, one thing at a time.", arranged="Each call ends with what happens next.",
    ),
}  # fmt: skip
SPEAKS = (
    "Derek Sallow",
    speakers.New(
        "Carol Sallow", "daughter", "faults", "a letter that he signed",
        email="carol.sallow@example.org", phone="07700 900457",
    ),
)  # fmt: skip
BUSINESS = {"Nell Fairbrother": 4, "Olu Adeyemi": 7}
"""Who has a small business, and how many people work there."""
ASKED_AGAIN: Final = timedelta(days=61)
"""When one of the needs is to be looked at again: on the last days of the play."""
T = TypeVar("T")


class BookRefused(Exception):
    """A customer cannot be written down as the demonstration has it: the demonstration is wrong, not the book."""


def account_of(name: str) -> str:
    """The account that an invented customer is billed on."""
    return f"LB{104037 + 37 * [known for known, _, _ in w.CUSTOMERS].index(name)}"


def fill_book(provider: Provider, *, by: str, manager: tuple[str, str], now: datetime) -> dict[str, Account]:
    """Write every invented customer down, as whoever set the desk up would have brought them; their accounts by name.

    `manager` is the id and the name of the colleague whom a business calls first. Where the code serves nobody at home,
    every customer is a small business.
    """
    _adopted, code = governing(provider.pk, london_date(now))
    at_home = code is None or not code.serves or CustomerKind.RESIDENTIAL in code.serves
    name_of_terms = TERMS if at_home else BUSINESS_TERMS
    begun = london_date(now) - timedelta(days=400)
    for version, since in (("2024", date(2024, 1, 1)), ("2026", date(2026, 2, 1))):
        written(
            terms.add(
                provider, name=name_of_terms, version=version, in_force_from=since, words="", by=by, now=now,
                address=f"https://{provider.pk}.example/terms/{version}",
            )
        )  # fmt: skip
    accounts = {}
    for place, (name, address, phone) in enumerate(w.CUSTOMERS):
        said = {"name": name, "address": address, "phone": phone, "terms": name_of_terms}
        headcount = BUSINESS.get(name, 0 if at_home else 1 + place % 9)
        accounts[name] = _customer(
            provider, place, said, headcount, by=by, manager=manager,
            begun=begun + timedelta(days=23 * place), now=now,
        )  # fmt: skip
        if name in NEEDS:
            need = NEEDS[name]
            if need.kind == "understanding":
                need = replace(need, review=london_date(now) + ASKED_AGAIN)
            written(recorded.record(accounts[name].customer, need, by=by, now=now))
    name, speaker = SPEAKS
    written(speakers.allow(accounts[name].customer, speaker, by=by, now=now))
    return accounts


def count_customers(provider: Provider, *, by: str, begins: datetime, ends: datetime) -> None:
    """Enter how many customers there were in each month of the play, the last one but for itself, which is not over."""
    month, this = london_date(begins).replace(day=1), london_date(ends).replace(day=1)
    number = 41_200
    while month < this:
        CustomerCount.objects.create(
            provider=provider, month=month, customers=number, entered=ends, entered_by=by
        )
        month, number = add_months(month, 1), number + 175


def _customer(
    provider: Provider, place: int, said: dict[str, str], headcount: int, *, by: str, manager: tuple[str, str], begun: date,
    now: datetime,
) -> Account:  # fmt: skip
    name, terms_of_it = said["name"], said.pop("terms")
    values: dict[str, object] = {**said, "kind": "residential"}
    if headcount:
        values |= {
            "kind": "small-business", "headcount": headcount, "counted_how": "said when the contract was signed",
            "counted_on": begun,
        }  # fmt: skip
    if name in BUSINESS:
        values |= {"account_manager": manager[0], "account_manager_name": manager[1]}
    customer: CustomerRow = written(
        book.keep_customer(provider, values, by=by, now=now, external=f"C{2001 + place}")
    )
    account: Account = written(
        book.keep_account(
            customer, account_of(name), {"payment_method": "direct debit", "billing": "monthly in advance"},
            by=by, now=now,
        )
    )  # fmt: skip
    plan, pence = PLANS[place % len(PLANS)]
    written(
        book.keep_service(
            customer, account,
            {
                "kind": "broadband", "name": plan, "numbers": said["phone"], "starts": begun, "minimum_months": 18,
                "renewal": "monthly", "price_pence": pence, "price_per": "month", "terms": terms_of_it,
            },
            by=by, now=now,
        )
    )  # fmt: skip
    return account


def written(done: T | Refusal | tuple[checked.Wrong, ...]) -> T:
    """What was written. Raises BookRefused where the book said no."""
    if isinstance(done, (Refusal, tuple)):
        raise BookRefused(str(done))
    return done
