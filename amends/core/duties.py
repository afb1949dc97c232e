"""What is owed now, and what will be: case + code + law + now -> duties.

A duty is settled by an action of a person or, where `letter` names one, by the desk itself. Recording what the desk
owes leaves nothing that it owes at that same moment.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from amends.core import awards, copies, data_requests, personal_data, questions, saying, scheme_decision
from amends.core.awards import AwardKind, Basis, Stand
from amends.core.calendar import london_date, midnight
from amends.core.care import arrangement, data, steps
from amends.core.case import State
from amends.core.clocks import Clock, Kind, clocks, undated
from amends.core.code import Owed, Period, Reached, StageKind, Trigger, Unit
from amends.core.facts import REPAIRED_FIRST
from amends.core.formats import ORDER_WITHIN, clause
from amends.core.kinds import CARE_OWES, COPY_LETTER, QUESTION_AGAIN, CaseKind, is_owed_for
from amends.core.posting import post_by
from amends.core.rulebook import Times, on_the_day
from amends.core.scheme_decision import Standing
from amends.core.settled import as_if_left
from amends.core.ways import EMAIL, LETTER, PHONE, ways

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.core.care.declared import Step
    from amends.core.case import Case, SentLetter
    from amends.core.rulebook import Rulebook

ACKNOWLEDGEMENT = "acknowledgement"
ADR = "adr-letter"
CREDIT_NOTE = "credit-note"
NEEDED_BY_LAW = (ACKNOWLEDGEMENT, ADR)
"""The letters that leave by themselves, and go another way when one way fails."""


class Action(StrEnum):
    """The one action of the console that settles a duty."""

    SEND = "send letter"
    POST = "post letter"
    DECIDE_COMPLAINT = "decide complaint"
    ADD_WAY = "add a way to reach"
    ASSIGN = "assign handler"
    INTRODUCE = "introduce"
    AGREE_TIME = "agree contact time"
    SETTLE_TIME = "settle contact time"
    AGREE_INTERVAL = "agree update interval"
    REPLY = "reply"
    CALL = "log call"
    UPDATE = "update"
    PROPOSE = "propose outcome"
    ESCALATE = "escalate"
    DEADLOCK = "declare deadlock"
    SAY_CANNOT = "say that we cannot resolve it"
    LOOK_AT_LETTER = "look at letter"
    SEND_AGAIN = "send again another way"
    SEND_FORMAT = "send in a format"
    ASK_FORMAT = "ask about the format"
    HAND_OVER = "hand over to billing"
    AWARD = "say what became of an award"
    LOOK_AT_DATE = "look at date"
    APPROVE = "decide request"
    CHASE = "chase supplier"
    SETTLE_QUESTION = "say what became of a question"
    STEP = "take the next step"
    PAYMENT = "say whether a payment came"
    ARRANGE = "change the particulars"
    MAKE_BUNDLE = "bring together what is held"
    HAND_OUT_DATA = "hand out a copy of data"
    ANSWER_DATA = "answer a request about data"
    RECORD_REFERRAL = "write down the referral"
    SAY_FILE_DUE = "say by when the case file is due"
    MAKE_FILE = "make the case file"
    SEND_FILE = "send the case file"
    SAY_ANSWER = "say what the customer answered"
    NOTE_LESSON = "write down a lesson"
    LEAVE = "letter leaves"
    """Its letter is written: nobody need write it again, and it is kept when the letter has left."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Something owed on a case."""

    id: str
    what: str
    clause: str
    action: Action
    due: datetime | None = None
    """None where no period is named: owed all the same."""
    act_from: datetime | None = None
    late_after: datetime | None = None
    letter: str = ""
    """The letter that the desk sends by itself from `act_from` on; empty where a person must act."""
    role: str = "handler"
    at_once: bool = False
    """Whether it is owed at once from `act_from` on although no period is named: somebody waits for it."""
    dated_by: Clock | None = field(default=None, repr=False)
    """The clock that gave it its dates."""

    @property
    def clock(self) -> str:
        """The id of the clock that dates it; empty where none does."""
        return self.dated_by.id if self.dated_by else ""

    def late(self, now: datetime) -> bool:
        """Whether it is late at this moment."""
        limit = self.late_after or self.due
        return limit is not None and now > limit

    @property
    def falls(self) -> datetime | None:
        """Its place among others: the moment by which it is to be done, the end of its day where a day is meant.

        What is owed at once falls due when it began to be owed; None for what may wait for want of any date.
        """
        return self.late_after or self.due or (self.act_from if self.at_once else None)

    @property
    def by_desk(self) -> bool:
        """Whether the desk does it by itself, and nobody need do anything."""
        return self.action is Action.SEND and bool(self.letter)


_ACTIONS: dict[Owed, tuple[str, Action]] = {
    Owed.ACKNOWLEDGEMENT: ("Send the acknowledgement", Action.SEND),
    Owed.CONFIRMATION: ("Confirm details and reference in writing", Action.SEND),
    Owed.HANDLER_ASSIGNED: ("Assign a case handler", Action.ASSIGN),
    Owed.HANDLER_INTRODUCTION: ("Introduce yourself to the customer", Action.INTRODUCE),
    Owed.CONTACT_TIME: ("Agree a contact time, or resolve it", Action.AGREE_TIME),
    Owed.REPLY: ("Reply to the customer", Action.REPLY),
    Owed.WRITTEN_RESPONSE: ("Respond in writing", Action.REPLY),
    Owed.CALL_BACK: ("Call the customer back", Action.CALL),
    Owed.UPDATE: ("Tell the customer how it stands", Action.UPDATE),
    Owed.OUTCOME: ("Propose an outcome", Action.PROPOSE),
    Owed.CANNOT_RESOLVE: ("Say in writing that we cannot resolve it", Action.SAY_CANNOT),
    Owed.ADR_LETTER: ("Send the ADR letter", Action.SEND),
    Owed.COPY_OF_CODE: ("Send a copy of the code", Action.SEND),
}
_KEEP = "keep:"
_NEVER = datetime.max.replace(tzinfo=UTC)
_BY_ITSELF = {
    Owed.ACKNOWLEDGEMENT: ACKNOWLEDGEMENT,
    Owed.CONFIRMATION: ACKNOWLEDGEMENT,
    Owed.ADR_LETTER: ADR,
    Owed.CANNOT_RESOLVE: ADR,
}
"""What a promise owes that the desk sends by itself. At deadlock the ADR letter also says that we cannot resolve it."""


