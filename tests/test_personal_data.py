"""A complaint that is also about personal data: its own clock beside the complaint's, kept by an answer and by nothing else.

DP-01, DP-02, A-law-clock.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core import facts as f
from amends.core import may
from amends.core.calendar import midnight
from amends.core.clocks import Kind
from amends.core.personal_data import last_day
from amends.core.reasons import told
from tests.story import Story, book


def found(story: Story, contact: str = "c1", **said: object) -> Story:
    """A person finds that it is about personal data."""
    return story.tell(
        f.PersonalDataFound, **{"concerned": True, "contact": contact, "why": "Their file", **said}
    )


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-02 09:00", "2026-12-02 00:00"),  # day 30 is a Wednesday
        ("2026-11-05 23:59", "2026-12-07 00:00"),  # a Saturday rolls to Monday
        (
            "2026-11-25 09:00",
            "2026-12-29 00:00",
        ),  # Christmas Day, the weekend and Monday 28th in Boxing Day's place
        ("2026-06-19 00:00", "2026-07-20 00:00"),  # the first day of the rule; a Sunday rolls
    ],
)
def test_it_is_acknowledged_within_thirty_days_and_a_weekend_or_holiday_rolls_on(
    received: str, due: str
) -> None:
    story = found(Story("opus", received).reachable().received())
    assert story.due("data-protection") == due
    clock = story.clocks["data-protection"]
    assert (clock.kind, clock.clause) == (Kind.LAW, "DP-01")
    reasons = " ".join(told(clock, story.case, story.book))
    assert "within 30 days" in reasons
    assert "rolls to the next working day" in reasons


@given(st.dates(date(2026, 6, 19), date(2028, 10, 31)))
def test_no_day_of_receipt_has_less_than_thirty_days_or_ends_on_a_day_off(received: date) -> None:
    rules = book("opus")
    last = last_day(midnight(received), 30, rules)
    assert timedelta(days=30) <= last - received <= timedelta(days=36)
    assert rules.calendar.is_working_day(last)
    assert last_day(midnight(received + timedelta(days=1)), 30, rules) >= last


def test_before_the_rule_began_there_is_no_such_clock() -> None:
    assert "data-protection" not in found(Story("opus", "2026-06-18 23:59").reachable().received()).clocks


def test_it_runs_beside_the_complaints_clock_which_it_moves_by_nothing() -> None:
    story = Story("opus", "2026-11-02 09:00").reachable().received()
    before = {name: clock.due for name, clock in story.clocks.items()}
    found(story.later(days=3))
    after = {name: clock.due for name, clock in story.clocks.items()}
    assert after.pop("data-protection") is not None
    assert after == before


def test_the_acknowledgement_that_left_keeps_it_and_one_that_was_lost_does_not() -> None:
    story = Story("opus", "2026-11-02 09:00").reachable().received().letter("acknowledgement", "k1")
    assert not found(story).clocks["data-protection"].running
    lost = Story("opus", "2026-11-02 09:00").reachable().received().letter("acknowledgement", "k1", "bounced")
    assert found(lost).clocks["data-protection"].running


def test_what_they_complain_of_later_counts_from_then_and_is_owed_an_answer() -> None:
    story = Story("opus", "2026-11-02 09:00").reachable().received().letter("acknowledgement", "k1")
    story.at("2026-11-20 10:00").received(contact="c2", words="You sent my bill to my neighbour.")
    story.tell(f.ComplaintDecided, contact="c2", complaint=True, why="Their data")
    found(story, "c2")
    assert story.due("data-protection") == "2026-12-21 00:00"
    duty = story.duties["data-protection"]
    assert duty.clause == "DP-01"
    assert not duty.late(story.at("2026-12-21 12:00").now)
    assert duty.late(story.at("2026-12-22 00:01").now)
    story.at("2026-11-23 10:00").tell(
        f.ContactMade, contact="c3", channel="phone", purpose="reply", words="We told them what we do."
    )
    assert story.clocks["data-protection"].standing(story.now) == "kept"
    assert "data-protection" not in story.duties


def test_nothing_pauses_it_and_saying_that_it_is_not_about_data_ends_it() -> None:
    story = found(Story("opus", "2026-11-02 09:00").reachable().received())
    refusal = may.pause(story.case, story.book, "data-protection", "We wait.")
    assert refusal is not None
    assert refusal.clause == "A-law-clock"
    assert "data-protection" not in found(story.later(hours=1), concerned=False).clocks


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"contact": "c9"}, "nothing that the customer said"),
        ({"why": " "}, "what about their data it is"),
        ({"concerned": False}, "Nobody has said"),
    ],
)
def test_what_cannot_be_said_of_it_is_refused_with_its_rule(said: dict[str, object], what: str) -> None:
    story = Story("opus", "2026-11-02 09:00").reachable().received()
    asked = {"concerned": True, "contact": "c1", "why": "Their file", **said}
    refusal = may.find_personal_data(story.case, **asked)  # type: ignore[arg-type]  # each value is of its kind
    assert refusal is not None
    assert refusal.clause == "DP-01"
    assert what in refusal.what
    assert may.find_personal_data(story.case, concerned=True, contact="c1", why="x") is None
