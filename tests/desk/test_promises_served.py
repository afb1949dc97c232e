"""Promises about services, suppliers, terms, needs and what is awarded, each on the code of the provider who made it."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import Settings

from amends.core.case import State
from amends.core.kinds import CaseKind
from amends.desk import actions, approvals, at_scheme, limits
from amends.desk.access import make_link
from amends.desk.customers import linking
from amends.desk.models import CaseAddress, CustomerRow, DutyRow, Outgoing, Service
from amends.desk.record import docket
from tests.desk.made import london
from tests.desk.mails import mail, take
from tests.desk.office import NOON, Office, clock
from tests.desk.test_care import opened
from tests.desk.test_promises import folded, newest, of, portal, promise
from tests.desk.visitor import Page, Visitor

pytestmark = pytest.mark.django_db
HANA = actions.Actor("7", "Hana", "handler")
MIA = actions.Actor("8", "Mia", "manager")


# --- Suppliers -------------------------------------------------------------------------------------------------------


@of("netfuse", "focus-group")
def test_the_provider_answers_for_its_suppliers_and_chases_them(at: Office, settings: Settings) -> None:
    """N-third-party, F-third-party: the supplier is chased on its day, and the complaint waits for nobody."""
    at.give_to("handler")
    law = promise(at.row, "adr-letter").due
    page = at.do(
        "ask-supplier",
        "Save",
        supplier="Openreach",
        words="Repair the line.",
        number="OR-77",
        chase="2026-11-04",
    )
    assert "asked Openreach, their reference OR-77; we ask again on Wednesday 4 November 2026" in page.main
    assert promise(at.row, "adr-letter").due == law
    clock(settings, london("2026-11-04 17:30"))
    assert "Chase Openreach" in at.visitor().get(at.at()).main, "it is ours to chase"
    at.do("chase-supplier", "Save", words="They come on Friday.", chase="2026-11-06")
    at.do("supplier-answered", "Save", words="The line is mended.")
    assert "No supplier owes us anything" in at.visitor().get(at.at("suppliers")).main
    assert folded(at.row).closed is None, "what the supplier says settles nothing for the customer"


# --- Terms -----------------------------------------------------------------------------------------------------------


def version(at: Office, name: str, number: str, begins: str) -> Page:
    """The page after a version of the terms was written down."""
    who = at.visitor("compliance")
    page = who.get(at.at("provider/terms"))
    return who.press(page, "Write the version down", name=name, version=number, in_force_from=begins)


def customer(at: Office) -> CustomerRow:
    agent = at.visitor("agent")
    agent.press(agent.get(at.at("customers/add")), "Save", name="Bell Bakery", email="b@bell.example")
    return CustomerRow.objects.latest("pk")


def service(at: Office, whose: CustomerRow, **said: Any) -> Page:
    """The page of a customer after a service of theirs was written down."""
    agent = at.visitor("agent")
    page = agent.get(at.at(f"customers/{whose.pk}/services/add"))
    page = agent.press(page, "Save the service", **{"kind": "broadband", "name": "Line", **said})
    assert page.status == 200, page.mistakes
    return page


@of("netfuse", "focus-group", "infinity")
def test_whoever_answers_a_customer_sees_which_terms_are_theirs(at: Office) -> None:
    """N-terms, F-terms, F-which-terms, I-which-terms: in versions, differing by service, on the page of the customer."""
    for name, number, begins in (
        ("Data", "2024", "2024-01-01"), ("Data", "2026", "2026-10-01"), ("Lines", "7", "2020-01-01"),
    ):  # fmt: skip
        assert version(at, name, number, begins).status == 200
    bakery = customer(at)
    page = service(at, bakery, terms="Data", starts="2025-05-01")
    assert "Terms: Data, 2026, in force today; when the contract began: 2024" in page.main
    page = service(at, bakery, name="Second", terms="Lines", starts="2025-05-01")
    assert "Terms: Lines, 7, in force today" in page.main


@of("netfuse")
def test_an_order_asks_whether_the_terms_were_read(at: Office) -> None:
    """N-terms: whoever takes the order says whether the customer has seen them, and the case shows it."""
    _, page = opened(
        at, CaseKind.ORDER, {"p_service": "Four lines", "p_paid": "afterwards", "p_price": "48.50"}
    )
    assert "Say whether they have seen the terms." in page.mistakes
    _, page = opened(
        at, CaseKind.ORDER,
        {"p_service": "Four lines", "p_paid": "afterwards", "p_price": "48.50", "p_terms": "not yet"},
    )  # fmt: skip
    assert "Have they seen the terms? not yet" in page.main.replace("terms?not", "terms? not")


@of("infinity")
def test_changed_terms_are_those_of_new_orders(at: Office) -> None:
    """I-new-orders: an order before 31 March 2016 stands with the terms of its day, a later one with the new."""
    version(at, "Terms", "2012", "2012-01-01")
    version(at, "Terms", "2016", "2016-03-31")
    bakery = customer(at)
    before = service(at, bakery, name="Old", terms="Terms", starts="2016-03-30")
    assert "when the contract began: 2012" in before.main
    other = customer(at)
    after = service(at, other, name="New", terms="Terms", starts="2016-03-31")
    assert "when the contract began: 2012" not in after.main
    assert "Terms: Terms, 2016" in after.main


@of("netfuse")
def test_how_a_contract_renews_stands_on_the_service(at: Office) -> None:
    """N-renewal: 18 months from 15 January 2026, then from month to month."""
    page = service(at, customer(at), starts="2026-01-15", minimum_months="18", renewal="monthly")
    assert "Minimum term until Wednesday 14 July 2027, then from month to month." in page.main


# --- Prices ----------------------------------------------------------------------------------------------------------


def ann_in_the_book(at: Office, **said: Any) -> CustomerRow:
    """Ann as the book has her, with her broadband under terms of its own, and her case linked to her."""
    assert version(at, "Data", "2026", "2026-01-01").status == 200
    agent = at.visitor("agent")
    page = agent.get(at.at("customers/add"))
    agent.press(page, "Save", **{"name": "Ann Archer", "email": "Ann@example.org", **said})
    ann = CustomerRow.objects.latest("pk")
    service(
        at, ann, name="Fibre 80", starts="2026-03-01", minimum_months="18", price_pence="28.99", price_per="month",
        terms="Data",
    )  # fmt: skip
    with docket(at.row.pk, now=NOON) as d:
        assert linking.link(d.cases[at.row.pk], ann, by="7", now=NOON) is None
    return ann


def in_the_portal(at: Office, address: str = "ann@example.org") -> str:
    """What Ann's page of her case says to whoever opened the link that went to this address."""
    jo = Visitor()
    page = jo.get(at.portal(f"link/{make_link(at.fresh(), address, now=NOON)}"))
    page = jo.press(page, "Open my complaint")
    assert page.h1 == "Your complaint"
    return page.words


