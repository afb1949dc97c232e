"""Ticks on a desk full of open cases: with nothing due, and with a tenth of them due at once."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from amends.bench.ground import database
from amends.core.calendar import in_london
from amends.desk.models import CaseRow, Outgoing
from amends.desk.seeding import made_up_provider, sow
from amends.desk.seeding.cast import Cast
from amends.desk.seeding.lives import Life
from amends.desk.seeding.plots import Waits
from amends.desk.ticker import tick

PERIOD = timedelta(days=42)
"""After so many days the ADR letter of each case is due, by code and law alike."""
IDLE = 100
"""Ticks with nothing due, a second apart."""


def worked_on(life: Life) -> Waits:
    """A mail of a customer at home, in a handler's hands; every fourth has an outcome to answer.

    At home and by mail, so that the letter of each is owed, and on its day: post leaves on a working day before it.
    """
    life.customer = replace(life.customer, kind="residential")
    life.arrives("email")
    yield life.cast.hours(0.3, 20)
    life.decided(complaint=True)
    life.assigned()
    yield life.cast.hours(2, 40)
    life.introduced()
    if life.cast.random.random() < 0.25:
        yield life.cast.hours(24, 150)
        life.proposed()


def prepare(cases: int, due: int) -> tuple[str, datetime, float]:
    """Open cases of which so many come due in the same night; the store, the evening before, and how long it took."""
    day = _midnight(datetime.now(UTC))
    cast = Cast(cases)
    first = cast.receipts(due, day - PERIOD, day - PERIOD + timedelta(days=1))
    later = cast.receipts(cases - due, day - PERIOD + timedelta(days=1), day - timedelta(hours=2))
    begun = time.perf_counter()
    provider, plots = made_up_provider(day - PERIOD), ((worked_on, 1),)
    sow(provider, [*first, *later], plots, now=day - timedelta(hours=1), cast=cast)
    return database(), day, time.perf_counter() - begun


def _midnight(at: datetime) -> datetime:
    return in_london(at).replace(hour=0, minute=0, second=0, microsecond=0)


def idle(day: datetime) -> list[float]:
    """How long each tick took while nothing was due, in seconds; the desk's first rounds are not counted."""
    begins = day - timedelta(minutes=30)
    tick(begins)
    took = []
    for second in range(1, IDLE + 1):
        started = time.perf_counter()
        done = tick(begins + timedelta(seconds=second))
        took.append(time.perf_counter() - started)
        assert (done.cases, done.hinted) == (0, 0), str(done)
    return took


def busy(day: datetime, due: int) -> float:
    """How many seconds one tick took that had so many cases due."""
    started = time.perf_counter()
    done = tick(day)
    took = time.perf_counter() - started
    letters = Outgoing.objects.filter(letter="adr-letter").count()
    assert (done.cases, done.poisoned) == (due, 0), str(done)
    assert letters == due, f"{letters} ADR letters for {due} cases"
    assert not CaseRow.objects.filter(due_hint__lte=day).exists()
    return took
