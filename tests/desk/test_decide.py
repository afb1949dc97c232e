"""What waits for a decision: nothing of it is done, nobody approves their own, and the law's clock waits for nobody."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amends.core import facts as f
from amends.core.calendar import london_date
from amends.core.clocks import clocks
from amends.core.code import Owed, Period, Unit
from amends.core.duties import duties
from amends.core.may import ADR_EXCEPTIONS, Refusal
from amends.desk import actions as a
from amends.desk import approvals, let_in, refold, second
from amends.desk.actions import Actor, NewContact
from amends.desk.approvals import would_do
from amends.desk.limits import set_limits
from amends.desk.models import ApprovalRow, AuditEntry, CaseRow, Outgoing, Role, RoleName
from amends.desk.opened import read
from amends.desk.people import make_person, person_id, reset_password
from amends.desk.record import CaseInHand, docket
from tests.desk.made import MONDAY, PASSWORD, case, london, tell
from tests.desk.office import NOON, Office

pytestmark = pytest.mark.django_db

HANA = Actor("2", "Hana Price", "handler")
MIA = Actor("3", "Mia Lowe", "manager")
MAX = Actor("4", "Max Roe", "manager")
RHYS = Actor("5", "Rhys Calloway", "director")


@pytest.fixture
def limited(office: Office) -> Office:
    """A provider whose handlers award up to £50 and extend by up to 2 working days, and whose managers award up to £200."""
    wanted: dict[tuple[str, str], int | None] = {
        ("handler", "credit"): 5000, ("manager", "credit"): 20000, ("handler", "extension"): 2,
        ("handler", "back-dating"): 0,
    }  # fmt: skip
    assert set_limits(office.provider, wanted, by="7", by_roles=("director",), now=NOON) is None
    return office


def act(
    office: Office, deed: object, *needs_docket: bool, by: Actor = HANA, now: datetime = NOON, **said: object
) -> str:
    """What came of an action on Ann's case: empty where nothing refused it. A refusal leaves nothing behind."""
    try:
        with docket(office.row.pk, now=now) as d:
            hand = d.cases[office.row.pk]
            refusal: Refusal | None = deed(*((d, hand) if needs_docket else (hand,)), by, now, **said)  # type: ignore[operator]  # an action, of whatever kind the story names
            if refusal is not None:
                raise LookupError(str(refusal))
    except LookupError as refused:
        return str(refused)
    return ""


def hand_of(office: Office) -> CaseInHand:
    with docket(office.row.pk, now=NOON) as d:
        return d.cases[office.row.pk]


def clock_due(office: Office, owe: str) -> datetime | None:
    hand = hand_of(office)
    return next(c.due for c in clocks(hand.case, hand.book) if c.owe == owe and c.running)


def waiting(office: Office) -> str:
    return str(next(x.id for x in office.case().approvals if x.waits))


def outcomes(office: Office) -> int:
    return Outgoing.objects.filter(case=office.row, letter="outcome").count()


def test_within_ones_limit_an_outcome_leaves_and_over_it_waits_for_somebody_whose_limit_reaches(
    limited: Office,
) -> None:
    assert act(limited, a.propose, True, words="We refund it.", credit_pence=5000) == ""
    assert outcomes(limited) == 1
    assert act(limited, a.propose, True, words="We refund more.", credit_pence=5001) == ""
    assert outcomes(limited) == 1, "nothing leaves before it is agreed to"
    assert limited.case().outcomes[-1].credit_pence == 5000
    asked = waiting(limited)
    assert "asked for already" in act(limited, a.propose, True, words="And more.", credit_pence=6000)
    assert "A manager or a director decides" in act(
        limited, approvals.answer, True, approval=asked, agree=True
    )
    assert act(limited, approvals.answer, True, by=MIA, approval=asked, agree=True, why="Fair.") == ""
    assert outcomes(limited) == 2
    [_, last] = limited.case().outcomes
    assert (last.credit_pence, last.words) == (5001, "We refund more.")
    assert limited.case().approvals[0].standing == "given"
    assert "Nothing waits" in act(limited, approvals.answer, True, by=RHYS, approval=asked, agree=True)


