"""The customers' book: who they are, what they have and need, and whose case is whose; every step as people take it.

N-scope, N-services, N-terms, N-renewal, N-billing, N-priority-support, F-contact, F-terms, F-which-terms, O-arrangements.
"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core import facts as f
from amends.core.code import CustomerKind
from amends.core.may import Refusal
from amends.desk import access, search
from amends.desk.customers import book, finding, linking, numbers, recorded
from amends.desk.erasure import erase_customer
from amends.desk.models import (
    Account,
    AuditEntry,
    CaseRow,
    CustomerChange,
    CustomerRow,
    DutyRow,
    NumberRange,
    RecordedNeed,
    Service,
)
from amends.desk.now import set_now
from amends.desk.opened import read
from amends.desk.people import person_id
from amends.desk.record import docket
from amends.desk.refold import refold
from tests.desk.made import case, days, provider
from tests.desk.office import NOON, Office
from tests.desk.visitor import Page, Visitor

pytestmark = pytest.mark.django_db

BEN = {
    "name": "Ben Bell",
    "email": "ben@bell.example",
    "phone": "020 7946 0123",
    "address": "2 Low Road\nLeeds ls1 4ap",
}


def known(office: Office, **more: object) -> CustomerRow:
    made = book.keep_customer(office.provider, {**BEN, **more}, by="7", now=NOON)
    assert isinstance(made, CustomerRow), made
    return made


def link(row: CaseRow, customer: CustomerRow, account: Account | None = None) -> None:
    with docket(row.pk, now=NOON) as d:
        assert linking.link(d.cases[row.pk], customer, by="7", now=NOON, account=account) is None


def test_an_agent_writes_a_small_business_into_the_book_with_all_that_it_has(office: Office) -> None:
    """A story: the customer, the account, a range of numbers with its contract, the terms; then what stands on the page."""
    agent = office.visitor("agent")
    page = agent.press(agent.get(office.at("customers")), "Find", find="Bell")
    assert "Nobody fits" in page.main
    page = agent.get(office.at("customers/add"))
    page = agent.press(
        page, "Save", name="Bell Bakery", kind="small-business", headcount="7", email="b@bell.example"
    )
    assert page.mistakes == ["A headcount says how it was counted, such as: payroll of March (R-02)."]
    page = agent.press(page, "Save", counted_how="payroll of October", address="2 Low Road\nLeeds ls14ap",
                       account_manager=str(agent_id(office)))  # fmt: skip
    assert page.h1 == "Bell Bakery"
    assert "Small business, 7 people" in page.main
    assert "Covered." in page.main
    bakery = CustomerRow.objects.get()
    assert bakery.postcode == "LS1 4AP"
    page = agent.press(agent.get(f"{page.address}/accounts/add"), "Save the account", number="BB-1",
                       payment_method="direct debit", billing="monthly in arrears")  # fmt: skip
    assert "Direct debit, Monthly in arrears" in page.main

    compliance = office.visitor("compliance")
    for version, begins in (("2025", "2025-01-01"), ("2026", "2026-10-01")):
        page = compliance.press(
            compliance.get(office.at("provider/terms")), "Write the version down",
            name="Numbers", version=version, in_force_from=begins,
        )  # fmt: skip
    assert "2026, in force from 1 October (today)" in " ".join(page.main.replace("Thursday ", "").split())

    page = agent.get(office.at(f"customers/{bakery.pk}/services/add"))
    filled = {"kind": "numbers", "name": "Hundred numbers", "account": str(bakery.accounts.get().pk),
              "numbers": "020 7946 0100-0199", "starts": "2026-01-15", "minimum_months": "18",
              "renewal": "monthly", "price_pence": "19.50", "price_per": "month", "terms": "Numbers"}  # fmt: skip
    assert agent.press(page, "Save the service", **{**filled, "ends": "2026-01-01"}).mistakes == [
        "A contract cannot end before it starts."
    ]
    page = agent.press(page, "Save the service", **filled)
    assert "020 7946 0100 to 020 7946 0199" in page.main
    assert "Minimum term until Wednesday 14 July 2027, then from month to month." in page.main
    assert "£19.50 a month" in page.main
    assert "Terms: Numbers, 2026, in force today; when the contract began: 2025" in page.main
    # Any number of the range finds them.
    assert "Bell Bakery" in agent.get(office.at("customers?find=020 7946 0142")).main
    assert "Bell Bakery" not in agent.get(office.at("customers?find=020 7946 0242")).main


def agent_id(office: Office) -> str:
    return str(person_id(office.people["agent"]))


def test_a_search_shows_no_more_than_name_area_and_number(office: Office) -> None:
    known(office, external="CRM-9")
    agent = office.visitor("agent")
    for said in ("Bell", "ben bell", "ben@bell.example", "LS1 4AP", "+442079460123"):
        page = agent.get(office.at(f"customers?find={said.replace('+', '%2B')}"))
        assert "Ben Bell" in page.main, said
        assert "LS1" in page.main
        for private in ("ben@bell", "Low Road", "0123", "4AP"):
            assert private not in page.main.replace(said, ""), (said, private)


def test_a_search_that_more_fit_than_are_shown_says_so(office: Office) -> None:
    for n in range(26):
        book.keep_customer(office.provider, {"name": f"Una{n} Archer"}, by="7", now=NOON)
    see = office.visitor("agent")
    assert "there may be more" in see.get(office.at("customers?find=archer")).main
    assert "there may be more" not in see.get(office.at("customers?find=una7+archer")).main


def test_a_surname_of_two_letters_is_found_whole_and_nobody_else_with_it(office: Office) -> None:
    for name in ("Mei Li", "Liam Lister", "Jo Lim"):
        assert isinstance(book.keep_customer(office.provider, {"name": name}, by="7", now=NOON), CustomerRow)
    mine = CustomerRow.objects.filter(provider=office.provider)
    assert [row.name for row in finding.find(mine, office.provider.pk, "li")] == ["Mei Li"]
    assert finding.find(mine, office.provider.pk, "l") == []
    assert {row.name for row in finding.find(mine, office.provider.pk, "lis")} == {"Liam Lister"}


def test_an_address_suggests_and_a_person_says_whose_case_it_is(office: Office) -> None:
    """Ann's case came by mail. The book knows her address: the desk suggests, joins nothing, takes what a person says."""
    ann = known(office, name="Ann Archer", email="Ann@Example.org", phone="", kind="small-business", headcount=12,
                counted_how="told on the phone")  # fmt: skip
    account = book.keep_account(ann, "A-77", {}, by="7", now=NOON)
    assert isinstance(account, Account)
    assert office.fresh().customer is None
    agent = office.visitor("agent")
    page = agent.get(office.at(f"cases/{office.row.reference}"))
    assert "Perhaps of the book: Ann Archer, LS1 (the same email address)" in page.main
    page = agent.press(
        agent.get(office.at(f"cases/{office.row.reference}/whose")), "It is theirs", customer=str(ann.pk)
    )
    row = office.fresh()
    assert (row.customer, row.account) == (ann.pk, "A-77")
    folded = read(row).case
    assert (folded.customer.kind, folded.customer.headcount) == (CustomerKind.SMALL_BUSINESS, 12)
    assert folded.customer.email == "ann@example.org"
    assert "Not covered by dispute resolution" in page.main
    linked = [x for x in read(row).facts if isinstance(x, f.CustomerLinked)]
    assert [(x.customer, x.account, x.service) for x in linked] == [(str(ann.pk), str(account.pk), "")]
    assert row.reference in agent.get(office.at(f"customers/{ann.pk}")).main
    # Said twice, nothing is added; the hints are what the facts make them.
    count = row.facts
    link(row, ann, account)
    assert office.fresh().facts == count
    assert refold(check=True, now=NOON).wrong == []


