"""A scheme's decision that was written down wrongly is put right: earlier words stay, what is owed follows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from amends.core import scheme_decision
from amends.core.awards import Stand
from amends.core.duties import duties
from amends.core.scheme_decision import Standing
from amends.desk import actions, at_scheme, billing, redress
from amends.desk.models import AwardRow
from amends.desk.opened import read
from amends.desk.record import docket
from amends.desk.refold import refold
from tests.desk.made import london
from tests.desk.office import NOON, Office, clock
from tests.desk.test_scheme_decision import (
    ACCEPTED,
    DECIDED,
    HANA,
    accept,
    at_scheme_began,
    decide,
    done,
    portal,
)

pytestmark = pytest.mark.django_db
LATER = london("2026-12-17 12:00")
RIGHT = {
    "outcome": "partly for the customer", "at": DECIDED, "award_pence": 7500, "asked": "Apologise in writing.",
    "number": "D-9", "why": "A slip of the pen: its letter says £75.",
}  # fmt: skip


@pytest.fixture
def office(settings: Any) -> Office:
    """An office at whose case CISAS is since noon."""
    office = Office()
    clock(settings, NOON)
    assert done(office, at_scheme_began, NOON) is None
    return office


def correct(office: Office, **change: Any) -> Any:
    return done(office, at_scheme.correct, LATER, **{**RIGHT, **change})


def standing(office: Office) -> list[tuple[str, int, str, Stand]]:
    return [(str(a.kind), a.pence, a.words, a.stands) for a in office.case().awards]


def test_what_was_owed_by_the_wrong_one_is_withdrawn_and_the_right_one_owed_from_the_same_answer(
    office: Office, settings: Any
) -> None:
    """AD-08, AD-10: 20 working days from the customer's answer, whatever day it was put right."""
    decide(office)
    accept(office)
    clock(settings, LATER)
    page = office.do(
        "scheme-correct", "Correct it", outcome="partly for the customer", award="75.00",
        asked="Apologise in writing.", why="A slip of the pen: its letter says £75.",
    )  # fmt: skip
    assert page.status == 200, page.mistakes
    assert standing(office) == [
        ("payment", 5000, "What the scheme decided", Stand.WITHDRAWN),
        ("action", 0, "Apologise in writing.", Stand.WITHDRAWN),
        ("action", 0, "Correct the bill of October.", Stand.WITHDRAWN),
        ("payment", 7500, "What the scheme decided", Stand.OWED),
        ("action", 0, "Apologise in writing.", Stand.OWED),
    ]
    row = AwardRow.objects.get(case=office.row)
    assert (row.pence, row.pay_by) == (7500, date(2027, 1, 18))
    assert "The scheme’s outcome: for the customer, £50 to pay, its number D-9" in page.main, (
        "it stays in the story"
    )
    assert "corrected the scheme’s outcome: partly for the customer, £75 to pay" in page.main
    assert "A slip of the pen" in page.main
    assert "What the scheme decided" in portal(office).main
    assert not refold(check=True, now=LATER).wrong


def test_another_day_moves_the_clock_for_the_customers_answer(office: Office) -> None:
    """AD-09: 30 working days from the decision, from whichever day is the right one; Christmas and New Year out."""
    decide(office)
    before = scheme_decision.answer_by(office.case(), read(office.fresh()).book)
    assert correct(office, at=DECIDED - timedelta(days=7)) is None
    opened = read(office.fresh())
    after = scheme_decision.answer_by(opened.case, opened.book)
    assert before is not None
    assert after is not None
    assert (after.day, before.day) == (date(2027, 1, 8), date(2027, 1, 15))
    due = {d.id: d.due for d in duties(opened.case, opened.book, LATER)}
    assert due["scheme-answer"] == london("2027-01-08 00:00")
    assert scheme_decision.standing(opened.case) is Standing.WAITS_FOR_ANSWER