def duties(case: Case, book: Rulebook, now: datetime) -> tuple[Duty, ...]:
    """Everything owed on the case, what falls due first standing first, what may wait for want of a date last.

    Letters that the desk will send by itself stand here too, with the moment from which it does.
    """
    return tuple(as_it_stands(d, now) for d in ahead(case, book) if not _later(d, now))


def ahead(case: Case, book: Rulebook) -> tuple[Duty, ...]:
    """Everything that is owed, and what time alone will add if nothing else happens: what a queue is made from."""
    return tuple(sorted(_all(case, book), key=_place))


def _place(duty: Duty) -> tuple[bool, datetime, str]:
    return duty.falls is None, duty.falls or _NEVER, duty.id


def _later(duty: Duty, now: datetime) -> bool:
    """Whether it is not owed before its day comes."""
    waits = duty.action in (Action.ASK_FORMAT, Action.SETTLE_QUESTION)
    return waits and duty.act_from is not None and now < duty.act_from


def as_it_stands(duty: Duty, now: datetime) -> Duty:
    """The duty at this moment: a contact time that is over is to be accounted for, and no longer to be kept."""
    if not duty.id.startswith(_KEEP) or duty.late_after is None or now < duty.late_after:
        return duty
    return replace(
        duty, id=f"settle:{duty.id.removeprefix(_KEEP)}", what="Say what became of the agreed contact time",
        action=Action.SETTLE_TIME, due=duty.late_after, act_from=duty.late_after, late_after=None,
    )  # fmt: skip


def automatic(case: Case, book: Rulebook, now: datetime) -> tuple[Duty, ...]:
    """The letters that the desk owes at this moment and can send, what falls due first standing first."""
    if case.first_received is None:
        return ()
    found = (d for d in _by_the_desk(case, book, clocks(case, book)) if d.letter)
    return tuple(sorted((d for d in found if d.act_from is not None and d.act_from <= now), key=_place))


def due_hint(case: Case, book: Rulebook) -> datetime | None:
    """The earliest moment at which the desk must look at the case by itself; may be early, never late."""
    moments = (d.act_from for d in _by_the_desk(case, book, clocks(case, book)) if d.letter)
    return min((m for m in moments if m is not None), default=None)


def next_due(case: Case, book: Rulebook, now: datetime) -> datetime | None:
    """When the first dated duty falls due: the order of a queue."""
    return min((d.due for d in duties(case, book, now) if d.due is not None), default=None)


def _all(case: Case, book: Rulebook) -> Iterator[Duty]:
    if case.first_received is None:
        return
    running = clocks(case, book)
    yield from _by_the_desk(case, book, running)
    yield from _letters_to_look_at(case, book, running)
    yield from _formats_ordered(case, book, running)
    yield from _undecided(case, book)
    yield from _awards(case, book)
    yield from _told_of_scheme(case)
    yield from _case_file(case)
    yield from _scheme_answer(case, book)
    yield from _lesson(case)
    if case.state in (State.CLOSED, State.MERGED):
        return
    yield from _next_step(case, book, running)
    yield from _questions(case, book)
    if case.care:
        yield from _cared_for(case, book, running)
    if case.complaint is False:
        return
    yield from _personal_data(case, running)
    yield from _promised(case, book, running)
    yield from _without_period(case, book, running)
    yield from _handed_over(case, book)
    yield from _unanswered(case, running)
    yield from _appointments(case, book)
    yield from _missed(case, book)
    yield from _to_decide(case)
    yield from _suppliers(case)
    yield from _format_to_review(case, book)
    yield from _refused(case, book)


def _cared_for(case: Case, book: Rulebook, running: tuple[Clock, ...]) -> Iterator[Duty]:
    """What is owed on a case of care besides its steps: no complaint, but somebody waits all the same."""
    yield from _promised(case, book, running)
    if not case.handler and case.kind is not CaseKind.COPY_OF_CODE:
        yield _give_to_somebody(case)
    if steps.waits_for_answer(case):
        last = [c for c in case.contacts if c.inbound and c.asks_answer][-1]
        yield Duty(
            f"answer:{last.id}", "Answer the customer", "A-any-channel", Action.REPLY, act_from=last.at, at_once=True
        )  # fmt: skip
    yield from _payments(case, book)
    yield from _appointments(case, book)
    yield from _missed(case, book)
    yield from _to_decide(case)
    yield from _suppliers(case)


def _payments(case: Case, book: Rulebook) -> Iterator[Duty]:
    """Of each payment of an arrangement somebody says, the day after, whether it came; one that did not is talked about."""
    held = arrangement.of_case(case)
    if held is None:
        return
    clause_ = arrangement.clause(book)
    if held.missed is not None:
        day = midnight(held.missed.due)
        what = f"{held.missed.said} did not come: speak to them, and change the arrangement"
        yield Duty(
            f"missed payment:{held.missed.due}", what, clause_, Action.ARRANGE, act_from=day, at_once=True,
        )  # fmt: skip
    if held.awaited is not None:
        day = midnight(held.awaited.due + timedelta(days=1))
        yield Duty(
            f"payment:{held.awaited.due}", f"Say whether {held.awaited.said} came", clause_, Action.PAYMENT, day, day,
            day + timedelta(days=1),
        )  # fmt: skip


