"""The next date for both sides, which every message names (I-timeframes), from the clocks that run.

A promise whose time has passed is owned up to. No date is invented: where the code promises none, the message says so.
What was written to the customer and has not left yet is on its way: it is neither promised again nor apologised for, or
two letters that arrive together would contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final, NamedTuple

from amends.core import data_requests, questions, saying
from amends.core.awards import Award, AwardKind, Stand, last_day
from amends.core.awards import due as given_by
from amends.core.calendar import london_date, midnight
from amends.core.care import steps
from amends.core.clocks import Clock, Kind
from amends.core.code import Owed, Period, Unit
from amends.core.dated import NotKnown
from amends.core.kinds import CaseKind
from amends.core.letters.blocks import Block, Details, Heading, Paragraph
from amends.core.letters.matter import LetterMatter

ANSWER_DAYS = 10
"""Working days within which an outcome asks for an answer, unless the handler names a day. Nothing runs out then."""

_ON_A_DAY = (Unit.CALENDAR_DAYS, Unit.WEEKS, Unit.MONTHS)
_MOST = 4
"""Dates of ours that one message names: the next few, for a long list hides the first."""

_WE_WILL: dict[Owed, tuple[str, str]] = {
    Owed.ACKNOWLEDGEMENT: (
        "We will confirm that we have your complaint.",
        "confirm that we have your complaint",
    ),
    Owed.CONFIRMATION: ("We will confirm your details in writing.", "confirm your details in writing"),
    Owed.HANDLER_ASSIGNED: ("We will give your complaint to a case handler.", "give it to a case handler"),
    Owed.HANDLER_INTRODUCTION: (
        "Your case handler will get in touch and say who they are.",
        "have your case handler get in touch and say who they are",
    ),
    Owed.CONTACT_TIME: (
        "If we have not settled your complaint by then, we will agree a time to speak with you.",
        "agree a time to speak with you",
    ),
    Owed.REPLY: ("We will reply to your message.", "reply to your message"),
    Owed.WRITTEN_RESPONSE: ("You will have our answer in writing.", "answer you in writing"),
    Owed.CALL_BACK: ("We will have called you back.", "call you back"),
    Owed.UPDATE: ("We will tell you how your complaint stands.", "tell you how your complaint stands"),
    Owed.OUTCOME: ("We will tell you what we propose.", "tell you what we propose"),
    Owed.CANNOT_RESOLVE: (
        "We will write to you if we cannot settle your complaint.",
        "write to you that we cannot settle your complaint",
    ),
    Owed.COPY_OF_CODE: ("We will send you a copy of our code.", "send you a copy of our code"),
    Owed.REPAIR: ("The fault will be repaired.", "repair the fault"),
    Owed.SERVICE: ("We will have provided what you ordered.", "provide what you ordered"),
    Owed.CANCELLATION: ("We will confirm your cancellation.", "confirm your cancellation"),
    Owed.PRICES: ("We will send you our prices.", "send you our prices"),
    Owed.PAYMENT_CHANGE: ("We will have changed how you pay.", "change how you pay"),
    Owed.ADVICE: ("We will advise you about the calls.", "advise you about the calls"),
    Owed.MARKETING_STOPPED: ("We will have stopped our marketing to you.", "stop our marketing to you"),
    Owed.NUMBER_MOVED: ("We will have moved your number.", "move your number"),
    Owed.ARRANGEMENT: ("We will have agreed with you on how you pay.", "agree with you on how you pay"),
    Owed.DATA_ANSWER: (
        "We will answer your request about your personal data.",
        "answer your request about your personal data",
    ),
}
"""What each promise says before its time, and what it says we were to do once that has passed."""


def told_as_promised(owed: Owed) -> str:
    """What we promised, to follow "we were to"; empty for what no letter promises."""
    return _WE_WILL[owed][1] if owed in _WE_WILL else ""


_ON_ITS_WAY: dict[Owed, str] = {
    Owed.ACKNOWLEDGEMENT: "which confirms that we have your complaint",
    Owed.CONFIRMATION: "which confirms your details",
    Owed.HANDLER_INTRODUCTION: "which says who looks after your complaint",
    Owed.REPLY: "which answers you",
    Owed.WRITTEN_RESPONSE: "which answers you",
    Owed.CALL_BACK: "which follows our call",
    Owed.UPDATE: "which tells you how your complaint stands",
    Owed.OUTCOME: "which tells you what we propose",
    Owed.CANNOT_RESOLVE: "which says that we cannot settle your complaint",
    Owed.COPY_OF_CODE: "with a copy of our code",
}
"""What the letter does that keeps a promise and has not left yet."""


_NOTHING_TO_COME = (Stand.GIVEN, Stand.WITHDRAWN, Stand.LAPSED)
"""Where an award stands that is owed no more."""


class Step(NamedTuple):
    """One thing that we will do: at which moment (None where it cannot be worked out), said how, and what."""

    at: datetime | None
    when: str
    what: str


def next_dates(matter: LetterMatter, kept: tuple[Owed, ...] = ()) -> Iterator[Block]:
    """What we will do and when, then what the customer can do and when; `kept` is what this very letter keeps."""
    ours = (
        *_appointment(matter),
        *_agreed_day(matter),
        *_written(matter, kept),
        *_promised(matter, kept),
        *_next_update(matter, kept),
        *_given(matter),
        *_about_data(matter, kept),
        *_law(matter),
    )
    yield Heading("What we will do, and when")
    if ours:
        yield Details(
            tuple((step.when, step.what) for step in sorted(ours, key=lambda s: (s.at is None, s.at)))
        )
    else:
        yield Paragraph(_no_date(matter, kept))
    yield Heading("What you can do, and when")
    for said in _yours(matter, kept):
        yield Paragraph(said)


def _agreed_day(matter: LetterMatter) -> Iterator[Step]:
    """The day that was agreed for the next step of a request: somebody comes, a number moves."""
    following = steps.following(matter.case)
    day = steps.day_of(matter.case, following.step) if following else None
    if day is None or day < london_date(matter.now) or matter.case.kind not in _ON_ITS_DAY:
        return
    hours = steps.given(matter.case).get("hours", "")
    yield Step(
        midnight(day), f"{saying.day(day)}{f', {hours}' if hours else ''}", _ON_ITS_DAY[matter.case.kind]
    )


_ON_ITS_DAY: Final = {
    CaseKind.FAULT: "Somebody comes to you to put the fault right.",
    CaseKind.PORT: "Your number moves.",
    CaseKind.CANCELLATION: "Your service ends.",
}


def _no_date(matter: LetterMatter, kept: tuple[Owed, ...]) -> str:
    if matter.case.closed is not None:
        return f"Your {matter.noun} is closed, so no further step of ours is due."
    if matter.case.data_answer is not None or Owed.DATA_ANSWER in kept:
        return "This is our answer, so no further step of ours is due."
    if matter.case.resolved:
        return "You accepted our answer. Nothing more is due from us."
    who = matter.case.handler_name or "We"
    return f"No date is set for our next step. {who} will agree one with you if you ask."


def _appointment(matter: LetterMatter) -> Iterator[Step]:
    agreed = matter.appointment
    if agreed is not None and matter.case.closed is None:
        when = saying.between(agreed.starts, agreed.ends)
        yield Step(agreed.starts, when, "We will speak with you, as agreed.")


def _promised(matter: LetterMatter, kept: tuple[Owed, ...]) -> list[Step]:
    first: dict[Owed, Clock] = {}
    for clock in sorted(_owed(matter, kept), key=lambda c: (c.due is None, c.due)):
        first.setdefault(clock.owe, clock)
    return [_said(clock, matter) for clock in list(first.values())[:_MOST]]


def _next_update(matter: LetterMatter, kept: tuple[Owed, ...]) -> Iterator[Step]:
    """When we write again, where this letter is an update and the code promises them at intervals."""
    if Owed.UPDATE not in kept or matter.case.closed is not None:
        return
    at_intervals = {
        p.clause for promises in matter.book.promises.values() for p in promises if p.every is not None
    }
    for clock in matter.clocks_as_written:
        if clock.owe is Owed.UPDATE and clock.running and clock.clause in at_intervals and clock.period:
            times = matter.book.times(clock.period, matter.now)
            if times.due is not None:
                when = f"By {due(clock._replace(times=times))}"
                yield Step(times.due, when, _WE_WILL[Owed.UPDATE][0])
            return


def _given(matter: LetterMatter) -> Iterator[Step]:
    """What the customer is to have and has not had yet: money, or something that is done. A closed case owes it too."""
    for award in matter.case.awards:
        if award.owed is None or award.stands in _NOTHING_TO_COME:
            continue
        day = last_day(given_by(award, matter.book))
        if day is None:
            yield Step(None, "Date to follow", f"{_given_in_time(award)} We cannot yet work out the day.")
        elif day < matter.today:
            yield Step(midnight(day), f"Was due {saying.day(day)}", _given_late(award))
        else:
            yield Step(midnight(day), f"By {saying.day(day)}", _given_in_time(award))


def _given_in_time(award: Award) -> str:
    if award.kind is AwardKind.ACTION:
        return (
            f"We will have done what we promised: {award.words}"
            if award.words
            else "We will have done what we promised."
        )
    return f"You will have the {saying.pence(award.pence)} that we owe you."


def _given_late(award: Award) -> str:
    what = (
        "We were to do what we promised."
        if award.kind is AwardKind.ACTION
        else (f"You were to have the {saying.pence(award.pence)} that we owe you.")
    )
    return f"{what} We have not managed it yet, and we are sorry."


def _owed(matter: LetterMatter, kept: tuple[Owed, ...]) -> Iterator[Clock]:
    for clock in matter.clocks_as_written:
        runs = clock.kind is Kind.PROMISE and clock.running and not clock.paused
        if runs and clock.owe in _WE_WILL and clock.owe not in kept:
            yield clock


def _written(matter: LetterMatter, kept: tuple[Owed, ...]) -> Iterator[Step]:
    """What we have written and is on its way, each kind once; none where this very letter does the same."""
    settled = {c.id: c.settled for c in matter.clocks_as_written}
    told: set[str] = set()
    for clock in matter.clocks:
        does, at = _ON_ITS_WAY.get(clock.owe), settled.get(clock.id)
        if does is None or at is None or not clock.running or clock.owe in kept or does in told:
            continue
        told.add(does)
        yield Step(
            at, f"Written on {saying.day(london_date(at))}", f"Our letter, {does}, is on its way to you."
        )


def _said(clock: Clock, matter: LetterMatter) -> Step:
    says, late = _WE_WILL[clock.owe]
    if clock.due is None or clock.late_after is None:
        return Step(None, "Date to follow", f"{says} We cannot yet work out the day.")
    if clock.late_after < matter.now:
        return Step(
            clock.due,
            f"Was due {due(clock)}",
            f"We were to {late}. We have not done so yet, and we are sorry.",
        )
    return Step(clock.due, f"By {due(clock)}", says)


def due(clock: Clock) -> str:
    """When a clock falls due: a day where it is counted in days, else a day and time."""
    assert clock.due is not None
    by_day = clock.extended is None and clock.period is not None and clock.period.unit in _ON_A_DAY
    return saying.day(london_date(clock.due)) if by_day else saying.moment(clock.due)


def adr_day(matter: LetterMatter) -> date | None:
    """The London date on which the ADR letter is due; None where none is, or where it has been sent."""
    days = [
        london_date(c.due)
        for c in matter.clocks
        if c.owe is Owed.ADR_LETTER and c.running and c.due is not None
    ]
    return min(days, default=None)


def adr_sent(matter: LetterMatter) -> date | None:
    """The London date of the ADR letter that has left, or waits to leave; None where none has."""
    days = [london_date(x.decided) for x in matter.case.letters_of("adr-letter") if not x.lost]
    return max(days, default=None)


def _about_data(matter: LetterMatter, kept: tuple[Owed, ...]) -> Iterator[Step]:
    """The day by which the law wants a request about personal data answered (DP-03); none while it stands still."""
    if matter.case.data_answer is not None or matter.case.closed is not None or Owed.DATA_ANSWER in kept:
        return
    found = data_requests.counted(matter.case, matter.book)
    if found is not None and found.stands is None:
        said = f"By {saying.day(found.day)}"
        yield Step(midnight(found.day), said, "We will answer your request about your personal data.")


def _law(matter: LetterMatter) -> Iterator[Step]:
    opens = adr_day(matter)
    if opens is None or adr_sent(matter) is not None:
        return
    if matter.case.deadlocked is not None or opens <= matter.today:
        yield Step(
            matter.now,
            "Now",
            "We will send you a letter on how to take your complaint to an independent scheme, free of charge.",
        )
        return
    yield Step(
        midnight(opens),
        f"On {saying.day(opens)}",
        "If your complaint is still open, we will write to tell you how to take it to an independent scheme. "
        "That is free, and you need not ask for the letter.",
    )


def _yours(matter: LetterMatter, kept: tuple[Owed, ...]) -> Iterator[str]:
    """What the customer can do, with its day, in the order in which it comes."""
    found = [*_answer(matter), *_asked(matter), *_ready(matter), *_scheme(matter, kept)]
    asks = bool(questions.open_of(matter.case))
    if not asks and matter.extra.get("answer by") and matter.case.open_outcome is None:
        # This very letter asks: the question itself is written down with it.
        by, asks = date.fromisoformat(matter.extra["answer by"]), True
        found.insert(
            0, f"Please answer what we ask you here by {saying.day(by)}. If you cannot, just tell us."
        )
    if matter.case.closed is not None:
        found.append(
            f"If you think that your {matter.noun} is not settled, tell us. We will open it again, and it will "
            f"still count from {first_day_or_then(matter)}."
        )
    elif not found and not asks:
        found.append("You do not need to do anything. If you want to add something, tell us at any time.")
    elif matter.case.open_outcome is None and matter.appointment is None and not asks:
        found.insert(
            0, "You do not need to do anything now. If you want to add something, tell us at any time."
        )
    yield from found


def first_day_or_then(matter: LetterMatter) -> str:
    """The day of the first receipt in words; "the day on which you first told us" where none is known."""
    first = matter.case.first_received
    return saying.day(london_date(first)) if first else "the day on which you first told us"


def _answer(matter: LetterMatter) -> Iterator[str]:
    if matter.case.open_outcome is not None and matter.case.closed is None:
        yield (
            f"Please tell us by {saying.day(answer_by(matter))} whether you accept what we propose. If you need "
            "longer, just say so. We will not take silence as a yes."
        )


def _asked(matter: LetterMatter) -> Iterator[str]:
    """What we wait for the customer to answer, and by when (I-information, I-timeframes)."""
    if matter.case.closed is not None:
        return
    for question in questions.open_of(matter.case):
        day = questions.last_day(question, matter.book)
        if questions.waits(matter.case, question) and day >= matter.today:
            asked = saying.day(london_date(question.asked))
            yield f"Please answer what we asked you on {asked} by {saying.day(day)}. If you cannot, just tell us."


def answer_by(matter: LetterMatter) -> date:
    """The day by which an answer is asked for: the handler's own, or ten working days from now."""
    named = matter.extra.get("answer by", "")
    if named:
        return date.fromisoformat(named)
    times = matter.book.times(Period(ANSWER_DAYS, Unit.WORKING_DAYS), matter.now)
    if times.due is not None:
        return london_date(times.due)
    # Where bank holidays are not known, two weeks and a day of grace: asking for longer costs nobody anything.
    return matter.book.day(Unit.CALENDAR_DAYS, 15, matter.today)


