"""Promises of an engineer's visits: what was agreed is known, what was moved in good time was never missed."""

from __future__ import annotations

import json
from datetime import date, time

import pytest

from amends.core import facts as f
from amends.core.calendar import in_london
from amends.core.visits import Visit, maybe_missed
from tests.story import Story

FRIDAY = date(2026, 11, 6)


def agreed(story: Story, day: str, hours: str = "between 8 am and 1 pm") -> Story:
    given = {"service": "Fibre 80", "symptoms": "Dead", "works": "not at all", "visit": day, "hours": hours}
    return story.tell(f.ParticularsGiven, channel="phone", given=json.dumps(given))


def a_fault() -> Story:
    return Story("netfuse", "2026-11-02 09:00").received()


def test_a_visit_is_offered_from_its_day_on_and_not_where_the_repair_was_done_on_it() -> None:
    story = agreed(a_fault(), "2026-11-06")
    assert maybe_missed(story.case, date(2026, 11, 5)) == ()
    assert maybe_missed(story.case, FRIDAY) == (Visit(FRIDAY, "between 8 am and 1 pm"),)
    story.at("2026-11-06 12:00").tell(f.StepTaken, step="repaired", how="done")
    assert maybe_missed(story.case, FRIDAY) == ()


def test_one_that_is_moved_on_its_day_or_after_stays_and_one_moved_in_good_time_does_not() -> None:
    story = agreed(a_fault(), "2026-11-06")
    agreed(story.at("2026-11-04 17:00"), "2026-11-09")
    assert [v.day.day for v in story.case.visits] == [9]
    agreed(story.at("2026-11-09 14:00"), "2026-11-11")
    assert [v.day.day for v in story.case.visits] == [9, 11]
    agreed(story.at("2026-11-10 15:00"), "2026-11-16")
    assert [v.day.day for v in story.case.visits] == [9, 11, 16], "less than 24 hours may have been left"
    agreed(story.at("2026-11-10 16:00"), "2026-11-16", "after 2 pm")
    assert [v.hours for v in story.case.visits][-1] == "after 2 pm", (
        "the same day said otherwise is one visit"
    )


def test_a_year_that_nobody_meant_stops_no_case() -> None:
    story = agreed(agreed(a_fault(), "0001-01-01"), "2026-11-06")
    assert [v.day.year for v in story.case.visits] == [1, 2026]


@pytest.mark.parametrize(
    ("hours", "starts"),
    [
        ("between 8 am and 1 pm", time(8)), ("13:00 to 17:00", time(13)), ("1 to 5 pm", time(13)),
        ("8 to 1 pm", time(8)), ("10-12", time(10)), ("9.30am", time(9, 30)), ("12 to 2 pm", time(12)),
        ("12am", time(0)), ("in the morning", time(12)), ("", time(12)), ("99 to 100", time(12)),
    ],
)  # fmt: skip
def test_it_starts_at_the_first_hour_that_its_words_name(hours: str, starts: time) -> None:
    assert in_london(Visit(FRIDAY, hours).starts).time() == starts
