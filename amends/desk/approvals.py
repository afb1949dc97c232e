"""Answering what waits for a decision: agreed to, it is done at once; refused, its reason stands beside it.

Nobody decides about what they asked for themselves, but may take it back; nor, while somebody else may, about what was
asked by whoever they let in lately (`let_in`). What is over the limit of whoever agrees too waits for a second person. An
escalation is the customer's by the code: it is taken by somebody, and never refused.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from amends.core import facts as f
from amends.core.awards import Basis
from amends.core.citing import Cited
from amends.core.effects import effects
from amends.core.may import MANAGERS, Refusal
from amends.core.rulebook import Rulebook
from amends.desk import actions, let_in, powers, redress, stage_roles
from amends.desk.actions import Actor
from amends.desk.limits import What
from amends.desk.models import RoleName
from amends.desk.stage_roles import Filled

if TYPE_CHECKING:
    from amends.core.case import Approval, Case
    from amends.desk.record import CaseInHand, Docket

_LIMITED: Final = {powers.EXTENSION: What.EXTENSION, powers.BACKDATING: What.BACKDATING}
DECIDES: Final = frozenset(RoleName(role) for role in MANAGERS)
"""The roles that decide about a request."""
ERASED: Final = Refusal("What was asked for has been erased", "A-evidence", "It can only be refused.")


def may_answer(asked: Approval | None, by: Actor, *, agree: bool, filled: Filled) -> Refusal | None:
    """Whether this person may decide about a request, or take it back. Who fills a role takes what climbs to it."""
    if asked is None or not asked.waits:
        return Refusal(
            "Nothing waits for that decision", "A-evidence", "Somebody may have decided meanwhile."
        )
    if asked.deed == powers.ESCALATION and not agree:
        return Refusal(
            "An escalation is not refused: the code gives it to the customer", asked.clause,
            "Take the case, and give it to whoever deals with it.",
        )  # fmt: skip
    mine = by.id == asked.by and asked.deed != powers.ESCALATION
    if mine and not agree:
        return None
    if not powers.decides(by) and not is_for(asked, by, filled):
        return Refusal("A manager or a director decides that", asked.clause, "Ask one of them.")
    if mine:
        return Refusal("Nobody approves what they asked for themselves", asked.clause, "Ask a colleague.")
    if any(yes.by == by.id for yes in asked.given):
        return Refusal("You have agreed already: it takes a second person", asked.clause, "Ask a colleague.")
    return None


def is_for(asked: Approval, by: Actor, filled: Filled) -> bool:
    """Whether a request is an escalation to a role of the code that this person fills."""
    return asked.deed == powers.ESCALATION and stage_roles.fills(filled, asked.role, by.id)


def answer(
    docket: Docket, hand: CaseInHand, by: Actor, now: datetime, *, approval: str, agree: bool, why: str = ""
) -> Refusal | None:
    """Decide about a request. Where it is agreed to and nobody else must, what was asked is done in the same breath.

    On a refusal its caller lets nothing of it be.
    """
    asked = next((a for a in hand.case.approvals if a.id == approval), None)
    refusal = may_answer(asked, by, agree=agree, filled=stage_roles.filled(hand.provider))
    if refusal is not None or asked is None:
        return refusal
    if not agree:
        if not why.strip() and by.id != asked.by:
            return Refusal(
                "A refusal needs its reason", asked.clause, "Write why not: whoever asked reads it."
            )
        hand.add(f.ApprovalRefused(at=now, logged=now, by=by.id, approval=approval, why=why))
        return None
    if asked.deed != powers.ESCALATION:
        behind = {asked.by, *(yes.by for yes in asked.given)}
        me = let_in.second(hand.provider.pk, by.id, now, DECIDES)
        if (near := me.refused(behind, asked.clause)) is not None:
            return near
        if me.too_near(behind):
            let_in.written_down(hand.row, by.id, now, asked.by)
    final = bool(asked.given) or _reaches(hand, asked, by)
    hand.add(f.ApprovalGiven(at=now, logged=now, by=by.id, approval=approval, final=final, why=why))
    return _carry_out(docket, hand, asked, by, now) if final else None


def _reaches(hand: CaseInHand, asked: Approval, by: Actor) -> bool:
    """Whether the limit of whoever agrees reaches so far that no second person must agree."""
    what = _LIMITED.get(asked.deed)
    if asked.deed == powers.COMPENSATION:
        what = powers.money(bool(powers.asked_for(asked.details).get("award")))
    if asked.deed == powers.AWARD:
        what = powers.money(powers.asked_for(asked.details).get("basis") != Basis.REFUND)
    return what is None or powers.alone(hand.provider.pk, by, what, asked.amount)


def _carry_out(docket: Docket, hand: CaseInHand, asked: Approval, by: Actor, now: datetime) -> Refusal | None:
    if asked.deed == powers.ESCALATION:
        return None if hand.case.handler == by.id else actions.assign(hand, by, now, handler=by)
    said, asker = powers.asked_for(asked.details), Actor(asked.by)
    if not said:
        return ERASED
    if asked.deed == powers.COMPENSATION:
        return actions.propose(
            docket, hand, asker, now, words=said["words"], award=said["award"], given=redress.asked(hand, said),
            approved=True, cited=_cited(said),
        )  # fmt: skip
    if asked.deed == powers.AWARD:
        refusal = redress.prepare(hand, asker, now, redress.waited(said), approved=True)
        if refusal is None:
            # No outcome tells it on such a case: the customer reads it as it comes to be owed.
            redress.note(docket, hand, hand.case.awards[-1])
        return refusal
    if asked.deed == powers.DEADLOCK:
        return actions.declare_deadlock(hand, by, now, position=said["position"])
    if asked.deed == powers.EXTENSION:
        until = datetime.fromisoformat(said["until"])
        return actions.extend(
            docket, hand, asker, now, clock=said["clock"], until=until, why=asked.why, approved=True
        )
    received = datetime.fromisoformat(said["received"])
    return actions.correct_receipt(
        hand, asker, now, contact=said["contact"], received=received, why=asked.why, approved=True
    )


def _cited(said: dict[str, Any]) -> Cited:
    """The reasons of an outcome that waited; one that was asked for before it could have any has none."""
    clauses = tuple(said.get("cites", "").split())
    return Cited(clauses, said.get("because", ""), said.get("fault_owner", ""))


def would_do(case: Case, book: Rulebook, asked: Approval, now: datetime) -> tuple[str, ...]:
    """What agreeing would do to the dates of the case, each in a sentence; empty where it moves none."""
    said: dict[str, Any] = powers.asked_for(asked.details)
    if not said:
        return ()
    fact: f.Fact
    if asked.deed == powers.EXTENSION:
        until = datetime.fromisoformat(said["until"])
        fact = f.PromiseExtended(at=now, logged=now, by=asked.by, clock=said["clock"], until=until)
    elif asked.deed == powers.BACKDATING:
        received = datetime.fromisoformat(said["received"])
        fact = f.ReceiptCorrected(at=now, logged=now, by=asked.by, contact=said["contact"], received=received)
        # The law's day counts from it while it waits: what agreeing does is told beside what refusing would.
        case = replace(case, approvals=tuple(a for a in case.approvals if a.id != asked.id))
    elif asked.deed == powers.DEADLOCK:
        fact = f.DeadlockDeclared(at=now, logged=now, by=asked.by)
    elif asked.deed == powers.COMPENSATION:
        fact = f.OutcomeProposed(at=now, logged=now, by=asked.by, outcome="asked", channel="email")
    else:
        return ()
    return effects(case, book, fact)