def test_what_billing_has_is_kept_where_it_is_right_and_else_seen_to_first(office: Office) -> None:
    decide(office)
    accept(office)
    assert billing.hand_over(office.provider, "7", LATER) is not None
    refused = correct(office)
    assert "Award 1 is with billing: £50" in str(refused)
    assert [s for *_, s in standing(office)] == [Stand.HANDED_OVER, Stand.OWED, Stand.OWED], (
        "nothing half done"
    )
    assert correct(office, award_pence=5000) is None, "the same sum, another list of things"
    assert [(w, s) for _, _, w, s in standing(office)] == [
        ("What the scheme decided", Stand.HANDED_OVER),
        ("Apologise in writing.", Stand.WITHDRAWN),
        ("Correct the bill of October.", Stand.WITHDRAWN),
        ("Apologise in writing.", Stand.OWED),
    ]


def test_decided_for_us_after_all_nothing_is_owed(office: Office) -> None:
    decide(office)
    accept(office)
    assert correct(office, outcome="for us", award_pence=0, asked="") is None
    assert {s for *_, s in standing(office)} == {Stand.WITHDRAWN}
    assert not AwardRow.objects.filter(case=office.row).exists()


def test_what_cannot_be_corrected_says_why(office: Office) -> None:
    assert "No decision stands" in str(correct(office))
    decide(office)
    for change, says in (
        ({"why": " "}, "It must stand what was wrong"),
        ({"at": LATER + timedelta(days=1)}, "cannot have ended then"),
        ({"award_pence": -1}, "slip of the pen"),
        ({"outcome": "won"}, "no outcome of a dispute"),
        ({"outcome": "for us"}, "asks nothing of us"),
        ({"outcome": "for the customer", "award_pence": 5000,
          "asked": "Apologise in writing.\nCorrect the bill of October."}, "That stands already"),
    ):  # fmt: skip
        assert says in str(correct(office, **change)), change
    accept(office)
    assert "cannot have ended then" in str(correct(office, at=ACCEPTED + timedelta(hours=1)))
    assert "only a decision can be answered" in str(
        correct(office, outcome="not taken up", award_pence=0, asked="")
    )


def test_a_decision_that_nobody_answered_in_time_is_told_and_closes_on_what_the_scheme_says(
    office: Office, settings: Any
) -> None:
    """AD-09, AD-10: past the time that is known nothing is settled by itself; the scheme's word settles it."""
    decide(office)
    on_the_day, over = london("2027-01-15 12:00"), london("2027-01-16 12:00")
    clock(settings, on_the_day)
    assert "Their time to accept is over" not in office.visitor().get(office.case_at()).main
    clock(settings, over)
    assert "Their time to accept is over" in office.visitor().get(office.case_at()).main
    assert "time for your answer was over on Friday 15 January 2027" in portal(office).main
    opened = read(office.fresh())
    late = {d.id: d.late(over) for d in duties(opened.case, opened.book, over)}
    assert late["scheme-answer"], "somebody asks the scheme"
    with docket(office.row.pk, now=over) as d:
        hand = d.cases[office.row.pk]
        refusal = actions.close(d, hand, HANA, over, evidence="scheme decision not accepted", how="CISAS")
    assert refusal is not None, "not by the calendar alone"
    said = {"answer": "not in time", "at": over, "words": "Its letter of today."}
    assert done(office, at_scheme.answered, over, **said) is None
    assert office.case().awards == ()
    assert "Their time to accept is over" not in office.visitor().get(office.case_at()).main


def test_an_action_that_was_done_is_not_owed_once_more(office: Office) -> None:
    decide(office)
    accept(office)
    with docket(office.row.pk, now=LATER) as d:
        assert (
            redress.became(d, d.cases[office.row.pk], HANA, LATER, award="2", fate="given", why="Sent.")
            is None
        )
    assert correct(office) is None
    assert [(w, s) for _, _, w, s in standing(office)] == [
        ("What the scheme decided", Stand.WITHDRAWN),
        ("Apologise in writing.", Stand.GIVEN),
        ("Correct the bill of October.", Stand.WITHDRAWN),
        ("What the scheme decided", Stand.OWED),
    ]


def answer_corrected(office: Office, **change: Any) -> Any:
    right = {"answer": "refused", "at": ACCEPTED, "words": "Its letter of that day.", "why": "Read wrongly."}
    return done(office, at_scheme.correct_answer, LATER, **{**right, **change})


