"""What people write down of a dispute at a scheme: our case file, the decision, the customer's answer, what is owed then.

CH-03: a provider complies with its scheme. No source was seen that names a provider's time for its case file, so the day
is read by a person in the scheme's letter and kept with where it says so.
AD-10: a decision binds us once the customer accepts it. Each thing that it asks is then an award of its own, owed at once,
with its last day by the scheme's limit (AD-07, AD-08), chased until somebody says how it was done.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from amends.core import awards, saying, scheme_decision
from amends.core import facts as f
from amends.core.awards import AwardKind, Basis, Stand
from amends.core.calendar import london_date, midnight
from amends.core.may import Refusal
from amends.core.scheme_decision import Limit
from amends.desk.redress import MOST_PENCE, goodwill

if TYPE_CHECKING:
    from datetime import date, datetime

    from amends.core.awards import Award
    from amends.core.case import Case
    from amends.desk.actions import Actor
    from amends.desk.record import CaseInHand

MOST_THINGS: Final = 20
LONGEST_THING: Final = 300
OUR_RULE: Final = "AD-10"


def has_it(case: Case) -> Refusal | None:
    """Whether a scheme has the dispute now."""
    if case.referral is None:
        return Refusal(
            "No scheme has it", "A-evidence", "Write down first that the customer went to a scheme."
        )
    if case.scheme_decision is not None:
        return Refusal("That dispute has ended", "A-evidence", "A new one begins with a new referral.")
    return None


def file_due(hand: CaseInHand, by: Actor, now: datetime, *, on: date, words: str) -> Refusal | None:
    """The scheme wants our case file by the end of this London day, as its letter says."""
    refusal = has_it(hand.case)
    if refusal is not None:
        return refusal
    assert hand.case.referral is not None
    if on < london_date(hand.case.referral.at):
        return Refusal(
            "That day lies before the referral", "A-evidence", "Look at the day in the scheme's letter."
        )
    if not words.strip():
        return Refusal(
            "It must stand on the case where the scheme says so", "A-evidence",
            "Write which letter or page of the scheme names the day.",
        )  # fmt: skip
    hand.add(f.CaseFileDue(at=now, logged=now, by=by.id, due=midnight(on), words=words.strip()))
    return None


def file_sent(
    hand: CaseInHand, by: Actor, now: datetime, *, number: int, at: datetime, how: str
) -> Refusal | None:
    """A case file went to the scheme. Also after the decision: it may be written down late."""
    made = next((x for x in hand.case.case_files if x.number == number), None)
    if made is None:
        return Refusal(
            "There is no such case file", "A-evidence", "Make it first, or choose one of those shown."
        )
    if made.sent is not None:
        return Refusal("That case file has gone already", "A-evidence", "Make a new one for what is new.")
    if at > now or at < made.made:
        return Refusal(
            "It cannot have gone then", "A-evidence", "Give a day between the making of the file and today."
        )
    if not how.strip():
        return Refusal(
            "It must stand on the case which way it went", "A-evidence",
            "Write how and where to: uploaded to the scheme's website, sent by email, posted.",
        )  # fmt: skip
    hand.add(f.CaseFileSent(at=at, logged=now, by=by.id, number=number, how=how.strip()))
    return None


def decided(  # noqa: PLR0913 - what a decision says, each by its own name
    hand: CaseInHand, by: Actor, now: datetime, *, outcome: str, at: datetime, award_pence: int = 0,
    words: str = "", number: str = "", asked: str = "",
) -> Refusal | None:  # fmt: skip
    """Write down how the dispute at the scheme ended. It closes nothing: carrying it out does.

    What both sides agreed before a decision is owed from that day on; a decision, once the customer accepts it.
    """
    refusal = _ended(hand.case) or _said(outcome, award_pence, scheme_decision.lines(asked))
    if refusal is not None:
        return refusal
    assert hand.case.referral is not None
    if at > now or at < hand.case.referral.at:
        return Refusal(
            "It cannot have ended then", "A-evidence", "Give a day between the referral and today."
        )
    things = "\n".join(scheme_decision.lines(asked))
    hand.add(
        f.SchemeDecided(
            at=at, logged=now, by=by.id, outcome=outcome, award_pence=award_pence, words=words, number=number.strip(),
            asked=things,
        )
    )  # fmt: skip
    if outcome == scheme_decision.SETTLED:
        _owe(hand, by, now, at)
    return None


def may_correct(case: Case) -> Refusal | None:
    """Whether what was written of the end of the dispute can be put right: something must stand."""
    if case.scheme_decision is None or case.referral is None:
        return Refusal("No decision stands to be corrected", "A-evidence", "Write down first how it ended.")
    return None


def correct(  # noqa: PLR0913 - what a decision says, each by its own name
    hand: CaseInHand, by: Actor, now: datetime, *, outcome: str, at: datetime, why: str, award_pence: int = 0,
    words: str = "", number: str = "", asked: str = "",
) -> Refusal | None:  # fmt: skip
    """Put right what was written of how a dispute ended. The earlier words stay in the story; the dates follow the new ones.

    What was owed by the wrong one and has not gone anywhere is withdrawn; what billing has, or the customer, stays, and
    where the right decision does not ask for it, it is first seen to as what it is.
    """
    refusal = may_correct(hand.case) or _said(outcome, award_pence, scheme_decision.lines(asked))
    if refusal is not None:
        return refusal
    was, answer, referral = hand.case.scheme_decision, hand.case.scheme_answer, hand.case.referral
    assert was is not None
    assert referral is not None
    things = scheme_decision.lines(asked)
    if not why.strip():
        return Refusal("It must stand what was wrong", "A-evidence", "Write it, and how that is known.")
    if at > now or at < referral.at or (answer is not None and at > answer.at):
        return Refusal(
            "It cannot have ended then", "A-evidence",
            "Give a day between the referral and today, and not after the customer's answer.",
        )  # fmt: skip
    if answer is not None and outcome not in scheme_decision.DECIDED:
        return Refusal(
            "The customer's answer to a decision stands on the case", "AD-10",
            "Choose what the scheme decided: only a decision can be answered.",
        )  # fmt: skip
    told = (outcome, at, award_pence, things, words.strip(), number.strip())
    if told == (
        was.outcome,
        was.at,
        was.award_pence,
        scheme_decision.lines(was.asked),
        was.words,
        was.number,
    ):
        return Refusal("That stands already", "A-evidence", "Change what was wrong.")
    kept = _kept(hand.case, award_pence, things)
    if isinstance(kept, Refusal):
        return kept
    for award in scheme_decision.given(hand.case):
        if award not in kept:
            hand.add(
                f.AwardFate(at=now, logged=now, by=by.id, award=award.id, fate="withdrawn", why=why.strip())
            )
    hand.add(
        f.SchemeCorrected(
            at=at, logged=now, by=by.id, outcome=outcome, award_pence=award_pence, words=words.strip(),
            number=number.strip(), asked="\n".join(things), why=why.strip(),
        )
    )  # fmt: skip
    accepted = answer is not None and answer.answer == scheme_decision.ACCEPTED
    if accepted or outcome == scheme_decision.SETTLED:
        _owe(hand, by, now, answer.at if accepted and answer is not None else at, kept)
    return None


def _kept(case: Case, pence: int, things: tuple[str, ...]) -> tuple[Award, ...] | Refusal:
    """What went to billing or was done, each asked for by what is right too; refused where one is not."""
    kept: list[Award] = []
    for award in scheme_decision.given(case):
        if award.stands is Stand.OWED and not award.attempts:
            continue
        asked = award.pence == pence if award.kind.money else award.words in things
        if not asked and award.stands is Stand.OWED:
            # Nobody has it any more: what is right takes it back.
            continue
        if not asked and award.stands is Stand.GIVEN and not award.kind.money:
            kept.append(award)
            continue
        if not asked:
            what = saying.pence(award.pence) if award.kind.money else award.words
            return Refusal(
                f"Award {award.id} is {award.stands}: {what}. What you correct it to does not ask for it",
                award.clause,
                "Say on the award that it failed or was taken back, and then that it goes again: it is withdrawn here.",
            )  # fmt: skip
        kept.append(award)
    return tuple(kept)


def _ended(case: Case) -> Refusal | None:
    if case.referral is None:
        return Refusal(
            "No scheme has it", "A-evidence", "Write down first that the customer went to a scheme."
        )
    if case.scheme_decision is not None:
        return Refusal(
            "That dispute has ended already", "A-evidence", "A new one begins with a new referral."
        )
    return None


def _said(outcome: str, pence: int, things: tuple[str, ...]) -> Refusal | None:
    """Whether what was decided fits together."""
    if outcome not in f.SCHEME_OUTCOMES:
        return Refusal(
            "That is no outcome of a dispute", "A-evidence", f"One of: {', '.join(f.SCHEME_OUTCOMES)}."
        )
    asks = pence > 0 or bool(things)
    if outcome in scheme_decision.FOR_CUSTOMER and not asks:
        return Refusal(
            "A decision for the customer asks something of us", "AD-06",
            "Write the sum, or each thing that we are told to do.",
        )  # fmt: skip
    if outcome not in (*scheme_decision.FOR_CUSTOMER, scheme_decision.SETTLED) and asks:
        return Refusal(
            "A dispute that ended so asks nothing of us", "AD-06",
            "Leave the sum and what is to be done empty, or choose how it ended again.",
        )  # fmt: skip
    if not 0 <= pence <= MOST_PENCE:
        return Refusal("That sum is a slip of the pen", "AD-06", "Give it in pounds and pence.")
    if len(things) > MOST_THINGS or any(len(thing) > LONGEST_THING for thing in things):
        return Refusal(
            "That is too much for a list of things to do", "A-evidence",
            f"At most {MOST_THINGS} lines of at most {LONGEST_THING} characters each.",
        )  # fmt: skip
    return None


def may_answer(case: Case) -> Refusal | None:
    """Whether the customer's answer to a decision can be written down now. One that came too late may yet be let in."""
    decision, answer = case.scheme_decision, case.scheme_answer
    if decision is None:
        return Refusal(
            "No decision waits for an answer", "AD-10", "Write down first how the scheme's dispute ended."
        )
    if decision.outcome not in scheme_decision.DECIDED:
        return Refusal(
            "The scheme decided nothing that could be accepted", "AD-10",
            "Nothing needs to be written down: the dispute is over.",
        )  # fmt: skip
    if answer is not None and answer.answer != scheme_decision.NOT_IN_TIME:
        return Refusal(
            f"The customer's answer stands already: {answer.answer}", "AD-10",
            "Where it was written down wrongly, correct it.",
        )  # fmt: skip
    return None


