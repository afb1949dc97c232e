"""The second person: leaving out an ADR letter is asked for by one and agreed to by another (R-09).

The request stands in the audit, its reason as a note on the case, where it can be erased like any words about a person.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from amends.core import facts as f
from amends.core import may
from amends.core.may import Refusal
from amends.desk import actions, ledger, let_in
from amends.desk.access import WORKS_ON_CASES
from amends.desk.actions import Actor
from amends.desk.models import AuditEntry, CaseRow

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand

ASKED: Final = "adr exception asked"
DECIDED: Final = "adr exception decided"
NOTE: Final = "Asks to leave out the ADR letter"


def waiting(row: CaseRow) -> tuple[str, str] | None:
    """Who asked (id) and which exception, where a request on this case waits for a second person."""
    last = (
        AuditEntry.objects.filter(provider=row.provider_id, what__in=(ASKED, DECIDED), detail__case=row.pk)
        .order_by("-id")
        .first()
    )
    return (last.by, str(last.detail["exception"])) if last is not None and last.what == ASKED else None


def reason(facts: list[f.Fact]) -> str:
    """Why the last request on a case was made, as its note tells; empty where that was erased or never was."""
    notes = (x.words for x in reversed(facts) if isinstance(x, f.NoteAdded) and x.words.startswith(NOTE))
    return next(notes, "")


def ask(hand: CaseInHand, by: Actor, now: datetime, *, exception: str, why: str) -> Refusal | None:
    """Ask a second person to agree. Until they do, the letter stays due."""
    refusal = may.except_adr(hand.case, hand.book, exception, by.id, "somebody else", why)
    if refusal is None:
        hand.add(f.NoteAdded(at=now, logged=now, by=by.id, words=f"{NOTE} ({exception}): {why}"))
        _audit(hand.row, ASKED, by, now, exception)
    return refusal


def decide(hand: CaseInHand, by: Actor, now: datetime, *, agree: bool) -> Refusal | None:
    """The second person agrees, and no letter leaves; or does not, and it stays due."""
    asked = waiting(hand.row)
    if asked is None:
        return Refusal("Nobody has asked to leave out the ADR letter", "R-09", "Ask first.")
    first, exception = asked
    if not agree:
        if first == by.id:
            return Refusal("You asked for it yourself: it takes two people", "R-09", "Ask a colleague.")
        hand.add(
            f.NoteAdded(
                at=now,
                logged=now,
                by=by.id,
                words=f"Does not agree to leave out the ADR letter ({exception}).",
            )
        )
        _audit(hand.row, DECIDED, by, now, exception)
        return None
    me = let_in.second(hand.row.provider_id, by.id, now, WORKS_ON_CASES)
    if (near := me.refused((first,), "R-09")) is not None:
        return near
    if me.too_near((first,)):
        let_in.written_down(hand.row, by.id, now, first)
    why = reason([*_stored(hand), *hand.added]).removeprefix(f"{NOTE} ({exception}): ")
    refusal = actions.except_adr(hand, Actor(first), now, exception=exception, second=by.id, why=why)
    if refusal is None:
        _audit(hand.row, DECIDED, by, now, exception)
    return refusal


def _stored(hand: CaseInHand) -> list[f.Fact]:
    return ledger.load([hand.row.pk])[hand.row.pk]


def _audit(row: CaseRow, what: str, by: Actor, now: datetime, exception: str) -> None:
    AuditEntry.objects.create(
        provider_id=row.provider_id,
        at=now,
        by=by.id,
        what=what,
        detail={"case": row.pk, "exception": exception},
    )