def _next_step(case: Case, book: Rulebook, running: tuple[Clock, ...]) -> Iterator[Duty]:
    """The step of its kind that comes next, by the time that the code promises for the kind.

    One that is held is looked at again on its day. A fault of somebody with priority repair moves on at once.
    """
    following = steps.following(case)
    if following is None or case.first_received is None:
        return
    plan = arrangement.of_case(case)
    if plan is not None and not plan.over and following.step.name == arrangement.SEEN_THROUGH:
        return  # its payments are owed in its place
    promises = (p for p in (book.code.promises if book.code else ()) if is_owed_for(p.owe, case.kind))
    clause_ = next((p.clause for p in promises), data_requests.RULE_OF.get(case.kind, "A-evidence"))
    clock = _first_due(c for c in running if c.running and is_owed_for(c.owe, case.kind))
    before = max((t.at for t in case.steps_taken), default=case.first_received)
    does = following.step.does
    if following.taken is not None and following.taken.again:
        again = midnight(date.fromisoformat(following.taken.again))
        what = f"Look again at what is held: {does[0].lower()}{does[1:]}"
        yield Duty(
            f"step:{following.step.name}", what, clause_, Action.STEP, again, again, again + timedelta(days=1)
        )  # fmt: skip
        return
    if data_requests.is_one(case):
        yield _data_step(case, book, following.step, clock, before)
        return
    on = steps.day_of(case, following.step)
    agreed = on is not None and on >= london_date(before)
    if clock is None and case.kind is CaseKind.FAULT and REPAIRED_FIRST in case.priorities and not agreed:
        times = book.times(steps.REPAIR_FIRST, before)
        yield Duty(
            f"step:{following.step.name}", f"{does}: priority repair", clause_, Action.STEP, times.due, before,
            times.late_after, at_once=True,
        )  # fmt: skip
        return
    # What the code promises is not put off by a day that was agreed for later.
    if on is not None and not (case.kind is not CaseKind.PORT and _before(clock, midnight(on))):
        day = midnight(on)
        yield Duty(
            f"step:{following.step.name}", does, clause_, Action.STEP, day, day, day + timedelta(days=1)
        )  # fmt: skip
        return
    yield Duty(
        f"step:{following.step.name}", does, clause_, Action.STEP, clock.due if clock else None, before,
        clock.late_after if clock else None, at_once=clock is None or clock.due is None, dated_by=clock,
    )  # fmt: skip


def _before(clock: Clock | None, day: datetime) -> bool:
    return clock is not None and clock.due is not None and clock.due < day


def _data_step(case: Case, book: Rulebook, step: Step, clock: Clock | None, before: datetime) -> Duty:
    """The next step of a request about personal data, by its month; marketing is stopped at once (DP-08)."""
    rule = clock.clause if clock else data_requests.RULE_OF[case.kind]
    action = _DATA_ACTIONS.get(step.name, Action.STEP)
    if action is Action.ANSWER_DATA and case.kind is CaseKind.DATA_ACCESS:
        action = Action.HAND_OUT_DATA
    if step.name == data.STOPPED and data_requests.absolute(case):
        times = book.times(data_requests.STOP_MARKETING, before)
        return Duty(
            f"step:{step.name}", "Stop the marketing, for good", data_requests.RULE_OF[case.kind], action, times.due,
            before, times.late_after, at_once=True,
        )  # fmt: skip
    return Duty(
        f"step:{step.name}", step.does, rule, action, clock.due if clock else None, before,
        clock.late_after if clock else None, at_once=clock is None or clock.due is None, dated_by=clock,
    )  # fmt: skip


_DATA_ACTIONS = {data.GATHERED: Action.MAKE_BUNDLE, data.ANSWERED: Action.ANSWER_DATA}


def _first_due(found: Iterator[Clock]) -> Clock | None:
    """The clock that is due first; one that stands still where no other runs."""
    return min(found, key=lambda c: (c.due is None, c.due or _NEVER), default=None)


def _personal_data(case: Case, running: tuple[Clock, ...]) -> Iterator[Duty]:
    """A complaint about personal data that nobody has answered, nor will the acknowledgement that is on its way."""
    clock = next((c for c in running if c.id == personal_data.CLOCK and c.running), None)
    if clock is None or _acknowledgement_owed(case) or personal_data.on_its_way(case, clock.start):
        return
    yield Duty(
        clock.id, "Acknowledge the complaint about personal data", clock.clause, Action.REPLY, clock.due, clock.start,
        clock.late_after, dated_by=clock,
    )  # fmt: skip


def _give_to_somebody(case: Case) -> Duty:
    return Duty(
        "assign", "Give the case to a person", "A-law-clock", Action.ASSIGN, act_from=case.first_received,
        role="agent", at_once=True,
    )  # fmt: skip


def _by_the_desk(case: Case, book: Rulebook, running: tuple[Clock, ...]) -> Iterator[Duty]:
    yield from _letters(case, book, running)
    yield from _copies(case, book, running)
    yield from _asked_again(case)
    yield from _data_acknowledged(case)