def answered(
    hand: CaseInHand, by: Actor, now: datetime, *, answer: str, at: datetime, words: str
) -> Refusal | None:
    """The customer accepted the decision, refused it or let its time pass. Accepted, all that it asks is owed from then."""
    refusal = may_answer(hand.case)
    if refusal is not None:
        return refusal
    decision, before = hand.case.scheme_decision, hand.case.scheme_answer
    assert decision is not None
    if before is not None and answer == before.answer:
        return Refusal("That is no new answer", "AD-10", f"One of: {', '.join(f.SCHEME_ANSWERS)}.")
    refusal = _answer_said(answer, at, words, decision.at, now)
    if refusal is not None:
        return refusal
    hand.add(f.SchemeAnswered(at=at, logged=now, by=by.id, answer=answer, words=words.strip()))
    if answer == scheme_decision.ACCEPTED:
        _owe(hand, by, now, at)
    return None


def _answer_said(
    answer: str, at: datetime, words: str, decided_at: datetime, now: datetime
) -> Refusal | None:
    """Whether an answer to a decision of then can have come so."""
    if answer not in f.SCHEME_ANSWERS:
        return Refusal("That is no answer to a decision", "AD-10", f"One of: {', '.join(f.SCHEME_ANSWERS)}.")
    if at > now or at < decided_at:
        return Refusal(
            "The customer cannot have answered then",
            "A-evidence",
            "Give a day between the decision and today.",
        )
    if not words.strip():
        return Refusal(
            "It must stand on the case how that is known", "A-evidence",
            "Write which letter or page of the scheme says so.",
        )  # fmt: skip
    return None


