"""How a kind of case is declared: its particulars with the sort of each, and its steps in their order.

A declaration holds no behaviour of its own. One form, one page and one way through serve every kind: what is told here
is all that tells them apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amends.core.kinds import CaseKind


class Sort(StrEnum):
    """What a particular is made of, and so how it is checked."""

    LINE = "line"
    WORDS = "words"
    NUMBERS = "numbers"
    """Telephone numbers or ranges of them, one a line."""
    CALLS = "calls"
    """Calls, one a line: when, the calling number or `withheld`, the number called (N-faults: time codes, CLIDs, DDIs)."""
    DAY = "day"
    MOMENT = "moment"
    CHOICE = "choice"
    POUNDS = "pounds"
    COUNT = "count"
    PAYMENTS = "payments"
    """Payments, one a line: its London day and its sum in pounds."""


@dataclass(frozen=True, slots=True)
class Particular:
    """One thing that is asked for."""

    name: str
    asks: str
    """The question, as a colleague reads it."""
    sort: Sort
    needed: bool = False
    choices: tuple[str, ...] = ()
    help: str = ""
    missing: str = ""
    """What is said where it is needed and not given."""
    least: int = 0
    most: int = 1200
    """Of a count: between which numbers it lies, both among them."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a kind of case."""

    name: str
    does: str
    """What is to be done, as an order to a colleague."""
    tells: bool = False
    """Whether the customer is told of it when it is done, in writing, where there is a way."""
    holds: bool = False
    """Whether what the code promises stands still while this step is held: where it says that it depends on it."""
    asks: tuple[str, ...] = ()
    """The particulars that are first known when it is done, and asked for then."""
    says: str = ""
    """The same as a sentence to the customer, for the published procedure; empty where none is published."""
    on: str = ""
    """The particular that is the London day on which it is due; empty where none is."""


@dataclass(frozen=True, slots=True)
class Declared:
    """One kind of case. `keeps` is the step that keeps what a code promises for it."""

    kind: CaseKind
    particulars: tuple[Particular, ...]
    steps: tuple[Step, ...]
    keeps: str

    @property
    def asked_first(self) -> tuple[Particular, ...]:
        """The particulars that are asked for when such a case is opened: all but those of a step."""
        later = {name for step in self.steps for name in step.asks}
        return tuple(p for p in self.particulars if p.name not in later)

    def asked_by(self, name: str) -> tuple[Particular, ...]:
        """The particulars that are asked for when this step is done."""
        step = self.step(name)
        return tuple(p for p in self.particulars if step is not None and p.name in step.asks)

    def step(self, name: str) -> Step | None:
        """The step of this name, or None."""
        return next((s for s in self.steps if s.name == name), None)
