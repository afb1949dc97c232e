"""Kinds of case besides complaints, each played from its first call to its end on its provider's own code.

N-faults, F-faults, N-priority-repair, N-orders, N-credit-check, N-cancel, F-cancel, F-cancel-explain, F-tariffs, N-prices,
N-billing, F-payment, N-nuisance, N-marketing, F-marketing.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from pytest_django import Settings

from amends.core import facts as f
from amends.core.care import calls, steps
from amends.core.care.kinds import KINDS
from amends.core.case import Case, State
from amends.core.clocks import Clock, clocks
from amends.core.duties import Action, Duty, duties
from amends.core.kinds import CaseKind
from amends.desk import merging
from amends.desk.actions import Actor
from amends.desk.models import CaseRow, CaseTally, FactRow, Outgoing
from amends.desk.now import set_now
from amends.desk.opened import read
from amends.desk.record import docket
from tests.desk.made import days, london, tell
from tests.desk.office import NOON, Office, clock
from tests.desk.visitor import Page, Visitor

pytestmark = pytest.mark.django_db

FAULT = {
    "p_service": "SIP trunk 3", "p_symptoms": "Calls drop after a minute.", "p_works": "now and then",
    "p_calls": "2026-11-02 09:15, 020 7946 0000, 01632 960001\n02/11/2026 10:40; withheld; 020 7946 0018",
}  # fmt: skip
ORDER = {"p_service": "Four hosted lines", "p_paid": "afterwards", "p_terms": "yes", "p_price": "48.50"}
CANCEL = {
    "p_what": "Leased line", "p_ends": "2026-11-30", "p_ordered": "2026-01-05", "p_provided": "2026-02-01",
    "p_term": "a minimum term", "p_first": "2026-02-01", "p_months": "12", "p_monthly": "100.00", "p_saved": "10",
}  # fmt: skip
SMALL = {
    CaseKind.PRICES: {"p_which": "their own tariff", "p_services": "Calls to mobiles"},
    CaseKind.PAYMENT_METHOD: {"p_to": "direct debit"},
    CaseKind.NUISANCE: {
        "p_calls": "2026-11-01 22:10, 07700 900123, 01632 960001", "p_sort": "silent", "p_police": "CAD 4711",
    },
    CaseKind.MARKETING: {"p_ways": "emails", "p_seen": "Two in October."},
}  # fmt: skip
TOLD = {
    CaseKind.PRICES: "Calls to mobiles cost you 8p a minute.",
    CaseKind.PAYMENT_METHOD: "You pay by direct debit from your next bill on.",
    CaseKind.NUISANCE: "Do not ring back, and tell us if they go on.",
    CaseKind.MARKETING: "You are off every list of ours.",
}
"""What the customer is written at the end of each."""


@pytest.fixture(name="netfuse")
def _netfuse(settings: Settings) -> Office:
    clock(settings)
    return Office("netfuse")


@pytest.fixture(name="focus")
def _focus(settings: Settings) -> Office:
    clock(settings)
    return Office("focus-group")


def opened(at: Office, kind: CaseKind, said: dict[str, str], **more: str) -> tuple[Visitor, Page]:
    """The page after somebody has opened such a case, and whoever did."""
    visitor = at.visitor()
    who = {
        "name": "Bo Bell",
        "email": "bo@example.org",
        "customer_kind": "small-business",
        "words": "As agreed.",
    }
    page = visitor.get(at.at(f"new-case/{kind.slug}"))
    return visitor, visitor.press(page, "Open the case", **{**who, **said, **more})


def newest() -> CaseRow:
    return CaseRow.objects.order_by("-pk")[0]


def folded(row: CaseRow) -> Case:
    return read(CaseRow.objects.get(pk=row.pk)).case


def owed(row: CaseRow, now: datetime = NOON) -> list[Duty]:
    there = read(CaseRow.objects.get(pk=row.pk))
    return list(duties(there.case, there.book, now))


def running(row: CaseRow) -> list[Clock]:
    there = read(CaseRow.objects.get(pk=row.pk))
    return [c for c in clocks(there.case, there.book) if c.running]


def step(visitor: Visitor, at: Office, row: CaseRow, how: str = "done", **said: str) -> Page:
    """The page after the next step was taken; a letter that would leave is looked at, and let go."""
    page = visitor.get(at.at(f"cases/{row.reference}/step"))
    page = visitor.press(page, "Go on", how=how, **said)
    assert page.status == 200, page.mistakes
    if page.address.endswith("/step"):
        page = visitor.press(page, "Take the step")
    return page


def letters(row: CaseRow) -> list[str]:
    return [x.letter for x in folded(row).letters]


# --- Fault -----------------------------------------------------------------------------------------------------------


def test_a_fault_goes_from_the_call_to_the_repair_and_ends_by_itself(netfuse: Office) -> None:
    visitor, page = opened(netfuse, CaseKind.FAULT, FAULT)
    assert page.status == 200, page.mistakes
    row = newest()
    case_ = folded(row)
    assert (case_.kind, case_.complaint, case_.state) == (CaseKind.FAULT, False, State.OPEN)
    assert letters(row) == [], "no acknowledgement of a complaint"
    assert "a fault" in page.main
    assert "Monday 2 November 2026, 10:40 am, number withheld, to 020 7946 0018" in page.main, (
        "as people read it"
    )
    assert "2026-11-02" not in page.main
    first = next(d for d in owed(row) if d.action is Action.STEP)
    assert (first.what, first.clause) == ("Test the service with the customer", "N-faults")
    step(visitor, netfuse, row, words="The trunk drops at 60 seconds.")
    page = visitor.press(
        visitor.get(netfuse.at(f"cases/{row.reference}/ask-supplier")), "Save", supplier="Gamma", words="Trunk drops",
        number="INC1", chase="2026-11-03",
    )  # fmt: skip
    assert page.status == 200, page.mistakes
    step(visitor, netfuse, row, words="With Gamma.")
    step(visitor, netfuse, row, "not needed", words="Nobody has to come.")
    step(visitor, netfuse, row, words="They changed a timer.")
    chase = next(d for d in owed(row) if d.action is Action.CHASE)
    assert chase.what == "Chase Gamma"
    step(visitor, netfuse, row, words="It works, they say.", tell="Your trunk works again.")
    assert letters(row) == ["reply"]
    assert folded(row).closed is None, "the supplier has not answered"
    page = visitor.press(
        visitor.get(netfuse.at(f"cases/{row.reference}/supplier-answered")), "Save", words="Done"
    )
    closed = folded(row).closed
    assert closed is not None, page.mistakes
    assert (closed.evidence, closed.by) == ("request carried out", "system")
    assert owed(row) == []


def test_a_request_is_found_by_what_was_asked_for_and_not_by_the_names_of_boxes(netfuse: Office) -> None:
    visitor, _ = opened(netfuse, CaseKind.FAULT, FAULT)
    row = newest()
    step(visitor, netfuse, row, words="The trunk drops at sixty seconds.")
    for said in ("drops after a minute", "02079460018", "sixty seconds"):
        assert row.reference in visitor.get(netfuse.at(f"cases?find={said}")).main, said
    assert row.reference not in visitor.get(netfuse.at("cases?find=symptoms")).main


def test_priority_repair_moves_on_within_a_working_day_and_others_have_no_date(netfuse: Office) -> None:
    """N-priority-repair."""
    _, page = opened(netfuse, CaseKind.FAULT, FAULT)
    assert page.status == 200
    row = newest()
    before = next(d for d in owed(row) if d.action is Action.STEP)
    assert (before.due, before.at_once) == (None, True)
    tell(row, NOON, f.NeedsKnown, needs="Telecare", priority="repair")
    after = next(d for d in owed(row) if d.action is Action.STEP)
    assert after.due == london("2026-11-03 17:30")
    assert "priority repair" in after.what


def test_an_appointment_is_written_to_the_customer_and_the_repair_is_due_on_its_day(netfuse: Office) -> None:
    """N-faults: whoever has priority is repaired on the day that they agreed, not within a working day of it."""
    visitor, _ = opened(netfuse, CaseKind.FAULT, FAULT)
    row = newest()
    tell(row, NOON, f.NeedsKnown, needs="Telecare", priority="repair")
    step(visitor, netfuse, row)
    step(visitor, netfuse, row)
    asks = visitor.get(netfuse.at(f"cases/{row.reference}/step"))
    none = visitor.press(asks, "Go on", how="done")
    assert "Give the day on which somebody comes." in at_box(none, "p_visit")
    over = visitor.press(asks, "Go on", how="done", p_visit="2026-11-01", tell="")
    assert any("Sunday 1 November 2026 is over: nobody can come then" in m for m in over.mistakes), (
        over.mistakes
    )
    assert letters(row) == []
    step(visitor, netfuse, row, p_visit="2026-11-05", p_hours="between 8 am and 1 pm")
    written = " ".join(Outgoing.objects.get(case=row).text.split())
    assert "Thursday 5 November 2026, between 8 am and 1 pm" in written
    assert "Somebody comes to you to put the fault right." in written
    assert "No date is set" not in written
    repair = next(d for d in owed(row) if d.action is Action.STEP)
    assert (repair.what, repair.due) == ("Repair it", london("2026-11-05 00:00"))
    assert "Thursday 5 November 2026" in visitor.get(netfuse.at(f"cases/{row.reference}")).main


@pytest.mark.parametrize(
    ("filled", "mistake"),
    [
        ({"p_calls": "2026-11-02 09:15, 020 7946 0000"}, "Line 1: write when, who called"),
        ({"p_calls": "yesterday, withheld, 01632 960001"}, "Line 1: 'yesterday' is no day and time"),
        ({"p_calls": "2026-11-02 09:15, withheld, 12"}, "Line 1: '12' is not a number that can be dialled"),
        ({"p_calls": "2026-03-29 01:30, withheld, 01632 960001"}, "is no day and time"),
        ({"p_calls": "2026-11-02 12:01, withheld, 01632 960001"}, "Line 1: that call is still to come."),
        ({"p_numbers": "020 7946 0099-0001"}, "the last number comes before the first"),
        ({"p_began_day": "2026-11-03", "p_began_time": "09:00"}, "That moment is still to come."),
        ({"asked_day": "2026-11-03", "asked_time": "09:00"}, "That moment is still to come."),
        ({"p_service": ""}, "Say which service it is."),
        ({"name": ""}, "Give the name of the customer."),
    ],
)
def test_what_is_wrong_is_said_at_its_box_and_nothing_is_opened(
    netfuse: Office, filled: dict[str, str], mistake: str
) -> None:
    before = CaseRow.objects.count()
    said = {**FAULT, **{k: v for k, v in filled.items() if k.startswith("p_")}}
    _, page = opened(netfuse, CaseKind.FAULT, said, **{k: v for k, v in filled.items() if k not in said})
    assert page.status == 422
    assert any(mistake in m for m in page.mistakes), page.mistakes
    assert CaseRow.objects.count() == before


def test_at_a_word_a_fault_is_a_complaint_from_its_first_contact_and_its_steps_go_on(netfuse: Office) -> None:
    visitor, _ = opened(netfuse, CaseKind.FAULT, FAULT)
    row = newest()
    step(visitor, netfuse, row)
    later = NOON + days(9)
    set_now(later.isoformat())
    visitor = netfuse.visitor()
    page = visitor.get(netfuse.at(f"cases/{row.reference}/complains"))
    page = visitor.press(page, "Go on", why="Nine days without calls.")
    if page.address.endswith("/complains"):
        visitor.press(page, "Make it a complaint")
    case_ = folded(row)
    assert (case_.complaint, case_.first_received, case_.kind) == (True, NOON, CaseKind.FAULT)
    assert letters(row) == ["acknowledgement"]
    law = next(c for c in running(row) if c.id == "adr-letter")
    assert law.due == london("2026-12-14 00:00"), "six weeks from the first call"
    assert any(d.id == "step:passed on" for d in owed(row, later))
    assert CaseTally.objects.get(case=row).counts


def test_a_fault_on_the_code_of_focus_is_a_case_too_and_counts_as_no_complaint(focus: Office) -> None:
    _, page = opened(focus, CaseKind.FAULT, FAULT)
    assert page.status == 200, page.mistakes
    row = newest()
    assert next(d for d in owed(row) if d.action is Action.STEP).clause == "F-faults"
    tally = CaseTally.objects.get(case=row)
    assert (tally.kind, tally.counts) == ("fault", False)
    visitor = focus.visitor()
    listed = visitor.get(focus.at("cases?kind=fault")).main
    assert row.reference in listed
    assert focus.row.reference not in listed
    assert row.reference not in visitor.get(focus.at("cases?kind=complaint")).main


# --- Order -----------------------------------------------------------------------------------------------------------


def test_an_order_has_five_working_days_and_stands_still_while_the_connection_is_missing(
    netfuse: Office,
) -> None:
    """N-orders, N-credit-check: the check is its first step."""
    visitor, page = opened(netfuse, CaseKind.ORDER, ORDER)
    assert page.status == 200, page.mistakes
    row = newest()
    (promise,) = running(row)
    assert (promise.clause, promise.due) == ("N-orders", london("2026-11-09 17:30"))
    check = next(d for d in owed(row) if d.action is Action.STEP)
    assert (check.what, check.due) == ("Check their credit, where it is paid afterwards", promise.due)
    step(visitor, netfuse, row, words="Passed.")
    assert folded(row).steps_taken[0].step == "credit check"
    step(visitor, netfuse, row, "held", words="The duct is full.", again="2026-11-06")
    (promise,) = running(row)
    assert promise.paused
    assert "The duct is full." in visitor.get(netfuse.at(f"cases/{row.reference}")).main
    held = next(d for d in owed(row) if d.action is Action.STEP)
    assert held.due == london("2026-11-06 00:00")
    assert held.late(london("2026-11-07 00:01"))
    set_now(london("2026-11-06 12:00").isoformat())
    visitor = netfuse.visitor()
    step(visitor, netfuse, row, words="Cleared.")
    (promise,) = running(row)
    assert promise.due == london("2026-11-13 17:30"), "five working days were left"
    step(visitor, netfuse, row, words="Live.", tell="Your lines are ready.")
    found = read(CaseRow.objects.get(pk=row.pk))
    assert [c.standing(NOON) for c in clocks(found.case, found.book)] == ["kept"]
    assert found.case.closed is not None


@pytest.mark.parametrize(
    ("wanted", "due"), [("2026-11-05", "2026-11-05 00:00"), ("2026-12-01", "2026-11-09 17:30")]
)
def test_an_order_is_provided_on_the_day_that_was_wanted_and_no_later_than_the_code_promised(
    netfuse: Office, wanted: str, due: str
) -> None:
    visitor, _ = opened(netfuse, CaseKind.ORDER, {**ORDER, "p_wanted": wanted})
    row = newest()
    step(visitor, netfuse, row)
    step(visitor, netfuse, row)
    provide = next(d for d in owed(row) if d.action is Action.STEP)
    assert (provide.what, provide.due) == ("Provide it", london(due))


@pytest.mark.parametrize(
    ("filled", "mistake"),
    [
        ({"how": "held"}, "Write why."),
        ({"how": "held", "words": "Duct"}, "Give the day on which we look again."),
        ({"how": "held", "words": "Duct", "again": "2026-11-02"}, "Give a day that is still to come"),
        ({"how": "not needed"}, "Write why."),
        ({}, "Say how it went."),
    ],
)
def test_a_step_without_its_reason_is_not_taken(
    netfuse: Office, filled: dict[str, str], mistake: str
) -> None:
    visitor, _ = opened(netfuse, CaseKind.ORDER, ORDER)
    row = newest()
    page = visitor.press(visitor.get(netfuse.at(f"cases/{row.reference}/step")), "Go on", **filled)
    assert any(mistake in m for m in page.mistakes), page.mistakes
    assert folded(row).steps_taken == ()


# --- Cancellation ----------------------------------------------------------------------------------------------------


def test_a_cancellation_is_worked_out_line_by_line_shown_explained_and_confirmed(netfuse: Office) -> None:
    visitor, page = opened(netfuse, CaseKind.CANCELLATION, CANCEL)
    assert page.status == 200, page.mistakes
    row = newest()
    assert "Ending it costs £180" in page.main, "two months left at £100, less 10 %"
    assert "2 months left at £100: £200" in page.main
    assert "Not open (N-cancel)" in page.main
    assert page.main.count("Monday 30 November 2026") > 1, "the story says days as people do"
    assert "2026-11-30" not in page.main
    step(visitor, netfuse, row)
    form = visitor.get(netfuse.at(f"cases/{row.reference}/step"))
    assert "It costs £180." in form.main, "shown before it is said"
    step(visitor, netfuse, row)
    step(visitor, netfuse, row)
    assert letters(row) == ["reply", "reply"]
    assert "£180" in Outgoing.objects.filter(case=row).first().text  # type: ignore[union-attr]  # two are there
    ended = next(d for d in owed(row) if d.action is Action.STEP)
    assert (ended.what, ended.due) == ("See that it ended on its day", london("2026-11-30 00:00"))
    confirmed = " ".join(Outgoing.objects.filter(case=row).latest("pk").text.split())
    assert "Monday 30 November 2026: Your service ends." in confirmed
    step(visitor, netfuse, row, words="Ceased.")
    assert folded(row).state is State.CLOSED


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ({"p_ordered": "2026-10-30", "p_provided": "", "p_first": "2026-11-01"}, "Ending it costs £0"),
        ({"p_monthly": ""}, "Not given yet: the price a month"),
        (
            {"p_term": "no minimum term", "p_first": "", "p_months": "", "p_monthly": ""},
            "There is no minimum term",
        ),
    ],
)
def test_a_right_or_a_gap_is_told_on_the_case(netfuse: Office, said: dict[str, str], shown: str) -> None:
    _, page = opened(netfuse, CaseKind.CANCELLATION, {**CANCEL, **said})
    assert page.status == 200, page.mistakes
    assert shown in page.main


@pytest.mark.parametrize(
    ("filled", "mistake"),
    [
        ({"p_provided": "2026-01-04"}, "It was provided before it was ordered. It was ordered on Monday 5"),
        ({"p_first": "2026-01-04"}, "Its minimum term begins before it was ordered."),
        ({"p_ends": "2026-01-04", "p_provided": ""}, "It ends before it was ordered."),
        (
            {"p_ends": "2026-01-30"},
            "It ends before it was provided. It was provided on Sunday 1 February 2026",
        ),
        ({"p_provided": "2026-11-03"}, "Leave it empty while it has not been provided."),
        ({"p_ordered": "2026-11-03", "p_provided": ""}, "after they asked to cancel it on Monday 2 November"),
    ],
)
def test_days_that_no_contract_can_have_are_refused_at_their_boxes(
    netfuse: Office, filled: dict[str, str], mistake: str
) -> None:
    before = CaseRow.objects.count()
    box = next(iter(filled))
    _, page = opened(netfuse, CaseKind.CANCELLATION, {**CANCEL, **filled})
    assert (page.status, CaseRow.objects.count()) == (422, before)
    assert mistake in at_box(page, box), page.mistakes
    visitor, _ = opened(netfuse, CaseKind.CANCELLATION, CANCEL)
    page = visitor.get(netfuse.at(f"cases/{newest().reference}/particulars"))
    page = visitor.press(page, "Save", **filled)
    assert page.status == 422
    assert mistake in at_box(page, box), page.mistakes
    assert steps.given(folded(newest()))["ends"] == CANCEL["p_ends"]


def at_box(page: Page, box: str) -> str:
    """What the summary at the head of a page says of one box."""
    return " ".join(a.text_content() for a in page.doc.xpath(f"//a[@href='#id_{box}']"))


def test_a_contract_that_was_kept_with_days_that_cannot_be_is_worked_out_only_once_they_are_right(
    netfuse: Office,
) -> None:
    opened(netfuse, CaseKind.CANCELLATION, CANCEL)
    row = newest()
    given = {**steps.given(folded(row)), "provided": "2026-01-01"}
    tell(row, NOON, f.ParticularsGiven, channel="phone", given=json.dumps(given))
    main = netfuse.visitor().get(netfuse.at(f"cases/{row.reference}")).main
    assert "Provided since: It was provided before it was ordered" in main
    assert "Ending it costs" not in main


@pytest.mark.parametrize(
    ("months", "said"), [("600", "at most 120"), ("0", "at least 1"), ("-4", "at least 1")]
)
def test_a_term_that_no_contract_has_is_refused_at_its_box(netfuse: Office, months: str, said: str) -> None:
    before = CaseRow.objects.count()
    hana = netfuse.visitor()
    page = hana.get(netfuse.at(f"new-case/{CaseKind.CANCELLATION.slug}"))
    page = hana.press(page, "Open the case", **{**CANCEL, "p_months": months})
    assert (page.status, CaseRow.objects.count()) == (422, before)
    assert any(mistake.endswith(f"{said}.") for mistake in page.mistakes), page.mistakes


def test_a_consumer_pays_for_no_more_than_the_first_two_years_and_a_business_as_its_contract_says(
    netfuse: Office,
) -> None:
    three_years = {**CANCEL, "p_months": "36"}
    for who, costs in (("residential", "£1,260"), ("small-business", "£2,340")):
        _, page = opened(netfuse, CaseKind.CANCELLATION, three_years, customer_kind=who)
        assert page.status == 200, page.mistakes
        assert f"Ending it costs {costs}" in page.main
        assert ("By law a first term ends after 24 months" in page.main) is (who == "residential")


def test_what_ends_and_when_are_asked_for(focus: Office) -> None:
    """F-cancel: what ends, and when, are asked for."""
    _, page = opened(focus, CaseKind.CANCELLATION, {**CANCEL, "p_what": "", "p_ends": ""})
    assert page.status == 422
    said = " ".join(page.mistakes)
    assert "Say what is to end." in said
    assert "Give the day on which it is to end." in said


# --- The smaller requests --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SMALL, ids=lambda k: k.slug)
def test_each_smaller_request_is_taken_from_its_call_to_its_end(netfuse: Office, kind: CaseKind) -> None:
    clause = {
        CaseKind.PRICES: "N-prices", CaseKind.PAYMENT_METHOD: "N-billing", CaseKind.NUISANCE: "N-nuisance",
        CaseKind.MARKETING: "N-marketing",
    }[kind]  # fmt: skip
    played_to_its_end(netfuse, kind, clause)


def played_to_its_end(at: Office, kind: CaseKind, clause: str) -> None:
    """A small request from its call, through each step under its clause, to what the customer is written, and its end."""
    visitor, page = opened(at, kind, SMALL[kind])
    assert page.status == 200, page.mistakes
    row = newest()
    for said in SMALL[kind].values():
        shown = calls.said(said) if said == SMALL[CaseKind.NUISANCE]["p_calls"] else said
        assert shown in page.main, "what they asked for stands on the case"
    for place in KINDS[kind].steps:
        assert next(d for d in owed(row) if d.action is Action.STEP).clause == clause
        told = {"tell": TOLD[kind]} if place.tells else {}
        page = step(visitor, at, row, words=f"Done: {place.name}.", **told)
        assert f"Done: {place.name}." in page.main, "each step stands in the story"
    assert folded(row).state is State.CLOSED
    assert letters(row) == ["reply"]
    assert TOLD[kind] in " ".join(Outgoing.objects.get(case=row).text.split())


def test_a_nuisance_call_whose_numbers_or_time_nobody_can_trace_is_refused_at_its_line(
    netfuse: Office,
) -> None:
    """N-nuisance: two numbers and a time are what a network needs to find a caller."""
    before = CaseRow.objects.count()
    for wrong in ("2026-11-01 25:10, 07700 900123, 01632 960001", "2026-11-01 22:10, 12, 01632 960001"):
        _, page = opened(netfuse, CaseKind.NUISANCE, {**SMALL[CaseKind.NUISANCE], "p_calls": wrong})
        assert page.status == 422
        assert any("Line 1" in said for said in page.mistakes), page.mistakes
    assert CaseRow.objects.count() == before, "nothing half done"


@pytest.mark.parametrize(
    ("kind", "clause"),
    [(CaseKind.PRICES, "F-tariffs"), (CaseKind.PAYMENT_METHOD, "F-payment"), (CaseKind.MARKETING, "F-marketing")],
)  # fmt: skip
def test_on_the_code_of_focus_each_is_played_to_its_end_under_its_own_clause(
    focus: Office, kind: CaseKind, clause: str
) -> None:
    played_to_its_end(focus, kind, clause)


def test_focus_explains_what_ending_early_costs_line_by_line_and_it_stands_that_it_did(focus: Office) -> None:
    """F-cancel-explain: worked out from the contract, told to the customer in writing, and recorded with who and when."""
    visitor, page = opened(focus, CaseKind.CANCELLATION, CANCEL)
    row = newest()
    assert next(d for d in owed(row) if d.action is Action.STEP).clause == "F-cancel-explain"
    assert "2 months left at £100: £200" in page.main
    step(visitor, focus, row)
    after = step(visitor, focus, row, words="On the phone, line by line.")
    assert "On the phone, line by line." in after.main
    told = " ".join(Outgoing.objects.get(case=row).text.split())
    assert "2 months left at £100: £200" in told
    assert "£180" in told
    step(visitor, focus, row)
    step(visitor, focus, row, words="Ceased.")
    assert folded(row).state is State.CLOSED


# --- Every kind ------------------------------------------------------------------------------------------------------


def test_a_new_contact_offers_every_kind_and_a_double_press_opens_one_case(netfuse: Office) -> None:
    visitor = netfuse.visitor()
    page = visitor.get(netfuse.at("new-contact"))
    for kind in KINDS:
        assert kind.said in page.main
    page = visitor.get(netfuse.at("new-case/order"))
    before = CaseRow.objects.count()
    for _ in range(2):
        visitor.press(page, "Open the case", name="Bo", **ORDER)
    assert CaseRow.objects.count() == before + 1


def test_a_message_that_waits_keeps_the_case_open_until_somebody_answers(netfuse: Office) -> None:
    visitor, _ = opened(netfuse, CaseKind.MARKETING, SMALL[CaseKind.MARKETING])
    row = newest()
    asked = NOON + days(1)
    set_now(asked.isoformat())
    tell(row, asked, f.ContactReceived, contact="c2", channel="email", received=asked, words="And my wife?")
    tell(row, asked, f.ComplaintDecided, contact="c2", complaint=False, why="A question.")
    assert any(d.action is Action.REPLY for d in owed(row, asked))
    visitor = netfuse.visitor()
    step(visitor, netfuse, row)
    step(visitor, netfuse, row, words="Told.")
    assert folded(row).state is State.OPEN


def test_particulars_are_private_can_be_put_right_and_move_no_date(netfuse: Office) -> None:
    visitor, _ = opened(netfuse, CaseKind.ORDER, ORDER)
    row = newest()
    set_now((NOON + days(2)).isoformat())
    visitor = netfuse.visitor()
    page = visitor.get(netfuse.at(f"cases/{row.reference}/particulars"))
    page = visitor.press(page, "Save", p_price="50")
    assert page.status == 200, page.mistakes
    assert "£50.00" in page.main
    (promise,) = running(row)
    assert promise.due == london("2026-11-09 17:30")
    stored = FactRow.objects.filter(case=row, kind="particulars given").values_list("open", flat=True)
    assert len(stored) == 2
    assert "hosted" not in str(list(stored))


def test_a_complaint_has_no_steps_and_a_care_case_no_outcome(netfuse: Office) -> None:
    visitor = netfuse.visitor()
    page = visitor.get(netfuse.case_at("step"))
    assert "has no steps" in page.main
    row = (opened(netfuse, CaseKind.ORDER, ORDER), newest())[1]
    assert "no complaint" in visitor.get(netfuse.at(f"cases/{row.reference}/propose")).main


def test_a_kind_that_is_none_is_not_found(netfuse: Office) -> None:
    assert netfuse.visitor().get(netfuse.at("new-case/banana")).status == 404


def test_any_number_of_hostile_words_comes_out_harmless(netfuse: Office) -> None:
    said: dict[str, Any] = {**FAULT, "p_symptoms": "<script>alert(1)</script>{{ x }}\u202e"}
    _, page = opened(netfuse, CaseKind.FAULT, said)
    assert page.status == 200, page.mistakes
    assert b"<script>alert" not in page.content


# --- Nothing is lost -------------------------------------------------------------------------------------------------


def done(visitor: Visitor, at: Office, row: CaseRow) -> None:
    """Every step of a case is taken."""
    for _ in KINDS[folded(row).kind].steps:
        step(visitor, at, row, words="Done.")


def test_a_form_that_is_gone_back_to_and_filled_in_for_somebody_else_loses_nobodys_request(
    netfuse: Office,
) -> None:
    visitor = netfuse.visitor()
    page = visitor.get(netfuse.at("new-case/order"))
    before = CaseRow.objects.count()
    visitor.press(page, "Open the case", name="Bo", **ORDER)
    visitor.press(page, "Open the case", name="Cy", **ORDER)
    visitor.press(page, "Open the case", name="Bo", **{**ORDER, "p_service": "A leased line"})
    assert CaseRow.objects.count() == before + 3
    assert {folded(row).customer.name for row in CaseRow.objects.order_by("-pk")[:3]} == {"Bo", "Cy"}


def test_a_request_that_is_done_is_not_closed_over_a_decision_that_somebody_waits_for(
    netfuse: Office,
) -> None:
    visitor, _ = opened(netfuse, CaseKind.MARKETING, SMALL[CaseKind.MARKETING])
    row = newest()
    asked = {"approval": "a1", "deed": "back-dating", "clause": "CH-10", "amount": 9}
    tell(row, NOON, f.ApprovalAsked, **asked)
    done(visitor, netfuse, row)
    assert folded(row).closed is None
    assert any(d.action is Action.APPROVE for d in owed(row))
    tell(row, NOON, f.ApprovalRefused, approval="a1", why="No.")
    assert folded(row).closed is not None, "now nobody waits"


def test_a_request_that_closed_by_itself_and_was_a_complaint_after_all_is_open_again_with_its_first_date(
    netfuse: Office,
) -> None:
    visitor, _ = opened(netfuse, CaseKind.MARKETING, SMALL[CaseKind.MARKETING])
    row = newest()
    done(visitor, netfuse, row)
    assert folded(row).closed is not None
    set_now((NOON + days(3)).isoformat())
    visitor = netfuse.visitor()
    page = visitor.get(netfuse.at(f"cases/{row.reference}/decide"))
    page = visitor.press(
        page, "Save the decision", contact=folded(row).contacts[0].id, complaint="yes", why="They were angry."
    )
    case_ = folded(row)
    assert (case_.closed, case_.complaint, case_.first_received) == (None, True, NOON), page.mistakes
    assert letters(row)[-1] == "acknowledgement"
    assert next(c for c in running(row) if c.id == "adr-letter").due == london("2026-12-14 00:00")


def test_a_promise_counts_from_the_day_on_which_they_asked_once_that_is_agreed_to(netfuse: Office) -> None:
    opened(netfuse, CaseKind.ORDER, ORDER)
    row = newest()
    earlier = london("2026-10-26 12:00")
    tell(
        row,
        NOON,
        f.ReceiptCorrected,
        contact=folded(row).contacts[0].id,
        received=earlier,
        why="It lay in a drawer.",
    )
    (promise,) = running(row)
    assert (promise.start, promise.due) == (earlier, london("2026-11-02 17:30"))


def test_a_request_that_is_not_done_does_not_end_in_a_complaint_and_the_other_way_keeps_both(
    netfuse: Office,
) -> None:
    opened(netfuse, CaseKind.ORDER, ORDER, name="Ann Archer", email="ann@example.org")
    order, complaint = newest(), netfuse.row
    first = folded(complaint).contacts[0].id
    tell(complaint, NOON, f.ComplaintDecided, contact=first, complaint=True)
    by = Actor("7", "Hana", "handler")
    with docket(order.pk, complaint.pk, now=NOON) as d:
        one, other = d.cases[order.pk], d.cases[complaint.pk]
        refused = merging.merge(d, other, one, by, NOON, why="one matter")
        assert refused is not None
        assert "is not done yet: it is an order" in refused.what
        assert merging.merge(d, one, other, by, NOON, why="one matter") is None
    assert {c.id for c in running(order)} >= {"adr-letter", "N-orders"}
    assert any(d.action is Action.STEP for d in owed(order))
