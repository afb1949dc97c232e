"""Fills what a newer program keeps of cases that were there before it, a few at a time, while the desk works on.

An upgrade folds no case: it leaves a mark with the id of the last case that was caught up with, and the worker goes on
from there. Until the mark is gone, lists, reports and the search of words say that they are not complete.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from amends.desk import words
from amends.desk.models import CaseRow, Heartbeat
from amends.desk.record import docket

MARK: Final = "catching up"
AT_ONCE: Final = 20


def behind() -> bool:
    """Whether cases are still waiting to be caught up with."""
    return Heartbeat.objects.filter(name=MARK).exists()


def catch_up(now: datetime, *, at_most: int = 200) -> int:
    """Make the tallies and words of some more cases; how many."""
    done = 0
    while done < at_most:
        count = _some(now)
        if not count:
            break
        done += count
    return done


def _some(now: datetime) -> int:
    with transaction.atomic():
        # Of several workers one goes on at a time.
        mark = Heartbeat.objects.select_for_update().filter(name=MARK).first()
        if mark is None:
            return 0
        last = int(mark.detail or 0)
        chosen = list(
            CaseRow.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
        )
        if not chosen:
            mark.delete()
            return 0
        with docket(*chosen, now=now, rest=False):
            pass
        words.rewrite(chosen)
        mark.detail, mark.at = str(chosen[-1]), now
        mark.save(update_fields=["detail", "at"])
    return len(chosen)
