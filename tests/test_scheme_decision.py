"""Promises on what a scheme's decision asks: the limits by hand, where a dispute stands, and what may close on it."""

from __future__ import annotations

from datetime import date

import pytest

from amends.core import facts as f
from amends.core import may
from amends.core.duties import duties
from amends.core.scheme_decision import (
    Standing,
    answer_by,
    carried_out,
    carry_out_by,
    standing,
    undone,
)
from tests.story import Story, london

CO, CISAS = "communications-ombudsman", "cisas"
CARRIED_OUT, NOT_ACCEPTED = "scheme decision carried out", "scheme decision not accepted"


def at_a_scheme(scheme: str = CISAS) -> Story:
    """A case whose ADR letter has left and that a scheme has."""
    told = Story("opus").received().reachable()
    told.at("2026-05-14 10:00").tell(
        f.LetterDecided, key="d1", letter="adr-letter", channel="email", digest="0"
    )
    told.tell(f.LetterFate, key="d1", fate="sent")
    return told.at("2026-06-01 12:00").tell(f.SchemeReferred, scheme=scheme)


def decided(scheme: str = CISAS, outcome: str = "for the customer") -> Story:
    """The scheme has decided: £50 and an apology."""
    told = at_a_scheme(scheme).at("2026-07-01 12:00")
    return told.tell(f.SchemeDecided, outcome=outcome, award_pence=5000, asked="Apologise in writing.")


def owed(told: Story) -> Story:
    """The customer accepted, and two things are owed."""
    told.at("2026-07-08 12:00").tell(f.SchemeAnswered, answer="accepted")
    for number, kind, pence in (("1", "payment", 5000), ("2", "action", 0)):
        told.tell(
            f.AwardPrepared, award=number, award_kind=kind, basis="scheme decision", clause="AD-08", pence=pence,
            pay_by="2026-08-05",
        )  # fmt: skip
    return told


@pytest.mark.parametrize(
    ("scheme", "accepted", "last", "rule"),
    [
        (CO, "2026-07-08 12:00", date(2026, 8, 5), "AD-07"),
        (CO, "2026-12-16 23:59", date(2027, 1, 13), "AD-07"),
        (CISAS, "2026-07-08 12:00", date(2026, 8, 5), "AD-08"),
        # Christmas Day, 28 December for Boxing Day, New Year's Day.
        (CISAS, "2026-12-16 12:00", date(2027, 1, 18), "AD-08"),
        # The late summer holiday of 31 August; accepted on a Saturday.
        (CISAS, "2026-08-08 09:00", date(2026, 9, 7), "AD-08"),
        (CO, "2026-03-01 00:30", date(2026, 3, 29), "AD-07"),
    ],
)
def test_the_limit_is_counted_as_the_scheme_counts_it(
    scheme: str, accepted: str, last: date, rule: str
) -> None:
    told = at_a_scheme(scheme)
    limit = carry_out_by(told.case, told.book, london(accepted))
    assert limit is not None
    assert (limit.day, limit.rule) == (last, rule)


def test_past_the_known_bank_holidays_every_weekday_counts_so_that_no_day_is_too_late() -> None:
    told = at_a_scheme(CISAS)
    for accepted, last in (("2055-07-07 12:00", date(2055, 8, 4)), ("2055-07-10 12:00", date(2055, 8, 6))):
        limit = carry_out_by(told.case, told.book, london(accepted))
        assert limit is not None
        assert limit.day == last


def test_a_scheme_that_the_directory_does_not_know_has_no_limit_of_its_own() -> None:
    told = at_a_scheme("otelo-of-old")
    assert carry_out_by(told.case, told.book, told.now) is None


def test_the_customers_answer_is_asked_after_with_the_period_that_is_known() -> None:
    told = decided(CISAS)
    asked = next(d for d in duties(told.case, told.book, told.now) if d.id == "scheme-answer")
    # 30 working days after 1 July: no bank holiday lies between.
    assert (asked.due, asked.clause) == (london("2026-08-12 00:00"), "AD-09")
    assert asked.late_after == london("2026-08-13 00:00")
    other = decided(CO)
    asked = next(d for d in duties(other.case, other.book, other.now) if d.id == "scheme-answer")
    assert (asked.due, asked.clause) == (None, "AD-10"), "no source names a period"
    assert answer_by(other.case, other.book) is None


def test_where_a_dispute_stands_from_the_referral_to_the_end() -> None:
    told = at_a_scheme()
    assert standing(told.case) is Standing.WITH_SCHEME
    assert standing(Story("opus").received().case) is None
    assert standing(decided(outcome="for us").case) is Standing.NOTHING_TO_DO
    told = decided()
    assert standing(told.case) is Standing.WAITS_FOR_ANSWER
    told = owed(told)
    assert standing(told.case) is Standing.TO_CARRY_OUT
    assert [a.id for a in undone(told.case)] == ["1", "2"]
    told.at("2026-07-20 12:00").tell(f.AwardFate, award="2", fate="given", why="sent")
    assert standing(told.case) is Standing.TO_CARRY_OUT
    assert carried_out(told.case) is None
    told.at("2026-07-30 12:00").tell(f.AwardFate, award="1", fate="given", why="bill 7")
    assert standing(told.case) is Standing.CARRIED_OUT
    assert carried_out(told.case) == london("2026-07-30 12:00")
    told.at("2026-09-01 12:00").tell(f.SchemeReferred, scheme=CISAS)
    assert standing(told.case) is Standing.WITH_SCHEME, "a new dispute begins with nothing done"


def test_a_closed_case_still_owes_what_was_decided() -> None:
    told = owed(decided()).tell(f.CaseClosed, evidence="customer confirmed")
    found = {d.id: d for d in duties(told.case, told.book, told.now)}
    assert found["award:2"].what == "Do what the scheme decided (award 2), and say so"
    assert (found["award:2"].due, found["award:2"].clause) == (london("2026-08-05 00:00"), "AD-08")
    assert found["award:2"].late(london("2026-08-06 00:01"))


@pytest.mark.parametrize(
    ("answer", "carried", "refused"),
    [
        ("", "It is not known whether the customer accepted", "Nothing says that the customer refused"),
        ("accepted", "What the scheme decided is not done yet: award 1 and 2", "Nothing says that"),
        ("refused", "there is nothing to carry out", ""),
        ("not in time", "there is nothing to carry out", ""),
    ],
)
def test_a_case_closes_on_a_decision_only_as_far_as_it_went(answer: str, carried: str, refused: str) -> None:
    told = decided()
    if answer == "accepted":
        owed(told)
    elif answer:
        told.tell(f.SchemeAnswered, answer=answer)
    found = may.close(told.case, told.book, CARRIED_OUT, told.now, words="done")
    assert found is not None
    assert carried in found.what
    assert found.clause in ("AD-10", "AD-08")
    found = may.close(told.case, told.book, NOT_ACCEPTED, told.now)
    assert refused in found.what if found else not refused
    if answer == "accepted":
        for award in ("1", "2"):
            told.tell(f.AwardFate, award=award, fate="given", why="done")
        assert may.close(told.case, told.book, CARRIED_OUT, told.now, words="done") is None
        assert may.close(told.case, told.book, CARRIED_OUT, told.now, words=" ") is not None


def test_no_decision_closes_a_case_before_it_stands_there() -> None:
    told = at_a_scheme()
    found = may.close(told.case, told.book, CARRIED_OUT, told.now, words="done")
    assert found is not None
    assert found.what == "No decision of a scheme stands on the case"
