"""Midnights, months, bank holidays and working days: each nation's own, nothing guessed (L12)."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.calendar import (
    DIVISIONS,
    LONDON,
    UnknownDay,
    add_months,
    in_london,
    london_date,
    midnight,
    read_bank_holidays,
)
from tests.time_samples import CALENDARS, ENGLAND, LIST, NEARBY_DAYS, calendar_with

HEAD = "division,date,title,first_announced\n"
DAYS = st.dates(date(1970, 1, 2), date(2100, 12, 31))
ANNOUNCEMENTS = sorted(
    {day.first_announced for calendar in CALENDARS.values() for day in calendar.holidays.values()}
)


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        ("2026-01-15", "2026-01-15 00:00"),
        ("2026-03-29", "2026-03-29 00:00"),  # clocks go forward at 1 in the morning
        ("2026-03-30", "2026-03-29 23:00"),
        ("2026-07-13", "2026-07-12 23:00"),
        ("2026-10-25", "2026-10-24 23:00"),  # clocks go back at 2 in the morning
        ("2026-10-26", "2026-10-26 00:00"),
        ("1970-01-01", "1969-12-31 23:00"),  # British Standard Time lasted all winter
        ("2101-07-01", "2101-06-30 23:00"),
    ],
)
def test_a_date_begins_at_midnight_in_london(day: str, begins: str) -> None:
    assert midnight(date.fromisoformat(day)) == datetime.fromisoformat(begins).replace(tzinfo=UTC)
    assert midnight(date.fromisoformat(day)).tzinfo is UTC


@given(DAYS)
def test_midnight_is_the_first_moment_of_its_date(day: date) -> None:
    assert london_date(midnight(day)) == day
    assert london_date(midnight(day) - timedelta.resolution) == day - timedelta(days=1)


def test_late_on_a_summer_evening_utc_it_is_tomorrow_in_london() -> None:
    at = datetime(2026, 6, 14, 23, 30, tzinfo=UTC)
    assert london_date(at) == date(2026, 6, 15)
    assert in_london(at).hour == 0
    assert in_london(at).tzinfo is LONDON


def test_a_moment_without_a_time_zone_has_no_date() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        london_date(datetime(2026, 6, 14))  # noqa: DTZ001 - the very mistake that is to be refused


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-01-15", -1, "2025-12-15"),
        ("2026-03-31", -13, "2025-02-28"),
        ("2026-02-28", 12, "2027-02-28"),
        ("2026-05-05", 0, "2026-05-05"),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_a_shorter_month(
    day: str, months: int, then: str
) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(then)


@pytest.mark.parametrize(
    ("day", "title", "england", "scotland", "northern_ireland"),
    [
        ("2026-01-02", "2nd January", False, True, False),
        ("2026-03-17", "St Patrick's Day", False, False, True),
        ("2026-04-03", "Good Friday", True, True, True),
        ("2026-04-06", "Easter Monday", True, False, True),
        ("2026-06-15", "World Cup bank holiday", False, True, False),
        ("2026-07-13", "Battle of the Boyne (Orangemen's Day)", False, False, True),
        ("2026-08-03", "Summer bank holiday", False, True, False),
        ("2026-08-31", "Summer bank holiday", True, False, True),
        ("2026-11-30", "St Andrew's Day", False, True, False),
        ("2026-12-28", "Boxing Day", True, True, True),
        ("2022-09-19", "State Funeral of Queen Elizabeth II", True, True, True),
        ("2026-07-14", "", False, False, False),
    ],
)
def test_each_nation_has_its_own_bank_holidays(
    day: str, title: str, england: bool, scotland: bool, northern_ireland: bool
) -> None:
    at = date.fromisoformat(day)
    for division, expected in zip(DIVISIONS, (england, scotland, northern_ireland), strict=True):
        assert CALENDARS[division].is_holiday(at) is expected
        assert CALENDARS[division].is_working_day(at) is not expected
        if expected:
            assert CALENDARS[division].holidays[at].title == title


def test_no_title_is_a_code_word() -> None:
    titles = {day.title for calendar in CALENDARS.values() for day in calendar.holidays.values()}
    assert [title for title in titles if "_" in title or not (title[0].isupper() or title[0].isdigit())] == []


@pytest.mark.parametrize(
    ("after", "n", "division", "then"),
    [
        ("2026-04-02", 1, "england-and-wales", "2026-04-07"),  # over Easter
        ("2026-04-02", 1, "scotland", "2026-04-06"),  # where Easter Monday is worked
        ("2026-04-03", 1, "england-and-wales", "2026-04-07"),  # received on the holiday itself
        ("2026-04-04", 2, "england-and-wales", "2026-04-08"),  # received on a Saturday
        ("2026-07-10", 1, "northern-ireland", "2026-07-14"),
        ("2026-07-10", 1, "england-and-wales", "2026-07-13"),
        ("2026-12-24", 3, "england-and-wales", "2026-12-31"),
        ("2026-12-31", 1, "scotland", "2027-01-05"),  # 4 January stands in for Saturday the 2nd
        ("2026-06-12", 1, "scotland", "2026-06-16"),
    ],
)
def test_working_days_are_counted_from_the_day_after(after: str, n: int, division: str, then: str) -> None:
    assert CALENDARS[division].next_working_day(date.fromisoformat(after), n) == date.fromisoformat(then)


@pytest.mark.parametrize(
    ("by", "posted"),
    [("2026-04-07", "2026-04-07"), ("2026-04-06", "2026-04-02"), ("2026-05-31", "2026-05-29")],
)
def test_post_leaves_on_the_last_working_day_on_or_before_its_date(by: str, posted: str) -> None:
    assert ENGLAND.last_working_day(date.fromisoformat(by)) == date.fromisoformat(posted)


def test_a_code_may_count_saturdays() -> None:
    week = frozenset(range(6))
    assert ENGLAND.next_working_day(date(2026, 4, 2), 1, week) == date(2026, 4, 4)
    assert ENGLAND.last_working_day(date(2026, 4, 6), week) == date(2026, 4, 4)


def test_days_that_do_not_count_are_named_with_their_reason() -> None:
    skipped = ENGLAND.skipped(date(2026, 4, 2), date(2026, 4, 7))
    assert [(day.day.day, day.reason) for day in skipped] == [
        (3, "bank holiday: Good Friday"),
        (4, "Saturdays are not working days"),
        (5, "Sundays are not working days"),
        (6, "bank holiday: Easter Monday"),
    ]


def test_15_june_2026_was_not_known_in_scotland_until_it_was_announced() -> None:
    before = read_bank_holidays(LIST, "list", announced_by=date(2026, 2, 24))
    after = read_bank_holidays(LIST, "list", announced_by=date(2026, 2, 25))
    friday = date(2026, 6, 12)
    assert before["scotland"].next_working_day(friday) == date(2026, 6, 15)
    assert after["scotland"].next_working_day(friday) == date(2026, 6, 16)
    assert before["scotland"].version != after["scotland"].version
    assert before["england-and-wales"].version == after["england-and-wales"].version


def test_before_the_first_announcement_nothing_is_known() -> None:
    assert read_bank_holidays(LIST, "list", announced_by=date(2012, 1, 12)) == {}


def test_no_year_was_ever_announced_without_most_of_its_bank_holidays() -> None:
    """So a calendar may count as complete until the end of the last year in its list."""
    for announced_by in ANNOUNCEMENTS:
        known = read_bank_holidays(LIST, "list", announced_by=announced_by)
        assert set(known) == set(DIVISIONS)
        for calendar in known.values():
            last_year = Counter(day.year for day in calendar.holidays)[calendar.complete_until.year]
            assert last_year >= 7, (announced_by, calendar.division)


@pytest.mark.parametrize("division", DIVISIONS)
def test_outside_the_known_years_nothing_is_guessed(division: str) -> None:
    calendar = CALENDARS[division]
    assert (calendar.known_from, calendar.complete_until) == (date(2012, 1, 1), date(2028, 12, 31))
    assert calendar.is_holiday(date(2028, 12, 31)) is False
    for day in (date(2011, 12, 31), date(2029, 1, 1), date(2030, 12, 25)):
        with pytest.raises(UnknownDay) as unknown:
            calendar.is_working_day(day)
        assert (unknown.value.division, unknown.value.day) == (division, day)
        assert unknown.value.known_from == date(2012, 1, 1)
        assert unknown.value.complete_until == date(2028, 12, 31)
        assert str(day) in str(unknown.value)
        assert division in str(unknown.value)
    with pytest.raises(UnknownDay):
        calendar.next_working_day(date(2028, 12, 27), 3)
    with pytest.raises(UnknownDay):
        calendar.last_working_day(date(2012, 1, 1))


def test_whoever_fetches_the_list_may_say_until_when_it_is_complete() -> None:
    shorter = read_bank_holidays(LIST, "list", complete_until=date(2027, 12, 31))["scotland"]
    assert shorter.is_holiday(date(2027, 12, 28))
    with pytest.raises(UnknownDay):
        shorter.is_holiday(date(2028, 1, 3))


def test_a_version_is_that_of_the_content() -> None:
    rows = ["scotland,2026-01-01,new_year,2025-01-01\n", "scotland,2026-01-02,2nd_january,2025-01-01\n"]
    one = read_bank_holidays(HEAD + "".join(rows), "one source")["scotland"].version
    turned = read_bank_holidays(HEAD + "".join(reversed(rows)), "another")["scotland"].version
    fewer = read_bank_holidays(HEAD + rows[0], "one source")["scotland"].version
    assert one == turned != fewer


def test_a_calendar_can_be_a_key() -> None:
    again = read_bank_holidays(LIST, "bank-holidays.csv")["england-and-wales"]
    assert {ENGLAND: "same"}[again] == "same"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: the columns must be division, date"),
        ("division,date\n", "line 1: the columns must be"),
        (HEAD + "wales,2026-01-01,new_year,2025-01-01\n", "line 2: 'wales' is none of england-and-wales"),
        (HEAD + "scotland,01/02/2026,new_year,2025-01-01\n", "line 2: Invalid isoformat"),
        (HEAD + "scotland,2026-01-01,new_year\n", "line 2: 3 columns in place of 4"),
        (HEAD + "scotland,2026-01-01,x,2025-01-01\n" * 2, "line 3: 2026-01-01 is there twice for scotland"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_bank_holidays(text, "list")


@pytest.mark.parametrize(("n", "week"), [(0, {0}), (-1, {0}), (1, set())])
def test_there_is_no_working_day_nought_and_no_week_without_days(n: int, week: set[int]) -> None:
    with pytest.raises(ValueError, match="does not exist"):
        ENGLAND.next_working_day(date(2026, 4, 2), n, frozenset(week))


def test_a_search_backwards_through_a_week_without_days_ends() -> None:
    with pytest.raises(ValueError, match="without working days"):
        ENGLAND.last_working_day(date(2026, 4, 2), frozenset())


@given(NEARBY_DAYS, st.integers(1, 30), st.sets(NEARBY_DAYS), NEARBY_DAYS)
def test_a_further_bank_holiday_never_makes_a_working_day_earlier(
    after: date, n: int, holidays: set[date], proclaimed: date
) -> None:
    day = calendar_with(holidays).next_working_day(after, n)
    assert calendar_with(holidays | {proclaimed}).next_working_day(after, n) >= day


@given(NEARBY_DAYS, st.integers(1, 40), st.sampled_from(DIVISIONS))
def test_the_nth_working_day_has_n_minus_one_working_days_before_it(
    after: date, n: int, division: str
) -> None:
    calendar = CALENDARS[division]
    day = calendar.next_working_day(after, n)
    between = [after + timedelta(days=k) for k in range(1, (day - after).days)]
    assert sum(d.weekday() < 5 and d not in calendar.holidays for d in between) == n - 1
    assert calendar.last_working_day(day) == day
    assert len(calendar.skipped(after, day)) == (day - after).days - n
