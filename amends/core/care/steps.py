"""Where a case stands on the steps of its kind, when a step kept its promise, and when the case is over."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from amends.core import saying
from amends.core.care import calls
from amends.core.care.declared import Sort
from amends.core.care.kinds import KINDS, declared
from amends.core.code import Period, Unit

if TYPE_CHECKING:
    from amends.core.care.declared import Declared, Particular, Step
    from amends.core.case import Case
    from amends.core.facts import StepTaken
    from amends.core.kinds import CaseKind

EVIDENCE: Final = "request carried out"
"""On what evidence such a case closes: one of `facts.EVIDENCE`."""
DONE, HELD, NOT_NEEDED = "done", "held", "not needed"
WAYS: Final = (DONE, HELD, NOT_NEEDED)
REPAIR_FIRST: Final = Period(1, Unit.WORKING_DAYS)
"""By when a fault of somebody with priority repair moves on a step (N-priority-repair): a rule of this house."""


class Standing(NamedTuple):
    """A step and what was said of it last; None while nobody has said anything."""

    step: Step
    taken: StepTaken | None

    @property
    def over(self) -> bool:
        """Whether it need not be looked at again."""
        return self.taken is not None and self.taken.how != HELD


def standing(case: Case) -> tuple[Standing, ...]:
    """Every step of the case's kind, in its order; none for a kind without steps."""
    kind = declared(case.kind)
    last = {taken.step: taken for taken in case.steps_taken}
    return tuple(Standing(step, last.get(step.name)) for step in kind.steps) if kind else ()


def following(case: Case) -> Standing | None:
    """The step that comes next; None once all are over."""
    return next((s for s in standing(case) if not s.over), None)


def kept(case: Case, kind: CaseKind, start: datetime) -> datetime | None:
    """When the step was done that keeps what is promised for this kind; None while it has not been."""
    made = declared(kind)
    if made is None or case.kind is not kind:
        return None
    last = next((t for t in reversed(case.steps_taken) if t.step == made.keeps), None)
    return max(last.at, start) if last is not None and last.how != HELD else None


def given(case: Case) -> dict[str, str]:
    """The particulars as they were given last; empty once they were erased."""
    found: dict[str, str] = json.loads(case.particulars or "{}")
    return found


def shown(case: Case) -> tuple[tuple[Particular, str], ...]:
    """The particulars that were given, in the order in which they are asked for."""
    kind, said = declared(case.kind), given(case)
    return tuple((p, said[p.name]) for p in kind.particulars if said.get(p.name)) if kind else ()


def day_of(case: Case, step: Step) -> date | None:
    """The London day on which this step is due, where one is agreed."""
    words = given(case).get(step.on, "") if step.on else ""
    return date.fromisoformat(words) if words else None


def said(particular: Particular, words: str) -> str:
    """What was given, as people read it."""
    if particular.sort is Sort.DAY:
        return saying.day(date.fromisoformat(words))
    if particular.sort is Sort.MOMENT:
        return saying.moment(datetime.fromisoformat(words))
    if particular.sort is Sort.CALLS:
        return calls.said(words)
    if particular.sort is Sort.PAYMENTS:
        parts = (line.partition(", ") for line in words.splitlines())
        return "\n".join(f"{sum_} on {saying.day(date.fromisoformat(day))}" for day, _comma, sum_ in parts)
    return f"£{words}" if particular.sort is Sort.POUNDS else words


def told(words: str) -> str:
    """Particulars as a fact keeps them, each under its question: a line each, as a story tells them."""
    found: dict[str, str] = json.loads(words or "{}")
    kind = next((k for k in KINDS.values() if _asked_by(k, set(found))), None)
    if kind is None:
        return "\n".join(f"{name.capitalize()}: {value}" for name, value in found.items())
    return "\n".join(
        f"{p.asks.rstrip('?')}: {said(p, found[p.name])}" for p in kind.particulars if p.name in found
    )


def _asked_by(kind: Declared, names: set[str]) -> bool:
    """Whether this kind asks for all of these, and gets all that it needs: no two kinds do."""
    return {p.name for p in kind.particulars if p.needed} <= names <= {p.name for p in kind.particulars}


def waits_for_answer(case: Case) -> bool:
    """Whether the customer has written since their request, and nobody has answered."""
    asked = [c for c in case.contacts if c.inbound and c.asks_answer]
    answered = max((c.at for c in case.contacts if not c.inbound and c.reached), default=None)
    return len(asked) > 1 and (answered is None or answered < asked[-1].at)


def met(case: Case) -> bool:
    """Whether a case is over by itself: every step is, and nothing else waits."""
    return (
        case.care
        and case.closed is None
        and case.reopened is None
        and bool(standing(case))
        and following(case) is None
        and not waits_for_answer(case)
        and all(s.answered is not None for s in case.suppliers)
        and all(a.settled for a in case.appointments)
    )