def let_in_by(office: Office, maker: str, username: str, now: datetime = NOON) -> Actor:
    """Somebody whose sign-in as a handler a colleague has made."""
    by = person_id(office.people[maker])
    made = make_person(
        username, name=username.title(), password=PASSWORD, provider=office.provider, role=RoleName.HANDLER, by=by, now=now
    )  # fmt: skip
    assert isinstance(made, User)
    return Actor(person_id(made), username.title(), "handler")


def test_nobody_agrees_to_what_somebody_asked_whom_they_let_in_a_moment_ago(limited: Office) -> None:
    """A manager could make a sign-in, ask by it and agree to it: for thirty days it takes somebody else."""
    poppy, mia = let_in_by(limited, "manager", "poppy"), limited.people["manager"]
    manager, director = (
        Actor(person_id(limited.people[role]), role.title(), role) for role in ("manager", "director")
    )
    assert act(limited, a.propose, True, by=poppy, words="We pay it all.", credit_pence=9_000) == ""
    asked = waiting(limited)
    refused = act(limited, approvals.answer, True, by=manager, approval=asked, agree=True)
    assert "one of you two gave the other a sign-in here: it takes somebody else" in refused
    assert outcomes(limited) == 0
    page = limited.visitor("manager").get(limited.at("decide"))
    assert "it takes somebody else" in page.main
    assert not page.doc.xpath("//button[@name='agree']"), "no button leads to a refusal"
    assert limited.visitor("director").get(limited.at("decide")).doc.xpath("//button[@name='agree']")
    on_its_case = limited.do("decide-request", "Save the decision", "manager", agree="yes", why="Fair.")
    assert on_its_case.status == 422
    assert "it takes somebody else" in on_its_case.words
    assert act(limited, approvals.answer, True, by=director, approval=asked, agree=True) == ""
    assert outcomes(limited) == 1

    assert act(limited, a.propose, True, by=poppy, words="And more.", credit_pence=8_000) == ""
    later = NOON + timedelta(days=30)
    assert (
        act(limited, approvals.answer, True, by=manager, now=later, approval=waiting(limited), agree=True)
        == ""
    )
    assert not AuditEntry.objects.filter(what=let_in.AGREED).exists()

    reset_password(User.objects.get(pk=poppy.id), by=person_id(mia), now=later)
    assert act(limited, a.propose, True, by=poppy, now=later, words="Once more.", credit_pence=7_000) == ""
    refused = act(
        limited, approvals.answer, True, by=manager, now=later, approval=waiting(limited), agree=True
    )
    assert "it takes somebody else" in refused, "whoever gives a password knows it"


def test_where_nobody_else_may_decide_it_is_allowed_and_the_audit_says_so(limited: Office) -> None:
    poppy, mia = let_in_by(limited, "manager", "poppy"), limited.people["manager"]
    Role.objects.filter(provider=limited.provider, role=RoleName.DIRECTOR).delete()
    assert act(limited, a.propose, True, by=poppy, words="We pay it all.", credit_pence=9_000) == ""
    manager = Actor(person_id(mia), "Manager", "manager")
    assert act(limited, approvals.answer, True, by=manager, approval=waiting(limited), agree=True) == ""
    assert outcomes(limited) == 1
    entry = AuditEntry.objects.get(what=let_in.AGREED)
    assert (entry.by, entry.detail) == (person_id(mia), {"case": limited.row.pk, "person": poppy.id})
    assert "Poppy" in limited.visitor("administrator").get(limited.at("provider/audit")).main


def test_an_adr_letter_is_not_left_out_by_somebody_and_whom_they_let_in(limited: Office) -> None:
    """R-09 asks for two people: the second is not one whose sign-in the first has just made."""
    poppy = let_in_by(limited, "manager", "poppy")
    manager = Actor(person_id(limited.people["manager"]), "Manager", "manager")
    exception = next(iter(ADR_EXCEPTIONS))
    assert act(limited, second.ask, by=manager, exception=exception, why="It is at the scheme.") == ""
    assert "it takes somebody else" in act(limited, second.decide, by=poppy, agree=True)
    assert limited.case().adr_exception is None
    assert act(limited, second.decide, by=HANA, agree=True) == ""
    assert limited.case().adr_exception is not None


