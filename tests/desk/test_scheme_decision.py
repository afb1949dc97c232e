"""Promises on a dispute at a scheme, played at the desk: its decision, the answer, what is owed by when, and who is told."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from amends.core import facts as f
from amends.core.awards import Stand
from amends.core.calendar import london_date
from amends.core.duties import Action, duties
from amends.core.may import Refusal
from amends.desk import actions, at_scheme, redress
from amends.desk.houses import access_code
from amends.desk.models import Alarm, AwardRow, CaseRow, CaseTally, DutyRow
from amends.desk.opened import read
from amends.desk.outbox import Outbox
from amends.desk.record import docket
from amends.desk.refold import refold
from amends.desk.reports import Period, report
from amends.desk.ticker import tick
from amends.desk.watch import watch
from tests.desk.made import MONDAY, case, days, london, tell
from tests.desk.office import NOON, Office, clock
from tests.desk.visitor import Page, Visitor

pytestmark = pytest.mark.django_db
HANA = actions.Actor("7", "Hana", "handler")
DECIDED, ACCEPTED = london("2026-12-01 12:00"), london("2026-12-16 12:00")
ASKED = "Apologise in writing.\n\n  Correct the bill of October.  "


@pytest.fixture
def office(settings: Any) -> Office:
    """An office at whose case CISAS is since noon."""
    office = Office()
    clock(settings, NOON)
    done(office, at_scheme_began, NOON)
    return office


def at_scheme_began(hand: Any, by: actions.Actor, now: datetime) -> Refusal | None:
    return actions.refer(hand, by, now, scheme="cisas", at=now, number="CISAS-77")


def done(office: Office, doing: Any, now: datetime, **said: Any) -> Refusal | None:
    """Something is written down at this moment; why not, where it may not be."""
    with docket(office.row.pk, now=now) as d:
        refusal = doing(d.cases[office.row.pk], HANA, now, **said)
    assert refusal is None or isinstance(refusal, Refusal)
    return refusal


def decide(office: Office, outcome: str = "for the customer", pence: int = 5000, asked: str = ASKED) -> None:
    assert done(
        office, at_scheme.decided, DECIDED, outcome=outcome, at=DECIDED, award_pence=pence, asked=asked, number="D-9"
    ) is None  # fmt: skip


def accept(office: Office, answer: str = "accepted") -> None:
    said = {"answer": answer, "at": ACCEPTED, "words": "Its letter of today."}
    assert done(office, at_scheme.answered, ACCEPTED, **said) is None


def given(office: Office, award: str, now: datetime) -> None:
    with docket(office.row.pk, now=now) as d:
        hand = d.cases[office.row.pk]
        assert redress.became(d, hand, HANA, now, award=award, fate="given", why="Bill 12 shows it.") is None


def portal(office: Office) -> Page:
    return portal_of(office.row, office)


def portal_of(row: CaseRow, office: Office) -> Page:
    ann = Visitor()
    page = ann.get(office.portal("follow"))
    return ann.press(page, "See my complaint", reference=row.reference, code=access_code(row))


def test_each_thing_that_was_decided_is_owed_once_the_customer_accepts_and_by_the_schemes_limit(
    office: Office,
) -> None:
    """S-adr-powers: a sum, an apology and a repair. S-advice: the decision binds us, once the customer accepts it."""
    decide(office)
    assert office.case().awards == (), "a decision alone binds nobody"
    accept(office)
    awards = office.case().awards
    assert [(a.kind, a.pence, a.words) for a in awards] == [
        ("payment", 5000, "What the scheme decided"),
        ("action", 0, "Apologise in writing."),
        ("action", 0, "Correct the bill of October."),
    ]
    # 20 working days from 16 December 2026: Christmas, 28 December and New Year's Day are none.
    assert {(a.pay_by, a.clause, a.stands) for a in awards} == {(date(2027, 1, 18), "AD-08", Stand.OWED)}
    money = AwardRow.objects.get(case=office.row)
    assert (money.pence, money.basis, money.pay_by) == (5000, "scheme decision", date(2027, 1, 18))
    tally = CaseTally.objects.get(case=office.row)
    assert (tally.scheme_answer, tally.scheme_due, tally.scheme_done) == ("accepted", date(2027, 1, 18), None)
    assert not refold(check=True, now=ACCEPTED).wrong


@pytest.mark.parametrize("answer", ["refused", "not in time"])
def test_a_decision_that_is_refused_or_runs_out_asks_nothing_and_the_case_closes_on_that(
    office: Office, answer: str
) -> None:
    """S-advice: the decision does not bind the customer."""
    decide(office)
    accept(office, answer)
    assert office.case().awards == ()
    tally = CaseTally.objects.get(case=office.row)
    assert (tally.scheme_answer, tally.scheme_due) == (answer, None)
    with docket(office.row.pk, now=ACCEPTED) as d:
        hand = d.cases[office.row.pk]
        assert actions.close(d, hand, HANA, ACCEPTED, evidence="scheme decision not accepted") is None
    assert office.case().closed is not None
    read = {"refused": "you refused the decision", "not in time": "no answer from you in time"}
    assert read[answer] in portal(office).main


def test_an_answer_that_came_too_late_may_yet_be_let_in_by_the_scheme(office: Office) -> None:
    decide(office)
    accept(office, "not in time")
    accept(office)
    assert len(office.case().awards) == 3
    assert done(
        office, at_scheme.answered, ACCEPTED, answer="refused", at=ACCEPTED, words="Its letter."
    ) is not None, "accepted, it binds"  # fmt: skip
    assert len(office.case().awards) == 3, "and nothing is owed twice"


def test_what_was_agreed_before_a_decision_is_owed_from_that_day(office: Office) -> None:
    decide(office, "settled before a decision", 0, "Replace the router.")
    (award,) = office.case().awards
    # 20 working days from 1 December 2026.
    assert (award.words, award.pay_by) == ("Replace the router.", date(2026, 12, 31))
    refusal = done(office, at_scheme.answered, ACCEPTED, answer="accepted", at=ACCEPTED, words="x")
    assert refusal is not None
    assert "nothing that could be accepted" in refusal.what


@pytest.mark.parametrize(
    ("said", "what", "clause"),
    [
        ({"outcome": "a draw"}, "That is no outcome of a dispute", "A-evidence"),
        ({"outcome": "for the customer"}, "asks something of us", "AD-06"),
        ({"outcome": "for us", "award_pence": 1}, "asks nothing of us", "AD-06"),
        ({"outcome": "not taken up", "asked": "Apologise."}, "asks nothing of us", "AD-06"),
        ({"outcome": "for the customer", "award_pence": 10**12}, "a slip of the pen", "AD-06"),
        ({"outcome": "for the customer", "asked": "x\n" * 21}, "too much for a list", "A-evidence"),
        ({"outcome": "for the customer", "asked": "x" * 301}, "too much for a list", "A-evidence"),
        ({"outcome": "for us", "at": london("2026-10-01 12:00")}, "It cannot have ended then", "A-evidence"),
        ({"outcome": "for us", "at": london("2027-10-01 12:00")}, "It cannot have ended then", "A-evidence"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_with_its_reason(
    office: Office, said: dict[str, Any], what: str, clause: str
) -> None:
    refusal = done(office, at_scheme.decided, DECIDED, **{"at": DECIDED, **said})
    assert refusal is not None
    assert what in refusal.what
    assert refusal.clause == clause
    assert office.case().scheme_decision is None
    decide(office)


def test_an_answer_before_the_decision_or_without_a_source_is_refused(office: Office) -> None:
    early = {"answer": "accepted", "at": NOON, "words": "Its letter."}
    assert done(office, at_scheme.answered, ACCEPTED, **early) is not None, "nothing was decided yet"
    decide(office)
    for wrong in (
        early,
        {**early, "at": ACCEPTED, "words": " "},
        {**early, "at": ACCEPTED, "answer": "perhaps"},
    ):
        assert done(office, at_scheme.answered, ACCEPTED, **wrong) is not None
    assert office.case().awards == ()
    accept(office)
    assert office.case().awards != ()


def test_what_is_not_carried_out_is_an_alarm_five_days_before_its_limit_until_it_is_done(
    office: Office,
) -> None:
    def alarm(iso: str) -> str:
        watch(london(iso))
        found = Alarm.objects.filter(kind="scheme decision", cleared__isnull=True).first()
        return found.text if found else ""

    decide(office)
    accept(office)
    assert alarm("2027-01-12 12:00") == ""
    assert "is to be carried out by Monday 18 January 2027" in alarm("2027-01-13 12:00")
    assert "was to be carried out by Monday 18 January 2027" in alarm("2027-01-19 12:00")
    late = london("2027-01-19 12:00")
    for award in ("1", "2", "3"):
        assert alarm("2027-01-19 12:00") != ""
        given(office, award, late)
    assert alarm("2027-01-19 12:00") == ""
    assert CaseTally.objects.get(case=office.row).scheme_done == date(2027, 1, 19)


def test_the_reports_count_the_answers_and_what_was_carried_out_in_time(office: Office) -> None:
    decide(office)
    accept(office)

    def counted() -> dict[str, int]:
        tables = report(office.slug, Period(date(2026, 11, 1), date(2027, 1, 31)), ACCEPTED).tables
        table = next(t for t in tables if t.id == "schemes")
        (line,) = table.lines
        return dict(zip(table.keys, (c.count for c in line.cells), strict=True))

    waits = {
        "scheme-decided": 1,
        "scheme-accepted": 1,
        "scheme-refused": 0,
        "scheme-done": 0,
        "scheme-done-late": 0,
    }
    assert counted() == {**waits, "scheme-waits": 1}
    for award in ("1", "2", "3"):
        given(office, award, london("2027-01-18 16:00"))
    assert counted() == {**waits, "scheme-done": 1, "scheme-waits": 0}


def test_the_customer_reads_in_plain_words_where_it_stands(office: Office) -> None:
    page = portal(office).main
    assert "An independent scheme looks into it" in page
    assert "We are looking into it" not in page
    assert "You took this to an independent scheme, CISAS, on Monday 2 November 2026." in page
    assert "Its number for it is CISAS-77." in page
    assert "The scheme decides now, not we." in page
    decide(office)
    page = portal(office).main
    assert "The scheme decided for you on Tuesday 1 December 2026." in page
    assert "The scheme has decided, and waits for your answer" in page
    assert "You can accept the decision or refuse it: tell the scheme, not us." in page
    assert "You can take it to" not in page
    accept(office)
    page = portal(office).main
    assert "We do what was decided by Monday 18 January 2027 at the latest." in page
    assert "Correct the bill of October." in page
    assert "Its letter of today." not in page, "what colleagues wrote down stays with them"
    for award in ("1", "2", "3"):
        given(office, award, london("2027-01-18 16:00"))
    assert (
        "We have done all that was decided, the last of it on Monday 18 January 2027." in portal(office).main
    )


def test_the_forms_of_the_console_lead_from_the_decision_to_the_last_thing_done(
    office: Office, settings: Any
) -> None:
    clock(settings, DECIDED)
    page = office.do(
        "scheme-outcome", "Write it down", outcome="partly for the customer", day="2026-12-01", award="50",
        asked="Apologise in writing.", number="D-9", words="We were slow.",
    )  # fmt: skip
    assert "Waits for the customer's answer" in page.main
    assert "Write down whether the customer accepted the scheme's decision" in page.main
    assert "To do: Apologise in writing." in page.main
    page = office.do(
        "scheme-answer", "Write it down", answer="accepted", day="2026-12-01", words="Its letter."
    )
    assert "To be carried out" in page.main
    assert "Do what the scheme decided (award 2), and say so (AD-08)" in page.main
    assert "Apologise in writing. award 2" in page.main, "which of them is said by its number"
    page = office.do("award", "Save", award="2", fate="given", why="Hana wrote to her.")
    assert "Do what the scheme decided (award 2)" not in page.main
    page = office.do("award", "Save", award="1", fate="given", why="Bill 12.")
    assert "Carried out" in page.main
    shut = office.visitor("handler").get(office.case_at("scheme-answer"))
    assert "The customer's answer stands already: accepted" in shut.words


def test_a_referral_names_the_scheme_and_comes_after_the_letter_of_its_day(
    office: Office, settings: Any
) -> None:
    """The story goes into the case file: the scheme reads its name there, and its referral where it belongs."""
    row = case(office.provider, MONDAY)
    after = MONDAY + days(57)
    clock(settings, after)
    tick(after)
    Outbox(lambda: after).run()
    visitor = office.visitor()
    there = office.at(f"cases/{row.reference}/referred")
    day = london_date(after).isoformat()
    early = visitor.press(visitor.get(there), "Write it down", scheme="cisas", day="2025-11-10")
    assert "before the complaint first reached us" in early.words
    page = visitor.press(visitor.get(there), "Write it down", scheme="cisas", day=day, number="C-1")
    assert "The customer took it to CISAS, number C-1" in page.main
    case_ = read(CaseRow.objects.get(pk=row.pk)).case
    left = case_.letters_of("adr-letter")[0].fate_at
    assert case_.referral is not None
    assert left is not None
    assert case_.referral.at >= left
    assert "Ask somebody higher up" not in portal_of(row, office).main, "the scheme looks at it instead"


def test_the_name_of_every_action_fits_where_the_queue_keeps_it() -> None:
    room = DutyRow._meta.get_field("action").max_length
    assert isinstance(room, int)
    assert [str(action) for action in Action if len(action) > room] == []


def test_what_the_scheme_decided_and_they_accepted_leaves_us_nothing_to_propose(settings: Any) -> None:
    """S-proposal has no period: it stood beside the decision until the case closed."""
    clock(settings)
    at = Office("netservers")
    tell(at.row, NOON, f.ComplaintDecided, contact="first", complaint=True)

    def owed() -> list[str]:
        return [d.clause for d in duties(at.case(), read(at.fresh()).book, NOON)]

    assert "S-proposal" in owed()
    tell(at.row, NOON, f.SchemeReferred, scheme="communications-ombudsman")
    tell(at.row, NOON, f.SchemeDecided, outcome="for the customer", asked="Apologise.")
    assert "S-proposal" in owed(), "they may still refuse it"
    tell(at.row, NOON, f.SchemeAnswered, answer="accepted")
    assert "S-proposal" not in owed()
