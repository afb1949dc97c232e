"""By which day a letter must be in the post: the last posting day on or before the date that it keeps.

Post is collected on working days of the nation. A letter that keeps no date goes with the next collection after the
day of its decision; one whose day has passed already, with the first one there is.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from amends.core.calendar import UnknownDay, london_date
from amends.core.clocks import clocks

if TYPE_CHECKING:
    from amends.core.case import Case, SentLetter
    from amends.core.rulebook import Rulebook


def post_by(case: Case, book: Rulebook, letter: SentLetter) -> date:
    """The London date on which this letter must be posted at the latest, whether or not that is already past."""
    decided = london_date(letter.decided)
    kept = _dates_kept(case, book, letter)
    if not kept:
        return collected_from(decided + timedelta(days=1), book)
    last = book.posting_day(min(kept))
    return last if last >= decided else collected_from(decided, book)


def collected_from(day: date, book: Rulebook) -> date:
    """The first day from this one on, itself included, on which post is collected."""
    try:
        return book.calendar.next_working_day(day - timedelta(days=1))
    except UnknownDay:
        return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day


def _dates_kept(case: Case, book: Rulebook, letter: SentLetter) -> list[date]:
    """The dates of the clocks that run now and would stop if this letter had left."""
    running = {c.id: c.due for c in clocks(case, book) if c.running and c.due is not None}
    left = tuple(
        replace(x, fate="posted", fate_at=x.decided) if x.key == letter.key else x for x in case.letters
    )
    still = {c.id for c in clocks(replace(case, letters=left), book) if c.running}
    return [london_date(due) for name, due in running.items() if name not in still]
