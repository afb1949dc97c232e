"""The walker agrees with slower and simpler ones, and the bank holidays with an independent list (L1)."""

from datetime import UTC, date, datetime, time, timedelta

import businesstimedelta
import holidays
import pytest
import pytz
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.core.calendar import DIVISIONS, LONDON, Calendar
from amends.core.hours import Hours, Timetable
from tests.time_samples import CALENDARS, CALENDARS_MADE_UP, ENGLAND, HOURS, MOMENTS, hours

MINUTE = timedelta(minutes=1)


class MinuteByMinute:
    """Looks at a London clock once a minute and asks whether the door is open: slow but plain."""

    def __init__(self, opening: Hours, calendar: Calendar) -> None:
        self.opening = opening
        self.calendar = calendar

    def is_open(self, at: datetime) -> bool:
        clock = at.astimezone(LONDON)
        if self.opening.bank_holidays == "closed" and clock.date() in self.calendar.holidays:
            return False
        minute = clock.hour * 60 + clock.minute
        return any(start <= minute < end for start, end in self.opening.week[clock.weekday()])

    def spent(self, a: datetime, b: datetime) -> timedelta:
        minutes = range(int((b - a) / MINUTE))
        return sum((MINUTE for n in minutes if self.is_open(a + n * MINUTE)), timedelta())

    def shift(self, start: datetime, amount: timedelta, give_up: datetime) -> datetime | None:
        """The end of the minute that uses up the amount, or None if that is not before giving up."""
        at = start
        while amount:
            if at >= give_up:
                return None
            amount -= MINUTE if self.is_open(at) else timedelta()
            at += MINUTE
        return at


@settings(max_examples=150)
@given(HOURS, CALENDARS_MADE_UP, MOMENTS, st.integers(0, 3000))
def test_shifting_agrees_with_a_walk_minute_by_minute(
    opening: Hours, calendar: Calendar, start: datetime, minutes: int
) -> None:
    amount, give_up = minutes * MINUTE, start + timedelta(days=9)
    found = Timetable(opening, calendar).shift(start, amount)
    walked = MinuteByMinute(opening, calendar).shift(start, amount, give_up)
    assert found == walked if walked else found > give_up


@settings(max_examples=100)
@given(HOURS, CALENDARS_MADE_UP, MOMENTS, st.integers(0, 9 * 24 * 60))
def test_measuring_agrees_with_a_walk_minute_by_minute(
    opening: Hours, calendar: Calendar, start: datetime, minutes: int
) -> None:
    end = start + minutes * MINUTE
    slow = MinuteByMinute(opening, calendar)
    timetable = Timetable(opening, calendar)
    assert timetable.spent(start, end) == slow.spent(start, end)
    assert timetable.is_open(end) == slow.is_open(end)


@settings(max_examples=100)
@given(HOURS, CALENDARS_MADE_UP, MOMENTS)
def test_the_next_opening_agrees_with_a_walk_minute_by_minute(
    opening: Hours, calendar: Calendar, start: datetime
) -> None:
    slow = MinuteByMinute(opening, calendar)
    minutes = (start + n * MINUTE for n in range(9 * 24 * 60))
    found, walked = (
        Timetable(opening, calendar).next_opening(start),
        next(filter(slow.is_open, minutes), None),
    )
    assert found == walked if walked else found >= start + timedelta(days=9)


PYTZ_LONDON = pytz.timezone("Europe/London")
RECENT = st.datetimes(datetime(2013, 1, 1), datetime(2023, 6, 30), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds it


def other_library(*days: businesstimedelta.WorkDayRule) -> businesstimedelta.Rules:
    closed = businesstimedelta.HolidayRule(sorted(ENGLAND.holidays), tz=PYTZ_LONDON)
    return businesstimedelta.Rules([*days, closed])


def work_day(start: str, end: str, *weekdays: int) -> businesstimedelta.WorkDayRule:
    return businesstimedelta.WorkDayRule(
        time.fromisoformat(start), time.fromisoformat(end), list(weekdays), tz=PYTZ_LONDON
    )


WEEKDAYS = (0, 1, 2, 3, 4)
SAME_HOURS = {
    "Mon-Fri 08:30-17:30": other_library(work_day("08:30", "17:30", *WEEKDAYS)),
    "Mon-Fri 09:00-18:00; Sat 10:00-16:00": other_library(
        work_day("09:00", "18:00", *WEEKDAYS), work_day("10:00", "16:00", 5)
    ),
}


@pytest.mark.parametrize("text", SAME_HOURS)
@settings(max_examples=200)
@given(start=RECENT, minutes=st.integers(1, 6000))
def test_shifting_and_measuring_agree_with_another_library(text: str, start: datetime, minutes: int) -> None:
    timetable = Timetable(hours(f"{text}; not bank holidays"), ENGLAND)
    start, amount = start.replace(microsecond=0), minutes * MINUTE
    theirs = start + businesstimedelta.BusinessTimeDelta(SAME_HOURS[text], timedelta=amount)
    assert timetable.shift(start, amount) == theirs
    assert timetable.spent(start, theirs) == SAME_HOURS[text].difference(start, theirs).timedelta


@pytest.mark.parametrize(
    ("division", "subdivision"), list(zip(DIVISIONS, ("ENG", "SCT", "NIR"), strict=True))
)
def test_bank_holidays_agree_with_another_list_from_2012_to_2028(division: str, subdivision: str) -> None:
    """The other list also has Christmas Day and the like where they fall on a weekend.

    The published list has the substitute day alone, which both have; so the two must agree on every weekday,
    and ours must have no weekend.
    """
    ours = set(CALENDARS[division].holidays)
    theirs = set(holidays.country_holidays("GB", subdiv=subdivision, years=range(2012, 2029)))
    on_weekdays: set[date] = {day for day in theirs if day.weekday() < 5}
    assert ours == on_weekdays