def test_what_the_record_learns_later_is_shown_on_the_case_and_taken_by_a_press(office: Office) -> None:
    ann = known(office, name="Ann Archer", email="ann@example.org", phone="")
    link(office.row, ann)
    changed = book.keep_customer(
        office.provider,
        {"kind": "small-business", "headcount": 4, "counted_how": "payroll"},
        by="7",
        now=NOON,
        row=ann,
    )
    assert isinstance(changed, CustomerRow)
    agent = office.visitor("agent")
    page = agent.get(office.at(f"cases/{office.row.reference}"))
    assert (
        "Their record knows otherwise: the kind of customer, the headcount, how it was counted" in page.main
    )
    agent.press(agent.get(office.at(f"cases/{office.row.reference}/whose")), "It is theirs")
    assert office.case().customer.headcount == 4


def test_another_providers_customer_is_no_customer_here(office: Office) -> None:
    elsewhere = book.keep_customer(provider("opus"), BEN, by="7", now=NOON)
    assert isinstance(elsewhere, CustomerRow)
    agent = office.visitor("agent")
    assert agent.get(office.at(f"customers/{elsewhere.pk}")).status == 404
    page = agent.get(office.at(f"cases/{office.row.reference}/whose"))
    assert agent.press(page, "It is theirs", number=str(elsewhere.pk)).mistakes == [
        "There is no customer with this number."
    ]
    with docket(office.row.pk, now=NOON) as d:
        refused = linking.link(d.cases[office.row.pk], elsewhere, by="7", now=NOON)
    assert isinstance(refused, Refusal)
    mine = access.customers(office.people["agent"], office.provider.pk)
    assert finding.find(mine, office.provider.pk, "Bell") == []


