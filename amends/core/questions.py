"""What we ask a customer because we need it to consider the complaint: until when we wait, and what happens if none comes.

I-information  we may ask for what we need in order to consider the complaint fully
I-timeframes   every message names the day by which either side is to answer
A-law-clock    while we wait, the law's clock goes on; a promise of ours stands still only where the code says so
A-consent      no answer closes nothing: we ask once more, and then go on with what we have

So a question is asked with a day. As the day after it begins the desk asks again, by itself; five working days later
somebody says that we go on without. Whatever the customer writes meanwhile is looked at first, and nobody is chased for it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from amends.core.calendar import london_date
from amends.core.case import Pause
from amends.core.code import Period, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from amends.core.case import Case, Question
    from amends.core.rulebook import Rulebook

CLAUSE: Final = "A-evidence"
WORKING_DAYS: Final = 5
"""Within how many an answer is asked for where nobody names a day, and how many we wait after asking again: our own rule."""
_IF_NOT_KNOWN: Final = 8
"""Calendar days in their place where bank holidays are not known: a week, and a day of grace."""
_WHY: Final = "we wait for the customer's answer to what we asked"


def open_of(case: Case) -> tuple[Question, ...]:
    """What the customer was asked for and has not answered, the oldest first."""
    return tuple(q for q in case.questions if q.over is None)


def waits(case: Case, question: Question) -> bool:
    """Whether we wait for the customer: it is open, and nothing has come since that somebody has yet to look at."""
    return question.over is None and case.heard_on(question) is None


def usual_day(now: datetime, book: Rulebook) -> date:
    """The London date by which an answer is asked for where nobody names another."""
    times = book.times(Period(WORKING_DAYS, Unit.WORKING_DAYS), now)
    return london_date(times.due) if times.due else london_date(now) + timedelta(days=_IF_NOT_KNOWN)


def given_up(chased: datetime, book: Rulebook) -> date:
    """The London date from which we go on without an answer, after it was asked for again."""
    return usual_day(chased, book) + timedelta(days=1)


def last_day(question: Question, book: Rulebook) -> date:
    """The London date by which an answer is asked for, as the latest letter about it names it."""
    if question.chased is not None:
        return usual_day(question.chased, book)
    return london_date(question.answer_by)


def pauses(case: Case, clock: str, start: datetime) -> Iterator[Pause]:
    """The times in which a promise of this id stands still because we wait, where the code says that it does."""
    latest = start
    for asked in case.questions:
        # Of questions that were asked while another was open only the time that was not waited through counts.
        begins, ends = max(asked.asked, latest), asked.over
        if ends is not None and ends <= begins:
            continue
        yield Pause(clock, begins, _WHY, ends)
        if ends is None:
            return
        latest = ends