def test_what_is_over_the_limit_of_whoever_agrees_too_takes_a_second_person(limited: Office) -> None:
    act(limited, a.propose, True, words="We pay it all.", credit_pence=30_000)
    asked = waiting(limited)
    assert act(limited, approvals.answer, True, by=MIA, approval=asked, agree=True) == ""
    assert outcomes(limited) == 0, "her limit is £200"
    assert waiting(limited) == asked
    assert "it takes a second person" in act(
        limited, approvals.answer, True, by=MIA, approval=asked, agree=True
    )
    assert act(limited, approvals.answer, True, by=MAX, approval=asked, agree=True) == ""
    assert outcomes(limited) == 1
    assert [yes.final for yes in limited.case().approvals[0].given] == [False, True]


def test_nobody_approves_their_own_but_may_take_it_back_and_a_no_needs_its_reason(limited: Office) -> None:
    act(limited, a.propose, True, by=MIA, words="We pay it all.", credit_pence=30_000)
    asked = waiting(limited)
    said = act(limited, approvals.answer, True, by=MIA, approval=asked, agree=True)
    assert "Nobody approves what they asked for themselves" in said
    assert "needs its reason" in act(limited, approvals.answer, True, by=RHYS, approval=asked, agree=False)
    assert act(limited, approvals.answer, True, by=MIA, approval=asked, agree=False) == ""
    assert limited.case().approvals[0].standing == "taken back"
    assert outcomes(limited) == 0


def test_more_time_for_a_promise_waits_and_meanwhile_the_promise_stands_and_the_laws_clock_is_never_asked_about(
    limited: Office,
) -> None:
    due, law = clock_due(limited, "outcome"), clock_due(limited, "ADR letter")
    assert due is not None
    assert law is not None
    far = due + timedelta(days=14)
    hand = hand_of(limited)
    promise = next(c.id for c in clocks(hand.case, hand.book) if c.owe == "outcome")
    adr = next(c.id for c in clocks(hand.case, hand.book) if c.kind == "law")
    assert "(A-law-clock)" in act(limited, a.extend, True, clock=adr, until=law + timedelta(days=9), why="w")
    assert act(limited, a.extend, True, clock=promise, until=far, why="The engineer comes next week.") == ""
    assert clock_due(limited, "outcome") == due
    case, book = limited.case(), hand.book
    asked = case.approvals[-1]
    assert asked.amount == 10, "working days"
    [effect] = would_do(case, book, asked, NOON)
    assert effect.startswith("Outcome (L-outcome): due ")
    assert act(limited, approvals.answer, True, by=MIA, approval=asked.id, agree=True) == ""
    assert (clock_due(limited, "outcome"), clock_due(limited, "ADR letter")) == (far, law)
    assert Outgoing.objects.filter(case=limited.row, letter="extension").exists(), "the customer is told"


def test_many_small_extensions_are_one_large_one(limited: Office) -> None:
    """A handler may give two working days by themselves, and not two and then two more."""
    hand = hand_of(limited)
    promise = next(c.id for c in clocks(hand.case, hand.book) if c.owe == "outcome")
    due = clock_due(limited, "outcome")
    assert due is not None
    first = hand.book.times(Period(2, Unit.WORKING_DAYS), due).due
    assert first is not None
    second = hand.book.times(Period(2, Unit.WORKING_DAYS), first).due
    for until in (first, second):
        assert act(limited, a.extend, True, clock=promise, until=until, why="It takes longer.") == ""
    assert clock_due(limited, "outcome") == first
    assert [(x.deed, x.amount, x.standing) for x in limited.case().approvals] == [("extension", 4, "waiting")]


BO = f.CustomerKnown(at=NOON, logged=NOON, name="Bo Bell", email="bo@example.org")