def test_a_need_is_recorded_once_and_applies_to_every_open_case(office: Office) -> None:
    """Ann needs priority and large print. It is written down once, with consent; a year later she is asked again."""
    ann = known(office, name="Ann Archer", email="ann@example.org", phone="")
    link(office.row, ann)
    second = case(office.provider, NOON, {"name": "Ann Archer", "email": "ann@example.org"})
    link(second, ann)
    agent = office.visitor("agent")
    page = agent.get(office.at(f"customers/{ann.pk}/needs/add"))
    assert agent.press(page, "Write it down", kind="disability").mistakes == ["Write how they agreed."]
    page = agent.press(page, "Write it down", kind="disability", arranged="Ring twice and wait.",
                       words="walks slowly", consent="herself, on this call")  # fmt: skip
    assert "Arranged: Ring twice and wait." in page.main
    agent.press(agent.get(office.at(f"customers/{ann.pk}/needs/add")), "Write it down", kind="format",
                format="large print", consent="herself, on this call")  # fmt: skip
    for row in CaseRow.objects.filter(customer=ann.pk):
        folded = read(row).case
        assert row.priority
        said = "Older, or a disability or illness: first in line, repaired first: walks slowly"
        assert folded.needs == (f"{said} (arranged: Ring twice and wait.)",)
        assert folded.priorities == {f.FIRST_IN_LINE, f.REPAIRED_FIRST}
        assert folded.format == "large print"
    assert all(d.priority for d in DutyRow.objects.filter(case__customer=ann.pk))
    assert refold(check=True, now=NOON).wrong == []

    need = RecordedNeed.objects.get(kind="disability")
    assert need.review == date(2027, 11, 2)
    assert "to be asked whether" not in agent.get(office.at("")).words
    set_now(f"{need.review}T09:00+00:00")
    agent = office.visitor("agent")
    assert (
        "Customers are to be asked whether they still need what we recorded"
        in agent.get(office.at("?whose=team")).main
    )
    page = agent.get(office.at("customers?show=reviews"))
    assert "Ann Archer" in page.main
    page = agent.get(office.at(f"customers/{ann.pk}/needs/{need.pk}"))
    agent.press(page, "Write down what they said", holds="no", how="on a call today")
    row = office.fresh()
    assert not row.priority
    assert read(row).case.needs == ()
    assert read(row).case.format == "large print"


def test_whoever_has_priority_stands_first_in_line(office: Office) -> None:
    """N-priority-support. Ann's is the older case; Ben's has priority and stands before it."""
    ben = known(office)
    recorded.record(ben, recorded.New("priority support", "himself"), by="7", now=NOON)
    row = case(office.provider, NOON, {"name": "Ben Bell", "email": "b@b.example"})
    agent = office.visitor("agent")
    page = agent.get(office.at("?whose=team"))
    assert page.main.index("Ann Archer") < page.main.index("Ben Bell")
    assert "First in line" not in page.main
    link(row, ben)
    set_now((NOON + days(1)).isoformat())
    page = office.visitor("agent").get(office.at("?whose=team"))
    assert "First in line" in page.main
    assert page.main.index("Ben Bell") < page.main.index("Ann Archer")


def test_a_new_contact_of_a_customer_of_the_book_is_their_case_at_once(office: Office) -> None:
    ben = known(office, kind="small-business", headcount=3, counted_how="payroll")
    book.keep_account(ben, "B-1", {}, by="7", now=NOON)
    agent = office.visitor("agent")
    page = agent.get(office.at(f"new-contact?customer={ben.pk}"))
    assert "ben@bell.example" not in page.main
    page = agent.press(page, "Save the contact", words="It rings and nobody is there.", complaint="yes")
    row = CaseRow.objects.exclude(pk=office.row.pk).get()
    assert (row.customer, row.account, row.customer_name) == (ben.pk, "B-1", "Ben Bell")
    assert read(row).case.customer.headcount == 3
    # Found on the screen by a number of theirs, too.
    page = agent.press(agent.get(office.at("new-contact")), "Find", find="020 7946 0123")
    assert "from the customers’ book" in page.main


