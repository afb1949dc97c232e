"""A number or a text of the law with the days on which it holds, and how sure we are of it.

A look-up answers inside the days that are known and refuses outside them: there is no fall back to the last
row, and the day that governs is always named by whoever asks (never "today").
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Generic, Literal, TypeVar

Confidence = Literal["P", "S", "I", "R"]
"""P: seen in a primary text. S: in a secondary one. I: inferred from those. R: recalled, no source seen."""

T_co = TypeVar("T_co", covariant=True)

_DAY = timedelta(days=1)


def in_words(day: date) -> str:
    """The day as people write it: 8 April 2026."""
    return f"{day.day} {day:%B %Y}"


class NotKnown(LookupError):
    """Somebody asked for a day on which the value is not known. Nothing is answered in its place."""

    def __init__(self, name: str, day: date, known: str, *, not_yet: bool) -> None:
        super().__init__(f"{name} is not known for {in_words(day)}: {known}.")
        self.name = name
        self.day = day
        self.not_yet = not_yet
        """True where the day lies before the rule began, so that nothing was owed under it."""


@dataclass(frozen=True, slots=True)
class Dated(Generic[T_co]):
    """One value, the days on which it holds, the rule that it stands in, and the sources of that rule."""

    value: T_co
    start: date | None
    """The first day; None where no source gives it."""
    end: date | None
    """The last day, inclusive; None while the value stands."""
    rule: str
    """The id of the rule in docs/regulation.md, such as ``CH-08``."""
    confidence: Confidence
    sources: tuple[str, ...] = ()
    """Ids of `Law.sources`, such as ``S06``."""
    note: str = ""
    expected: bool = False
    """Whether a day of this entry is expected and not yet published."""

    @property
    def verified(self) -> bool:
        """Whether any source was seen. What is not verified warns and never fails anything."""
        return self.confidence != "R"


@dataclass(frozen=True, slots=True)
class Series(Generic[T_co]):
    """A value through time. Entries stand in the order of their days and never overlap.

    Raises ValueError where they do, or where a series whose first day is not known does not say from which
    day on it answers.
    """

    name: str
    unit: str
    entries: tuple[Dated[T_co], ...]
    says: str = ""
    """The rule in plain words."""
    governed_by: str = ""
    """Which day to ask for, in words."""
    answers_from: date | None = None
    """The first day that is answered, where the start of the first entry is not known."""
    _starts: tuple[date, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", self._checked_starts())

    def _checked_starts(self) -> tuple[date, ...]:
        if not self.entries:
            raise ValueError(f"{self.name} has no entry")
        first = self.entries[0].start or self.answers_from
        if first is None:
            raise ValueError(f"{self.name} does not say from which day on it answers")
        starts = [first]
        for earlier, later in pairwise(self.entries):
            if later.start is None or earlier.end is None or later.start <= earlier.end:
                raise ValueError(f"{self.name} has entries out of order, overlapping or without days")
            starts.append(later.start)
        for start, entry in zip(starts, self.entries, strict=True):
            if entry.end is not None and entry.end < start:
                raise ValueError(f"{self.name} has an entry that ends before it starts")
        return tuple(starts)

    @property
    def first(self) -> date:
        """The first day that is answered."""
        return self._starts[0]

    @property
    def last(self) -> date | None:
        """The last day that is answered; None while the newest value stands."""
        return self.entries[-1].end

    def find(self, day: date) -> Dated[T_co] | None:
        """The entry of this day, or None where it is not known."""
        place = bisect_right(self._starts, day) - 1
        if place < 0:
            return None
        entry = self.entries[place]
        return entry if entry.end is None or day <= entry.end else None

    def on(self, day: date) -> Dated[T_co]:
        """The entry of this day. Raises `NotKnown` outside the days that are known, gaps included."""
        entry = self.find(day)
        if entry is None:
            not_yet = day < self.first and self.entries[0].start is not None
            raise NotKnown(self.name, day, self._known(), not_yet=not_yet)
        return entry

    def _known(self) -> str:
        """The days that are known, in words; entries that follow each other are one span."""
        spans: list[tuple[date, date | None]] = []
        for start, entry in zip(self._starts, self.entries, strict=True):
            if spans and spans[-1][1] is not None and spans[-1][1] + _DAY == start:
                spans[-1] = (spans[-1][0], entry.end)
            else:
                spans.append((start, entry.end))
        said = (f"{in_words(a)} to {in_words(b)}" if b else f"{in_words(a)} on" for a, b in spans)
        return "it is known from " + ", and from ".join(said)
