"""Who looks at a case or writes in it at this moment, so that two people see each other before they answer twice.

A row for each person and case says when their browser last asked, and what they are writing. It lives for minutes, is
no fact, and stops nobody: what does is the guard at the press of a button, which says what happened meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from amends.desk.disk import unwaited
from amends.desk.models import CasePresence, CaseRow

LOOKS_AGAIN: Final = timedelta(seconds=20)
"""How often an open page tells that somebody is still there."""
HERE: Final = timedelta(minutes=2)
"""How long after their last sign somebody still counts as there: without JavaScript a page tells it once."""
WRITES: Final = timedelta(minutes=10)
"""How long somebody who opened a form counts as writing in it."""
GONE: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else who is on the case."""

    name: str
    doing: str
    """The form that they have open; empty while they only look."""
    seen: datetime


def note(person: User, row: CaseRow, doing: str, now: datetime) -> None:
    """Somebody is on a case now, in this form of it; a write now and then, not with every sign."""
    mine = CasePresence.objects.filter(case=row, person=person)
    known = mine.values_list("doing", "seen").first()
    if known is not None and known[0] == doing and timedelta(0) <= now - known[1] < LOOKS_AGAIN / 2:
        return
    # Every look at a case comes by here: it does not wait for the disk, and after a power cut nobody is there.
    with unwaited():
        if known is not None:
            mine.update(doing=doing, seen=now)
            return
        try:
            with transaction.atomic():
                CasePresence.objects.create(
                    provider_id=row.provider_id, case=row, person=person, doing=doing, seen=now
                )
        except IntegrityError:
            mine.update(doing=doing, seen=now)


def leave(person: User, row: CaseRow) -> None:
    """Somebody has done what they were writing."""
    CasePresence.objects.filter(case=row, person=person).update(doing="")


def others(person: User, row: CaseRow, now: datetime) -> list[Other]:
    """Who else is on a case now, those who write first."""
    return sorted(_others(person, row, now), key=lambda o: (not o.doing, o.name))


def _others(person: User, row: CaseRow, now: datetime) -> Iterator[Other]:
    there = CasePresence.objects.filter(case=row, seen__gt=now - WRITES).exclude(person=person)
    for each in there.select_related("person"):
        if each.doing or each.seen > now - HERE:
            yield Other(each.person.get_full_name() or each.person.get_username(), each.doing, each.seen)


def sweep(now: datetime) -> int:
    """Take away the rows of people who left; how many."""
    gone, _each = CasePresence.objects.filter(seen__lte=now - GONE).delete()
    return gone