def _ready(matter: LetterMatter) -> Iterator[str]:
    agreed = matter.appointment
    if agreed is not None and matter.case.closed is None:
        yield f"Please be ready to speak with us on {saying.between(agreed.starts, agreed.ends)}."


def _scheme(matter: LetterMatter, kept: tuple[Owed, ...]) -> Iterator[str]:
    sent = adr_sent(matter)
    if sent is not None:
        until = closes(matter, sent)
        if until is None or until >= matter.today:
            yield (
                f"Our letter of {saying.day(sent)} tells you how to take your complaint to an independent scheme. "
                + (
                    f"You can do so until {saying.day(until)}."
                    if until
                    else "It names the last day for that."
                )
            )
        return
    opens = adr_day(matter)
    if opens is not None and opens > matter.today:
        yield (
            f"From {saying.day(opens)} on you can take your complaint to an independent scheme if we have not "
            f"settled it. {_sooner(kept)}"
        )


def _sooner(kept: tuple[Owed, ...]) -> str:
    """How the customer can go before that day; in the letter that we cannot settle it, what is still wanting."""
    if Owed.CANNOT_RESOLVE in kept:
        return (
            "If you tell us that you are not happy with this answer, and we have nothing to add to it, we will write so "
            "to you, and you can go before that day."
        )
    return "Before that day you can do so if we write that we can do no more."


def closes(matter: LetterMatter, letter: date) -> date | None:
    """The last day for going to a scheme after a letter of this date; None where the law does not say."""
    try:
        return matter.book.law.adr_closes(letter)[0]
    except NotKnown:
        return None
