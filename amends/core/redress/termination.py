"""The fee for ending a contract inside its minimum term, line by line: what remains, at what price, less what is saved.

N-cancel, F-cancel-explain: ending early costs a fee as the contract sets out, and it is explained. CT-04, CT-08: it must
not exceed what is due, and is clear. CT-05: a consumer's first term is 24 months at most, so that nothing is charged
for what goes beyond. What the provider saves is what the contract says it takes off; we invent none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from amends.core import saying
from amends.core.calendar import DAY, add_months
from amends.core.redress.sums import NOTHING, Line, Mistake, Sum, charged, in_pounds, price_mistakes

LONGEST: Final = 120
"""Months of a minimum term beyond which it is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract as its papers set it out. `first` is the first London day of the minimum term."""

    service: str
    first: date
    months: int
    """The minimum term."""
    monthly: Decimal
    """Pounds a month."""

    @property
    def over(self) -> date:
        """The first London date after the minimum term."""
        return add_months(self.first, self.months)


@dataclass(frozen=True, slots=True)
class Saved:
    """What the contract takes off because the service is no longer provided. One of the two values is given."""

    words: str
    percent: Decimal | None = None
    """Of what remains."""
    monthly: Decimal | None = None
    """Pounds for each month that remains."""


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left of a minimum term: whole months, and days of the month after them that has `of` days."""

    months: int
    days: int
    of: int

    @property
    def exact(self) -> tuple[int, int]:
        """The time in months, as a fraction: numerator and denominator."""
        return self.months * self.of + self.days, self.of


def remaining(contract: Contract, ends: date) -> Remaining:
    """What is left of the minimum term after the last day of service."""
    from_ = ends + DAY
    if from_ >= contract.over:
        return Remaining(0, 0, 1)
    months = 0
    while add_months(from_, months + 1) <= contract.over:
        months += 1
    start = add_months(from_, months)
    return Remaining(months, (contract.over - start).days, (add_months(from_, months + 1) - start).days)


def fee(
    contract: Contract, ends: date, saved: Sequence[Saved], clause: str, longest: int | None = None
) -> Sum | tuple[Mistake, ...]:
    """The fee where the service's last London day is `ends`; nothing once the minimum term is over.

    `longest` is the law's longest first term in months, for those whom it protects (CT-05).
    """
    mistakes = tuple(_mistakes(contract, ends, saved, clause))
    if mistakes:
        return mistakes
    lines = [
        Line(
            f"{contract.service}: minimum term of {saying.counted(contract.months, 'month')} from "
            f"{saying.day(contract.first)}, its last day {saying.day(contract.over - DAY)}"
        ),
    ]
    held = contract
    if longest is not None and contract.months > longest:
        held = Contract(contract.service, contract.first, longest, contract.monthly)
        lines.append(
            Line(f"By law a first term ends after {longest} months: on {saying.day(held.over - DAY)} (CT-05)")
        )
    lines.append(Line(f"The last day of service is {saying.day(ends)}"))
    left = remaining(held, ends)
    if not left.months and not left.days:
        return charged([*lines, Line("The minimum term is over: ending it costs nothing", NOTHING)], clause)
    due = list(_due(contract.monthly, left))
    whole = sum((line.pounds or NOTHING for line in due), NOTHING)
    return charged([*lines, *due, *_taken_off(saved, whole, left)], clause)


def _due(monthly: Decimal, left: Remaining) -> Iterator[Line]:
    if left.months:
        yield Line(
            f"{saying.counted(left.months, 'month')} left at {in_pounds(monthly)}", monthly * left.months
        )
    if left.days:
        yield Line(
            f"{saying.counted(left.days, 'day')} left of a month of {left.of}: "
            f"{in_pounds(monthly)} × {left.days} ÷ {left.of}",
            monthly * left.days / left.of,
        )


def _taken_off(saved: Sequence[Saved], whole: Decimal, left: Remaining) -> Iterator[Line]:
    for one in saved:
        if one.percent is not None:
            yield Line(
                f"Less what is saved: {one.words}, {one.percent.normalize():f} %", -whole * one.percent / 100
            )
        elif one.monthly is not None:
            over, under = left.exact
            yield Line(
                f"Less what is saved: {one.words}, {in_pounds(one.monthly)} a month",
                -one.monthly * over / under,
            )


def _mistakes(contract: Contract, ends: date, saved: Sequence[Saved], clause: str) -> Iterator[Mistake]:
    if not 1 <= contract.months <= LONGEST:
        yield Mistake(
            "months",
            f"A minimum term is between 1 and {LONGEST} months",
            clause,
            "Give it as the contract has it.",
        )
    if ends < contract.first - DAY:
        yield Mistake(
            "ends", "The service ends before the contract begins", clause,
            "Give the last day of service; for a service that never began, the day before its first.",
        )  # fmt: skip
    yield from price_mistakes("monthly", contract.monthly, clause)
    for row, one in enumerate(saved, 1):
        if (one.percent is None) == (one.monthly is None):
            yield Mistake(
                f"saved {row}", "What is saved is a share or a sum a month", clause, "Give one of the two."
            )
        elif one.percent is not None and not NOTHING <= one.percent <= 100:
            yield Mistake(
                f"saved {row} percent", "A share is between 0 and 100 %", clause, "Look at the contract."
            )
        elif one.monthly is not None:
            yield from price_mistakes(f"saved {row} monthly", one.monthly, clause)
