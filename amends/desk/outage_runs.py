"""Takes the turns of what was ordered for all cases of an outage: each case in a transaction of its own (S-outage).

A turn is done in the transaction that does it. So whoever is killed halfway has either done a case or not begun it, and
the next worker goes on behind the last that stands: nobody is written twice, and nothing is refunded twice. Letters of a
run leave in the lane of bulk mail, behind every letter of the law, acknowledgement and reply.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db import InterfaceError, OperationalError, transaction

from amends.core import awards, may, outage, saying
from amends.core import facts as f
from amends.core.awards import AwardKind, Basis
from amends.core.letters.letter import BULK
from amends.core.redress import refund
from amends.core.redress.sums import Sum
from amends.core.ways import ways
from amends.desk import actions, alarms, outages, paid_before, powers, redress, refunds
from amends.desk.actions import Actor
from amends.desk.models import Outage, OutageRun, OutageTurn
from amends.desk.outages import DONE, END, NOT_DONE, REFUND, UPDATE, WAITING
from amends.desk.record import LetterMissing, docket
from amends.desk.redress import Given

if TYPE_CHECKING:
    from amends.core.case import Case
    from amends.core.rulebook import Rulebook
    from amends.desk.record import CaseInHand, Docket

log = logging.getLogger(__name__)

AT_ONCE: Final = 200
"""Turns of one tick: the next tick comes soon, and what is due by the law is never behind a thousand of them."""
LETTERS: Final = {UPDATE: "outage-update", END: "outage-end"}
OVER: Final = "wait in Decide: over the limit"
STOPPED: Final = "outage run stopped"


class NotDone(Exception):
    """A turn cannot be done, for this reason: nothing of it was."""


def work(now: datetime, *, most: int = AT_ONCE) -> int:
    """Take turns that wait, the oldest first; how many were taken."""
    waiting = OutageTurn.objects.filter(state=WAITING).order_by("pk")
    chosen = list(waiting.select_related("run__outage").defer("result")[:most])
    return sum(_take(turn, now) for turn in chosen)


def _take(turn: OutageTurn, now: datetime) -> bool:
    """Take one turn, with whatever comes of it; False where somebody else has taken it."""
    try:
        with transaction.atomic(), docket(turn.case_id, now=now) as held:
            # Under the lock of its case: a second worker that chose the same turn sees it done.
            if not OutageTurn.objects.filter(pk=turn.pk, state=WAITING).exists():
                return False
            result, pence = do(held, held.cases[turn.case_id], turn.run, now)
            _settled(turn, DONE, result, now, pence)
    except (NotDone, LetterMissing) as cannot:
        _settled(turn, NOT_DONE, str(cannot), now)
    except (OperationalError, InterfaceError):
        # The database itself is gone or busy: that is no fault of this case, and is told where the tick is.
        raise
    except Exception as fault:
        # One case on which the program fails must not stop the others.
        log.exception("turn %s of outage run %s failed", turn.pk, turn.run_id)
        _settled(turn, NOT_DONE, f"A fault of ours: {type(fault).__name__}", now)
        text = f"{turn.case.reference}: {turn.run.kind} of outage {turn.run.outage.number}: {alarms.fault(fault)}"
        about = f"{turn.provider_id}/{turn.pk}"
        alarms.raise_all(
            [alarms.alarm(STOPPED, about, text, "A case of an outage was passed by", now, turn.provider_id)]
        )
    return True


def _settled(turn: OutageTurn, state: str, result: str, now: datetime, pence: int = 0) -> None:
    OutageTurn.objects.filter(pk=turn.pk, state=WAITING).update(
        state=state, result=result[:500], pence=pence, done_at=now
    )


def do(held: Docket, hand: CaseInHand, run: OutageRun, now: datetime) -> tuple[str, int]:
    """Do what a run orders for one case; what was done, and the sum. Raises NotDone where it cannot be."""
    if hand.case.merged_into is not None:
        raise NotDone(f"It goes on as {hand.case.merged_into.reference}: link that case")
    if not any(o.outage == run.outage.number for o in hand.case.outages):
        raise NotDone("It was taken off the outage meanwhile")
    if run.kind == REFUND:
        return _refund(held, hand, run, now)
    return _tell(held, hand, run, now), 0


def _tell(held: Docket, hand: CaseInHand, run: OutageRun, now: datetime) -> str:
    refusal = may.act(hand.case) or may.write_to(hand.case)
    if refusal is not None:
        raise NotDone(f"{refusal.what}. {refusal.mend}")
    if run.kind == UPDATE and run.outage.until is not None:
        raise NotDone("The outage is over meanwhile: tell its end")
    name = LETTERS[run.kind]
    way = ways(hand.case, name)[0]
    key = held.write(
        hand, name, channel=way.channel, to=way.to, free_text=run.words, extra=extra(run.outage), by=run.by,
        why=f"outage {run.outage.number}",
    )  # fmt: skip
    hand.add(
        f.OutageTold(at=now, logged=now, by=run.by, outage=run.outage.number, run=run.number, letter=key),
        actions.made(Actor(run.by), now, way.channel, "update", run.words, key),
    )
    # Not in which format: that tells of somebody's health, and this row is not erased.
    return f"By {way.channel}"


def extra(row: Outage) -> dict[str, str]:
    """What a letter about an outage tells of it."""
    until = {"outage until": row.until.isoformat()} if row.until else {}
    return {"outage": row.what, "outage since": row.since.isoformat(), **until}


# --- refunds ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What an outage comes to for one case: its sum with the arithmetic, or why there is none."""

    service: str
    sum: Sum | None = None
    covers: str = ""
    because: str = ""