@of("netfuse")
def test_a_customer_finds_their_own_prices_in_the_portal(at: Office) -> None:
    """N-prices: what they have, what it costs, and until when their minimum term runs."""
    ann_in_the_book(at)
    said = in_the_portal(at)
    assert "Broadband Fibre 80 · £28.99 a month, with VAT" in said
    assert "Its minimum term runs until Tuesday 31 August 2027" in said
    assert "Terms: Data, 2026" in said


@of("netfuse")
def test_prices_are_shown_to_nobody_but_the_customer_of_the_book(at: Office) -> None:
    """N-prices: whoever writes about an account is not always who has it."""
    assert "What you have with us" not in in_the_portal(at), "nobody has said whose case it is"
    ann = ann_in_the_book(at, email="archer@example.com")
    assert "What you have with us" not in in_the_portal(at), "the book knows another address"
    CustomerRow.objects.filter(pk=ann.pk).update(email="ann@example.org")
    assert "What you have with us" in in_the_portal(at)
    assert "What you have with us" not in portal(at, at.row)[1].words, (
        "the code stands on whoever's page complained"
    )
    CaseAddress.objects.create(
        provider=at.provider, case=at.row, address_key="helper@example.org", role="adviser"
    )
    assert "What you have with us" not in in_the_portal(at, "helper@example.org"), "who acts for her"
    Service.objects.update(ends=london("2026-11-01 09:00").date())
    assert "What you have with us" not in in_the_portal(at), "nothing is left"


@of("focus-group")
def test_how_often_a_bill_comes_stands_on_the_account(at: Office) -> None:
    """F-billing: monthly is usual; another time is written down as such."""
    whose = customer(at)
    agent = at.visitor("agent")
    for number, billing, said in (
        ("FG-1", "monthly in arrears", "Monthly in arrears"), ("FG-2", "quarterly", "Each quarter"),
    ):  # fmt: skip
        page = agent.get(at.at(f"customers/{whose.pk}/accounts/add"))
        page = agent.press(
            page, "Save the account", number=number, payment_method="direct debit", billing=billing
        )
        assert f"Direct debit, {said}" in page.main


# --- Cancelling and needs --------------------------------------------------------------------------------------------