def _asked_again(case: Case) -> Iterator[Duty]:
    """What the customer was asked for and has not given by its day is asked for once more, by the desk itself."""
    if case.closed is not None or case.merged_into is not None:
        return
    due = (q.chase_from for q in case.questions if q.chased is None and questions.waits(case, q))
    from_ = min(due, default=None)
    if from_ is None:
        return
    if not ways(case, QUESTION_AGAIN):
        yield Duty(
            f"reach:{QUESTION_AGAIN}", "Find a way to reach the customer: we cannot ask again", questions.CLAUSE,
            Action.ADD_WAY, from_, from_, role="agent",
        )  # fmt: skip
        return
    yield Duty(
        f"send:{QUESTION_AGAIN}", "Ask the customer again for what we need", questions.CLAUSE, Action.SEND, from_,
        from_, midnight(london_date(from_) + timedelta(days=1)), QUESTION_AGAIN, "desk",
    )  # fmt: skip


def _questions(case: Case, book: Rulebook) -> Iterator[Duty]:
    """What somebody says of a question: whether what came answers it, or that we go on without an answer."""
    for asked in case.questions:
        heard = case.heard_on(asked)
        if heard is not None:
            yield Duty(
                f"question:{asked.id}", "The customer has been in touch since we asked: does it answer our question?",
                questions.CLAUSE, Action.SETTLE_QUESTION, act_from=heard.logged, at_once=True,
            )  # fmt: skip
        elif asked.chased is not None and asked.over is None:
            day = questions.given_up(asked.chased, book)
            yield Duty(
                f"question:{asked.id}", "No answer has come to our question: go on with what we have",
                questions.CLAUSE, Action.SETTLE_QUESTION, midnight(day), midnight(day), midnight(day + timedelta(days=1)),
            )  # fmt: skip


def _data_acknowledged(case: Case) -> Iterator[Duty]:
    """Who makes a request about their data hears that we have it, and by when they are answered."""
    since, letter = data_requests.asked(case), data_requests.ACKNOWLEDGED
    if (
        since is None
        or case.closed
        or case.merged_into
        or case.data_answer
        or data_requests.acknowledged(case)
    ):
        return
    if not ways(case, letter):
        yield Duty(
            f"reach:{letter}", "Find a way to reach them: the acknowledgement of their request cannot leave",
            data_requests.RULE, Action.ADD_WAY, since, since, role="agent", at_once=True,
        )  # fmt: skip
        return
    what = "Send the acknowledgement of their request"
    yield Duty(
        f"send:{letter}",
        what,
        data_requests.RULE,
        Action.SEND,
        since,
        since,
        None,
        letter,
        "desk",
        at_once=True,
    )


def _copies(case: Case, book: Rulebook, running: tuple[Clock, ...]) -> Iterator[Duty]:
    """The copy of the code that waits for its letter: by the desk itself where there is a way, else by a person."""
    copy = case.copy_waiting
    if copy is None or (case.closed is not None and case.care):
        return
    times, why = copies.owed_by(copy, running, book), copies.clause(book.code)
    if not ways(case, COPY_LETTER):
        yield Duty(
            f"reach:{COPY_LETTER}", "Find a way to reach the customer: the copy of the code cannot leave",
            why, Action.ADD_WAY, times.due, copy.asked, times.late_after, role="agent",
        )  # fmt: skip
        return
    what, action = _ACTIONS[Owed.COPY_OF_CODE]
    yield Duty(
        f"copy:{copy.id}", what, why, action, times.due, copy.asked, times.late_after, COPY_LETTER, "desk",
        dated_by=next((c for c in running if c.owe is Owed.COPY_OF_CODE and c.start == copy.asked), None),
    )  # fmt: skip


def _letters(case: Case, book: Rulebook, running: tuple[Clock, ...]) -> Iterator[Duty]:
    """The acknowledgement and the ADR letter: by the desk itself where there is a way, else by a person."""
    if case.complaint is False or case.first_received is None:
        return
    if _acknowledgement_owed(case):
        promised = (c for c in running if c.id != personal_data.CLOCK)
        clock = next((c for c in promised if c.running and _BY_ITSELF.get(c.owe) == ACKNOWLEDGEMENT), None)
        owed = _letter_duty(case, ACKNOWLEDGEMENT, clock, case.first_received, book)
        yield _decide_first(owed) if _only_junk(case) else owed
    adr = [c for c in running if c.owe is Owed.ADR_LETTER and c.running and c.act_from is not None]
    if adr and not _on_its_way(case, ADR):
        from_, _, clock = min((c.act_from, place, c) for place, c in enumerate(adr) if c.act_from is not None)
        yield _letter_duty(case, ADR, clock, from_, book)


def _told_of_scheme(case: Case) -> Iterator[Duty]:
    """That somebody asks the scheme whether it has what the customer says it has: their word alone starts nothing there."""
    told = case.scheme_told
    if told is None or case.merged_into:
        return
    yield Duty(
        "scheme-told", "Write down the referral: the customer says that they went to a scheme", "CH-03",
        Action.RECORD_REFERRAL, act_from=told.at, at_once=True,
    )  # fmt: skip


def _case_file(case: Case) -> Iterator[Duty]:
    """Our case file, while a scheme has the dispute (CH-03): by when it is owed, and that it goes there.

    No source was seen that names a provider's time for it: the scheme's letter does, and a person reads it there.
    """
    referral = case.referral
    if referral is None or case.scheme_decision is not None or case.merged_into or case.file_sent:
        return
    if case.file_due is None:
        yield Duty(
            "file-due", "Say by when the scheme wants our case file: its letter names the day", "CH-03",
            Action.SAY_FILE_DUE, act_from=referral.at, at_once=True,
        )  # fmt: skip
    due = case.file_due.due if case.file_due else None
    made = any(x.made >= referral.at for x in case.case_files)
    what, action = (
        ("Send the case file to the scheme, and say when it went", Action.SEND_FILE)
        if made
        else ("Make the case file for the scheme, and send it", Action.MAKE_FILE)
    )
    yield Duty(
        "case-file", what, "CH-03", action, due, referral.at,
        midnight(london_date(due) + timedelta(days=1)) if due else None,
    )  # fmt: skip


