"""What something would do to the dates of a case, before it is done: which clocks would move, begin or end.

A decision is made with its effect in sight (A-why). A law clock moves only where the receipt that governs it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.case import step
from amends.core.clocks import Clock, Kind, clocks
from amends.core.saying import moment

if TYPE_CHECKING:
    from amends.core.case import Case
    from amends.core.facts import Fact
    from amends.core.rulebook import Rulebook


def effects(case: Case, book: Rulebook, fact: Fact) -> tuple[str, ...]:
    """What this fact would change in the clocks of the case, each in a sentence; empty where it moves none."""
    before = {c.id: c for c in clocks(case, book)}
    after = {c.id: c for c in clocks(step(case, fact), book)}
    found: list[str] = []
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key), after.get(key)
        if was is None and now is not None:
            found.append(f"{_named(now)} begins: due {_when(now)}")
        elif was is not None and now is not None and was.due != now.due:
            found.append(f"{_named(now)}: due {_when(now)} instead of {_when(was)}")
        elif was is not None and now is not None and was.running and not now.running:
            found.append(f"{_named(now)} {'is kept with it' if now.settled else 'runs no longer'}")
        elif was is not None and now is None:
            found.append(f"{_named(was)} falls away")
    return tuple(found)


def _named(clock: Clock) -> str:
    whose = "the law’s" if clock.kind is Kind.LAW else clock.clause
    which = f" {clock.number}" if clock.number > 1 else ""
    return f"{clock.owe[:1].upper()}{clock.owe[1:]}{which} ({whose})"


def _when(clock: Clock) -> str:
    return moment(clock.due) if clock.due else "without a date"