@of("focus-group")
def test_a_cancellation_by_letter_or_email_names_what_ends_and_when(at: Office) -> None:
    """F-cancel: an email that names neither is asked about both; then it is a cancellation from the day it came."""
    received = take(at.provider, mail("Please cancel.", sender="bo@example.org", subject="Cancelling"), NOON)
    assert received.new
    said = {"came": "email", "p_term": "no minimum term"}
    _, page = opened(at, CaseKind.CANCELLATION, said)
    assert {"Say what is to end.", "Give the day on which it is to end."} <= set(page.mistakes)
    _, page = opened(at, CaseKind.CANCELLATION, {**said, "p_what": "Leased line", "p_ends": "2026-11-30"})
    case = folded(newest())
    assert (case.kind, case.contacts[0].channel) == (CaseKind.CANCELLATION, "email")
    assert "Leased line" in page.main
    assert "Monday 30 November 2026" in page.main


@of("opus")
def test_what_is_arranged_for_a_disabled_customer_stands_on_each_of_their_cases(at: Office) -> None:
    """O-arrangements: written down once, with consent, in the words of what was arranged, and first in line with it."""
    agent = at.visitor("agent")
    agent.press(agent.get(at.at("customers/add")), "Save", name="Ann Archer", email="ann@example.org")
    ann = CustomerRow.objects.latest("pk")
    agent.press(agent.get(at.case_at("whose")), "It is theirs", customer=str(ann.pk))
    agent.press(
        agent.get(at.at(f"customers/{ann.pk}/needs/add")), "Write it down", kind="disability",
        arranged="Ring twice and wait.", words="walks slowly", consent="herself, on this call",
    )  # fmt: skip
    (need,) = folded(at.row).needs
    assert "(arranged: Ring twice and wait.)" in need
    assert "Ring twice and wait." in agent.get(at.case_at()).main
    assert all(d.priority for d in DutyRow.objects.filter(case=at.row))


# --- What is awarded, and what a scheme decides ----------------------------------------------------------------------


@of("netfuse")
def test_compensation_is_proposed_with_its_reason_and_approved_by_somebody_else(at: Office) -> None:
    """N-compensation: at our discretion, case by case: £60 wait for a manager, and leave with the outcome."""
    wanted: dict[tuple[str, str], int | None] = {("handler", "credit"): 5000, ("handler", "award"): 5000}
    assert limits.set_limits(at.provider, wanted, by="9", by_roles=["director"], now=NOON) is None
    at.give_to("handler")
    without = at.do("propose", "Send the outcome", words="We are sorry.", credit="60", award="award")
    assert without.mistakes, "no sum without what it is for"
    at.do(
        "propose", "Send the outcome", words="We are sorry.", credit="60", award="award",
        what_for="Nine days of calls that failed", looked_at="The log of October",
    )  # fmt: skip
    assert not Outgoing.objects.filter(case=at.row, letter="outcome").exists()
    (asked,) = folded(at.row).approvals
    with docket(at.row.pk, now=NOON) as d:
        hand = d.cases[at.row.pk]
        assert approvals.answer(d, hand, MIA, NOON, approval=asked.id, agree=True, why="Fair.") is None
    text = Outgoing.objects.get(case=at.row, letter="outcome").text
    assert "£60" in text
    assert "Nine days of calls that failed" in text
    (award,) = folded(at.row).awards
    assert (award.pence, award.clause) == (6000, "N-compensation")


@of("netservers")
@pytest.mark.parametrize("answer", ["accepted", "refused"])
def test_what_the_scheme_decides_binds_the_provider_and_the_customer_may_say_no(
    at: Office, answer: str
) -> None:
    """S-advice: accepted, all of it is owed; refused, nothing is, and she is free to look elsewhere."""
    decided, said = london("2026-12-21 12:00"), london("2027-01-05 12:00")
    asked = "Apologise in writing."
    with docket(at.row.pk, now=london("2026-12-16 12:00")) as d:
        then = london("2026-12-16 12:00")
        assert (
            actions.refer(d.cases[at.row.pk], HANA, then, scheme="communications-ombudsman", at=then) is None
        )
    with docket(at.row.pk, now=decided) as d:
        assert at_scheme.decided(
            d.cases[at.row.pk], HANA, decided, outcome="for the customer", at=decided, award_pence=5000, asked=asked
        ) is None  # fmt: skip
        assert d.cases[at.row.pk].case.awards == (), "a decision alone binds nobody"
    with docket(at.row.pk, now=said) as d:
        hand = d.cases[at.row.pk]
        assert at_scheme.answered(hand, HANA, said, answer=answer, at=said, words="Its letter.") is None
        assert len(hand.case.awards) == (2 if answer == "accepted" else 0)
        refusal = actions.close(d, hand, HANA, said, evidence="scheme decision not accepted")
        assert (refusal is None) is (answer == "refused")
    assert (folded(at.row).state is State.CLOSED) is (answer == "refused")