def _scheme_answer(case: Case, book: Rulebook) -> Iterator[Duty]:
    """That somebody asks the scheme whether the customer accepted: what is to be done, and by when, hangs on that day."""
    decision = case.scheme_decision
    if (
        decision is None
        or case.merged_into
        or scheme_decision.standing(case) is not Standing.WAITS_FOR_ANSWER
    ):
        return
    limit = scheme_decision.answer_by(case, book)
    times = on_the_day(limit.day) if limit else Times(None, None, None)
    yield Duty(
        "scheme-answer", "Write down whether the customer accepted the scheme's decision", limit.rule if limit else "AD-10",
        Action.SAY_ANSWER, times.due, decision.at, times.late_after,
    )  # fmt: skip


def _lesson(case: Case) -> Iterator[Duty]:
    """Where a scheme decided for the customer, what should be learned is written down. No rule names a day for it."""
    decision = case.scheme_decision
    if decision is None or case.merged_into or decision.outcome not in scheme_decision.FOR_CUSTOMER:
        return
    if case.lesson_at is None or case.lesson_at < decision.at:
        yield Duty(
            "lesson", "Write down the root cause, and what should be learned from the scheme's decision", "A-evidence",
            Action.NOTE_LESSON, act_from=decision.at,
        )  # fmt: skip


def _only_junk(case: Case) -> bool:
    """Whether all that is known of the customer lay in a junk folder, and nobody has said that it is a complaint.

    An answer to junk tells whoever sends it that the address is read, and goes to whomever they name as its sender.
    """
    heard = [c for c in case.contacts if c.inbound and not c.machine]
    return case.complaint is None and bool(heard) and all(c.junk for c in heard)


def _decide_first(owed: Duty) -> Duty:
    """The acknowledgement as a person owes it: it leaves by itself as soon as they find that it is a complaint."""
    what = "Decide: it came from the junk folder. If it is a complaint, its acknowledgement leaves at once"
    return replace(owed, what=what, action=Action.DECIDE_COMPLAINT, letter="", role="agent")


def _acknowledgement_owed(case: Case) -> bool:
    if case.closed is not None or case.merged_into is not None or _on_its_way(case, ACKNOWLEDGEMENT):
        return False
    if any(x.fate == "withdrawn" and not x.again for x in case.letters_of(ACKNOWLEDGEMENT)):
        return False  # a person decided that the customer need not get it
    return not any(not c.inbound and c.purpose == "acknowledgement" and c.reached for c in case.contacts)


def _on_its_way(case: Case, letter: str) -> bool:
    """Whether such a letter has been decided and is not lost: it has left, or it waits to leave."""
    return any(not x.lost for x in case.letters_of(letter))


def _letter_duty(case: Case, letter: str, clock: Clock | None, from_: datetime, book: Rulebook) -> Duty:
    found = ways(case, letter)
    what, action = _ACTIONS[Owed.ADR_LETTER if letter == ADR else Owed.ACKNOWLEDGEMENT]
    clause = clock.clause if clock else "R-06"
    due = clock.due if clock and clock.due else from_
    late = clock.late_after if clock else None
    if not found:
        return Duty(
            f"reach:{letter}", f"Find a way to reach the customer: the {_said(letter)} cannot leave",
            clause, Action.ADD_WAY, due, from_, late, dated_by=clock,
        )  # fmt: skip
    at_once = clock is None or clock.trigger is Trigger.DEADLOCK
    if found[0].channel == LETTER and letter == ADR and not at_once:
        from_ = min(from_, midnight(book.posting_day(london_date(due))))
    return Duty(f"send:{letter}", what, clause, action, due, from_, late, letter, "desk", dated_by=clock)


def _said(letter: str) -> str:
    return _CALLED.get(letter, letter.replace("-", " "))


_CALLED: Final = {
    ADR: "ADR letter", COPY_LETTER: "copy of the code", QUESTION_AGAIN: "second question",
    "data-acknowledged": "acknowledgement of the request", "data-extended": "letter that the request needs longer",
    "data-answered": "answer to the request", "data-refused": "letter that turns the request down",
    "call-follow-up": "follow-up of the call", "chat-transcript": "transcript of the chat",
    "contact-time": "letter about the agreed time", "cannot-resolve": "letter that we cannot settle it",
    "silence-notice": "notice that asks whether it is settled", "format-sent": "letter in another format",
    "outage-end": "letter that the outage is over", "case-file": "cover of the case file",
}  # fmt: skip
"""What a letter is called in what is owed about it, where its own name is not the word."""


def _letters_to_look_at(case: Case, book: Rulebook, running: tuple[Clock, ...]) -> Iterator[Duty]:
    for letter in case.letters:
        if letter.fate == "" and letter.channel == LETTER:
            yield _to_post(case, letter, book, running)
        elif letter.fate == "in doubt":
            yield Duty(
                f"look:{letter.key}", f"The {_said(letter.letter)} is in doubt: it may or may not have left",
                "A-evidence", Action.LOOK_AT_LETTER, letter.fate_at, letter.fate_at,
            )  # fmt: skip
        elif letter.fate in ("failed", "bounced", "returned") and not _replaced(
            case, letter.decided, letter.letter
        ):
            yield _not_arrived(case, letter)


