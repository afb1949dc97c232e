"""Whether a number can move to another provider or from one: rules by range and by partner, the narrowest of them first.

N-port-out: a number moves wherever that can be done, so that a refusal has its technical reason. N-port-deals: with many
providers there are agreements. N-port-in: whether a number can come is answered on request. Where nobody has written a
rule down nothing is refused: a person finds out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from amends.core import saying
from amends.core.care import steps
from amends.core.kinds import PROMISED, CaseKind
from amends.core.may import Refusal
from amends.core.redress import porting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amends.core.case import Case
    from amends.core.rulebook import Rulebook

LONGEST: Final = 15
"""Digits of the longest number of the world (E.164)."""
OURS: Final = "ours"
"""Whose doing a delay was, where it was the provider's."""


class Way(StrEnum):
    """Where a number moves."""

    AWAY = "away from us"
    HERE = "to us"


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for numbers that begin so, on the days from `since` until before `until`."""

    start: str
    """The digits with which they begin, in international form without the plus."""
    moves: bool
    why: str
    """The technical reason, where they do not move; else the agreement, if there is one."""
    way: Way | None = None
    """None where it holds both ways."""
    partner: str = ""
    """The other provider; empty where it holds with any."""
    since: date | None = None
    until: date | None = None

    def holds(self, way: Way, partner: str, day: date) -> bool:
        """Whether it is about such a move at all, whichever number."""
        return (
            self.way in (None, way)
            and (not self.partner or called(self.partner) == called(partner))
            and (self.since is None or self.since <= day)
            and (self.until is None or day < self.until)
        )

    @property
    def rank(self) -> tuple[int, bool, bool, bool]:
        """The higher, the narrower: the longer beginning, then the named partner, the one way, and then the cautious one."""
        return len(self.start), bool(self.partner), self.way is not None, not self.moves


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of numbers from the first to the last, both included. `moves` is None where no rule speaks of them."""

    first: int
    last: int
    moves: bool | None
    why: str = ""


def called(name: str) -> str:
    """A provider's name as two writings of it are compared."""
    return " ".join(name.casefold().replace(".", " ").replace(",", " ").split())


def answers(
    first: int, last: int, way: Way, partner: str, day: date, rules: Sequence[Rule]
) -> tuple[Answer, ...]:
    """What is known of each of these numbers, those with one answer together, in their order."""
    held = sorted((r for r in rules if r.holds(way, partner, day)), key=lambda r: r.rank, reverse=True)
    edges = sorted({first, *(edge for r in held for edge in _span(r, first) if first < edge <= last)})
    found: list[Answer] = []
    for place, from_ in enumerate(edges):
        to = edges[place + 1] - 1 if place + 1 < len(edges) else last
        rule = next((r for r in held if str(from_).startswith(r.start)), None)
        moves, why = (rule.moves, rule.why) if rule else (None, "")
        if found and (found[-1].moves, found[-1].why) == (moves, why):
            found[-1] = Answer(found[-1].first, to, moves, why)
        else:
            found.append(Answer(from_, to, moves, why))
    return tuple(found)


def _span(rule: Rule, like: int) -> tuple[int, int]:
    """The first number of the rule, and the first one after it, among numbers as long as this one."""
    missing = len(str(like)) - len(rule.start)
    if missing < 0:
        return like, like
    return int(rule.start) * 10**missing, (int(rule.start) + 1) * 10**missing


def clause(book: Rulebook) -> str:
    """The clause of the code that is about moving numbers; the rule of law where the code has none."""
    owe = PROMISED[CaseKind.PORT][1]
    return next((p.clause for p in (book.code.promises if book.code else ()) if p.owe is owe), "SW-09")


def unmovable(found: Sequence[tuple[str, Answer]], book: Rulebook) -> Refusal | None:
    """Why these numbers cannot be given a day, naming each that does not move; None where every one may."""
    no = [
        f"{shown} cannot move: {answer.why.rstrip('.')}" for shown, answer in found if answer.moves is False
    ]
    if not no:
        return None
    return Refusal(
        "; ".join(no), clause(book),
        "Take it out of the particulars, or tell the customer and say that the steps are not needed.",
    )  # fmt: skip


def delay(given: Mapping[str, str], today: date) -> porting.Delay | None:
    """How late the numbers of a case are on a day; None while no day is agreed."""
    port = agreed(given)
    return porting.delay(port, today) if port else None


def agreed(given: Mapping[str, str]) -> porting.Port | None:
    """The move as it was agreed, and as it went; None while no day is agreed."""
    if not given.get("agreed"):
        return None
    moved = date.fromisoformat(given["moved"]) if given.get("moved") else None
    return porting.Port(date.fromisoformat(given["agreed"]), moved, given.get("doing", OURS) == OURS)


def days_are_right(case: Case, book: Rulebook, given: Mapping[str, str], today: date) -> Refusal | None:
    """Whether the days of a move can be: agreed for a day to come, moved on one that was, late by somebody's doing."""
    before = steps.given(case).get("agreed")
    port = agreed(given)
    if port is None:
        return None
    rule = clause(book)
    if port.moved is None and port.promised < today and port.promised.isoformat() != before:
        return Refusal(f"{saying.day(port.promised)} is over", rule, "Agree on a day that is still to come.")
    if port.moved is not None and port.moved > today:
        return Refusal(f"{saying.day(port.moved)} is still to come", rule, "Give the day on which it moved.")
    late = porting.delay(port, today)
    if port.moved is not None and late.days and not given.get("doing"):
        counted = saying.counted(late.days, "day")
        return Refusal(f"It moved {counted} late", rule, "Say whose doing the delay was.")
    return None
