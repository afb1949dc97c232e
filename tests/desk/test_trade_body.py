"""Promises on a trade body that the code names: it is written down where it is named, and never stops or moves a clock."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core import facts as f
from amends.core.clocks import clocks
from amends.core.duties import ahead, due_hint
from amends.desk import trade_bodies
from amends.desk.actions import Actor
from amends.desk.houses import access_code
from amends.desk.record import docket
from tests.desk.made import days
from tests.desk.office import NOON, Office, clock
from tests.desk.visitor import Visitor
from tests.story import Story

HANA = Actor("7", "Hana", "handler")


@given(st.integers(0, 90), st.integers(0, 90), st.booleans())
def test_no_clock_and_no_duty_moves_by_a_trade_body(asked: int, after: int, answers: bool) -> None:
    told = Story("netservers").received().reachable()
    told.tell(f.OutcomeProposed, outcome="o1", channel="email", words="We can do no more.")
    told.tell(f.OutcomeAnswered, outcome="o1", accepted=False, how="email")
    before = told.case
    told.later(days=asked).tell(f.TradeBodyAsked, body="ISPA", number="I-1")
    if answers:
        told.later(days=after).tell(f.TradeBodySaid, body="ISPA", words="They think so too.")
    assert clocks(told.case, told.book) == clocks(before, told.book)
    assert ahead(told.case, told.book) == ahead(before, told.book)
    assert due_hint(told.case, told.book) == due_hint(before, told.book)
    assert told.case.stage == before.stage, "it stays with whoever holds it here"
    assert len(told.case.trade_bodies) == 1


@pytest.mark.django_db
def test_where_the_code_names_one_it_is_written_down_and_its_answer(settings: object) -> None:
    """S-ispa: a story at Netservers, from the day on which Ann raised it to what ISPA said."""
    office = Office("netservers")
    clock(settings, NOON)  # type: ignore[arg-type]  # the fixture of pytest-django
    hint = office.fresh().due_hint
    page = office.do("trade-body", "Write it down", body="ISPA", day="2026-11-02", number="I-77")
    assert "raised it with ISPA, its number I-77. It is no approved scheme, and all dates go on" in page.main
    assert office.fresh().due_hint == hint is not None
    shut = office.visitor("handler").get(office.case_at("trade-body"))
    assert "A trade body looks at it already" in shut.words
    ann = Visitor()
    page = ann.get(office.portal("follow"))
    page = ann.press(page, "See my complaint", reference=office.row.reference, code=access_code(office.row))
    assert "You raised it with ISPA, its number I-77." in page.main
    page = office.do("trade-body-said", "Write it down", day="2026-11-02", words="They side with Ann.")
    assert "What ISPA said, which binds nobody" in page.main
    assert "They side with Ann." in page.main
    assert "They side with Ann." not in ann.get(office.portal("case")).main
    shut = office.visitor("handler").get(office.case_at("trade-body-said"))
    assert "No trade body looks at it" in shut.words


@pytest.mark.django_db
def test_a_code_without_one_and_a_day_that_cannot_be_are_refused(settings: object) -> None:
    office = Office()
    clock(settings, NOON)  # type: ignore[arg-type]  # the fixture of pytest-django
    page = office.visitor("handler").get(office.case_at("trade-body"))
    assert "This code names no trade body" in page.words
    other = Office("netservers")
    with docket(other.row.pk, now=NOON) as d:
        hand = d.cases[other.row.pk]
        for at in (NOON + timedelta(minutes=1), NOON - days(9)):
            assert trade_bodies.raised(hand, HANA, NOON, body="ISPA", at=at) is not None
        assert trade_bodies.raised(hand, HANA, NOON, body="Ofcom", at=NOON) is not None
        assert trade_bodies.said(hand, HANA, NOON, at=NOON, words="x") is not None, "nobody has asked it"
        assert trade_bodies.raised(hand, HANA, NOON, body="ISPA", at=NOON) is None
        assert trade_bodies.said(hand, HANA, NOON, at=NOON - days(1), words="x") is not None
        assert trade_bodies.said(hand, HANA, NOON, at=NOON, words=" ") is not None
        assert trade_bodies.said(hand, HANA, NOON, at=NOON, words="No breach.") is None