def test_who_may_speak_and_what_they_may_hear(office: Office) -> None:
    ben = known(office)
    agent = office.visitor("agent")
    page = agent.get(office.at(f"customers/{ben.pk}/speakers/add"))
    assert agent.press(page, "Let them speak", name="Cy", may_hear="bills").mistakes == ["Write how."]
    page = agent.press(
        page, "Let them speak", name="Cy Bell", relation="son", may_hear="bills", consent="by letter"
    )
    assert "Cy Bell, son" in page.main
    assert "Bills and payments" in page.main
    page = agent.press(page, "No longer")
    assert "over since" in page.main


def test_who_changed_what_stands_beside_it(office: Office) -> None:
    ben = known(office)
    agent = office.visitor("agent")
    page = agent.get(office.at(f"customers/{ben.pk}/edit"))
    page = agent.press(page, "Save", phone="not a number")
    assert page.mistakes[0].startswith("'not a number' is no telephone number")
    page = agent.press(page, "Save", phone="+44 20 7946 0555")
    assert "phone: 020 7946 0123 → 020 7946 0555" in page.main
    before = CustomerChange.objects.count()
    agent.press(agent.get(office.at(f"customers/{ben.pk}/edit")), "Save")
    assert CustomerChange.objects.count() == before


def test_a_customer_is_erased_with_their_history_and_their_needs(office: Office) -> None:
    ben = known(office, name="Secretname", counted_how="", external="")
    recorded.record(ben, recorded.New("other", "himself", "Secretneed"), by="7", now=NOON)
    made = book.keep_service(ben, None, {"kind": "line", "numbers": "020 7946 0123"}, by="7", now=NOON)
    assert isinstance(made, Service)
    row = case(office.provider, NOON, {"name": "Secretname", "email": "b@b.example"})
    link(row, ben)
    refused = erase_customer(ben, why="his request", by="7", now=NOON)
    assert isinstance(refused, Refusal)
    with docket(row.pk, now=NOON) as d:
        assert linking.unlink(d.cases[row.pk], by="7", now=NOON) is None
    officer = office.visitor("compliance")
    page = officer.get(office.at(f"customers/{ben.pk}"))
    page = officer.press(page, "Erase them", why="his request of today")
    assert "An erased customer" in page.main
    assert NumberRange.objects.count() == 0
    for model in (CustomerRow, RecordedNeed, Service, CustomerChange):
        assert "Secret" not in str(list(model.objects.values()))
    assert "0123" not in str(list(Service.objects.values()))
    assert "Secret" not in str(list(AuditEntry.objects.values()))
    ben.refresh_from_db()
    assert isinstance(recorded.record(ben, recorded.New("other", "x"), by="7", now=NOON), Refusal)
    assert isinstance(book.keep_customer(office.provider, {"name": "x"}, by="7", now=NOON, row=ben), tuple)


def test_a_mail_from_a_known_address_asks_the_book_nothing(office: Office) -> None:
    """Matching by address suggests to a person who looks; nothing is linked when mail comes in."""
    known(office, email="new@example.org")
    row = case(office.provider, NOON, {"name": "Somebody", "email": "new@example.org"})
    assert row.customer is None
    assert not any(isinstance(x, f.CustomerLinked) for x in read(row).facts)
    assert search.search(
        access.cases(office.people["agent"], office.provider.pk), office.provider.pk, "Somebody"
    )


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("+44 (0)20 7946 0000", ["020 7946 0000"]),
        ("020 7946 0000 - 0019; 07700 900123", ["020 7946 0000 to 020 7946 0019", "07700 900123"]),
        ("+33 1 42 68 53 00", ["+33 1 42 68 53 00"]),
        ("0345 123 4567–4569", ["0345 123 4567 to 0345 123 4569"]),
    ],
)
def test_numbers_are_read_as_written_and_shown_the_uk_way(said: str, shown: list[str]) -> None:
    assert [r.shown for r in numbers.ranges(said)] == shown


@pytest.mark.parametrize("said", ["12", "020 7946", "020 7946 0019-0000", "=cmd|x", "020 0000 0000-99999999"])
def test_what_nobody_can_dial_is_no_number(said: str) -> None:
    with pytest.raises(numbers.NoNumber):
        numbers.ranges(said)


@given(st.text(max_size=60))
def test_no_words_break_the_reading_of_numbers(said: str) -> None:
    try:
        found = numbers.ranges(said)
    except numbers.NoNumber:
        return
    assert all(r.first <= r.last for r in found)


def test_a_visitor_may_press_without_javascript(office: Office) -> None:
    page: Page = Visitor().signed_in(office.people["auditor"]).get(office.at("customers"))
    assert page.status == 200
    assert "Add a customer" not in page.main
