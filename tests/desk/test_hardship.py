"""Somebody finds it hard to pay: an arrangement with dates, payments that come or do not, and no disconnection meanwhile.

N-hardship, F-hardship, BL-02, C5-01, C5-08. The other kinds of case are in test_care.
"""

from __future__ import annotations

import pytest
from pytest_django import Settings

from amends.core import facts as f
from amends.core.case import State
from amends.core.duties import Action
from amends.core.kinds import CaseKind
from amends.core.may import Refusal
from amends.desk.customers import linking, recorded
from amends.desk.models import CaseRow, CustomerRow, Outgoing
from amends.desk.now import set_now
from amends.desk.record import docket
from tests.desk.made import ANN, MONDAY, case, london, tell
from tests.desk.office import NOON, Office, clock
from tests.desk.test_care import folded, letters, newest, opened, owed, step
from tests.desk.visitor import Page, Visitor

pytestmark = pytest.mark.django_db

HARD = {"p_owes": "60", "p_bills": "September and October", "p_can": "20"}
PLAN = "1 December 2026, 20\n2027-01-01; £20.00\n01/02/2027, 20.00"


@pytest.fixture(name="focus")
def _focus(settings: Settings) -> Office:
    clock(settings)
    return Office("focus-group")


def begun(at: Office) -> tuple[Visitor, CaseRow]:
    """A case of somebody who finds it hard to pay; it was talked through."""
    visitor, page = opened(at, CaseKind.HARDSHIP, HARD)
    assert page.status == 200, page.mistakes
    row = newest()
    step(visitor, at, row, words="£20 a month is what they can do.")
    return visitor, row


def arranged(at: Office) -> tuple[Visitor, CaseRow]:
    """The same with an arrangement."""
    visitor, row = begun(at)
    step(visitor, at, row, p_plan=PLAN)
    return visitor, row


def on(at: Office, when: str, role: str = "handler") -> Visitor:
    """Somebody at work at this time."""
    set_now(london(when).isoformat())
    return at.visitor(role)


def pay(visitor: Visitor, at: Office, row: CaseRow, came: str = "yes") -> Page:
    """The page after somebody has said of the first payment whether it came."""
    return visitor.press(visitor.get(at.at(f"cases/{row.reference}/payment")), "Save", came=came)


def whose(at: Office, row: CaseRow) -> CustomerRow:
    """The case is a customer's of the book."""
    customer = CustomerRow.objects.create(provider=at.provider, name="Bo Bell", made=NOON, changed=NOON)
    CaseRow.objects.filter(pk=row.pk).update(customer=customer.pk)
    return customer


def test_an_arrangement_is_agreed_told_seen_through_and_ends_the_case(focus: Office) -> None:
    visitor, row = begun(focus)
    first = next(d for d in owed(row) if d.action is Action.STEP)
    assert (first.what, first.clause) == ("Agree on an arrangement", "F-hardship")
    page = visitor.get(focus.at(f"cases/{row.reference}"))
    assert "It may not be disconnected" in page.main
    assert "nothing is agreed yet (F-hardship)" in page.main
    assert "Bo Bell: Difficulty paying" in page.main
    step(visitor, focus, row, p_plan=PLAN)
    assert letters(row) == ["reply"]
    text = Outgoing.objects.get(case=row).text
    assert "we do not disconnect you" in " ".join(text.split())
    assert "£20 on Friday 1 January 2027" in text
    page = visitor.get(focus.at(f"cases/{row.reference}"))
    assert "The arrangement: £60" in page.main
    assert "An arrangement is kept; next £20 on Tuesday 1 December 2026" in page.main
    assert "2026-12-01" not in page.main, "days as people say them, in the story too"
    look = next(d for d in owed(row) if d.action is Action.PAYMENT)
    assert (look.due, look.what) == (
        london("2026-12-02 00:00"),
        "Say whether £20 on Tuesday 1 December 2026 came",
    )
    assert not any(d.action is Action.STEP for d in owed(row)), "the payments are owed in its place"
    for day in ("2026-12-02 10:00", "2027-01-02 10:00"):
        assert pay(on(focus, day), focus, row).status == 200
    visitor = on(focus, "2027-02-02 10:00")
    page = visitor.get(focus.at(f"cases/{row.reference}/step"))
    page = visitor.press(page, "Go on", how="done")
    assert "Not every payment has come" in page.main
    pay(visitor, focus, row)
    step(visitor, focus, row)
    assert folded(row).state is State.CLOSED


