"""A cancellation takes the contract from the customers' book: nothing is typed twice, and what differs is said."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings

from amends.core.care import steps
from amends.desk.customers import book, checked, contract
from amends.desk.imports.customers import Customers
from amends.desk.imports.reading import Row
from amends.desk.imports.running import Broken
from amends.desk.models import CustomerRow, Service
from tests.desk.office import NOON, Office, clock
from tests.desk.test_care import folded, newest
from tests.desk.test_sync_door import key, put

pytestmark = pytest.mark.django_db
HELD = {
    "kind": "leased line", "name": "Line to Leeds", "starts": "2026-02-01", "minimum_months": "12",
    "price_pence": "100.00", "price_per": "month", "renewal": "monthly",
}  # fmt: skip


@pytest.fixture(name="netfuse")
def _netfuse(settings: Settings) -> Office:
    clock(settings)
    return Office("netfuse")


def held(at: Office, **more: str) -> Service:
    """A service of a customer in the book."""
    bell = book.keep_customer(at.provider, {"name": "Bell", "email": "b@bell.example"}, by="7", now=NOON)
    assert isinstance(bell, CustomerRow)
    values, wrong = checked.read(checked.SERVICE, {**HELD, **more})
    assert not wrong
    made = book.keep_service(bell, None, values, by="7", now=NOON)
    assert isinstance(made, Service), made
    return made


def test_the_fee_comes_from_the_contract_in_the_book_with_nothing_typed_twice(netfuse: Office) -> None:
    """N-cancel: dates, term and price as the book has them; only the last day is asked for."""
    service = held(netfuse)
    hana = netfuse.visitor()
    customer = hana.get(netfuse.at(f"customers/{service.customer_id}"))
    asks = next(link for link in customer.links if "new-case/cancellation" in link)
    page = hana.get(asks)
    assert "What the book says of the service stands in the boxes." in page.main
    done = hana.press(
        page, "Open the case", came="phone", words="I want to leave.", p_ends="2026-11-30", p_saved="10"
    )
    assert done.status == 200, done.mistakes
    case = folded(newest())
    assert case.linked is not None
    assert case.linked.service == str(service.pk)
    assert steps.given(case) == {
        "what": "Leased line: Line to Leeds", "ends": "2026-11-30", "provided": "2026-02-01", "term": "a minimum term",
        "first": "2026-02-01", "months": "12", "monthly": "100.00", "saved": "10",
    }  # fmt: skip
    assert "Ending it costs £180" in done.main
    assert "2 months left at £100: £200" in done.main
    assert "says otherwise" not in done.main


def test_what_the_book_knows_of_a_service_is_typed_again_for_no_kind_and_who_it_is_goes_along(
    netfuse: Office,
) -> None:
    service = held(netfuse, numbers="020 7946 0018")
    hana = netfuse.visitor()
    links = hana.get(netfuse.at(f"customers/{service.customer_id}")).links
    page = hana.get(next(link for link in links if "new-case/fault" in link))
    done = hana.press(page, "Open the case", words="Dead.", p_symptoms="No tone.", p_works="not at all")
    assert done.status == 200, done.mistakes
    said = steps.given(folded(newest()))
    assert (said["service"], said["numbers"]) == (
        "Leased line: Line to Leeds, 020 7946 0018",
        "020 7946 0018",
    )
    whose = f"customer={service.customer_id}&service={service.pk}"
    others = [link for link in page.links if "/new-case/" in link and "?customer" in link]
    assert len(others) >= 8
    assert all(whose in link for link in others if f"service={service.pk}" in link)
    contact = hana.get(netfuse.at(f"new-contact?customer={service.customer_id}"))
    assert any(link.endswith(f"new-case/order?customer={service.customer_id}") for link in contact.links)


def test_what_the_case_has_otherwise_than_the_book_is_said_until_one_is_put_right(netfuse: Office) -> None:
    service = held(netfuse)
    hana = netfuse.visitor()
    address = netfuse.at(f"new-case/cancellation?customer={service.customer_id}&service={service.pk}")
    filled = {
        "came": "phone", "words": "Out.", "p_ends": "2026-11-30", "p_months": "24", "p_monthly": "",
        "p_provided": "2026-01-02",
    }  # fmt: skip
    done = hana.press(hana.get(address), "Open the case", **filled)
    assert "The customers’ book says otherwise" in done.main
    provided = done.main.partition("says otherwise")[2].partition("Put right")[0]
    assert "Provided since: Friday 2 January 2026 here, Sunday 1 February 2026 in the book" in provided
    assert "Minimum term, in months: 24 here, 12 in the book" in done.main
    assert "Price a month: not given here, £100.00 in the book" in done.main
    assert "First day" not in done.main.partition("says otherwise")[2].partition("Put right")[0]
    particulars = hana.get(netfuse.at(f"cases/{newest().reference}/particulars"))
    after = hana.press(particulars, "Save", p_months="12", p_provided="2026-02-01")
    assert "Ending it costs £200" in after.main, "the price stood in its box, as the book has it"
    assert "says otherwise" not in after.main


@pytest.mark.parametrize(
    ("more", "on", "says"),
    [
        ({"renewal": "new term"}, date(2027, 3, 1), {"first": "2027-02-01", "months": "12", "monthly": "100.00"}),
        ({"renewal": "monthly"}, date(2027, 3, 1), {"first": "2026-02-01"}),
        ({"price_per": "quarter"}, date(2026, 11, 2), {"monthly": "33.33"}),
        ({"price_per": "year", "price_pence": "120.00"}, date(2026, 11, 2), {"monthly": "10.00"}),
        ({"price_per": "once"}, date(2026, 11, 2), {"monthly": None}),
        ({"minimum_months": "0"}, date(2026, 11, 2), {"term": "no minimum term", "months": None, "first": None}),
        ({"minimum_months": ""}, date(2026, 11, 2), {"term": None, "months": None}),
        ({"starts": "2026-01-31", "minimum_months": "1", "renewal": "new term"}, date(2026, 3, 5),
         {"first": "2026-02-28"}),
    ],
)  # fmt: skip
def test_what_the_book_says_of_a_contract_is_put_as_a_cancellation_asks(
    netfuse: Office, more: dict[str, str], on: date, says: dict[str, str | None]
) -> None:
    found = contract.asked(held(netfuse, **more), on)
    assert {name: found.get(name) for name in says} == says


def test_a_service_of_another_customer_fills_no_box(netfuse: Office) -> None:
    service = held(netfuse)
    other = book.keep_customer(netfuse.provider, {"name": "Cole"}, by="7", now=NOON)
    assert isinstance(other, CustomerRow)
    hana = netfuse.visitor()
    for number in (str(service.pk), "x", "9" * 30):
        page = hana.get(netfuse.at(f"new-case/cancellation?customer={other.pk}&service={number}"))
        assert page.status == 200
        assert "Line to Leeds" not in page.main


IMPOSSIBLE = [
    ({"starts": "2026-02-01", "ends": "2026-01-31"}, "ends", "a contract cannot end before it starts"),
    ({"minimum_months": "-3"}, "minimum_months", "is no number from 0 to 120"),
    ({"minimum_months": "4800"}, "minimum_months", "is no number from 0 to 120"),
    ({"price": "-1.00"}, "price", "is no sum: write pounds and pence"),
    ({"price": "ten"}, "price", "is no sum: write pounds and pence"),
    ({"starts": "31/02/2026"}, "starts", "is no day"),
]
"""What no contract can say, the field at which it is told, and the words."""


@pytest.mark.parametrize(("said", "field", "words"), IMPOSSIBLE)
def test_an_impossible_contract_is_told_at_its_field_by_form_file_and_door_and_nothing_is_half_done(
    netfuse: Office, said: dict[str, str], field: str, words: str
) -> None:
    at = netfuse.provider
    contracted = {"service_kind": "broadband", "price_per": "month", "starts": "2026-01-15", **said}
    account = {"account": "B1", "services": [{"service": "S1", **contracted}]}
    answer = put(at, key(at)[1], {"name": "Bell", "accounts": [account]})
    assert answer.status_code == 422, answer.content
    (error,) = answer.json()["errors"]
    assert error["field"] == field
    assert words in error["what"]
    row: dict[str, str] = {"customer": "C1", "name": "Bell", "account": "B1", "service": "S1", **contracted}
    bringer = Customers(at, "7", NOON)
    rows = [Row(2, row)]
    bringer.begin(rows)
    with pytest.raises(Broken) as broken, transaction.atomic():
        bringer.bring(rows[0])
    assert [(w.field, words in w.what) for w in broken.value.wrong] == [(field, True)]
    assert not CustomerRow.objects.exists()

    bell = book.keep_customer(at, {"name": "Bell"}, by="7", now=NOON)
    assert isinstance(bell, CustomerRow)
    hana = netfuse.visitor()
    page = hana.get(netfuse.at(f"customers/{bell.pk}/services/add"))
    box = {"price": "price_pence"}
    filled: dict[str, Any] = {"kind": "broadband", "price_per": "month", "starts": "2026-01-15"}
    filled |= {box.get(name, name): value for name, value in said.items()}
    refused = hana.press(page, hana_button(page), **filled)
    assert refused.status == 422, refused.main
    assert refused.doc.xpath(f'//*[@id="id_{box.get(field, field)}"]/@aria-invalid') == ["true"], json.dumps(
        said
    )
    assert not Service.objects.exists()


def hana_button(page: Any) -> str:
    """The words on the button that keeps the form."""
    return str(page.doc.xpath("//main//form//button/text()")[-1]).strip()
