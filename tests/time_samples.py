"""Calendars, hours and moments that the tests about time are told with."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import strategies as st

from amends.core.calendar import LONDON, BankHoliday, Calendar, read_bank_holidays
from amends.core.hours import Hours, parse_hours
from amends.core.opening import Windows

LIST = (Path(__file__).parent.parent / "amends" / "law" / "bank-holidays.csv").read_text(encoding="utf-8")
CALENDARS = read_bank_holidays(LIST, "bank-holidays.csv")
ENGLAND = CALENDARS["england-and-wales"]

OFFICE = "Monday to Friday 08:30-17:30, not bank holidays"


def hours(text: str = OFFICE) -> Hours:
    """Opening hours that must be understood."""
    found = parse_hours("office", text)
    assert isinstance(found, Hours), found
    return found


def london(said: str) -> datetime:
    """A moment as a London clock shows it, with its offset where one time comes twice."""
    at = datetime.fromisoformat(said)
    return (at if at.tzinfo else at.replace(tzinfo=LONDON)).astimezone(UTC)


def shown(at: datetime) -> str:
    """What a London clock shows."""
    return at.astimezone(LONDON).strftime("%Y-%m-%d %H:%M")


def calendar_with(
    days: Iterable[date], first: date = date(2021, 1, 1), last: date = date(2031, 12, 31)
) -> Calendar:
    """A calendar of made-up bank holidays."""
    found = {day: BankHoliday(day, f"Made up for {day}", first) for day in days}
    return Calendar("england-and-wales", found, first, last, "made up", "-".join(map(str, sorted(found))))


# Short days, split days, whole days, and edges within the hour that a change of clocks skips or repeats.
EDGES = st.sampled_from([0, 1, 59, 60, 90, 119, 120, 121, 510, 720, 810, 1020, 1050, 1439, 1440])


@st.composite
def windows(draw: st.DrawFn) -> Windows:
    """The windows of a day: none to three, in order, perhaps touching."""
    edges = sorted(draw(st.lists(EDGES, max_size=6)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return tuple((start, end) for start, end in pairs if start < end)


def open_minutes(week: tuple[Windows, ...]) -> int:
    return sum(end - start for day in week for start, end in day)


# An hour a week at the least, so that no story below walks out of the calendar.
WEEKS = st.tuples(*[windows()] * 7).filter(lambda week: open_minutes(week) >= 60)
HOURS = st.builds(Hours, st.just("made up"), WEEKS, st.sampled_from(["closed", "open", "unsaid"]))

# Easter, both changes of clocks, and a turn of the year, each from the Thursday before.
AWKWARD_WEEKS = (date(2026, 4, 2), date(2026, 3, 26), date(2026, 10, 22), date(2026, 12, 24))
NEARBY_DAYS = st.builds(
    lambda week, days: week + timedelta(days=days), st.sampled_from(AWKWARD_WEEKS), st.integers(0, 13)
)
CALENDARS_MADE_UP = st.builds(calendar_with, st.sets(NEARBY_DAYS, max_size=6))


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    """A whole minute in one of the awkward weeks, in UTC."""
    week = draw(st.sampled_from(AWKWARD_WEEKS))
    start = datetime(week.year, week.month, week.day, tzinfo=UTC)
    return start + timedelta(minutes=draw(st.integers(0, 8 * 24 * 60)))


MOMENTS = moments()
AMOUNTS = st.integers(0, 6000).map(lambda minutes: timedelta(minutes=minutes))
