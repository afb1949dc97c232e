"""A sum of money with its arithmetic: lines in words, each with what it adds, and the rule by which pence are made whole.

Where a part of a penny is left over, the customer has it: what we pay is rounded up, what we charge is rounded down.
That is a rule of this house (docs/redress.md); no code read so far names one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import Any, Final

from amends.core.saying import pence as said_in_pence

NOTHING: Final = Decimal(0)
PENNY: Final = Decimal("0.01")
MOST: Final = Decimal(10_000_000)
"""Pounds above which a price or a sum is a slip of the pen."""


class Rounding(StrEnum):
    """How a part of a penny is settled, in the words that stand under a sum."""

    UP = "Parts of a penny are rounded up to the next whole penny, in your favour."
    DOWN = "Parts of a penny are rounded down to a whole penny, in your favour."
    NONE = "No part of a penny had to be rounded."


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with something that a person typed: which field, what, the clause or rule, how to mend it."""

    field: str
    """The name of the field: `price`, `starts`; with a row of several, `outages 2 starts`."""
    what: str
    clause: str
    mend: str

    def __str__(self) -> str:
        return f"{self.what} ({self.clause}). {self.mend}"


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the arithmetic: words, and what it adds in exact pounds; None where it only explains."""

    words: str
    pounds: Decimal | None = None

    def said(self) -> str:
        """The line with its amount: "5 days at £10.34 a day: £51.70". Parts of a penny are shown, to a hundredth."""
        # What a person typed may end in a full stop of its own.
        return self.words if self.pounds is None else f"{self.words.rstrip(' .')}: {in_pounds(self.pounds)}"


@dataclass(frozen=True, slots=True)
class Sum:
    """What something comes to, how that was worked out, and which clause or rule it rests on."""

    pence: int
    lines: tuple[Line, ...]
    rounding: Rounding
    clause: str

    def said(self) -> tuple[str, ...]:
        """The whole arithmetic, a line each, the total last."""
        rounded = () if self.rounding is Rounding.NONE else (str(self.rounding),)
        return (*(line.said() for line in self.lines), *rounded, f"Total: {said_in_pence(self.pence)}")

    def to_json(self) -> dict[str, Any]:
        """The sum as it is kept with an award."""
        lines = [[x.words, None if x.pounds is None else str(x.pounds)] for x in self.lines]
        return {"pence": self.pence, "lines": lines, "rounding": self.rounding.name, "clause": self.clause}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Sum:
        """The sum that was kept. Raises KeyError, ValueError or TypeError for anything else."""
        lines = tuple(Line(w, None if p is None else Decimal(p)) for w, p in kept["lines"])
        return cls(int(kept["pence"]), lines, Rounding[kept["rounding"]], str(kept["clause"]))


def paid(lines: Sequence[Line], clause: str, most: Decimal | None = None, most_words: str = "") -> Sum:
    """What we pay: the lines together, never below nothing, never above `most`, rounded up to a whole penny.

    `most_words` say why there is a most; they become a line where it bites.
    """
    return _closed(list(lines), clause, Rounding.UP, ROUND_CEILING, most, most_words)


def charged(lines: Sequence[Line], clause: str, most: Decimal | None = None, most_words: str = "") -> Sum:
    """What we charge: the lines together, never below nothing, never above `most`, rounded down to a whole penny."""
    return _closed(list(lines), clause, Rounding.DOWN, ROUND_FLOOR, most, most_words)


def _closed(
    lines: list[Line], clause: str, rule: Rounding, rounded: str, most: Decimal | None, most_words: str
) -> Sum:
    total = sum((line.pounds for line in lines if line.pounds is not None), NOTHING)
    if total < NOTHING:
        lines.append(Line("It is never less than nothing", -total))
        total = NOTHING
    whole = total.quantize(PENNY, rounding=rounded)
    if most is not None and whole > most:
        # A most is what was paid, in whole pence: it holds before and after rounding.
        lines.append(Line(most_words, most - total))
        whole = total = most
    return Sum(int(whole * 100), tuple(lines), rule if whole != total else Rounding.NONE, clause)


def in_pounds(pounds: Decimal) -> str:
    """An exact sum as people read it: "£12.50", "-£3.20"; where it is no whole number of pence, "£0.6849" to a hundredth."""
    whole = pounds.quantize(PENNY)
    if whole == pounds:
        return said_in_pence(int(whole * 100))
    fine = abs(pounds).quantize(Decimal("0.0001"))
    return f"{'-' if pounds < 0 else ''}£{fine:,}"


def price_mistakes(field: str, price: Decimal, clause: str) -> tuple[Mistake, ...]:
    """What is wrong with a price: below nothing, with parts of a penny that nobody can pay, or absurd."""
    if not price.is_finite() or price < NOTHING:
        return (
            Mistake(field, "A price cannot be less than nothing", clause, "Give it in pounds and pence."),
        )
    if price > MOST:
        return (
            Mistake(field, f"A price above £{MOST:,} is no price of a service", clause, "Look at it again."),
        )
    if price != price.quantize(PENNY):
        return (Mistake(field, "A price is in whole pence", clause, "Give it in pounds and pence."),)
    return ()
