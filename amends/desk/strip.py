"""A case's dates as a picture: a row for each clock, from its start to its due day, on one scale of days.

The places are per cent of the width, so that it fits a phone and a wall. Each row's words stand over its bar as words
of the page, which wrap; a table tells the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from amends.core.clocks import Clock, Kind

ROWS: Final = 12
EDGE: Final = 0.15
"""Nearer to an edge than this part of the width, a word stands beside the line instead of across it."""

_CLASSES: Final = {
    "kept": "kept", "kept late": "over", "broken": "over", "running": "run", "paused": "still", "stopped": "still",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """One clock in the picture: where it begins and ends, in per cent, and how it stands in words."""

    label: str
    standing: str
    css: str
    start: float
    end: float
    due: float


@dataclass(frozen=True, slots=True)
class Strip:
    """The picture: its bars, where today stands, and its first and last moment."""

    bars: tuple[Bar, ...]
    today: float
    first: datetime
    last: datetime

    @property
    def anchor(self) -> str:
        """On which side of its line the word "today" stands."""
        part = self.today / 100
        return "start" if part < EDGE else "end" if part > 1 - EDGE else "middle"


def strip(running: tuple[Clock, ...], now: datetime) -> Strip | None:
    """The picture of these clocks as they stand now; None where none has a date. Those that run stand first."""
    dated = [c for c in running if c.due is not None]
    if not dated:
        return None
    shown = sorted(dated, key=lambda c: (not c.running, c.due))[:ROWS]
    shown.sort(key=lambda c: (c.start, c.due))
    first = min(c.start for c in shown)
    last = max([now, *(_end(c, now) for c in shown), *(c.due for c in shown if c.due)])
    span = max(last - first, timedelta(hours=1))

    def place(at: datetime) -> float:
        return round(100 * max(0.0, min(1.0, (at - first) / span)), 2)

    bars = tuple(
        Bar(
            label(c), c.standing(now), _CLASSES.get(c.standing(now), "run"), place(c.start), place(_end(c, now)),
            place(c.due or last),
        )
        for c in shown
    )  # fmt: skip
    return Strip(bars, place(now), first, last)


def label(clock: Clock) -> str:
    """What a clock is called beside its date: of several of one kind, which one it is."""
    owner = "the law" if clock.kind is Kind.LAW else clock.clause
    which = f" {clock.number}" if clock.number > 1 else ""
    return f"{clock.owe[:1].upper()}{clock.owe[1:]}{which} ({owner})"


def _end(clock: Clock, now: datetime) -> datetime:
    """Where the bar ends: where it was settled, or where it is due, or today when that is past."""
    assert clock.due is not None
    if clock.settled is not None:
        return clock.settled
    return max(clock.due, now) if clock.running else clock.due
