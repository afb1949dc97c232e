"""A case's dates as a picture: a row for each clock, from its start to its due day, on one scale of days.

The places are per cent of the width, so that the words in the picture keep their size on a phone and on a wall; a table
tells the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from amends.core.clocks import Clock, Kind

ROWS: Final = 12
ROW_HEIGHT: Final = 48
TOP: Final = 26
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
    y: int

    @property
    def rail(self) -> int:
        """The height at which the bar lies, below its words."""
        return self.y + 20


@dataclass(frozen=True, slots=True)
class Strip:
    """The picture: its bars, where today stands, its first and last moment, and its height in pixels."""

    bars: tuple[Bar, ...]
    today: float
    first: datetime
    last: datetime
    height: int

    @property
    def anchor(self) -> str:
        """On which side of its line the word "today" stands."""
        part = self.today / 100
        return "start" if part < EDGE else "end" if part > 1 - EDGE else "middle"

    @property
    def rail_end(self) -> int:
        """How far down the line of today reaches."""
        return self.height - 22

    @property
    def foot(self) -> int:
        """The height of the words at the foot."""
        return self.height - 4


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
            place(c.due or last), TOP + n * ROW_HEIGHT,
        )
        for n, c in enumerate(shown)
    )  # fmt: skip
    return Strip(bars, place(now), first, last, TOP + len(bars) * ROW_HEIGHT + 24)


def label(clock: Clock) -> str:
    """What a clock is called beside its date."""
    owner = "the law" if clock.kind is Kind.LAW else clock.id
    return f"{clock.owe[:1].upper()}{clock.owe[1:]} ({owner})"


def _end(clock: Clock, now: datetime) -> datetime:
    """Where the bar ends: where it was settled, or where it is due, or today when that is past."""
    assert clock.due is not None
    if clock.settled is not None:
        return clock.settled
    return max(clock.due, now) if clock.running else clock.due
