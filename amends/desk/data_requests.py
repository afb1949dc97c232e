"""What people do on a request about personal data: make its month three, answer it, hand the copy out, fetch it.

DP-03, DP-06, DP-08, DP-10. Opening one, its particulars and its steps are those of every kind of care (`desk.care`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from amends.core import data_answers
from amends.core import facts as f
from amends.core.calendar import london_date
from amends.core.care import data, steps
from amends.core.data_requests import FETCH_WITHIN, may_fetch
from amends.core.facts import DATA_EXTENSIONS
from amends.core.may import Refusal, write_to
from amends.core.ways import ways

if TYPE_CHECKING:
    from amends.core.case import Bundle
    from amends.desk.actions import Actor
    from amends.desk.record import CaseInHand, Docket


def extend(
    docket: Docket, hand: CaseInHand, by: Actor, now: datetime, *, because: str, why: str
) -> Refusal | None:
    """Make the month three, and tell the person so in the same breath."""
    refusal = data_answers.extend(hand.case, hand.book, now, why)
    if refusal is None and because not in DATA_EXTENSIONS:
        refusal = Refusal("That is no reason of the law", "DP-03", f"One of: {', '.join(DATA_EXTENSIONS)}.")
    if refusal is not None:
        return refusal
    hand.add(f.DataRequestExtended(at=now, logged=now, by=by.id, because=because, why=why))
    _letter(docket, hand, "data-extended", why)
    return None


@dataclass(frozen=True, slots=True)
class Answered:
    """How a request is answered: one of `facts.DATA_ANSWERS`, on which ground and why where not all is done."""

    how: str
    ground: str = ""
    why: str = ""
    words: str = ""
    """What else the letter says."""


def answer(docket: Docket, hand: CaseInHand, by: Actor, now: datetime, said: Answered) -> Refusal | None:
    """Answer it in writing. What of its steps was not taken is not needed any more."""
    refusal = data_answers.answer(hand.case, said.how, said.ground, said.why)
    if refusal is not None:
        return refusal
    _conclude(docket, hand, by, now, said)
    return None


def _conclude(docket: Docket, hand: CaseInHand, by: Actor, now: datetime, said: Answered) -> None:
    hand.add(
        f.DataRequestAnswered(at=now, logged=now, by=by.id, answer=said.how, ground=said.ground, why=said.why)
    )
    for each in steps.standing(hand.case):
        if not each.over and each.step.name != data.ANSWERED:
            words = "The request was answered without it."
            hand.add(
                f.StepTaken(
                    at=now, logged=now, by=by.id, step=each.step.name, how=steps.NOT_NEEDED, words=words
                )
            )
    hand.add(f.StepTaken(at=now, logged=now, by=by.id, step=data.ANSWERED, how=steps.DONE, words=said.how))
    _letter(docket, hand, "data-refused" if said.how == data_answers.REFUSED else "data-answered", said.words)


def _letter(docket: Docket, hand: CaseInHand, letter: str, words: str) -> None:
    way = ways(hand.case, letter)[0]
    docket.write(hand, letter, channel=way.channel, to=way.to, free_text=words)


@dataclass(frozen=True, slots=True)
class HandedOut:
    """How a bundle is handed out, and what of what was asked for does not go with it."""

    number: int
    how: str
    answered: Answered
    where: str = ""
    """In the post: to where it goes, and how."""


def hand_out(docket: Docket, hand: CaseInHand, by: Actor, now: datetime, out: HandedOut) -> Refusal | None:
    """Hand a bundle to the person it is about, which answers their request."""
    refusal = data_answers.hand_out(hand.case, out.number, out.how) or write_to(hand.case)
    if refusal is None and out.how == "post" and not out.where.strip():
        refusal = Refusal(
            "It must stand to where it goes", "DP-06", "Write the address that was checked, and how it goes."
        )
    if refusal is None and out.answered.how == data_answers.REFUSED:
        refusal = Refusal(
            "What is handed out is not refused", "DP-10", "Say that it is done, or done in part."
        )
    if refusal is not None:
        return refusal
    until = (london_date(now) + timedelta(days=FETCH_WITHIN)).isoformat() if out.how == "portal" else ""
    hand.add(
        f.DataBundleGiven(
            at=now, logged=now, by=by.id, number=out.number, how=out.how, until=until, words=out.where.strip()
        )
    )
    if hand.case.data_answer is not None:
        return None  # handed out once more: the request was answered with the first
    refusal = data_answers.answer(hand.case, out.answered.how, out.answered.ground, out.answered.why)
    if refusal is None:
        _conclude(docket, hand, by, now, out.answered)
    return refusal


def fetched(hand: CaseInHand, now: datetime) -> Bundle | None:
    """The bundle that its person takes away now, which opens no more; None where there is none for them."""
    found = may_fetch(hand.case, now)
    if found is not None:
        hand.add(f.DataBundleFetched(at=now, logged=now, by=f.CUSTOMER, number=found.number))
    return found
