"""An arrangement with somebody who finds it hard to pay: what is to come on which day, what came, and whether it is kept.

N-hardship, F-hardship: the provider tries to agree on another way to pay, and helps to avoid disconnection. A payment of
which nobody has said that it did not come counts as come: doubt is in the customer's favour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from amends.core import saying
from amends.core.care import steps
from amends.core.kinds import PROMISED, CaseKind

if TYPE_CHECKING:
    from amends.core.case import Case
    from amends.core.rulebook import Rulebook

PLAN = "plan"
"""The particular that holds the arrangement: a payment a line, its London day and its sum in pounds."""

SEEN_THROUGH = "seen through"
"""The step that is taken once every payment has come."""


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment of an arrangement. `came` is None while nobody has said whether it did."""

    due: date
    pence: int
    came: bool | None = None

    @property
    def said(self) -> str:
        """As people read it."""
        return f"{saying.pence(self.pence)} on {saying.day(self.due)}"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The payments that were agreed last, in the order of their days."""

    payments: tuple[Payment, ...]

    @property
    def kept(self) -> bool:
        """Whether none of its payments was missed."""
        return not any(p.came is False for p in self.payments)

    @property
    def over(self) -> bool:
        """Whether every payment has come."""
        return all(p.came for p in self.payments)

    @property
    def awaited(self) -> Payment | None:
        """The payment that comes next, or of which somebody has yet to say whether it came."""
        return next((p for p in self.payments if p.came is None), None)

    @property
    def missed(self) -> Payment | None:
        """The first payment that did not come, and was not made good."""
        return next((p for p in self.payments if p.came is False), None)

    @property
    def pence(self) -> int:
        """What it comes to."""
        return sum(p.pence for p in self.payments)


def of_case(case: Case) -> Arrangement | None:
    """The arrangement of a case; None while there is none, and on a case of another kind."""
    plan = steps.given(case).get(PLAN, "") if case.kind is CaseKind.HARDSHIP else ""
    return read(plan, {(seen.due, seen.pence): seen.came for seen in case.payments_seen}) if plan else None


def read(plan: str, seen: dict[tuple[str, int], bool] | None = None) -> Arrangement:
    """An arrangement from the words in which it is kept, with what was said of each payment by its day and sum."""
    known = seen or {}
    found = []
    for line in plan.splitlines():
        day, _, sum_ = line.partition(", £")
        pounds, _, pence = sum_.partition(".")
        amount = int(pounds) * 100 + int(pence)
        found.append(Payment(date.fromisoformat(day), amount, known.get((day, amount))))
    return Arrangement(tuple(sorted(found, key=lambda p: (p.due, p.pence))))


def clause(book: Rulebook) -> str:
    """The clause of the code that is about difficulty paying; the rule of law where the code has none."""
    owe = PROMISED[CaseKind.HARDSHIP][1]
    return next((p.clause for p in (book.code.promises if book.code else ()) if p.owe is owe), "BL-02")
