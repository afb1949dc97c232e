"""Opening hours are read as people mean them, or refused with the words to write instead (L3 to L5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.calendar import WEEKDAYS
from amends.core.hours import Hours, HoursMistake, parse_hours
from amends.core.opening import Windows
from tests.time_samples import WEEKS, hours

WEEK_LETTERS = "MTWtFSs"
"""Thursday is t, Sunday s, so that each day has a letter of its own."""


def told(opening: Hours) -> str:
    """A week in short: `MTWtF 08:30-17:30 | S 10:00-16:00 | closed`, the last word for bank holidays."""
    alike: dict[Windows, str] = {}
    for letter, windows in zip(WEEK_LETTERS, opening.week, strict=True):
        if windows:
            alike[windows] = alike.get(windows, "") + letter
    days = [
        f"{letters} {' '.join(f'{clock(start)}-{clock(end)}' for start, end in windows)}"
        for windows, letters in alike.items()
    ]
    return " | ".join([*days, opening.bank_holidays])


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@pytest.mark.parametrize(
    ("text", "means"),
    [
        # the shapes that codes of practice use
        ("Monday to Friday 08:30-17:30, not bank holidays", "MTWtF 08:30-17:30 | closed"),
        ("Mon-Fri 9:00-17:30; Saturday 10:00-16:00", "MTWtF 09:00-17:30 | S 10:00-16:00 | unsaid"),
        ("Monday to Friday 09:00-12:30 and 13:30-17:00", "MTWtF 09:00-12:30 13:30-17:00 | unsaid"),
        ("every day 08:00-20:00, including bank holidays", "MTWtFSs 08:00-20:00 | open"),
        ("Monday, Wednesday and Friday 9am-5.30pm", "MWF 09:00-17:30 | unsaid"),
        ("09:30–17:30 Mon–Fri", "MTWtF 09:30-17:30 | unsaid"),
        ("Mon–Fri 09:00–18:00, Sat 10:00–16:00", "MTWtF 09:00-18:00 | S 10:00-16:00 | unsaid"),
        # all day
        ("at all hours", "MTWtFSs 00:00-24:00 | unsaid"),
        ("24 hours a day, 7 days a week", "MTWtFSs 00:00-24:00 | unsaid"),
        ("24/7", "MTWtFSs 00:00-24:00 | unsaid"),
        ("24 hours a day Monday to Friday, not bank holidays", "MTWtF 00:00-24:00 | closed"),
        ("every day midnight to midnight", "MTWtFSs 00:00-24:00 | unsaid"),
        # days
        ("MONDAYS to Thursdays 9.00 to 17.00", "MTWt 09:00-17:00 | unsaid"),
        ("Sunday to Thursday 0900-1730 hours", "MTWts 09:00-17:30 | unsaid"),
        ("weekdays 9am to 5pm, weekends 10am to midnight", "MTWtF 09:00-17:00 | Ss 10:00-24:00 | unsaid"),
        ("Tues, Thurs & Sat: 09:00-17:00", "TtS 09:00-17:00 | unsaid"),
        ("Mon. 09:00-17:00\nTue. 10:00-18:00", "M 09:00-17:00 | T 10:00-18:00 | unsaid"),
        # times
        ("Monday from 9 a.m. until 12 noon", "M 09:00-12:00 | unsaid"),
        ("Monday between 12.30pm and 5.30 PM", "M 12:30-17:30 | unsaid"),
        ("Monday midnight to 12:30am", "M 00:00-00:30 | unsaid"),
        ("Monday 17:30-24:00", "M 17:30-24:00 | unsaid"),
        ("Monday 09:00-12:00 and 12:00-13:00", "M 09:00-12:00 12:00-13:00 | unsaid"),
        # closed days
        ("every day 9am-6pm, except Sunday", "MTWtFS 09:00-18:00 | unsaid"),
        ("every day except Sundays and bank holidays 9am-6pm", "MTWtFS 09:00-18:00 | closed"),
        ("Monday to Friday 9am-6pm, closed on weekends and bank holidays", "MTWtF 09:00-18:00 | closed"),
        ("Sunday closed, Monday to Saturday 09:00-17:00", "MTWtFS 09:00-17:00 | unsaid"),
        ("Mon-Fri 09:00-17:00; Saturday, Sunday and bank holidays closed", "MTWtF 09:00-17:00 | closed"),
        # bank holidays
        ("Mon 09:00-17:00 excluding bank holidays", "M 09:00-17:00 | closed"),
        ("Mon 09:00-17:00 except public holidays", "M 09:00-17:00 | closed"),
        ("Mon 09:00-17:00 closed on bank holidays", "M 09:00-17:00 | closed"),
        ("Mon 09:00-17:00 (not open on bank holidays)", "M 09:00-17:00 | closed"),
        ("Monday (excluding Bank Holidays) 9am to 5.30pm", "M 09:00-17:30 | closed"),
        ("Mon 09:00-17:00, bank holidays excluded", "M 09:00-17:00 | closed"),
        ("Mon 09:00-17:00; bank holidays included", "M 09:00-17:00 | open"),
        ("Monday, including bank holidays, 9am to 5.30pm", "M 09:00-17:30 | open"),
        ("Mon 09:00-17:00 and bank holidays", "M 09:00-17:00 | open"),
        ("Mon 09:00-17:00, open on bank holidays", "M 09:00-17:00 | open"),
        ("Mon 09:00-17:00, not bank holidays, Sat 10:00-16:00", "M 09:00-17:00 | S 10:00-16:00 | closed"),
    ],
)
def test_hours_are_read_as_people_mean_them(text: str, means: str) -> None:
    assert told(hours(text)) == means


@pytest.mark.parametrize(
    ("text", "message", "mend"),
    [
        # words that are not known
        ("Munday 9:00-17:30", '"Munday" is not understood', '"monday"'),
        ("Monday 9:00-17:30 UK time", '"UK" is not understood', "Write it like"),
        ("Monday 9:00-17:30 unless busy", '"unless" is not understood', "Write it like"),
        ("", "never open", "Write it like"),
        ("not bank holidays", "never open", "Write it like"),
        ("Monday to Friday closed", "never open", "Write it like"),
        # times that are none, or two
        ("Monday 9-5", '"9" can be read in two ways', '"9am" or "9pm"'),
        ("Monday 9:30-5:30pm", '"9:30" can be read in two ways', '"9:30am" or "9:30pm"'),
        ("Monday 9am-12pm", '"12pm" can be read in two ways', '"12 noon" or "midnight"'),
        ("Monday 25:00-26:00", '"25:00" is no time of day', "24:00"),
        ("Monday 09:00-24:30", '"24:30" is no time of day', "24:00"),
        ("Monday 09:00-17:60", '"17:60" is no time of day', "17:30"),
        ("Monday 9am-17:30pm", '"17:30pm" is no time of day', "5.30pm"),
        ("Monday 9am-11 noon", '"11 noon" is no time of day', "17:30"),
        # windows
        ("Monday 17:30-08:30", '"08:30" is not after "17:30"', "24-hour clock"),
        ("Monday 22:00-06:00", '"06:00" is not after "22:00"', "under the next day"),
        ("Monday 09:00-09:00", '"09:00" is not after "09:00"', "24-hour clock"),
        ("Monday 09:00-12:00 and 11:00-13:00", "from 11:00 begin before those until 12:00", "overlap"),
        ("Monday 13:00-17:00 and 09:00-12:00", "from 09:00 begin before those until 17:00", "in order"),
        ("Monday 09:00", '"09:00" is not followed by "to" and a time', "Write it like"),
        ("Monday 09:00 to", '"09:00" is not followed by "to" and a time', "Write it like"),
        ("Monday between", "the text ends too early", "Write it like"),
        ("Monday between Tuesday to 17:00", '"Tuesday" is no time of day', "17:30"),
        # days
        ("Mon-Fri 09:00-17:00; Friday 10:00-12:00", "Friday is there twice", "one place"),
        ("Monday, Monday 09:00-17:00", "Monday is there twice", "one place"),
        ("Sunday 10:00-16:00; closed on Sunday", "Sunday is there twice", "one place"),
        ("Mon-Fri 09:00-17:00, closed on Sunday; Sunday 10:00-12:00", "Sunday is there twice", "one place"),
        ("Monday to Monday 09:00-17:00", '"Monday" begins and ends', "Write it like"),
        ("Monday to 09:00-17:00", '"Monday to" is not followed by a day', "Write it like"),
        ("Monday to Friday", 'no times are given for "Friday"', "Write it like"),
        ("09:00-17:00", 'no days are named for the times that begin with "09:00"', "Write it like"),
        ("Mon-Fri except 09:00-17:00", '"except" is not followed by a day', "Write it like"),
        ("to Friday 09:00-17:00", '"to" stands where a day or a time should begin', "Write it like"),
        # bank holidays
        ("Mon-Fri 09:00-17:00, bank holidays", "does not say whether", "including bank holidays"),
        ("Mon-Fri 09:00-17:00; bank holidays 10:00-16:00", "hours of their own", "not bank holidays"),
        ("Sat, Sun and bank holidays 10:00-16:00", "hours of their own", "not bank holidays"),
        ("10:00-16:00 weekends and bank holidays", "hours of their own", "not bank holidays"),
        (
            "Mon-Fri 09:00-17:00 not bank holidays, including bank holidays",
            "both open and closed",
            "only one",
        ),
    ],
)
def test_what_is_not_clear_is_refused_with_the_words_to_write(text: str, message: str, mend: str) -> None:
    found = parse_hours("office", text)
    assert isinstance(found, HoursMistake), told(found)
    assert message in found.message
    assert mend in found.mend


SENSE = "Monday Fri weekdays to - and between not closed excluded except including bank holidays or every day"
NUMBERS = "9am 17:30 9 24:00 noon midnight 24/7 all hours 0900 12pm"
SIGNS = ", ; : ( ) . & ½ ٣ K ſun"
WORDS = st.sampled_from([*SENSE.split(), *NUMBERS.split(), *SIGNS.split()])


@given(st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=40))
def test_any_text_gives_hours_that_open_or_a_mistake_with_its_mending(text: str) -> None:
    found = parse_hours("office", text)
    if isinstance(found, Hours):
        assert any(found.week)
    else:
        assert found.message
        assert found.mend


@given(WEEKS)
def test_every_week_can_be_written_down_and_read_back(week: tuple[Windows, ...]) -> None:
    said = [
        f"{name} {' and '.join(f'{clock(start)}-{clock(end)}' for start, end in windows)}"
        for name, windows in zip(WEEKDAYS, week, strict=True)
        if windows
    ]
    assert hours("; ".join(said)).week == week


def test_a_day_closes_when_its_last_window_ends() -> None:
    opening = hours("Monday to Friday 09:00-12:30 and 13:30-17:00; Saturday 10:00-24:00")
    assert [opening.closes(day) for day in (0, 5, 6)] == [17 * 60, 24 * 60, None]


@pytest.mark.parametrize(
    "week",
    [
        ((),) * 7,
        (((540, 1020),),) * 6,
        (((1020, 540),),) * 7,
        (((540, 720), (700, 800)),) * 7,
        (((540, 1441),),) * 7,
        (((-1, 540),),) * 7,
    ],
)
def test_hours_that_make_no_sense_cannot_be_made(week: tuple[Windows, ...]) -> None:
    with pytest.raises(ValueError, match="made up"):
        Hours("made up", week, "unsaid")
