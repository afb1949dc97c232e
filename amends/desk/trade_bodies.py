"""What people write down of a trade body that the code names: that the customer raised it there, and what it said.

S-ispa, AD-01: it reviews apart from us and is no approved scheme. No clock hears of it (`core/trade_body.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core import facts as f
from amends.core import trade_body
from amends.core.may import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from amends.desk.actions import Actor
    from amends.desk.record import CaseInHand


def raised(
    hand: CaseInHand, by: Actor, now: datetime, *, body: str, at: datetime, number: str = ""
) -> Refusal | None:
    """The customer raised it with this trade body on this day."""
    refusal = trade_body.may_raise(hand.case, hand.book) or trade_body.at_fits(
        at, hand.case.first_received, now
    )
    if refusal is not None:
        return refusal
    if body not in {stage.role for stage in trade_body.named(hand.book)}:
        return Refusal("The code names no such body", "AD-01", "Choose one of those shown.")
    hand.add(f.TradeBodyAsked(at=at, logged=now, by=by.id, body=body, number=number.strip()))
    return None


def said(hand: CaseInHand, by: Actor, now: datetime, *, at: datetime, words: str) -> Refusal | None:
    """The trade body told us what it thinks. It binds nobody, and may be reason enough to think again."""
    waits = trade_body.looking(hand.case)
    refusal = trade_body.may_answer(hand.case) or trade_body.at_fits(at, waits.at if waits else None, now)
    if refusal is not None:
        return refusal
    if not words.strip():
        return Refusal("It must stand on the case what it said", "A-evidence", "Write it in a few words.")
    assert waits is not None
    hand.add(f.TradeBodySaid(at=at, logged=now, by=by.id, body=waits.body, words=words.strip()))
    return None