def _to_post(case: Case, letter: SentLetter, book: Rulebook, running: tuple[Clock, ...]) -> Duty:
    """A letter that lies in the post room: by its last posting day, which the clock that it keeps has set.

    From the end of that day it cannot be in time. One that keeps no clock goes by the end of the next working day.
    """
    kept = [c for c in running if c.running and c.due and _BY_ITSELF.get(c.owe) == letter.letter]
    clock = min(kept, key=lambda c: (c.due, c.id), default=None)
    if clock is None:
        times = book.times(Period(1, Unit.WORKING_DAYS), letter.decided)
        by = times.due or letter.decided + timedelta(days=1)
        return Duty(
            f"post:{letter.key}", f"Post the {_said(letter.letter)}", "A-evidence", Action.POST, by, letter.decided,
            times.late_after, role="agent",
        )  # fmt: skip
    day = post_by(case, book, letter)
    return Duty(
        f"post:{letter.key}", f"Post the {_said(letter.letter)}", clock.clause, Action.POST,
        midnight(day), letter.decided, midnight(day + timedelta(days=1)), role="agent", dated_by=clock,
    )  # fmt: skip


def _not_arrived(case: Case, letter: SentLetter) -> Duty:
    """What a person does about a letter that did not arrive: send it another way, or find one first."""
    what = f"The {_said(letter.letter)} did not arrive: {letter.fate}"
    other = next((way for way in ways(case, letter.letter) if way.channel != letter.channel), None)
    again = other or next(iter(ways(case, letter.letter)), None)
    if again is None and letter.letter not in NEEDED_BY_LAW:
        what, action = f"{what}. Find another way to reach the customer", Action.ADD_WAY
    elif again is not None and letter.letter not in NEEDED_BY_LAW:
        what, action = f"{what}. Send it again by {_BY[again.channel]}", Action.SEND_AGAIN
    else:
        action = Action.LOOK_AT_LETTER
    return Duty(f"look:{letter.key}", what, "A-evidence", action, letter.fate_at, letter.fate_at)


_BY = {EMAIL: "email", LETTER: "post"}


def _formats_ordered(case: Case, book: Rulebook, running: tuple[Clock, ...]) -> Iterator[Duty]:
    """What a person makes in the customer's format; owed on a closed case too, for the letter has left."""
    letters = {x.key: x.letter for x in case.letters if x.fate != "withdrawn"}
    asked = {c.letter: c for c in case.copies}
    for order in case.format_orders:
        if order.dispatched is None and order.letter in letters:
            times, why = book.times(ORDER_WITHIN, order.ordered), clause(book.code)
            if order.letter in asked:
                # The copy is what was promised: what a person makes of it is owed by the same clause and moment.
                times = copies.owed_by(asked[order.letter], running, book)
                why = copies.clause(book.code)
            what = f"Send the {_said(letters[order.letter])} in {order.format or 'the customer’s format'}"
            yield Duty(
                f"format:{order.id}", what,
                why, Action.SEND_FORMAT, times.due, order.ordered, times.late_after, role="agent",
            )  # fmt: skip


def _format_to_review(case: Case, book: Rulebook) -> Iterator[Duty]:
    """A need is asked about again from its day on; until the customer answers, it holds."""
    need = case.format_need
    if need is None or not case.format or not need.review:
        return
    from_ = midnight(date.fromisoformat(need.review))
    yield Duty(
        "format-review", f"Ask the customer whether they still need {case.format}", clause(book.code),
        Action.ASK_FORMAT, act_from=from_, role="agent", at_once=True,
    )  # fmt: skip


def _awards(case: Case, book: Rulebook) -> Iterator[Duty]:
    """What was promised to put a wrong right, until the customer has it: on a closed case too, for most close on it."""
    for award in case.awards:
        stands = award.stands
        if stands is Stand.OWED and award.kind is AwardKind.ACTION:
            times = awards.due(award, book)
            yield Duty(
                f"award:{award.id}", f"{_TO_DO.get(award.basis, 'Do what we promised')} (award {award.id}), and say so",
                award.clause,
                Action.AWARD, times.due, award.owed, times.late_after,
            )  # fmt: skip
        elif stands is Stand.OWED:
            times = awards.hand_over_by(award, book)
            yield Duty(
                f"award:{award.id}", f"Hand {saying.pence(award.pence)} over to billing (award {award.id})", award.clause,
                Action.HAND_OVER, times.due, award.owed, times.late_after, role="agent",
            )  # fmt: skip
        elif stands is Stand.HANDED_OVER:
            times = awards.due(award, book)
            yield Duty(
                f"award:{award.id}", f"See that a bill shows {saying.pence(award.pence)} (award {award.id})", award.clause,
                Action.AWARD, times.due, award.fate_at, times.late_after, role="agent",
            )  # fmt: skip
        elif stands in (Stand.IN_DOUBT, Stand.CAME_BACK):
            untold = award.fate == "reversed" and not ways(case, CREDIT_NOTE)
            tell = "tell the customer, who was written that they have it, and " if untold else ""
            what = f"{saying.pence(award.pence)} {_WRONG[stands]} (award {award.id}): {tell}decide what to do"
            yield Duty(
                f"award:{award.id}", what, award.clause, Action.AWARD, award.fate_at, award.fate_at,
            )  # fmt: skip


_TO_DO = {Basis.SCHEME: "Do what the scheme decided"}
_WRONG = {Stand.IN_DOUBT: "may or may not have reached billing", Stand.CAME_BACK: "came back from billing"}


def _replaced(case: Case, after: datetime, letter: str) -> bool:
    return any(x.decided > after and not x.lost for x in case.letters_of(letter))


