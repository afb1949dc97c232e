"""How the pages of customers say dates, times and opening hours: as `core.saying` does, in the language of the page.

In English both say the same words, which a test compares. Letters are frozen in English and keep to `core.saying`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amends.core import saying
from amends.core.calendar import Calendar, in_london
from amends.core.opening import Hours, Windows


def day(of: date, *, year: bool = True) -> str:
    """The date with its weekday: "Thursday 9 April 2026", or without its year."""
    said = {"weekday": WEEKDAYS[of.weekday()], "day": of.day, "month": MONTHS[of.month], "year": of.year}
    return (
        _("%(weekday)s %(day)d %(month)s %(year)d") % said
        if year
        else _("%(weekday)s %(day)d %(month)s") % said
    )


def time(at: datetime) -> str:
    """The time on a London clock: "1 pm", "8:30 am", "12 noon"."""
    there = in_london(at)
    return _of_day(there.hour * 60 + there.minute)


def _of_day(minute: int) -> str:
    hour, past = divmod(minute, 60)
    if not past and hour % 12 == 0:
        return _("12 noon") if hour == 12 else _("12 midnight")
    said = {"hour": (hour - 1) % 12 + 1, "past": f":{past:02}" if past else ""}
    return _("%(hour)d%(past)s pm") % said if hour % 24 >= 12 else _("%(hour)d%(past)s am") % said


def moment(at: datetime) -> str:
    """The London date and time; midnight is told as the start of its day."""
    there = in_london(at)
    at_start = not (there.hour or there.minute or there.second or there.microsecond)
    said = {"day": day(there.date()), "time": _("at the start of the day") if at_start else time(at)}
    return _("%(day)s, %(time)s") % said


def between(starts: datetime, ends: datetime) -> str:
    """A stretch of time: "Thursday 9 April 2026, between 1 pm and 2 pm"; each end in full if the days differ."""
    first, last = in_london(starts), in_london(ends)
    if first == last:
        return moment(starts)
    if first.date() == last.date():
        said = {"day": day(first.date()), "starts": time(starts), "ends": time(ends)}
        return _("%(day)s, between %(starts)s and %(ends)s") % said
    return _("between %(starts)s and %(ends)s") % {"starts": moment(starts), "ends": moment(ends)}


def until(at: datetime, now: datetime, calendar: Calendar | None = None) -> str:
    """How far off a moment is, seen from now: "in 2 working days", "tomorrow", "3 days ago"."""
    far = saying.distance(at, now, calendar)
    if far.unit in _ALONE:
        return _ALONE[far.unit]()
    ahead, ago = _APART[far.unit]
    return (ahead if far.ahead else ago)(far.amount) % {"amount": f"{far.amount:,}"}


_ALONE: dict[str, Callable[[], str]] = {
    "now": lambda: _("now"),
    "tomorrow": lambda: _("tomorrow"),
    "yesterday": lambda: _("yesterday"),
}
_APART: dict[str, tuple[Callable[[int], str], Callable[[int], str]]] = {
    "minute": (
        lambda n: ngettext("in %(amount)s minute", "in %(amount)s minutes", n),
        lambda n: ngettext("%(amount)s minute ago", "%(amount)s minutes ago", n),
    ),
    "hour": (
        lambda n: ngettext("in %(amount)s hour", "in %(amount)s hours", n),
        lambda n: ngettext("%(amount)s hour ago", "%(amount)s hours ago", n),
    ),
    "working day": (
        lambda n: ngettext("in %(amount)s working day", "in %(amount)s working days", n),
        lambda n: ngettext("%(amount)s working day ago", "%(amount)s working days ago", n),
    ),
    "day": (
        lambda n: ngettext("in %(amount)s day", "in %(amount)s days", n),
        lambda n: ngettext("%(amount)s day ago", "%(amount)s days ago", n),
    ),
    "week": (
        lambda n: ngettext("in %(amount)s week", "in %(amount)s weeks", n),
        lambda n: ngettext("%(amount)s week ago", "%(amount)s weeks ago", n),
    ),
}


def opening(hours: Hours) -> str:
    """Opening hours in a sentence: "Monday to Friday 9 am to 5:30 pm, not on bank holidays"."""
    said = "; ".join(
        f"{_days(first, last)} {_windows(open_)}" for first, last, open_ in saying.alike(hours.week)
    )
    return said + _(", not on bank holidays") if hours.bank_holidays == "closed" else said


def _days(first: int, last: int) -> str:
    if (first, last) == (0, 6):
        return _("every day")
    if first == last:
        return str(WEEKDAYS[first])
    return _("%(first)s to %(last)s") % {"first": WEEKDAYS[first], "last": WEEKDAYS[last]}


def _windows(open_: Windows) -> str:
    if open_ == ((0, 1440),):
        return _("at any time")
    each = [_("%(first)s to %(last)s") % {"first": _of_day(a), "last": _of_day(b)} for a, b in open_]
    return listed(each)


def listed(items: list[str]) -> str:
    """Things in a sentence: "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return _("%(others)s and %(last)s") % {"others": ", ".join(items[:-1]), "last": items[-1]}
