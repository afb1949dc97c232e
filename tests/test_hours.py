"""One walker shifts and measures working time, over holidays and changes of clocks (L1 to L6, L13, L14)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.calendar import LONDON, Calendar, UnknownDay
from amends.core.hours import Hours, Timetable, working_day_end
from tests.time_samples import (
    AMOUNTS,
    CALENDARS,
    CALENDARS_MADE_UP,
    ENGLAND,
    HOURS,
    MOMENTS,
    NEARBY_DAYS,
    OFFICE,
    calendar_with,
    hours,
    london,
    shown,
)

E_W, SCO, NI = "england-and-wales", "scotland", "northern-ireland"
LUNCH = "Monday to Friday 09:00-12:30 and 13:30-17:00, not bank holidays"
NIGHTS = "Saturday 22:00-24:00; Sunday 00:00-06:00"


@pytest.mark.parametrize(
    ("opening", "nation", "start", "amount", "due"),
    [
        # over Easter 2026, and where Easter Monday is worked
        (OFFICE, E_W, "2026-04-02 16:00", "24:00", "2026-04-09 13:00"),
        (OFFICE, SCO, "2026-04-02 16:00", "24:00", "2026-04-08 13:00"),
        # a bank holiday of one nation only
        (OFFICE, E_W, "2026-07-10 17:00", "1:00", "2026-07-13 09:00"),
        (OFFICE, NI, "2026-07-10 17:00", "1:00", "2026-07-14 09:00"),
        (OFFICE, E_W, "2026-08-28 17:00", "1:00", "2026-09-01 09:00"),
        (OFFICE, SCO, "2026-08-28 17:00", "1:00", "2026-08-31 09:00"),
        (OFFICE, SCO, "2026-06-12 17:00", "1:00", "2026-06-16 09:00"),
        # out of hours: the clock waits for the next opening
        (OFFICE, E_W, "2026-04-09 07:00", "0:01", "2026-04-09 08:31"),
        (OFFICE, E_W, "2026-04-10 17:30", "0:01", "2026-04-13 08:31"),
        (OFFICE, E_W, "2026-04-11 12:00", "9:00", "2026-04-13 17:30"),
        (OFFICE, E_W, "2026-04-11 12:00", "0:00", "2026-04-11 12:00"),
        # out exactly at closing time: due then
        (OFFICE, E_W, "2026-04-10 08:30", "9:00", "2026-04-10 17:30"),
        (OFFICE, E_W, "2026-04-10 16:30", "1:00", "2026-04-10 17:30"),
        (LUNCH, E_W, "2026-04-10 12:00", "0:30", "2026-04-10 12:30"),
        (LUNCH, E_W, "2026-04-10 12:00", "0:31", "2026-04-10 13:31"),
        (LUNCH, E_W, "2026-04-10 13:00", "1:00", "2026-04-10 14:30"),
        # the hours say nothing of bank holidays, or that they are open: the calendar does not matter
        ("Mon-Fri 08:30-17:30", E_W, "2026-04-02 16:00", "24:00", "2026-04-07 13:00"),
        ("Mon-Fri 08:30-17:30, and bank holidays", E_W, "2026-04-02 16:00", "24:00", "2026-04-07 13:00"),
        # 24:00, and midnight inside a night shift
        ("every day 00:00-24:00", E_W, "2026-07-01 23:59", "0:01", "2026-07-02 00:00"),
        ("every day 00:00-24:00", E_W, "2026-07-01 23:59", "0:02", "2026-07-02 00:01"),
        ("Monday 09:00-24:00", E_W, "2026-07-06 23:00", "1:00", "2026-07-07 00:00"),
        ("Monday 09:00-24:00", E_W, "2026-07-06 23:00", "1:01", "2026-07-13 09:01"),
        (NIGHTS, E_W, "2026-07-04 20:00", "3:00", "2026-07-05 01:00"),
        # clocks forward on Sunday 29 March 2026: the day has 23 hours, and there is no 01:30
        ("24/7", E_W, "2026-03-29 00:00", "23:00", "2026-03-30 00:00"),
        ("24/7", E_W, "2026-03-29 00:30", "1:00", "2026-03-29 02:30"),
        (NIGHTS, E_W, "2026-03-28 22:00", "7:00", "2026-03-29 06:00"),
        ("Sunday 00:00-01:30", E_W, "2026-03-29 00:00", "1:00", "2026-03-29 02:00"),
        ("Sunday 00:00-01:30", E_W, "2026-03-29 00:00", "1:01", "2026-04-05 00:01"),
        ("Sunday 01:30-05:00", E_W, "2026-03-29 00:00", "0:10", "2026-03-29 02:10"),
        (OFFICE, E_W, "2026-03-27 17:00", "1:00", "2026-03-30 09:00"),
        # clocks back on Sunday 25 October 2026: the day has 25 hours, and two of 01:30
        ("24/7", E_W, "2026-10-25 00:00", "25:00", "2026-10-26 00:00"),
        (NIGHTS, E_W, "2026-10-24 22:00", "9:00", "2026-10-25 06:00"),
        ("Sunday 00:00-01:30", E_W, "2026-10-25 00:00", "1:30", "2026-10-25 01:30+01:00"),
        ("Sunday 00:00-01:30", E_W, "2026-10-25 00:00", "2:00", "2026-10-25 01:30+00:00"),
        ("Sunday 01:30-05:00", E_W, "2026-10-25 00:00", "0:31", "2026-10-25 01:31+00:00"),
        (OFFICE, E_W, "2026-10-23 17:00", "1:00", "2026-10-26 09:00"),
    ],
)
def test_awkward_days(opening: str, nation: str, start: str, amount: str, due: str) -> None:
    timetable = Timetable(hours(opening), CALENDARS[nation])
    whole, minutes = map(int, amount.split(":"))
    span = timedelta(hours=whole, minutes=minutes)
    found = timetable.shift(london(start), span)
    assert found == london(due), shown(found)
    assert found.tzinfo is UTC
    assert timetable.spent(london(start), london(due)) == span


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        ("2026-04-09 13:00", 24, "2026-04-02 16:00"),  # over Easter, the other way
        (
            "2026-04-13 10:30",
            2,
            "2026-04-13 08:30",
        ),  # exactly to opening time: from then, not from Friday evening
        ("2026-04-12 12:00", 1, "2026-04-10 16:30"),
    ],
)
def test_a_warning_is_worked_out_backwards_by_the_same_walker(start: str, amount: int, due: str) -> None:
    timetable = Timetable(hours(), ENGLAND)
    assert timetable.shift(london(start), -timedelta(hours=amount)) == london(due)
    assert timetable.spent(london(start), london(due)) == -timedelta(hours=amount)


@pytest.mark.parametrize(
    ("at", "is_open", "opens"),
    [
        ("2026-04-10 08:29", False, "2026-04-10 08:30"),
        ("2026-04-10 08:30", True, "2026-04-10 08:30"),
        ("2026-04-10 17:29", True, "2026-04-10 17:29"),
        ("2026-04-10 17:30", False, "2026-04-13 08:30"),
        ("2026-04-03 12:00", False, "2026-04-07 08:30"),
        ("2012-01-01 00:00", False, "2012-01-03 08:30"),
    ],
)
def test_a_window_holds_its_first_minute_and_not_its_last(at: str, is_open: bool, opens: str) -> None:
    timetable = Timetable(hours(), ENGLAND)
    assert timetable.is_open(london(at)) is is_open
    assert timetable.next_opening(london(at)) == london(opens)


@pytest.mark.parametrize(
    ("opening", "at", "opens"),
    [
        ("Sunday 01:00-02:00", "2026-03-29 00:00", "2026-04-05 01:00"),  # this Sunday has no such hour
        ("Sunday 01:30-05:00", "2026-03-29 00:00", "2026-03-29 02:00"),
        ("Sunday 00:00-01:30", "2026-10-25 01:30+01:00", "2026-10-25 01:00+00:00"),
        ("Monday 09:00-10:00, not bank holidays", "2026-12-28 08:00", "2027-01-04 09:00"),
    ],
)
def test_the_next_opening_is_one_that_a_clock_will_show(opening: str, at: str, opens: str) -> None:
    assert Timetable(hours(opening), ENGLAND).next_opening(london(at)) == london(opens)


def test_round_the_clock_never_closes_at_midnight() -> None:
    timetable = Timetable(hours("24/7"), ENGLAND)
    for day in range(1, 32):
        for second in (-1, 0, 1):
            assert timetable.is_open(datetime(2026, 3, day, tzinfo=LONDON) + timedelta(seconds=second))


def test_the_reasons_of_a_date_can_be_told() -> None:
    timetable = Timetable(hours(LUNCH), ENGLAND)
    start, due = london("2026-04-02 16:00"), london("2026-04-07 10:00")
    assert [(shown(window.start), shown(window.end)) for window in timetable.windows(start, due)] == [
        ("2026-04-02 16:00", "2026-04-02 17:00"),
        ("2026-04-07 09:00", "2026-04-07 10:00"),
    ]
    assert [(skip.day.day, skip.reason) for skip in timetable.skipped(start, due)] == [
        (3, "bank holiday: Good Friday"),
        (4, "closed on Saturdays"),
        (5, "closed on Sundays"),
        (6, "bank holiday: Easter Monday"),
    ]
    assert list(timetable.windows(due, start)) == []
    assert list(timetable.skipped(due, due)) == []


def test_a_span_that_ends_at_midnight_skips_nothing_of_the_day_that_begins() -> None:
    timetable = Timetable(hours(), ENGLAND)
    sunday = london("2026-04-12 00:00")
    assert [skip.day.day for skip in timetable.skipped(london("2026-04-10 09:00"), sunday)] == [11]


def test_no_empty_window_is_told_of() -> None:
    timetable = Timetable(hours(LUNCH), ENGLAND)
    friday_noon, friday_one = london("2026-04-10 12:30"), london("2026-04-10 13:30")
    assert list(timetable.windows(friday_noon, friday_one)) == []


def test_a_window_that_a_change_of_clocks_cuts_is_told_of_in_its_parts() -> None:
    timetable = Timetable(hours("Sunday 00:00-01:30"), ENGLAND)
    day = timetable.windows(london("2026-10-25 00:00"), london("2026-10-26 00:00"))
    assert [(shown(window.start)[11:], shown(window.end)[11:]) for window in day] == [
        ("00:00", "01:30"),
        ("01:00", "01:30"),
    ]


def test_past_the_end_of_the_calendar_is_refused() -> None:
    timetable = Timetable(hours(), ENGLAND)
    last_friday = london("2028-12-29 16:30")
    assert timetable.shift(last_friday, timedelta(hours=1)) == london("2028-12-29 17:30")
    new_year = london("2029-01-01 00:00")
    assert timetable.spent(last_friday, new_year) == timedelta(hours=1)
    assert not timetable.is_open(london("2028-12-31 23:59"))
    with pytest.raises(UnknownDay) as unknown:
        timetable.shift(last_friday, timedelta(hours=1, microseconds=1))
    assert unknown.value.day == date(2029, 1, 1)
    assert unknown.value.division == "england-and-wales"
    for ask in (timetable.is_open, timetable.next_opening):
        with pytest.raises(UnknownDay):
            ask(new_year)
    with pytest.raises(UnknownDay):
        timetable.next_opening(london("2028-12-29 17:30"))
    with pytest.raises(UnknownDay):
        timetable.shift(new_year, timedelta(minutes=1))
    with pytest.raises(UnknownDay):
        timetable.spent(last_friday, new_year + timedelta.resolution)
    with pytest.raises(UnknownDay):
        list(timetable.windows(last_friday, london("2029-06-01 00:00")))
    with pytest.raises(UnknownDay):
        list(timetable.skipped(last_friday, london("2029-06-01 00:00")))


def test_before_the_beginning_of_the_calendar_is_refused() -> None:
    timetable = Timetable(hours(), ENGLAND)
    with pytest.raises(UnknownDay) as unknown:
        timetable.shift(london("2011-12-30 12:00"), timedelta(hours=1))
    assert unknown.value.day == date(2011, 12, 30)
    with pytest.raises(UnknownDay):
        timetable.shift(london("2012-01-03 09:00"), timedelta(hours=-1))


def test_going_back_from_the_very_end_of_the_calendar() -> None:
    timetable = Timetable(hours(), ENGLAND)
    assert timetable.shift(london("2029-01-01 00:00"), timedelta(hours=-1)) == london("2028-12-29 16:30")


def test_a_long_way_is_walked_within_the_known_years() -> None:
    timetable = Timetable(hours(), ENGLAND)
    start, end = london("2012-01-03 08:30"), london("2028-12-29 17:30")
    whole = Timetable(hours(), ENGLAND).spent(start, end)
    assert timetable.shift(start, whole) == end
    assert Timetable(hours(), ENGLAND).shift(end, -whole) == start


@pytest.mark.parametrize("rest", ["", ", including bank holidays"])
def test_hours_that_bank_holidays_do_not_touch_need_no_calendar(rest: str) -> None:
    timetable = Timetable(hours(f"Mon-Fri 09:00-17:00{rest}"), ENGLAND)
    assert timetable.shift(london("2030-12-24 16:00"), timedelta(hours=2)) == london("2030-12-25 10:00")
    assert timetable.shift(london("1999-12-31 16:00"), timedelta(hours=2)) == london("2000-01-03 10:00")
    with pytest.raises(UnknownDay):
        timetable.shift(london("2100-12-31 16:00"), timedelta(hours=2))


def test_hours_that_only_bank_holidays_would_open_end_in_a_refusal() -> None:
    mondays = [date(2026, 1, 5) + timedelta(weeks=week) for week in range(52)]
    calendar = calendar_with(mondays, first=date(2026, 1, 1), last=date(2026, 12, 31))
    timetable = Timetable(hours("Monday 09:00-17:00, not bank holidays"), calendar)
    with pytest.raises(UnknownDay):
        timetable.shift(london("2026-04-02 16:00"), timedelta(minutes=1))
    with pytest.raises(UnknownDay):
        timetable.shift(london("2026-04-02 16:00"), timedelta(minutes=-1))
    with pytest.raises(UnknownDay):
        timetable.next_opening(london("2026-04-02 16:00"))


def test_a_door_that_stays_shut_for_years_is_waited_for() -> None:
    mondays = [date(2026, 1, 5) + timedelta(weeks=week) for week in range(5 * 52)]
    timetable = Timetable(hours("Monday 09:00-17:00, not bank holidays"), calendar_with(mondays))
    opens = london("2030-12-30 09:00")
    assert timetable.next_opening(london("2026-04-02 16:00")) == opens
    assert timetable.shift(london("2026-04-02 16:00"), timedelta(hours=1)) == opens + timedelta(hours=1)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        Timetable(hours(), ENGLAND).shift(datetime(2026, 4, 2), timedelta(hours=1))  # noqa: DTZ001 - the mistake


@pytest.mark.parametrize(
    ("nation", "received", "days", "due", "assumed"),
    [
        (E_W, "2026-04-02 16:00", 1, "2026-04-07 17:30", False),
        (E_W, "2026-04-02 23:59", 1, "2026-04-07 17:30", False),
        (E_W, "2026-04-03 00:00", 1, "2026-04-07 17:30", False),
        (SCO, "2026-04-02 16:00", 1, "2026-04-06 17:30", False),
        (E_W, "2026-04-02 16:00", 3, "2026-04-09 17:30", False),
        (E_W, "2026-10-23 09:00", 1, "2026-10-26 17:30", False),
        (NI, "2026-07-10 09:00", 2, "2026-07-15 17:30", False),
    ],
)
def test_a_working_day_ends_when_its_hours_end(
    nation: str, received: str, days: int, due: str, assumed: bool
) -> None:
    found = working_day_end(CALENDARS[nation], hours(), london(received), days)
    assert found.due == london(due), shown(found.due)
    assert found.day == london(due).date()
    assert found.closing_assumed is assumed


@pytest.mark.parametrize("opening", [None, "Monday to Wednesday 08:00-20:00"])
def test_where_no_hours_are_stated_for_the_day_it_ends_at_17_and_says_so(opening: str | None) -> None:
    stated = hours(opening) if opening else None
    found = working_day_end(ENGLAND, stated, london("2026-04-02 16:00"), 3)
    assert found.due == london("2026-04-09 17:00")
    assert found.closing_assumed
    assert [skip.day.day for skip in found.skipped] == [3, 4, 5, 6]


def test_saturday_hours_make_no_working_day_unless_the_code_says_so() -> None:
    opening = hours("Mon-Fri 09:00-18:00, Sat 10:00-16:00")
    friday = london("2026-04-10 12:00")
    assert working_day_end(ENGLAND, opening, friday, 1).due == london("2026-04-13 18:00")
    saturdays_too = working_day_end(ENGLAND, opening, friday, 1, frozenset(range(6)))
    assert saturdays_too.due == london("2026-04-11 16:00")
    assert saturdays_too.skipped == ()


def test_a_working_day_round_the_clock_ends_at_midnight_also_when_clocks_change() -> None:
    found = working_day_end(ENGLAND, hours("24/7"), london("2026-10-24 12:00"), 1, frozenset(range(7)))
    assert found.due == london("2026-10-26 00:00")
    assert found.day == date(2026, 10, 25)


def test_receipt_late_on_a_summer_evening_counts_from_the_london_date() -> None:
    received = datetime(2026, 7, 13, 23, 30, tzinfo=UTC)  # half past midnight on Tuesday in London
    assert working_day_end(ENGLAND, hours(), received, 1).day == date(2026, 7, 15)


def test_a_working_day_past_the_end_of_the_calendar_is_refused() -> None:
    with pytest.raises(UnknownDay):
        working_day_end(ENGLAND, hours(), london("2028-12-28 12:00"), 2)


@given(HOURS, CALENDARS_MADE_UP, MOMENTS, AMOUNTS)
def test_what_is_shifted_is_what_is_spent(
    opening: Hours, calendar: Calendar, start: datetime, amount: timedelta
) -> None:
    timetable = Timetable(opening, calendar)
    due = timetable.shift(start, amount)
    assert timetable.spent(start, due) == amount
    assert sum((end - begin for begin, end in timetable.windows(start, due)), timedelta()) == amount
    before = timetable.shift(start, -amount)
    assert timetable.spent(before, start) == amount


@given(HOURS, CALENDARS_MADE_UP, MOMENTS, AMOUNTS, AMOUNTS)
def test_a_longer_time_never_ends_earlier(
    opening: Hours, calendar: Calendar, start: datetime, amount: timedelta, more: timedelta
) -> None:
    timetable = Timetable(opening, calendar)
    due = timetable.shift(start, amount)
    assert start <= due <= timetable.shift(start, amount + more)
    if amount and more:
        assert timetable.shift(due, more) == timetable.shift(start, amount + more)


@given(HOURS, CALENDARS_MADE_UP, MOMENTS, st.integers(0, 6000), AMOUNTS)
def test_a_later_start_never_ends_earlier(
    opening: Hours, calendar: Calendar, start: datetime, later: int, amount: timedelta
) -> None:
    timetable = Timetable(opening, calendar)
    assert timetable.shift(start, amount) <= timetable.shift(start + timedelta(minutes=later), amount)


@given(HOURS, st.sets(NEARBY_DAYS, max_size=4), NEARBY_DAYS, MOMENTS, AMOUNTS)
def test_a_further_bank_holiday_never_makes_a_date_earlier(
    opening: Hours, holidays: set[date], proclaimed: date, start: datetime, amount: timedelta
) -> None:
    known = Timetable(opening, calendar_with(holidays))
    told_later = Timetable(opening, calendar_with(holidays | {proclaimed}))
    assert told_later.shift(start, amount) >= known.shift(start, amount)
    assert told_later.spent(start, start + amount) <= known.spent(start, start + amount)


@given(HOURS, CALENDARS_MADE_UP, MOMENTS, st.integers(1, 10**12))
def test_a_microsecond_is_never_lost(
    opening: Hours, calendar: Calendar, start: datetime, microseconds: int
) -> None:
    timetable = Timetable(opening, calendar)
    amount = timedelta(microseconds=microseconds % 10**9)
    assert timetable.spent(start, timetable.shift(start, amount)) == amount


@given(HOURS, CALENDARS_MADE_UP, MOMENTS, MOMENTS)
def test_the_order_of_questions_does_not_matter(
    opening: Hours, calendar: Calendar, first: datetime, second: datetime
) -> None:
    """The table of windows grows as it is asked; what it answers must not depend on how it grew."""
    grown = Timetable(opening, calendar)
    far = timedelta(days=300)
    for at in (first, first + far, second, second - far):
        assert grown.next_opening(at) == Timetable(opening, calendar).next_opening(at)
        assert grown.spent(first - far, at) == Timetable(opening, calendar).spent(first - far, at)
