"""What a contract for a service says on a day: its minimum term, its price, how it renews, and which terms apply.

N-cancel: a minimum term of 1 to 36 months runs from the start of the contract. N-renewal: renewal follows the contract.
N-terms, F-terms, F-which-terms: terms differ by service, come in versions, and anybody may ask which ones apply.
Days are London's. A term of so many months ends on the same day of the month, or on the month's last day where that is
shorter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from amends.core import saying
from amends.core.calendar import add_months

LONGEST_TERM: Final = 120
"""Months: no minimum term is longer; a longer one is a slip of the pen."""


class Renewal(StrEnum):
    """What becomes of a contract when its minimum term is over."""

    UNKNOWN = ""
    ROLLS = "monthly"
    """It goes on from month to month until somebody ends it."""
    RENEWS = "new term"
    """Another minimum term of the same length begins."""
    ENDS = "ends"
    """The service ends with the term."""
    AS_WRITTEN = "as the contract says"
    """Something else, which the words of the contract tell."""


RENEWAL_SAID: Final = {
    Renewal.ROLLS: "then from month to month",
    Renewal.RENEWS: "then another minimum term of the same length",
    Renewal.ENDS: "then the service ends",
    Renewal.AS_WRITTEN: "then as the contract says",
}


@dataclass(frozen=True, slots=True)
class Contract:
    """The dates of a contract. `starts` and `ends` are None where nobody wrote them down; `months` is None likewise."""

    starts: date | None
    months: int | None
    renewal: Renewal = Renewal.UNKNOWN
    ends: date | None = None
    """The day from which there is no service any more."""

    def minimum_until(self, on: date) -> date | None:
        """The first day on which the minimum term that runs on a day is over; None where it is not known.

        A contract that renews is by then in its second term, or its third.
        """
        if self.starts is None or self.months is None:
            return None
        if not self.months:
            return self.starts
        over = add_months(self.starts, self.months)
        terms = 1
        while self.renewal is Renewal.RENEWS and over <= on:
            terms += 1
            over = add_months(self.starts, self.months * terms)
        return over

    def bound(self, on: date) -> bool:
        """Whether the minimum term still runs on this day."""
        until = self.minimum_until(on)
        return until is not None and self.starts is not None and self.starts <= on < until

    def said(self, on: date) -> str:
        """Where the contract stands on a day, in one sentence; empty where nothing is known of it."""
        if self.ends is not None and self.ends <= on:
            return f"Ended on {saying.day(self.ends)}."
        until = self.minimum_until(on)
        after = RENEWAL_SAID.get(self.renewal, "")
        ends = f" Ends on {saying.day(self.ends)}." if self.ends else ""
        if until is None or self.starts is None:
            return f"{after[:1].upper()}{after[1:]}.{ends}" if after else ends.strip()
        if not self.months:
            return f"No minimum term.{ends}"
        last = until - timedelta(days=1)
        if self.bound(on) or on < self.starts:
            return f"Minimum term until {saying.day(last)}{', ' if after else ''}{after}.{ends}"
        return f"Minimum term over since {saying.day(until)}{', ' if after else ''}{after}.{ends}"


class Dated(Protocol):
    """A version of terms that is in force from a day on."""

    @property
    def in_force_from(self) -> date:
        """Its first day."""
        ...


V = TypeVar("V", bound=Dated)


def terms_on(versions: Iterable[V], on: date) -> V | None:
    """Of the versions of one set of terms the one in force on a day: the newest that had begun by then; None before all."""
    begun = [v for v in versions if v.in_force_from <= on]
    return max(begun, key=lambda v: v.in_force_from, default=None)