def _undecided(case: Case, book: Rulebook) -> Iterator[Duty]:
    """Every contact carries the decision whether it was a complaint; undecided is owed within one working day.

    What a customer writes after the closing is sorted in the same way: thanks, or a dispute that reopens the case (L10).
    """
    for contact in case.contacts:
        if not contact.inbound or contact.machine or contact.complaint is not None:
            continue
        if case.closed is not None and contact.logged <= case.closed.logged:
            continue
        if case.merged_into is not None and contact.logged <= case.merged_into.at:
            continue
        times = book.times(Period(1, Unit.WORKING_DAYS), contact.logged)
        what = (
            "The customer wrote after the closing: is it a complaint?"
            if case.closed
            else "Decide: was this a complaint?"
        )
        yield Duty(
            f"decide:{contact.id}", what, "A-was-it-a-complaint",
            Action.DECIDE_COMPLAINT, times.due, contact.logged, times.late_after, role="agent",
        )  # fmt: skip


def _promised(case: Case, book: Rulebook, running: tuple[Clock, ...]) -> Iterator[Duty]:
    # What the letters of the law keep besides is seen when they have left; most cases wait for no other letter.
    waits = any(not (x.left or x.lost) and x.letter not in NEEDED_BY_LAW for x in case.letters)
    kept = {c.id: c.settled for c in clocks(as_if_left(case), book)} if waits else {}
    for clock in running:
        if not clock.running or _desk_writes(clock.owe, case, running):
            continue
        what, action = _ACTIONS[clock.owe]
        unknown = clock.due is None and not clock.paused
        if kept.get(clock.id) is not None:
            what, action = f"{what}: it is written and has not left yet", Action.LEAVE
        elif unknown:
            what, action = (
                f"{what}: its date cannot be worked out ({clock.times.unknown})",
                Action.LOOK_AT_DATE,
            )
        yield Duty(
            clock.id, what, clock.clause, action, clock.due, clock.start, clock.late_after, at_once=unknown,
            dated_by=clock,
        )  # fmt: skip


def _desk_writes(owe: Owed, case: Case, running: tuple[Clock, ...]) -> bool:
    """Whether the desk keeps such a promise by itself, or another duty says already what a person does for it.

    The ADR letter of a deadlock says that we cannot resolve it. Where none is owed (a larger business, an exception,
    one that was sent before), somebody writes it.
    """
    if owe in CARE_OWES:
        return True  # its next step stands among the duties, with this promise's date
    if owe is not Owed.CANNOT_RESOLVE:
        return owe in _BY_ITSELF or owe is Owed.COPY_OF_CODE
    if case.deadlocked is None:
        return False
    since = case.deadlocked
    written = any(not x.lost and x.decided >= since for x in case.letters_of(ADR))
    return written or any(c.owe is Owed.ADR_LETTER and c.running for c in running)


def _without_period(case: Case, book: Rulebook, running: tuple[Clock, ...]) -> Iterator[Duty]:
    for promise, start in undated(case, book):
        if _desk_writes(promise.owe, case, running):
            continue
        if (
            promise.owe is Owed.OUTCOME
            and case.scheme_answer is not None
            and case.scheme_answer.answer == scheme_decision.ACCEPTED
        ):
            continue  # the scheme's decision binds both: nothing of ours is put to the customer beside it
        what, action = _ACTIONS[promise.owe]
        yield Duty(promise.clause, what, promise.clause, action, act_from=start)
    if case.handler == "" and not any(p.owe is Owed.HANDLER_ASSIGNED for p, _ in undated(case, book)):
        yield _give_to_somebody(case)
    yield from _intervals(case, book)


def _handed_over(case: Case, book: Rulebook) -> Iterator[Duty]:
    """Where the code promises a named handler, whoever takes the case over introduces themselves, within the same period."""
    since = case.introduce_again
    promises = book.code.promises if book.code else ()
    promise = next((p for p in promises if p.owe is Owed.HANDLER_INTRODUCTION), None)
    if since is None or promise is None:
        return
    what = "Introduce yourself: the customer knows somebody else as their handler"
    times = book.times(promise.within, since) if promise.within else None
    if times is None or times.due is None:
        yield Duty("introduce:again", what, promise.clause, Action.INTRODUCE, act_from=since, at_once=True)
    else:
        yield Duty(
            "introduce:again", what, promise.clause, Action.INTRODUCE, times.due, since, times.late_after
        )


def _intervals(case: Case, book: Rulebook) -> Iterator[Duty]:
    started = {event.trigger for event in case.events}
    for trigger in started:
        for promise in book.promises.get(trigger, ()):
            if promise.every == "as agreed" and case.update_days is None and not case.resolved:
                yield Duty(
                    f"interval:{promise.clause}", "Agree how often the customer hears from us",
                    promise.clause, Action.AGREE_INTERVAL,
                )  # fmt: skip


def _unanswered(case: Case, running: tuple[Clock, ...]) -> Iterator[Duty]:
    """The last message of the customer, where nobody has answered it and no promise of the code covers it."""
    asked = [c for c in case.contacts if c.inbound and c.asks_answer]
    if any(c.running and c.owe in (Owed.REPLY, Owed.WRITTEN_RESPONSE, Owed.CALL_BACK) for c in running):
        return
    given = answers_given(case)
    for waits in case.waits_from_merged:
        if not any(at >= waits.at for at in given) and not case.resolved:
            yield Duty(
                f"answer:{waits.ref}", f"Answer what the customer wrote under {waits.ref.split()[1]}", "A-any-channel",
                Action.REPLY, act_from=waits.at, at_once=True,
            )  # fmt: skip
    if not asked:
        return
    last = asked[-1]
    # The first word of a customer is answered by what the code promises next; whatever they add waits for an answer.
    promised = last is asked[0] and any(
        c.running and c.kind is Kind.PROMISE and c.due is not None and c.owe not in _BY_ITSELF
        for c in running
    )
    if not any(at >= last.at for at in given) and not case.resolved:
        by_phone = case.customer.prefers == PHONE and bool(case.customer.phone)
        what = "Answer the customer: they asked to be called" if by_phone else "Answer the customer"
        yield Duty(
            f"answer:{last.id}", what, "A-any-channel", Action.CALL if by_phone else Action.REPLY, act_from=last.at,
            at_once=not promised,
        )  # fmt: skip