def reckon(case: Case, book: Rulebook, row: Outage, price_pence: int | None) -> Reckoned:
    """Work the refund of an outage out for one case, less all that was refunded before for that service."""
    mine = next((o.service for o in case.outages if o.outage == row.number), "")
    service = mine or outages.service_said(case, row)
    if row.until is None:
        return Reckoned(service, because="The outage is not over")
    known = refunds.service_of(case)
    pence, per = (known.price_pence or 0, known.price_per) if known else (0, "")
    bills = outage.paid_for(service, pence, per, row.since, row.until)
    if not bills and price_pence:
        bills = outage.paid_for(service, price_pence, "month", row.since, row.until)
    if not bills:
        return Reckoned(service, because="It is not known what they pay a month for it")
    clause = awards.paid_clause(book, AwardKind.REFUND)
    spans, before = [refund.Outage(service, row.since, row.until)], refunds.before(case, service)
    found = refund.refund(spans, bills, clause, before)
    if not isinstance(found, Sum):
        return Reckoned(service, because=str(found[0]))
    if not found.pence:
        return Reckoned(service, found, because="All of that time was refunded before")
    left = refund.unpaid(spans, before)
    covers = [[x.service, x.starts.isoformat(), x.ends.isoformat()] for x in left]
    return Reckoned(service, found, json.dumps(covers))


def _refund(held: Docket, hand: CaseInHand, run: OutageRun, now: datetime) -> tuple[str, int]:
    paid_before.hold(hand)
    reckoned = reckon(hand.case, hand.book, run.outage, run.price_pence)
    if reckoned.because or reckoned.sum is None:
        raise NotDone(reckoned.because)
    if hand.case.closed is not None and not hand.case.care:
        raise NotDone("The complaint is closed. Reopen it first: its dates stand as they were.")
    by = Actor(run.by, run.name, run.role)
    words = f"Refund of {reckoned.service} for the time without it (outage {run.outage.number})"
    given = Given(
        AwardKind.REFUND, Basis.GOODWILL if run.beyond_control else Basis.REFUND, words, reckoned.sum,
        beyond_control=run.beyond_control, looked_at=run.looked_at, covers=reckoned.covers,
    )  # fmt: skip
    alone = hand.case.open_outcome is None and not awards.prepared(hand.case)
    refusal = redress.prepare(hand, by, now, given)
    if refusal is not None:
        raise NotDone(f"{refusal.what}. {refusal.mend}")
    said = saying.pence(reckoned.sum.pence)
    if hand.case.care:
        return f"{said} {_owed(held, hand)}", reckoned.sum.pence
    if not alone:
        return f"{said} are part of the next outcome", reckoned.sum.pence
    return f"{said} {_offered(held, hand, by, now, run)}", reckoned.sum.pence


def _owed(held: Docket, hand: CaseInHand) -> str:
    """A case that is no complaint has no outcome: it is owed at once, or somebody with a higher limit agrees first."""
    if any(a.waits and a.deed == powers.AWARD for a in hand.case.approvals):
        return OVER
    redress.note(held, hand, hand.case.awards[-1], lane=BULK)
    return "owed"


def _offered(held: Docket, hand: CaseInHand, by: Actor, now: datetime, run: OutageRun) -> str:
    """On a complaint it is offered in an outcome that leaves now, or with the next where none can."""
    refusal = actions.propose(held, hand, by, now, words=run.words, lane=BULK)
    if refusal is not None:
        return f"are part of the next outcome: {refusal.what}"
    if any(a.waits and a.deed == powers.COMPENSATION for a in hand.case.approvals):
        return OVER
    return "offered"