def test_a_missed_payment_is_told_at_once_and_can_be_made_good(focus: Office) -> None:
    visitor, row = arranged(focus)
    page = pay(visitor, focus, row, "no")
    assert "Tuesday 1 December 2026 is not over" in page.main
    assert folded(row).payments_seen == ()
    visitor = on(focus, "2026-12-02 10:00")
    pay(visitor, focus, row, "no")
    now = london("2026-12-02 10:00")
    speak = next(d for d in owed(row, now) if d.action is Action.ARRANGE)
    assert (speak.clause, speak.at_once) == ("F-hardship", True)
    page = visitor.get(focus.at(f"cases/{row.reference}"))
    assert "Not by itself: a person decides" in page.main
    assert "it did not come" in page.main
    pay(visitor, focus, row)
    assert not any(d.action is Action.ARRANGE for d in owed(row, now))
    assert "An arrangement is kept" in visitor.get(focus.at(f"cases/{row.reference}")).main


def test_a_new_arrangement_takes_the_place_of_one_that_was_not_kept(focus: Office) -> None:
    _, row = arranged(focus)
    visitor = on(focus, "2026-12-02 10:00")
    pay(visitor, focus, row, "no")
    page = visitor.get(focus.at(f"cases/{row.reference}/particulars"))
    page = visitor.press(page, "Save", p_plan="2026-12-20, 30\n2027-01-20, 30")
    assert page.status == 200, page.mistakes
    assert "next £30 on Sunday 20 December 2026" in page.main


@pytest.mark.parametrize(
    ("plan", "mistake"),
    [
        ("", "Write down at least one payment."),
        ("soon, 20", "Line 1: 'soon' is no day"),
        ("2026-12-01, much", "Line 1: 'much' is no sum"),
        ("2026-12-01", "Line 1: write the day and the sum"),
        ("2026-12-01, 10\n2026-12-01, 10", "Line 2: there is another payment on that day"),
        ("2026-11-01, 20", "that day is over"),
        ("2026-12-01, 60.01", "more than is not paid: £60"),
        ("2026-12-01, -5", "is no sum"),
        (
            "\n".join(f"{day + 1} January 2027, 1" for day in range(31)) + "\n1 March 2027, 1" * 30,
            "no more than 60",
        ),
    ],
)
def test_an_arrangement_that_cannot_be_is_told_by_its_line_and_nothing_is_kept(
    focus: Office, plan: str, mistake: str
) -> None:
    visitor, row = begun(focus)
    page = visitor.press(
        visitor.get(focus.at(f"cases/{row.reference}/step")), "Go on", how="done", p_plan=plan
    )
    assert mistake in page.main
    assert "plan" not in folded(row).particulars
    assert len(folded(row).steps_taken) == 1


def test_the_page_of_a_customer_says_whether_they_may_be_disconnected_and_by_which_clause(
    focus: Office,
) -> None:
    customer = whose(focus, focus.row)
    visitor = focus.visitor("agent")
    page = visitor.get(focus.at(f"customers/{customer.pk}"))
    assert "May their service be disconnected?" in page.main
    page = visitor.get(focus.at(f"customers/{customer.pk}/disconnection"))
    assert "It may not be disconnected" in page.main
    assert "A dispute is open since Monday 2 November 2026 (BL-02)" in page.main
    CaseRow.objects.filter(pk=focus.row.pk).update(customer=None)
    page = visitor.get(focus.at(f"customers/{customer.pk}/disconnection"))
    assert "Nothing here speaks against it" in page.main
    need = recorded.New("telecare", "said so on a call", words="A pendant alarm")
    assert not isinstance(recorded.record(customer, need, by="7", now=NOON), Refusal)
    page = visitor.get(focus.at(f"customers/{customer.pk}/disconnection"))
    assert "Not by itself: a person decides" in page.main
    assert "(C5-08)" in page.main
    assert "pendant" not in page.main, "no more of it than is needed"