def may_correct_answer(case: Case) -> Refusal | None:
    """Whether what was written of the customer's answer can be put right: one must stand."""
    if case.scheme_decision is None or case.scheme_answer is None:
        return Refusal(
            "No answer stands to be corrected", "AD-10", "Write down first whether the customer accepted."
        )
    return None


def correct_answer(
    hand: CaseInHand, by: Actor, now: datetime, *, answer: str, at: datetime, words: str, why: str
) -> Refusal | None:  # fmt: skip
    """Put right what was written of the customer's answer; `answer` is empty where none has come yet.

    What was owed by the wrong one and has not gone anywhere is withdrawn; accepted on another day, all is owed from that
    day. What billing has, or the customer, is first seen to as what it is where the right answer asks nothing of us.
    """
    refusal = may_correct_answer(hand.case)
    if refusal is not None:
        return refusal
    decision, was = hand.case.scheme_decision, hand.case.scheme_answer
    assert decision is not None
    assert was is not None
    refusal = _answer_said(answer, at, words, decision.at, now) if answer else None
    if refusal is not None:
        return refusal
    if not why.strip():
        return Refusal("It must stand what was wrong", "A-evidence", "Write it, and how that is known.")
    if (answer, at) == (was.answer, was.at):
        return Refusal("That stands already", "A-evidence", "Change what was wrong.")
    accepted = answer == scheme_decision.ACCEPTED
    asked = (decision.award_pence, scheme_decision.lines(decision.asked)) if accepted else (0, ())
    kept = _kept(hand.case, *asked)
    if isinstance(kept, Refusal):
        return kept
    for award in scheme_decision.given(hand.case):
        if award not in kept:
            hand.add(
                f.AwardFate(at=now, logged=now, by=by.id, award=award.id, fate="withdrawn", why=why.strip())
            )
    hand.add(
        f.SchemeAnswerCorrected(
            at=at if answer else now, logged=now, by=by.id, answer=answer, words=words.strip() if answer else "",
            why=why.strip(),
        )
    )  # fmt: skip
    if accepted:
        _owe(hand, by, now, at, kept)
    return None