@pytest.mark.parametrize("agree", [True, False])
def test_a_back_dated_contact_counts_as_measured_until_somebody_decides_and_for_the_law_at_once(
    limited: Office, agree: bool
) -> None:
    """A letter that lay in the post room since Friday 30 October is written down on Monday 2 November (CH-09)."""
    friday = london("2026-10-30 10:00")
    letter = NewContact(
        "letter", NOON, "It lay there.", effective=friday, backdated_why="It lay in the post room."
    )
    with docket(now=NOON) as d:
        hand = a.open_case(d, limited.provider, letter, BO, HANA, NOON)
    assert hand.case.first_received == NOON
    [asked] = hand.case.approvals
    assert (asked.deed, asked.amount, asked.why) == ("back-dating", 3, "It lay in the post room.")
    assert (
        "Receipt on Friday 30 October 2026, 10 am, 3 days from what stands"
        in limited.visitor("manager").get(limited.at("decide")).main
    )
    [law] = [line for line in would_do(hand.case, hand.book, asked, NOON) if "the law" in line]
    assert "due Friday 11 December 2026" in law
    assert "instead of Monday 14 December 2026" in law
    assert adr_day(hand) == "2026-12-11", "nobody has decided, and the law's clock waits for nobody"
    assert CaseRow.objects.filter(pk=hand.row.pk, due_hint__lte=london("2026-12-11 00:00")).exists()
    with docket(hand.row.pk, now=NOON) as d:
        then = d.cases[hand.row.pk]
        assert approvals.answer(d, then, MIA, NOON, approval=asked.id, agree=agree, why="No stamp.") is None
        assert then.case.first_received == (friday if agree else NOON)
        assert adr_day(then) == ("2026-12-11" if agree else "2026-12-14")
    assert ApprovalRow.objects.get(case=hand.row).standing == ("given" if agree else "refused")


def test_a_second_letter_from_the_drawer_keeps_its_date_while_the_first_one_waits(limited: Office) -> None:
    days = [london("2026-10-30 10:00"), london("2026-10-28 10:00")]
    with docket(now=NOON) as d:
        for day in days:
            letter = NewContact("letter", NOON, "It lay there.", effective=day, backdated_why="The drawer.")
            if day is days[0]:
                hand = a.open_case(d, limited.provider, letter, BO, HANA, NOON)
            else:
                a.add_contact(hand, letter, HANA, NOON)
    assert [x.amount for x in hand.case.approvals if x.waits] == [3, 5]
    assert adr_day(hand) == "2026-12-09", "the law's clock counts from the older of the two"


def adr_day(hand: CaseInHand) -> str:
    due = min(c.due for c in clocks(hand.case, hand.book) if c.owe is Owed.ADR_LETTER and c.due)
    return london_date(due).isoformat()


def test_an_escalation_is_never_refused_it_is_taken(office: Office) -> None:
    office.give_to("handler")
    assert act(office, a.escalate, True, channel="phone", why="She asks for it.") == ""
    [asked] = office.case().approvals
    assert (asked.deed, asked.role, asked.clause) == ("escalation", "Customer Care Lead", "L-lead")
    assert "An escalation is not refused" in act(
        office, approvals.answer, True, by=MIA, approval=asked.id, agree=False, why="n"
    )
    assert act(office, approvals.answer, True, by=MIA, approval=asked.id, agree=True) == ""
    assert office.case().handler == MIA.id
    assert act(office, a.escalate, True, channel="phone", why="Higher.") == ""
    assert act(office, a.escalate, True, channel="phone", why="Higher.") != "", (
        "the code names no further stage"
    )
    assert [x.standing for x in office.case().approvals] == ["given", "waiting"]


def test_deadlock_is_our_last_word_and_nobody_need_take_the_escalated_case_any_more(office: Office) -> None:
    """CH-11, CH-12: the letter leaves. Who asks for a further stage after it, is owed that somebody takes it."""
    tell(office.row, NOON, f.OutcomeProposed, outcome="o1", channel="email", words="A credit.")
    tell(office.row, NOON, f.OutcomeAnswered, outcome="o1", accepted=False, how="phone", words="No.")
    assert act(office, a.escalate, True, channel="phone", why="She asks for it.") == ""
    day = office.visitor("manager").get(office.at("?whose=all"))
    assert "Take the escalated case" in day.main
    assert act(office, a.declare_deadlock, by=MIA, position="No more than the credit.") == ""
    assert not [
        d.what for d in duties(office.case(), read(office.fresh()).book, NOON) if "escalated" in d.what
    ]
    assert "Take the escalated case" not in office.visitor("manager").get(office.at("?whose=all")).main


