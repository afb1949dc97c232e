"""A number that was late in moving: the delay in days, and the credit, which a person decides where no sum is published.

F-porting: a late port of a fixed or mobile number, to the provider or from it, through its doing, is credited. SW-06,
SW-09: compensation is owed for a late switch or port, and no amount is fixed by the rules. So there is no built-in rate:
a published one comes from the provider's code, and without one nothing is suggested.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from amends.core import saying
from amends.core.redress.sums import NOTHING, Line, Mistake, Sum, in_pounds, paid, price_mistakes


@dataclass(frozen=True, slots=True)
class Port:
    """A number on its way: when it was to move, when it did, and whether the delay was the provider's doing."""

    promised: date
    moved: date | None = None
    """None while it has not."""
    our_doing: bool = True


@dataclass(frozen=True, slots=True)
class Delay:
    """How late a port is on a day, in calendar days, with the lines that say so."""

    days: int
    lines: tuple[Line, ...]


def delay(port: Port, until: date) -> Delay:
    """The delay up to a London date; the promised day is day 0, the day of the move counts."""
    there = port.moved if port.moved is not None and port.moved <= until else None
    late = max(0, ((there or until) - port.promised).days)
    said = f"It moved on {saying.day(there)}" if there else f"It had not moved by {saying.day(until)}"
    lines = (
        Line(f"The number was to move on {saying.day(port.promised)}"),
        Line(said),
        Line(f"{saying.counted(late, 'day')} late" if late else "It is not late"),
    )
    return Delay(late, lines)


def credit(
    port: Port,
    until: date,
    clause: str,
    *,
    a_day: Decimal | None = None,
    decided: Decimal | None = None,
    why: str = "",
) -> Sum | tuple[Mistake, ...]:
    """The credit for a late port: by the rate that the provider publishes, or as a person decided, with the reason.

    Without either it is a mistake that says so: a person must decide. Above a published rate a person may go.
    """
    late = delay(port, until)
    if not port.our_doing:
        return paid([*late.lines, Line("The delay was not our doing", NOTHING)], clause)
    if not late.days:
        return paid(late.lines, clause)
    if a_day is not None:
        if mistakes := price_mistakes("a_day", a_day, clause):
            return mistakes
        published = paid([*late.lines, _rate(late.days, a_day)], clause)
        if decided is None or decided * 100 <= published.pence:
            return published
    if decided is None:
        return (
            Mistake(
                "decided", "No sum is published for a late number: a person decides it", clause,
                "Give the sum, and the reason for it.",
            ),
        )  # fmt: skip
    if mistakes := price_mistakes("decided", decided, clause):
        return mistakes
    if not why.strip():
        return (
            Mistake("why", "A sum that a person decides has its reason", clause, "Write how you came to it."),
        )
    return paid([*late.lines, Line(f"Decided for this case: {why.strip()}", decided)], clause)


def _rate(days: int, a_day: Decimal) -> Line:
    return Line(f"{saying.counted(days, 'day')} at {in_pounds(a_day)} a day", a_day * days)
