"""Whom the rules cover, and which complaints may go to a scheme: each no with its rule, each doubt as a question."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.eligibility import CustomerKind, Dispute, SchemeAnswer, covered, may_go_to_scheme
from amends.core.law import NotKnown
from amends.core.schemes import Ground
from amends.law import law

THE_LAW = law()
OMBUDSMAN, CISAS = THE_LAW.schemes
RECEIVED = date(2026, 4, 8)
OPENS = date(2026, 5, 20)
DAY = timedelta(days=1)

HOME, SMALL, LARGER = CustomerKind.RESIDENTIAL, CustomerKind.SMALL_BUSINESS, CustomerKind.LARGER_BUSINESS
BODY, UNKNOWN = CustomerKind.NOT_FOR_PROFIT, CustomerKind.UNKNOWN


# --- Who is covered --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "headcount", "volunteers", "is_covered", "rule", "asks"),
    [
        (HOME, None, None, True, "CH-05", False),
        (HOME, 12, None, True, "CH-05", False),
        (SMALL, None, None, True, "CH-05", True),
        (SMALL, 1, None, True, "CH-05", False),
        (SMALL, 10, None, True, "CH-05", False),
        (SMALL, 11, None, False, "CH-05", False),
        (SMALL, 11, 1, True, "AD-16", True),
        (SMALL, 12, 1, False, "CH-05", False),
        (LARGER, None, None, False, "CH-05", False),
        (LARGER, 11, None, False, "CH-05", False),
        (LARGER, 10, None, True, "CH-05", True),
        (BODY, None, None, True, "CH-05", True),
        (BODY, 10, None, True, "CH-05", False),
        (BODY, 40, None, True, "AD-16", True),
        (BODY, 40, 30, True, "AD-16", True),
        (BODY, 40, 29, False, "CH-05", False),
        (BODY, 40, 0, False, "CH-05", False),
        (UNKNOWN, None, None, True, "CH-05", True),
        (UNKNOWN, 500, None, True, "CH-05", True),
    ],
)
def test_who_is_covered(
    kind: CustomerKind,
    headcount: int | None,
    volunteers: int | None,
    is_covered: bool,
    rule: str,
    asks: bool,
) -> None:
    answer = covered(kind, headcount, THE_LAW, RECEIVED, volunteers)
    assert (answer.covered, answer.rule, bool(answer.ask)) == (is_covered, rule, asks)
    assert all(reason.endswith(".") for reason in answer.reasons)
    assert all(question.endswith("?") for question in answer.ask)
    assert answer.rule in THE_LAW.rules


def test_on_a_day_whose_limit_is_not_known_everybody_is_covered() -> None:
    for kind in (SMALL, LARGER, BODY):
        answer = covered(kind, 500, THE_LAW, date(2010, 1, 1))
        assert answer.covered
        assert "not known" in answer.reasons[0]


@pytest.mark.parametrize(("headcount", "volunteers"), [(-1, None), (5, 6), (5, -1), (None, -1)])
def test_counts_that_cannot_be_are_refused(headcount: int | None, volunteers: int | None) -> None:
    with pytest.raises(ValueError, match="there cannot be"):
        covered(SMALL, headcount, THE_LAW, RECEIVED, volunteers)


@given(st.sampled_from(CustomerKind), st.integers(0, 50), st.integers(0, 50))
def test_more_volunteers_among_the_same_people_never_take_cover_away(
    kind: CustomerKind, people: int, volunteers: int
) -> None:
    some = min(volunteers, people)
    before = covered(kind, people, THE_LAW, RECEIVED, 0).covered
    assert covered(kind, people, THE_LAW, RECEIVED, some).covered >= before


# --- May it go to a scheme -------------------------------------------------------------------------------


def ask(
    dispute: Dispute, on: date, scheme: object = OMBUDSMAN
) -> tuple[SchemeAnswer, list[tuple[str, str, bool]]]:
    answer = may_go_to_scheme(
        dispute, THE_LAW, on, CISAS if scheme is CISAS else OMBUDSMAN if scheme else None
    )
    return answer, [(str(r.ground), r.rule, r.bars) for r in answer.reasons]


AT_HOME = Dispute(kind=HOME, first_received=RECEIVED)


def test_inside_the_period_without_deadlock_it_may_not_and_is_told_when() -> None:
    answer, reasons = ask(AT_HOME, OPENS - DAY)
    assert not answer.may
    assert reasons == [("too early", "CH-08", True)]
    assert answer.opens == OPENS
    assert answer.reasons[0].says == (
        "The complaint was first received on 8 April 2026. It may go to the scheme 6 weeks later, on 20 May 2026, "
        "or sooner at deadlock."
    )


def test_from_the_last_day_of_the_period_it_may_and_the_letter_is_owed() -> None:
    answer, reasons = ask(AT_HOME, OPENS)
    assert answer.may
    assert reasons == [("None", "CH-13", False)]
    assert answer.closes is None, "no time runs without a letter"


def test_an_earlier_complaint_keeps_its_eight_weeks() -> None:
    earlier = replace(AT_HOME, first_received=date(2026, 4, 7))
    assert not ask(earlier, date(2026, 6, 1))[0].may
    assert ask(earlier, date(2026, 6, 2))[0].may


def test_deadlock_opens_the_way_at_once_and_the_letter_is_owed() -> None:
    answer, reasons = ask(replace(AT_HOME, deadlock=date(2026, 4, 20)), date(2026, 4, 20))
    assert answer.may
    assert answer.opens == date(2026, 4, 20)
    assert reasons == [("None", "CH-12", False)]
    assert not ask(replace(AT_HOME, deadlock=date(2026, 4, 20)), date(2026, 4, 19))[0].may


def test_twelve_months_after_the_letter_the_way_is_closed() -> None:
    told = replace(AT_HOME, letter_received=OPENS)
    last = date(2027, 5, 20)
    answer, reasons = ask(told, last)
    assert (answer.may, answer.closes, reasons) == (True, last, [])
    answer, reasons = ask(told, last + DAY)
    assert not answer.may
    assert reasons == [("late", "AD-03", True)]
    assert ask(told, last + DAY, CISAS)[1] == [("late", "AD-04", True)]


def test_years_without_a_letter_close_nothing() -> None:
    assert ask(AT_HOME, RECEIVED + timedelta(days=3000))[0].may


def test_a_larger_business_may_not_and_no_period_runs() -> None:
    answer, reasons = ask(replace(AT_HOME, kind=SMALL, headcount=11), OPENS)
    assert not answer.may
    assert answer.opens is None
    assert reasons == [("larger business", "CH-05", True)]


def test_a_doubt_about_volunteers_is_a_question_and_no_refusal() -> None:
    answer, reasons = ask(replace(AT_HOME, kind=BODY, headcount=40, letter_received=OPENS), OPENS)
    assert answer.may
    assert reasons == [("None", "AD-16", False)]
    assert "Ask: How many of them are volunteers?" in answer.reasons[0].says


TOLD = replace(AT_HOME, letter_received=OPENS)


@pytest.mark.parametrize(
    ("ground", "scheme", "reasons"),
    [
        (Ground.COURT, OMBUDSMAN, [("court", "AD-13", True)]),
        (Ground.COURT, CISAS, [("court", "AD-14", True)]),
        (Ground.COURT, None, [("court", "AD-13", True), ("court", "AD-14", True)]),
        (Ground.COMMERCIAL, OMBUDSMAN, [("commercial", "AD-15", False)]),
        (Ground.COMMERCIAL, CISAS, [("commercial", "AD-15", False)]),
        (Ground.FRAUD, OMBUDSMAN, []),
        (Ground.FRAUD, CISAS, [("fraud", "AD-14", True)]),
        (Ground.FRAUD, None, [("fraud", "AD-14", False)]),
        (Ground.DATA_PROTECTION, CISAS, [("data protection", "AD-14", True)]),
        (Ground.RESOLVED, OMBUDSMAN, [("resolved", "AD-13", True)]),
        (Ground.OUTSIDE_UK, CISAS, [("outside the UK", "AD-14", True)]),
    ],
    ids=lambda value: getattr(value, "id", None),
)
def test_what_a_scheme_does_not_take(
    ground: Ground, scheme: object, reasons: list[tuple[str, str, bool]]
) -> None:
    answer, found = ask(replace(TOLD, grounds=frozenset({ground})), OPENS, scheme)
    assert found == reasons
    assert answer.may == (not any(bars for *_, bars in reasons))


def test_a_complaint_about_personal_data_is_pointed_to_the_commissioner() -> None:
    answer, _ = ask(replace(TOLD, grounds=frozenset({Ground.DATA_PROTECTION})), OPENS, CISAS)
    assert "goes to the Information Commissioner (DP-02)" in answer.reasons[0].says


@pytest.mark.parametrize(
    ("claim", "scheme", "reasons"),
    [
        ("10000.00", CISAS, []),
        ("10000.01", CISAS, [("over the cap", "AD-14", True)]),
        ("10000.01", OMBUDSMAN, [("over the cap", "AD-06", False)]),
        ("10000.01", None, [("over the cap", "AD-14", False)]),
    ],
)
def test_a_claim_over_the_cap(claim: str, scheme: object, reasons: list[tuple[str, str, bool]]) -> None:
    answer, found = ask(replace(TOLD, claim=Decimal(claim)), OPENS, scheme)
    assert found == reasons
    assert answer.may == (("over the cap", "AD-14", True) not in reasons)


def test_every_reason_is_told_at_once_those_that_bar_first() -> None:
    everything = replace(
        AT_HOME, claim=Decimal("10000.01"), grounds=frozenset({Ground.COURT, Ground.COMMERCIAL})
    )
    answer, reasons = ask(everything, OPENS - DAY)
    assert not answer.may
    assert reasons == [
        ("too early", "CH-08", True),
        ("court", "AD-13", True),
        ("over the cap", "AD-06", False),
        ("commercial", "AD-15", False),
    ]
    assert {r.confidence for r in answer.reasons} == {"P", "S"}


def test_what_nobody_has_seen_warns_as_unverified_and_bars_nothing() -> None:
    (period,) = (e for e in THE_LAW.adr_period.entries if e.value == 42)
    recalled = replace(period, confidence="R", sources=())
    unsure = replace(
        THE_LAW, adr_period=replace(THE_LAW.adr_period, entries=(*THE_LAW.adr_period.entries[:2], recalled))
    )
    answer = may_go_to_scheme(AT_HOME, unsure, OPENS - DAY, OMBUDSMAN)
    assert answer.may
    assert [(r.bars, r.confidence) for r in answer.reasons] == [(False, "R")]
    assert answer.reasons[0].says.endswith("This is unverified.")


def test_an_unverified_ground_of_a_scheme_warns_and_bars_nothing() -> None:
    recalled = tuple(replace(e, says=replace(e.says, confidence="R", sources=())) for e in CISAS.exclusions)
    answer = may_go_to_scheme(
        replace(TOLD, grounds=frozenset({Ground.FRAUD})), THE_LAW, OPENS, replace(CISAS, exclusions=recalled)
    )
    assert answer.may
    assert "unverified" in answer.reasons[0].says


def test_a_complaint_from_before_the_known_rules_is_refused() -> None:
    with pytest.raises(NotKnown):
        may_go_to_scheme(replace(AT_HOME, first_received=date(1999, 1, 1)), THE_LAW, OPENS, CISAS)


@given(st.dates(date(2019, 1, 1), date(2030, 1, 1)), st.integers(0, 800))
def test_a_covered_complaint_may_go_exactly_from_the_day_that_the_law_names(
    received: date, later: int
) -> None:
    on = received + timedelta(days=later)
    answer = may_go_to_scheme(replace(AT_HOME, first_received=received), THE_LAW, on, CISAS)
    assert answer.may == (on >= THE_LAW.adr_due(received)[0])
    assert answer.opens == THE_LAW.adr_due(received)[0]
