"""What became of agreed contact times: the conditions by which reports count them, and the list behind a figure filters.

That a time is agreed at all is a promise of the code (`Owed.CONTACT_TIME`) and counts with the promises, by its clause. A
time that is agreed is a promise of its own: its window, who calls and on which number stand on the row of it, and so does
what became of it, in the words of the fact that settled it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.db.models import Q

from amends.core.calendar import DAY, midnight

_WAITS: Final = Q(settled="", case__is_open=True)


def begin_in(since: date, until: date) -> Q:
    """The condition on contact times whose window begins on one of these London days, both of them among them."""
    return Q(starts__gte=midnight(since), starts__lt=midnight(until + DAY))


def became(how: str, now: datetime) -> Q:
    """The condition on contact times of which this became by now: `how` is the id of a figure in `figures.BECAME`."""
    return {
        "agreed": Q(),
        "kept": Q(settled="kept"),
        "missed-by-us": Q(settled="missed by us"),
        "missed-by-customer": Q(settled="missed by the customer"),
        "moved": Q(settled="moved"),
        "unsaid": _WAITS & Q(ends__lt=now),
        "to-come": _WAITS & Q(ends__gte=now),
        "closed-before": Q(settled="", case__is_open=False),
    }[how]
