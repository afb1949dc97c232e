"""What people do on a kind of case besides a complaint: open it, say what is asked, take its steps."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from amends.core import facts as f
from amends.core import may
from amends.core.calendar import london_date
from amends.core.care import steps
from amends.core.care.kinds import declared
from amends.core.clocks import Kind, clocks
from amends.core.kinds import CARE_OWES, CaseKind
from amends.core.may import Refusal
from amends.desk import actions, porting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from amends.desk.actions import Actor, NewContact
    from amends.desk.models import Provider
    from amends.desk.record import CaseInHand, Docket


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked for: the kind of case, and its particulars by their names."""

    kind: CaseKind
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """What is said of a step. `again` is for one that is held; `tell` is what the customer is written."""

    step: str
    how: str
    words: str = ""
    again: date | None = None
    tell: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    """The particulars that became known with it."""


def open_case(
    docket: Docket, provider: Provider, contact: NewContact, customer: f.CustomerKnown, by: Actor, now: datetime,
    asked: Asked, reference: str | None = None,
) -> CaseInHand:  # fmt: skip
    """A case of this kind from a first contact. It is no complaint until somebody complains: no clock of one starts."""
    counts = contact.effective or contact.received
    hand = docket.open_case(provider, counts, by=by.id, reference=reference, kind=asked.kind)
    hand.add(customer)
    first = actions.add_contact(hand, contact, by, now)
    why = f"They came with {asked.kind.said}, and were not dissatisfied."
    hand.add(
        f.ComplaintDecided(at=now, logged=now, by=by.id, contact=first, complaint=False, why=why),
        f.ParticularsGiven(
            at=hand.case.first_received or counts, logged=now, by=by.id, channel=contact.channel,
            given=json.dumps(dict(asked.given), ensure_ascii=False),
        ),
    )  # fmt: skip
    return hand


def give(hand: CaseInHand, by: Actor, now: datetime, given: Mapping[str, str]) -> Refusal | None:
    """Put the particulars right, or add to them. What the code promised counts from the request all the same."""
    refusal = may.act(hand.case) or _wrong(hand, now, given)
    if refusal is None:
        words = json.dumps(dict(given), ensure_ascii=False)
        hand.add(
            f.ParticularsGiven(at=now, logged=now, by=by.id, channel=hand.case.first_channel, given=words)
        )
    return refusal


def take_step(docket: Docket, hand: CaseInHand, by: Actor, now: datetime, taken: Taken) -> Refusal | None:
    """Say that the step that comes next is done, held or not needed; the customer is written where there are words."""
    refusal = may.act(hand.case) or _refused(hand, now, taken)
    if refusal is None and taken.tell.strip():
        refusal = may.write_to(hand.case)
    if refusal is not None:
        return refusal
    if taken.how == steps.DONE and taken.given:
        both = {**steps.given(hand.case), **taken.given}
        refusal = _wrong(hand, now, both, taken.step) or give(hand, by, now, both)
        if refusal is not None:
            return refusal
    hand.add(
        f.StepTaken(
            at=now, logged=now, by=by.id, step=taken.step, how=taken.how, words=taken.words,
            again=taken.again.isoformat() if taken.again and taken.how == steps.HELD else "",
        )
    )  # fmt: skip
    _stand_still(hand, by, now, taken)
    return (
        actions.write(docket, hand, by, now, purpose="reply", words=taken.tell)
        if taken.tell.strip()
        else None
    )


def _refused(hand: CaseInHand, now: datetime, taken: Taken) -> Refusal | None:
    following = steps.following(hand.case)
    if following is None:
        return Refusal("Every step is taken", "A-evidence", "Nothing more is needed here.")
    if taken.step != following.step.name:
        return Refusal(
            "That is not the step that comes next", "A-evidence", f"First: {following.step.does.lower()}."
        )
    if taken.how not in steps.WAYS:
        return Refusal("That is none of the answers", "A-evidence", f"One of: {', '.join(steps.WAYS)}.")
    if taken.how != steps.DONE and not taken.words.strip():
        return Refusal("A step that is not done needs its reason", "A-evidence", "Write why.")
    if taken.how == steps.HELD and (taken.again is None or taken.again <= london_date(now)):
        return Refusal(
            "What is held is looked at again on a day", "A-evidence", "Give a day that is still to come."
        )
    return None


def _wrong(hand: CaseInHand, now: datetime, given: Mapping[str, str], step: str = "") -> Refusal | None:
    """Why these particulars cannot be, whatever each of them says by itself; None where they can."""
    if hand.case.kind is CaseKind.PORT:
        return porting.wrong(hand.case, hand.book, given, london_date(now), step)
    return None


def _stand_still(hand: CaseInHand, by: Actor, now: datetime, taken: Taken) -> None:
    """What the code promises stands still only where it says so itself: while the step that it depends on is held."""
    kind = declared(hand.case.kind)
    step = kind.step(taken.step) if kind else None
    if step is None or not step.holds:
        return
    for clock in clocks(hand.case, hand.book):
        if (
            clock.kind is not Kind.PROMISE
            or CARE_OWES.get(clock.owe) is not hand.case.kind
            or not clock.running
        ):
            continue
        if taken.how == steps.HELD and not clock.paused:
            hand.add(f.PromisePaused(at=now, logged=now, by=by.id, clock=clock.id, why=taken.words))
        elif taken.how != steps.HELD and clock.paused:
            hand.add(f.PromiseResumed(at=now, logged=now, by=by.id, clock=clock.id))


def complains(hand: CaseInHand, by: Actor, now: datetime, *, contact: str, why: str) -> Refusal | None:
    """At a word it is a complaint, from the contact in which they first complained; its steps and dates go on."""
    return may.act(hand.case) or actions.decide_complaint(
        hand, by, now, contact=contact, complaint=True, why=why
    )