def test_of_two_accounts_in_dispute_each_reason_names_its_own_and_a_scheme_holds_a_closed_case_too(
    focus: Office, settings: Settings
) -> None:
    """BL-02: while either dispute is open, with us or at a scheme, neither account is cut off."""
    tell(focus.row, NOON, f.CustomerKnown, **{**ANN, "account": "A-100"})
    other = case(
        focus.provider, MONDAY, {**ANN, "account": "A-200"}, contact="second", words="And this bill too."
    )
    customer = whose(focus, focus.row)
    for row in (focus.row, other):
        with docket(row.pk, now=NOON) as d:
            linking.link(d.cases[row.pk], customer, by="7", now=NOON)
    there = focus.at(f"customers/{customer.pk}/disconnection")
    page = focus.visitor("agent").get(there)
    assert "It may not be disconnected" in page.main
    assert f"account A-100, {focus.row.reference}" in page.main
    assert f"account A-200, {other.reference}" in page.main
    tell(focus.row, NOON, f.CaseClosed, evidence="customer confirmed")
    tell(other, NOON, f.CaseClosed, evidence="customer confirmed")
    assert "Nothing here speaks against it" in focus.visitor("agent").get(there).main
    tell(other, NOON, f.SchemeReferred, scheme="cisas", number="C-1")
    page = focus.visitor("agent").get(there)
    assert "A dispute is at a scheme since" in page.main
    assert f"account A-200, {other.reference}" in page.main
    tell(other, NOON, f.SchemeDecided, outcome="for us")
    assert "Nothing here speaks against it" in focus.visitor("agent").get(there).main


def test_on_the_code_of_netfuse_its_own_clause_forbids_it(settings: Settings) -> None:
    """N-hardship: an arrangement from its telling on, and no disconnection meanwhile."""
    clock(settings)
    netfuse = Office("netfuse")
    visitor, row = arranged(netfuse)
    page = visitor.get(netfuse.at(f"cases/{row.reference}"))
    assert "It may not be disconnected" in page.main
    assert "(N-hardship)" in page.main
    assert next(d for d in owed(row) if d.action is Action.PAYMENT).clause == "N-hardship"


def test_an_arrangement_that_is_kept_holds_for_the_customer_and_its_end_lets_go(focus: Office) -> None:
    _, row = arranged(focus)
    customer = whose(focus, row)
    page = focus.visitor().get(focus.at(f"customers/{customer.pk}/disconnection"))
    assert "(F-hardship)" in page.main
    assert row.reference in page.main
    for day in ("2026-12-02 10:00", "2027-01-02 10:00", "2027-02-02 10:00"):
        pay(on(focus, day), focus, row)
    visitor = on(focus, "2027-02-02 11:00")
    step(visitor, focus, row)
    page = visitor.get(focus.at(f"customers/{customer.pk}/disconnection"))
    assert "Nothing here speaks against it" in page.main


def test_a_payment_whose_day_has_passed_is_not_said_to_come_next(focus: Office) -> None:
    visitor, row = arranged(focus)
    set_now(london("2026-12-02 10:00").isoformat())
    page = focus.visitor().get(focus.at(f"cases/{row.reference}"))
    assert "nobody has said whether £20 on Tuesday 1 December 2026 came" in page.main.replace(
        "An arr", "an arr"
    )
    assert "is kept; next" not in page.main
    offers = focus.visitor().get(focus.at(f"cases/{row.reference}")).words
    assert "The stages of the code are for complaints" in offers, "a request has no path to climb"
    assert visitor is not None


def test_who_finds_it_hard_to_pay_and_complains_has_a_dispute_too(focus: Office) -> None:
    visitor, row = arranged(focus)
    page = visitor.get(focus.at(f"cases/{row.reference}/complains"))
    page = visitor.press(page, "Go on", why="You charged me twice.")
    if page.address.endswith("/complains"):
        visitor.press(page, "Make it a complaint")
    assert folded(row).complaint is True
    page = visitor.get(focus.at(f"cases/{row.reference}"))
    assert "(BL-02)" in page.main
    assert "(F-hardship)" in page.main


def test_no_other_kind_of_case_has_payments(focus: Office) -> None:
    assert "No payment is awaited here" in focus.visitor().get(focus.case_at("payment")).main
