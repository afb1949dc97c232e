"""What people do on a kind of case besides a complaint: open it, say what is asked, take its steps."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from amends.core import data_answers, may, saying
from amends.core import facts as f
from amends.core.calendar import london_date
from amends.core.care import arrangement, steps
from amends.core.care.arrangement import SEEN_THROUGH
from amends.core.care.kinds import declared
from amends.core.clocks import Kind, clocks
from amends.core.kinds import CaseKind, is_owed_for
from amends.core.may import Refusal
from amends.desk import actions, porting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

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
    papers: tuple[int, ...] = ()
    """The ids of files of the case that go with what the customer is written."""


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
        actions.write(docket, hand, by, now, purpose="reply", words=_told(hand, taken), papers=taken.papers)
        if taken.tell.strip()
        else None
    )


def _told(hand: CaseInHand, taken: Taken) -> str:
    """What the customer is written; of an arrangement also its payments, of an appointment its day, as just agreed."""
    held = arrangement.of_case(hand.case) if arrangement.PLAN in taken.given else None
    lines = [p.said[0].upper() + p.said[1:] for p in held.payments] if held else []
    if visit := taken.given.get("visit"):
        hours = taken.given.get("hours", "")
        lines.append(f"{saying.day(date.fromisoformat(visit))}{f', {hours}' if hours else ''}")
    return "\n\n".join(filter(None, [taken.tell.strip(), "\n".join(lines)]))


def _refused(hand: CaseInHand, now: datetime, taken: Taken) -> Refusal | None:
    following, held = steps.following(hand.case), arrangement.of_case(hand.case)
    if held is not None and not held.over and taken.step == SEEN_THROUGH and taken.how == steps.DONE:
        return Refusal(
            "Not every payment has come", arrangement.clause(hand.book), "Say of each whether it came."
        )
    refusal = data_answers.refused_stop(hand.case, taken.step, taken.how)
    if refusal is not None:
        return refusal
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
    if hand.case.kind is CaseKind.HARDSHIP:
        return _wrong_plan(hand, now, given)
    visit, was = given.get("visit", ""), steps.given(hand.case).get("visit", "")
    if hand.case.kind is CaseKind.FAULT and visit not in (was, "") and visit < london_date(now).isoformat():
        over = saying.day(date.fromisoformat(visit))
        return Refusal(
            f"{over} is over: nobody can come then", "A-evidence", "Give a day that is still to come."
        )
    return None


def _wrong_plan(hand: CaseInHand, now: datetime, given: Mapping[str, str]) -> Refusal | None:
    """An arrangement is about what is still to be paid: what is new in it is no more than that, and still to come."""
    plan, today, clause = given.get(arrangement.PLAN, ""), london_date(now), arrangement.clause(hand.book)
    was = arrangement.of_case(hand.case)
    if not plan:
        return None if was is None else Refusal("An arrangement stands", clause, "Leave its payments there.")
    known = {(p.due, p.pence) for p in was.payments} if was else set()
    new = arrangement.read(plan)
    gone = next((p for p in new.payments if (p.due, p.pence) not in known and p.due < today), None)
    if gone is not None:
        return Refusal(f"{gone.said}: that day is over", clause, "Give a day that is still to come.")
    owes = round(Decimal(given.get("owes", "0")) * 100)
    if new.pence > owes:
        return Refusal(
            f"The payments come to {saying.pence(new.pence)}, more than is not paid: {saying.pence(owes)}", clause,
            "Look at the sums again.",
        )  # fmt: skip
    return None


def see_payment(
    hand: CaseInHand, by: Actor, now: datetime, due: date, pence: int, *, came: bool, words: str
) -> Refusal | None:  # fmt: skip
    """Say whether a payment of the arrangement came; one that did not may come after all."""
    held, clause = arrangement.of_case(hand.case), arrangement.clause(hand.book)
    found = next((p for p in held.payments if (p.due, p.pence) == (due, pence)), None) if held else None
    if found is None:
        return Refusal("The arrangement has no such payment", clause, "Choose one of those shown.")
    if found.came:
        return Refusal("That payment came", clause, "Nothing more is needed.")
    if not came and due >= london_date(now):
        return Refusal(f"{saying.day(due)} is not over", clause, "Look again the day after.")
    refusal = may.act(hand.case)
    if refusal is None:
        hand.add(
            f.PaymentSeen(
                at=now, logged=now, by=by.id, due=due.isoformat(), pence=pence, came=came, words=words
            )
        )
    return refusal


def _stand_still(hand: CaseInHand, by: Actor, now: datetime, taken: Taken) -> None:
    """What the code promises stands still only where it says so itself: while the step that it depends on is held."""
    kind = declared(hand.case.kind)
    step = kind.step(taken.step) if kind else None
    if step is None or not step.holds:
        return
    for clock in clocks(hand.case, hand.book):
        if clock.kind is not Kind.PROMISE or not is_owed_for(clock.owe, hand.case.kind) or not clock.running:
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