def test_the_list_shows_what_by_whom_why_and_what_it_moves_and_the_asker_sees_the_answer(
    limited: Office,
) -> None:
    limited.give_to("handler")
    hana, mia = limited.visitor("handler"), limited.visitor("manager")
    page = hana.press(
        hana.get(limited.case_at("propose")),
        "Send the outcome",
        words="All of it.",
        credit="75",
        what_for="A month",
        looked_at="The log",
    )
    assert "it waits under Decide" in page.words
    decide = limited.at("decide")
    waits = hana.get(decide)
    assert "£75 of credit or refund in an outcome" in waits.main
    assert "Nobody approves" not in waits.main, "a handler is told who decides"
    page = mia.get(decide)
    for words in (
        "£75 of credit or refund",
        "Asked byHandler",
        "L-compensation",
        "All of it.",
        "Ann Archer",
    ):
        assert words in page.main, words
    refused = mia.press(page, "Do not agree")
    assert (refused.status, refused.mistakes) == (422, ["Write why not: whoever asked reads it."])
    page = mia.press(mia.get(decide), "Do not agree", why="Half of it is right.")
    assert page.address == decide
    assert "Nothing waits for a decision." in page.main
    page = hana.get(decide)
    assert "Half of it is right." in page.main
    assert "Refused" in page.main
    assert outcomes(limited) == 0
    hana.press(
        hana.get(limited.case_at("propose")),
        "Send the outcome",
        words="Half of it.",
        credit="55",
        what_for="A month",
        looked_at="The log",
    )
    page = mia.press(mia.get(decide), "Agree")
    assert outcomes(limited) == 0, "the letter is looked at first"
    assert "Half of it." in page.main
    page = mia.press(page, "Save the decision")
    assert page.address == decide
    assert outcomes(limited) == 1
    assert "Half of it." in mia.get(f"{decide}?show=answered").main


def test_a_request_is_a_line_of_everybodys_day_until_it_is_decided(limited: Office) -> None:
    act(limited, a.propose, True, words="All of it.", credit_pence=7500)
    mia = limited.visitor("manager")
    assert "Decide about compensation that was asked for" in mia.get(limited.at("?whose=team")).main
    act(limited, approvals.answer, True, by=MIA, approval=waiting(limited), agree=False, why="No.")
    assert "Decide about compensation" not in mia.get(limited.at("?whose=team")).main


def test_a_case_that_closes_lets_its_requests_go_and_refolding_finds_its_rows_right(limited: Office) -> None:
    act(limited, a.propose, True, words="All of it.", credit_pence=7500)
    act(limited, a.decide_complaint, by=HANA, contact="first", complaint=False, why="She wanted a price.")
    act(limited, a.close, True, evidence="not a complaint")
    assert limited.case().approvals[0].standing == "over"
    assert refold.refold(check=True, now=NOON).wrong == []
    ApprovalRow.objects.update(standing="waiting")
    assert [w.column for w in refold.refold(check=True, now=NOON).wrong] == ["what waits"]
    refold.refold(check=False, now=NOON)
    assert ApprovalRow.objects.get().standing == "over"


def test_the_number_of_questions_of_the_list_does_not_grow_with_its_rows(
    limited: Office,
) -> None:
    mia, counts = limited.visitor("manager"), []
    for _round in range(2):
        for _each in range(3):
            row = case(limited.provider, MONDAY)
            with docket(row.pk, now=NOON) as d:
                assert a.propose(d, d.cases[row.pk], HANA, NOON, words="More.", credit_pence=9000) is None
        with CaptureQueriesContext(connection) as asked:
            page = mia.get(limited.at("decide"))
        counts.append(len(asked))
    assert len(page.within("request")) == 6
    assert counts[0] == counts[1]