def answers_given(case: Case) -> list[datetime]:
    """When the customer was given an answer of any kind."""
    given = [c.at for c in case.contacts if not c.inbound and c.reached and c.purpose != "acknowledgement"]
    given += [o.at for o in case.outcomes] + [x.decided for x in case.letters_of(ADR)]
    return given if case.introduced is None else [*given, case.introduced]


def _appointments(case: Case, book: Rulebook) -> Iterator[Duty]:
    clause = contact_time_clause(book)
    for appointment in case.appointments:
        if not appointment.settled:
            yield Duty(
                f"{_KEEP}{appointment.id}", "Keep the agreed contact time", clause, Action.CALL,
                appointment.starts, appointment.starts, appointment.ends,
            )  # fmt: skip


def _missed(case: Case, book: Rulebook) -> Iterator[Duty]:
    """An agreed time that was missed is made good at once: until we have spoken, or agreed another."""
    last = case.appointments[-1] if case.appointments else None
    if last is None or last.settled_at is None or not last.settled.startswith("missed") or case.resolved:
        return
    spoken = (c.at for c in case.contacts if c.reached and not c.machine and not c.letter)
    if not any(at > last.settled_at for at in spoken):
        who = "We missed" if last.settled == "missed by us" else "The customer missed"
        yield Duty(
            f"missed:{last.id}", f"{who} the agreed contact time: speak to them, or agree another",
            contact_time_clause(book), Action.AGREE_TIME, act_from=last.settled_at, at_once=True,
        )  # fmt: skip


DECIDE_WHAT = {
    "compensation": "Decide about compensation that was asked for",
    "award": "Decide about an award that was asked for",
    "deadlock": "Decide whether this is deadlock",
    "extension": "Decide about more time for a promise",
    "back-dating": "Decide about another date of receipt",
    "escalation": "Take the escalated case",
}  # fmt: skip
"""What is owed to something that waits for a decision, by its deed."""


def _to_decide(case: Case) -> Iterator[Duty]:
    for asked in case.approvals:
        if asked.waits:
            what = DECIDE_WHAT.get(asked.deed, asked.deed)
            if asked.role:
                what = f"{what} ({asked.role})"
            yield Duty(
                f"approve:{asked.id}", what, asked.clause, Action.APPROVE,
                act_from=asked.given[-1].at if asked.given else asked.asked, role="manager", at_once=True,
            )  # fmt: skip


def _suppliers(case: Case) -> Iterator[Duty]:
    """What a supplier owes us we ask for again on its day: the customer has us to answer for it."""
    for asked in case.suppliers:
        if asked.answered is None:
            yield Duty(
                f"chase:{asked.id}", f"Chase {asked.supplier}{_rung(asked.chased)}", "A-evidence", Action.CHASE,
                asked.chase, asked.chase, midnight(london_date(asked.chase) + timedelta(days=1)),
            )  # fmt: skip


HIGHER_UP_AFTER: Final = 2
"""After so many chases that brought nothing somebody higher up at the supplier is asked: a rule of this house."""


def _rung(chased: int) -> str:
    """How a supplier is chased, by how often it was before."""
    if chased >= HIGHER_UP_AFTER:
        return f", somebody higher up there: {saying.counted(chased, 'chase')} brought nothing"
    return " again" if chased else ""


def contact_time_clause(book: Rulebook) -> str:
    """The clause of the code by which a contact time is agreed; where it has none, that of any case's evidence."""
    promises = book.code.promises if book.code else ()
    return next((p.clause for p in promises if p.owe is Owed.CONTACT_TIME), "A-evidence")


def _refused(case: Case, book: Rulebook) -> Iterator[Duty]:
    """A refused outcome climbs the code's stages, or is declared deadlocked; it never rests."""
    last = case.outcomes[-1] if case.outcomes else None
    if last is None or last.accepted is not False or case.deadlocked is not None:
        return
    assert last.answered is not None
    entered = [e for e in case.events if e.ref == "entered" and e.at >= last.answered]
    if entered or case.state is State.ADR_LETTER_SENT:
        return
    following = next_stage(case, book)
    what = (
        f"The outcome was refused: escalate to {following}"
        if following
        else "The outcome was refused: review it or declare deadlock"
    )
    yield Duty(
        f"refused:{last.id}", what, "A-consent", Action.ESCALATE if following else Action.DEADLOCK,
        act_from=last.answered, role="handler" if following else "manager", at_once=True,
    )  # fmt: skip


def next_stage(case: Case, book: Rulebook) -> str:
    """The role that holds the case next on the code's path, by name; empty at its end or where there is none."""
    stages = book.code.stages if book.code else ()
    for stage in stages[case.stage + 1 :]:
        if not stage.optional and stage.reached & {Reached.NOT_SATISFIED, Reached.CUSTOMER_ASKS}:
            return stage.role
    return ""


def further_stage(case: Case, book: Rulebook) -> str:
    """The role to which the case can go: the next on the path, else one that the code only offers; empty for neither.

    What is only offered is never owed: deadlock does not wait for it. A trade body is outside, and a step of its own.
    """
    stages = book.code.stages if book.code else ()
    offered = (s.role for s in stages[case.stage + 1 :] if s.optional and s.kind is not StageKind.TRADE_BODY)
    return next_stage(case, book) or next(offered, "")