def _owe(hand: CaseInHand, by: Actor, now: datetime, since: datetime, kept: tuple[Award, ...] = ()) -> None:
    """Owe what was decided: the sum goes to billing as every sum does, each thing to do stands on its own.

    What was `kept` of an earlier, wrong decision is not owed once more.
    """
    decision = hand.case.scheme_decision
    assert decision is not None
    limit = scheme_decision.carry_out_by(hand.case, hand.book, since)
    there = {"" if award.kind.money else award.words for award in kept}
    if decision.award_pence and "" not in there:
        agreed = decision.outcome == scheme_decision.SETTLED
        words = "What was agreed at the scheme" if agreed else "What the scheme decided"
        _award(hand, by, now, since, limit, AwardKind.PAYMENT, words, decision.award_pence)
    for thing in (line for line in scheme_decision.lines(decision.asked) if line not in there):
        _award(hand, by, now, since, limit, AwardKind.ACTION, thing, 0)


def _award(
    hand: CaseInHand, by: Actor, now: datetime, since: datetime, limit: Limit | None, kind: AwardKind, words: str,
    pence: int,
) -> None:  # fmt: skip
    clause = limit.rule if limit else OUR_RULE
    arithmetic = json.dumps(goodwill(pence, words, clause).to_json()) if pence else ""
    hand.add(
        f.AwardPrepared(
            at=since, logged=now, by=by.id, award=awards.next_number(hand.case), award_kind=str(kind),
            basis=str(Basis.SCHEME), pence=pence, clause=clause, pay_by=limit.day.isoformat() if limit else "",
            words=words, arithmetic=arithmetic,
        )
    )  # fmt: skip
