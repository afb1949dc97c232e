"""Who decides what alone, and how a request for a decision is made where somebody may not.

Deadlock is a manager's or director's to declare (CH-11). Money, more time and other dates of receipt are anybody's who
works on the case, up to the limits that the provider has set for each role. What is over a limit waits: nothing of it is
done, and no clock of the law waits with it.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from amends.core import facts as f
from amends.core.calendar import DAY, UnknownDay, london_date
from amends.core.code import RedressKind
from amends.core.may import MANAGERS, Refusal
from amends.desk.limits import What, limit_for

if TYPE_CHECKING:
    from amends.core.clocks import Clock
    from amends.core.rulebook import Rulebook
    from amends.desk.actions import Actor
    from amends.desk.record import CaseInHand

COMPENSATION: Final = "compensation"
DEADLOCK: Final = "deadlock"
EXTENSION: Final = "extension"
BACKDATING: Final = "back-dating"
ESCALATION: Final = "escalation"
AWARD: Final = "award"
"""An award on a case that has no outcome: a late move."""
CONTACT: Final = "contact"
"""Among the details of a back-dating: the contact whose receipt it is about."""


def alone(provider: str, by: Actor, what: What, amount: int) -> bool:
    """Whether whoever acts may do so much of this without anybody else. The desk and the customer ask nobody."""
    if amount <= 0 or by.is_customer or by.id == f.SYSTEM:
        return True
    most = limit_for(provider, (by.role,), what)
    return most is None or amount <= most


def money(award: bool) -> What:  # noqa: FBT001 - it names which of two limits counts
    """On which limit a sum counts: compensation on one, what gives back a charge on another."""
    return What.AWARD if award else What.CREDIT


def decides(by: Actor) -> bool:
    """Whether somebody is asked for decisions at all."""
    return by.role in MANAGERS


def ask(
    hand: CaseInHand, by: Actor, now: datetime,
    *, deed: str, clause: str, why: str, amount: int = 0, role: str = "", **details: str | int,
) -> Refusal | None:  # fmt: skip
    """Let something wait for a decision: nothing of it is done yet. The same thing waits once; each contact is a thing."""
    if any(
        a.waits and a.deed == deed and asked_for(a.details).get(CONTACT) == details.get(CONTACT)
        for a in hand.case.approvals
    ):
        return Refusal(
            "That has been asked for already, and waits for a decision", clause, "Wait for it, or take it back first."
        )  # fmt: skip
    hand.add(
        f.ApprovalAsked(
            at=now, logged=now, by=by.id, approval=uuid4().hex[:12], deed=deed, clause=clause, amount=amount, role=role,
            details=json.dumps(details, ensure_ascii=False, sort_keys=True), why=why,
        )
    )  # fmt: skip
    return None


def asked_for(details: str) -> dict[str, Any]:
    """What a request would do, as it was written down; empty where its words were erased."""
    found: dict[str, Any] = json.loads(details) if details else {}
    return found


def money_clause(book: Rulebook) -> str:
    """The code's clause on compensation; where it has none, that of any case's evidence."""
    said = book.code.redress if book.code else ()
    return next((r.id for r in said if r.kind is RedressKind.COMPENSATION), "A-evidence")


def working_days_of(clock: Clock, until: datetime, now: datetime, book: Rulebook) -> int:
    """By how many working days an extension moves a promise; days where its calendar does not reach so far."""
    day, last, count = london_date(clock.due or now), london_date(until), 0
    try:
        while day < last:
            day += DAY
            count += book.calendar.is_working_day(day)
    except UnknownDay:
        return (last - london_date(clock.due or now)).days
    return count


def days_apart(one: datetime, other: datetime) -> int:
    """How many calendar days lie between two moments, whichever is the earlier."""
    return abs((london_date(one) - london_date(other)).days)
