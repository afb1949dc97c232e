"""Dates, times, lengths of time and money are said as people say them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core import saying
from amends.core.opening import Hours, parse_hours
from amends.law import calendars
from tests.story import london

ENGLAND = calendars()["england-and-wales"]


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-04-09 13:00", "Thursday 9 April 2026, 1 pm"),
        ("2026-04-09 08:30", "Thursday 9 April 2026, 8:30 am"),
        ("2026-04-09 12:00", "Thursday 9 April 2026, 12 noon"),
        ("2026-04-09 00:00", "Thursday 9 April 2026, at the start of the day"),
        ("2026-04-09 00:01", "Thursday 9 April 2026, 12:01 am"),
        ("2026-04-09 00:05", "Thursday 9 April 2026, 12:05 am"),
        ("2026-04-09 12:05", "Thursday 9 April 2026, 12:05 pm"),
        ("2026-12-31 23:59", "Thursday 31 December 2026, 11:59 pm"),
    ],
)
def test_a_moment_is_said_with_its_weekday_in_london(at: str, said: str) -> None:
    assert saying.moment(london(at)) == said
    assert saying.moment(london(at).astimezone(UTC)) == said


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        saying.moment(datetime(2026, 4, 9, 13))  # noqa: DTZ001 - what is refused


@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [
        ("2026-04-09 13:00", "2026-04-09 14:00", "Thursday 9 April 2026, between 1 pm and 2 pm"),
        ("2026-04-09 13:00", "2026-04-09 13:00", "Thursday 9 April 2026, 1 pm"),
        (
            "2026-04-09 13:00",
            "2026-04-10 09:00",
            "between Thursday 9 April 2026, 1 pm and Friday 10 April 2026, 9 am",
        ),
    ],
)
def test_a_stretch_of_time(starts: str, ends: str, said: str) -> None:
    assert saying.between(london(starts), london(ends)) == said


NOW = "2026-04-02 16:00"  # the Thursday before Good Friday


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-04-02 16:00", "now"),
        ("2026-04-02 16:20", "in 20 minutes"),
        ("2026-04-02 15:00", "1 hour ago"),
        ("2026-04-02 19:10", "in 3 hours"),
        ("2026-04-03 00:10", "tomorrow"),
        ("2026-04-01 23:50", "yesterday"),
        ("2026-04-06 10:00", "in 4 days"),  # Easter Monday: no working day lies between
        ("2026-04-08 10:00", "in 2 working days"),
        ("2026-03-30 10:00", "3 working days ago"),
        ("2026-05-14 10:00", "in 6 weeks"),
        ("2026-05-15 10:00", "in 43 days"),
        ("2029-04-02 10:00", "in 1,096 days"),  # past the days for which bank holidays are known
    ],
)
def test_how_far_off_a_moment_is(at: str, said: str) -> None:
    assert saying.until(london(at), london(NOW), ENGLAND) == said


def test_without_a_calendar_plain_days_are_counted() -> None:
    assert saying.until(london("2026-04-08 10:00"), london(NOW)) == "in 6 days"


@given(st.integers(0, 1_000 * 24 * 60), st.integers(-900, 900))
def test_what_is_to_come_is_never_said_to_be_past(minutes: int, hours: int) -> None:
    now = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    said = saying.until(now + timedelta(hours=hours), now, ENGLAND)
    assert said.endswith("ago") or said == "yesterday" if hours < 0 else not said.endswith("ago")


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(), "no time"),
        (timedelta(minutes=90), "1 hour 30 minutes"),
        (timedelta(days=2, hours=3, minutes=9), "2 days 3 hours"),
        (timedelta(days=1, minutes=1), "1 day 1 minute"),
    ],
)
def test_a_length_of_time_is_said_in_its_two_greatest_parts(length: timedelta, said: str) -> None:
    assert saying.duration(length) == said


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (0, "£0"),
        (5, "£0.05"),
        (1250, "£12.50"),
        (120000, "£1,200"),
        (-320, "-£3.20"),
        (100000001, "£1,000,000.01"),
    ],
)
def test_money(amount: int, said: str) -> None:
    assert saying.pence(amount) == said
    assert saying.pounds(Decimal(amount) / 100) == said


def test_a_part_of_a_penny_is_refused() -> None:
    with pytest.raises(ValueError, match="whole number of pence"):
        saying.pounds(Decimal("6.105"))


def test_lists_amounts_and_weeks() -> None:
    assert saying.listed([]) == ""
    assert saying.listed(["a"]) == "a"
    assert saying.listed(["a", "b", "c"]) == "a, b and c"
    assert saying.listed(["a", "b"], "or") == "a or b"
    assert (saying.weeks(42), saying.weeks(45), saying.weeks(7), saying.weeks(1)) == (
        "6 weeks", "45 days", "1 week", "1 day",
    )  # fmt: skip
    assert saying.day(date(2026, 6, 2)) == "Tuesday 2 June 2026"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            "Monday to Friday 08:30-17:30, not bank holidays",
            "Monday to Friday 8:30 am to 5:30 pm, not on bank holidays",
        ),
        (
            "Monday to Friday 09:00-18:00; Saturday 10:00-16:00",
            "Monday to Friday 9 am to 6 pm; Saturday 10 am to 4 pm",
        ),
        (
            "Monday to Friday 09:00-12:00 and 13:00-24:00",
            "Monday to Friday 9 am to 12 noon and 1 pm to 12 midnight",
        ),
        ("24 hours a day", "every day at any time"),
    ],
)
def test_opening_hours(written: str, said: str) -> None:
    hours = parse_hours("office", written)
    assert isinstance(hours, Hours), hours
    assert saying.opening(hours) == said


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("on 9 April 2026, 1 pm", "on 9_April_2026, 1_pm"),
        ("Call 0800 123 4567.", "Call 0800_123_4567."),
        ("(0330 024 2009)", "(0330_024_2009)"),
        ("+44 (0)20 7946 0000 or", "+44_(0)20_7946_0000 or"),
        ("020 7946 0000 and 020 7946 0001", "020_7946_0000 and 020_7946_0001"),
        ("10 of 12 cost £1,234.56 each", "10 of 12 cost £1,234.56 each"),
        ("18 complaints in 2026 07", "18 complaints in 2026 07"),
        ("a.b@example.org, https://example.org/0800 1", "a.b@example.org, https://example.org/0800 1"),
    ],
)
def test_dates_times_and_telephone_numbers_stay_on_one_line(text: str, held: str) -> None:
    assert saying.unbroken(text, "_") == held
    assert saying.unbroken(text) == held.replace("_", "\u00a0")