def test_an_answer_that_was_written_down_wrongly_is_put_right_and_nothing_is_owed_by_it(
    office: Office, settings: Any
) -> None:
    """AD-10: what the customer refused binds nobody; the first answer stays in the story, and the case can close on it."""
    decide(office)
    accept(office)
    clock(settings, LATER)
    page = office.do(
        "scheme-answer-correct", "Correct it", answer="refused", words="CISAS’s letter of 9 December.",
        why="Read wrongly: it is the other customer who accepted.",
    )  # fmt: skip
    assert page.status == 200, page.mistakes
    assert {s for *_, s in standing(office)} == {Stand.WITHDRAWN}
    assert not AwardRow.objects.filter(case=office.row).exists()
    opened = read(office.fresh())
    assert scheme_decision.standing(opened.case) is Standing.REFUSED
    assert "The customer’s answer to the scheme’s decision: accepted" in page.main, "it stays in the story"
    assert "corrected the customer’s answer to the scheme’s decision: refused, on" in page.main
    assert "it is the other customer who accepted" in page.main
    assert "Withdrawn · payment, scheme decision" in page.main, "no day is to be kept for it"
    assert "other customer" not in portal(office).main, "why is for colleagues"
    with docket(office.row.pk, now=LATER) as d:
        hand = d.cases[office.row.pk]
        assert (
            actions.close(d, hand, HANA, LATER, evidence="scheme decision not accepted", how="CISAS") is None
        )
    assert not refold(check=True, now=LATER).wrong


def test_accepted_on_another_day_all_is_owed_from_that_day(office: Office) -> None:
    """AD-08: 20 working days from the right day."""
    decide(office)
    accept(office)
    first = {a.pay_by for a in scheme_decision.given(office.case())}
    assert answer_corrected(office, answer="accepted", at=ACCEPTED + timedelta(days=1)) is None
    given = scheme_decision.given(office.case())
    assert [(a.words, a.stands) for a in given] == [
        ("What the scheme decided", Stand.OWED), ("Apologise in writing.", Stand.OWED),
        ("Correct the bill of October.", Stand.OWED),
    ]  # fmt: skip
    assert len(first) == 1
    assert (first, {a.pay_by for a in given}) == ({date(2027, 1, 18)}, {date(2027, 1, 19)})


def test_no_answer_has_come_after_all_and_it_is_waited_for_again(office: Office, settings: Any) -> None:
    decide(office)
    accept(office)
    clock(settings, LATER)
    page = office.do(
        "scheme-answer-correct",
        "Correct it",
        answer="not yet",
        day="",
        words="",
        why="Another case’s letter.",
    )
    assert page.status == 200, page.mistakes
    opened = read(office.fresh())
    assert scheme_decision.standing(opened.case) is Standing.WAITS_FOR_ANSWER
    assert "scheme-answer" in {d.id for d in duties(opened.case, opened.book, LATER)}
    assert {s for *_, s in standing(office)} == {Stand.WITHDRAWN}


def test_an_answer_is_not_corrected_over_money_that_has_gone_or_without_a_reason(office: Office) -> None:
    assert "No answer stands" in str(answer_corrected(office))
    decide(office)
    accept(office)
    for change, says in (
        ({"why": " "}, "It must stand what was wrong"),
        ({"words": ""}, "how that is known"),
        ({"at": DECIDED - timedelta(days=1)}, "cannot have answered then"),
        ({"at": LATER + timedelta(days=1)}, "cannot have answered then"),
        ({"answer": "perhaps"}, "no answer to a decision"),
        ({"answer": "accepted"}, "That stands already"),
    ):  # fmt: skip
        assert says in str(answer_corrected(office, **change)), change
    assert billing.hand_over(office.provider, "7", LATER) is not None
    assert "Award 1 is with billing: £50" in str(answer_corrected(office))
    assert scheme_decision.standing(office.case()) is Standing.TO_CARRY_OUT, "nothing half done"


def test_what_was_done_by_a_wrong_answer_does_not_make_it_carried_out(office: Office) -> None:
    decide(office)
    accept(office)
    with docket(office.row.pk, now=LATER) as d:
        hand = d.cases[office.row.pk]
        assert redress.became(d, hand, HANA, LATER, award="2", fate="given", why="Sent.") is None
    assert answer_corrected(office) is None
    assert scheme_decision.standing(office.case()) is Standing.REFUSED
