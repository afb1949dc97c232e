"""The visits of an engineer that were agreed on a case, as its particulars say: which of them may have been missed.

AC-R3: automatic compensation is owed where nobody came, or the visit was called off with less than 24 hours' notice. The
case knows what was agreed and not who came, so it offers and a person says.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from amends.core.calendar import LONDON, london_date

if TYPE_CHECKING:
    from amends.core.case import Case

REPAIRED: Final = "repaired"
_NOON: Final = time(12)
_CLOCK: Final = re.compile(r"\b(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit that was agreed: its London day, and between which hours in the words of whoever agreed it."""

    day: date
    hours: str = ""

    @property
    def starts(self) -> datetime:
        """When somebody was to come at the earliest; noon in London where the words name no hour."""
        return datetime.combine(self.day, _first_hour(self.hours), LONDON)


def agreed(before: tuple[Visit, ...], given: str, at: datetime) -> tuple[Visit, ...]:
    """The visits after these particulars were given, at this moment. One that is moved in good time was none.

    What is moved on its day, the day before, or later stays: nobody may have come.
    """
    visit = _said(given)
    if visit is None:
        return before
    if before and (visit.day == before[-1].day or london_date(at) + timedelta(days=1) < before[-1].day):
        before = before[:-1]
    return (*before, visit)


def _said(given: str) -> Visit | None:
    """The visit among particulars; None where they name none. What is no particular of ours folds all the same."""
    try:
        said = json.loads(given or "{}")
        return Visit(date.fromisoformat(said["visit"]), str(said.get("hours", "")))
    except (ValueError, TypeError, KeyError):
        return None


def maybe_missed(case: Case, today: date) -> tuple[Visit, ...]:
    """The visits whose day has come, but those on whose day the repair was done: somebody was there."""
    done = {london_date(t.at) for t in case.steps_taken if t.step == REPAIRED and t.how == "done"}
    return tuple(v for v in case.visits if v.day <= today and v.day not in done)


def _first_hour(words: str) -> time:
    """The first hour that these words name: "between 8 am and 1 pm", "13:00 to 17:00", "1 to 5 pm"."""
    found = _CLOCK.findall(words)
    if not found:
        return _NOON
    hour, minute, half = int(found[0][0]), int(found[0][1] or 0), found[0][2].lower()
    if not half and not found[0][1] and len(found) > 1:
        # "1 to 5 pm" is all in the afternoon, "8 to 1 pm" begins before noon.
        half = "pm" if found[1][2].lower() == "pm" and hour % 12 < int(found[1][0]) % 12 else ""
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else _NOON
