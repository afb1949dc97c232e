"""Fills what a newer program keeps of cases that were there before it, a few at a time, while the desk works on.

An upgrade folds no case: it leaves a mark with the id of the last case that was caught up with, and the worker goes on
from there. Until the mark is gone, lists, reports and the search of words say that they are not complete.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import DatabaseError, transaction

from amends.desk import words
from amends.desk.models import CaseRow, Heartbeat
from amends.desk.record import docket
from amends.desk.refold import unfolded

log = logging.getLogger(__name__)

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
        _make(chosen, now)
        mark.detail, mark.at = str(chosen[-1]), now
        mark.save(update_fields=["detail", "at"])
    return len(chosen)


def _make(chosen: Sequence[int], now: datetime) -> None:
    """The tallies and words of these cases; one that fails stops no other, and an alarm stands for it (L17)."""
    try:
        with transaction.atomic(), docket(*chosen, now=now, rest=False):
            words.rewrite(chosen)
    except DatabaseError:
        raise
    except Exception as fault:
        if len(chosen) > 1:
            for case in chosen:
                _make([case], now)
            return
        log.exception("case %s cannot be caught up with", chosen[0])
        unfolded(CaseRow.objects.get(pk=chosen[0]), fault, now)
