"""Why a date is what it is: the rule, the windows counted, the days skipped, the pauses, the versions (A-why).

`why` tells it in full, `told` to people, `in_short` in the one line that a queue has room for.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import chain, groupby
from typing import TYPE_CHECKING

from amends.core import data_requests, personal_data
from amends.core.calendar import UnknownDay, in_london, london_date
from amends.core.clocks import LAW_CLAUSE, Clock, Kind
from amends.core.code import Owed, Trigger, Unit
from amends.core.duties import Action
from amends.core.hours import working_day_end
from amends.core.saying import counted
from amends.core.saying import day as say_day
from amends.core.saying import moment as say_moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.core.calendar import SkippedDay
    from amends.core.case import Case
    from amends.core.dated import Confidence
    from amends.core.duties import Duty
    from amends.core.rulebook import Rulebook


def why(clock: Clock, case: Case, book: Rulebook) -> tuple[str, ...]:
    """The reasons of one clock, in the order in which a person would tell them, and the versions that they rest on."""
    return (*told(clock, case, book), versions(book))


def told(clock: Clock, case: Case, book: Rulebook) -> tuple[str, ...]:
    """The reasons of one clock for a page that names the versions once, for all of them."""
    return tuple(chain(_rule(clock, case, book), _counted(clock, book), _changed(clock), _ends(clock)))


def in_short(duty: Duty) -> str:
    """The reason of a duty in one short sentence: how long it has, and from when that counts."""
    clock = duty.dated_by
    if clock is None:
        since = say_day(london_date(duty.act_from)) if duty.act_from else ""
        said = _SHORTLY.get(duty.action) or (_dated(duty) if duty.due else _UNDATED if since else "")
        return said.format(since=since)
    start = say_day(london_date(clock.start))
    if clock.trigger is Trigger.DEADLOCK and clock.period is None:
        return f"Deadlock was declared on {start}: it is due at once"
    if clock.period is None:
        return f"Due by then under {clock.id.partition(' ')[2]}, which goes on here"
    if clock.extended is not None:
        return f"Extended, as the customer was told on {say_day(london_date(clock.extended.told))}"
    if clock.paused:
        return "It stands still for now, so it has no date"
    if clock.again:
        return f"Every {clock.period}: the last time was {start}"
    never = ", and never stands still" if clock.kind is Kind.LAW else ""
    return f"{str(clock.period).capitalize()} from {start}{never}"


_UNDATED = "No period is named: it is owed since {since}"


def _dated(duty: Duty) -> str:
    """The reason of what has a day of its own, although no clock of the code or the law gave it."""
    if duty.act_from is None or duty.act_from == duty.due:
        return _ON_ITS_DAY.get(duty.action, "That is its day")
    return _COUNTED.get(duty.action, "Counted from {since}")


_ON_ITS_DAY = {
    Action.PAYMENT: "The day after it was to come",
    Action.CHASE: "The day on which we ask again",
}
_COUNTED = {
    Action.INTRODUCE: "Another handler has it since {since}, with the code’s time to introduce themselves",
    Action.HAND_OVER: "The customer is owed it since {since}",
    Action.AWARD: "The customer is owed it since {since}",
}
_SHORTLY = {
    Action.RECORD_REFERRAL: "The customer told us on {since}; our case file is owed once the scheme has it",
    Action.SAY_FILE_DUE: "The scheme has the complaint since {since}",
    Action.MAKE_FILE: "The scheme has the complaint since {since}; its letter names the day",
    Action.SEND_FILE: "The scheme has the complaint since {since}; its letter names the day",
    Action.SAY_ANSWER: "The scheme decided on {since}",
    Action.NOTE_LESSON: "The scheme decided for the customer on {since}",
    Action.DECIDE_COMPLAINT: "One working day from {since}, when it was written down",
    Action.POST: "It was to be posted from {since} on",
    Action.LOOK_AT_LETTER: "Since {since}",
    Action.SEND_FORMAT: "It was ordered on {since}",
    Action.ASK_FORMAT: "It was to be asked again on {since}",
    Action.ASSIGN: "Nobody holds it; it came on {since}",
    Action.AGREE_INTERVAL: "No rhythm has been agreed yet",
    Action.REPLY: "The customer was in touch on {since}, and nobody has answered",
    Action.CALL: "Agreed with the customer",
    Action.SETTLE_TIME: "Agreed with the customer",
    Action.ESCALATE: "The customer refused it on {since}",
    Action.DEADLOCK: "The customer refused it on {since}",
}
"""Why what no clock dates is owed; the day is that from which it is."""


def _rule(clock: Clock, case: Case, book: Rulebook) -> Iterator[str]:
    if clock.owe is Owed.ADR_LETTER:
        yield from _adr_rule(clock, case, book)
        return
    if clock.id == personal_data.CLOCK:
        yield from _data_rule(clock, book)
        return
    if clock.id == data_requests.CLOCK:
        yield from _data_request_rule(clock, case, book)
        return
    clause = book.code.clause(clock.clause) if book.code else None
    if clock.again:
        yield f"{clock.clause}: {clock.owe} every {clock.period}, counted from the last one"
    else:
        promised = f"{clock.owe} within {clock.period}" if clock.period else str(clock.owe)
        yield f"{clock.clause}: {promised}, from: {clock.trigger}"
    if clause is not None and clause.says:
        yield f"The code says: {' '.join(clause.says.split())}"
    if clock.again:
        yield f"Started {say_moment(clock.start)}, with {_given(clock, case)}"
    else:
        yield f"Started {say_moment(clock.start)}{_by(clock)}"


def _by(clock: Clock) -> str:
    return f", by {clock.channel}" if clock.channel else ""


def _given(clock: Clock, case: Case) -> str:
    """What the customer was told when the interval before this one ended."""
    for outcome in case.outcomes:
        if outcome.at == clock.start:
            return f"the outcome that was proposed by {outcome.channel}"
    for contact in case.contacts:
        if not contact.inbound and contact.at == clock.start:
            return f"our {contact.purpose or 'contact'} by {contact.channel}"
    return "what the customer was told then"


def _adr_rule(clock: Clock, case: Case, book: Rulebook) -> Iterator[str]:
    if clock.trigger is Trigger.DEADLOCK:
        yield (
            "CH-11, CH-12: deadlock was declared, so the ADR letter is due at once; the customer need not ask"
        )
        yield f"Deadlock declared {say_moment(clock.start)}"
        return
    assert case.first_received is not None
    if clock.kind is Kind.PROMISE and clock.period is None:
        yield f"{clock.clause}: under {clock.id.partition(' ')[2]}, which goes on here, the letter was due by then"
        return
    received = london_date(clock.start)
    yield f"First received {say_moment(clock.start)}{_by(clock)}; receipt is day 0"
    if case.merged:
        said = ", ".join(f"{m.reference} {say_moment(m.first_received)}" for m in case.merged)
        yield f"A-law-clock: cases were merged ({said}); of all receipts the one counts whose letter is due first"
    law_day, rule = book.law.adr_due(received)
    if clock.kind is Kind.PROMISE:
        yield f"{clock.clause}: the code promises the letter after {clock.period}"
        if clock.due is not None and london_date(clock.due) > law_day:
            yield f"{rule.rule}: the law's letter, due on {say_day(law_day)}, settles this promise too"
        return
    yield f"{rule.rule}: still unresolved {rule.value} days after the first receipt, the ADR letter is due"
    if rule.note:
        yield f"{rule.rule}: {' '.join(rule.note.split())}"
    yield f"How sure we are of this rule: {_SURE[rule.confidence]}{'' if rule.verified else '; it is not verified yet'}"
    yield from _overlaid(book, clock)
    yield f"{LAW_CLAUSE}: this clock never pauses and never starts again"


def _data_rule(clock: Clock, book: Rulebook) -> Iterator[str]:
    rule = book.law.dp_acknowledge_days.on(london_date(clock.start))
    yield f"{rule.rule}: a complaint about personal data is acknowledged within {rule.value} days of its receipt"
    yield f"Received {say_moment(clock.start)}{_by(clock)}; day 1 is the day after"
    yield f"{rule.rule}: a last day on a weekend or a bank holiday rolls to the next working day"
    yield f"How sure we are of this rule: {_SURE[rule.confidence]}{'' if rule.verified else '; it is not verified yet'}"
    yield f"{LAW_CLAUSE}: this clock never pauses and never starts again"


def _data_request_rule(clock: Clock, case: Case, book: Rulebook) -> Iterator[str]:
    found = data_requests.counted(case, book)
    rule = book.law.access_request_months.on(london_date(clock.start))
    if found is None:
        return
    yield f"{rule.rule}: a request about personal data is answered within {counted(rule.value, 'month')} of its receipt"
    yield f"Received {say_moment(clock.start)}{_by(clock)}"
    if case.data_extended is not None:
        yield f"{rule.rule}: {found.months} months, because {case.data_extended.because}; they were told so in time"
    yield f"{data_requests.ROLL}: the same day {counted(found.months, 'month')} on is {say_day(found.plain)}"
    if found.waited and found.stands is None:
        yield f"{data_requests.STOPS}: {counted(found.waited, 'day')} did not count"
    if found.stands is None and found.day != found.plain + timedelta(days=found.waited):
        yield f"{data_requests.ROLL}: that is no working day; it rolls to {say_day(found.day)}"
    yield f"How sure we are of this rule: {_SURE[rule.confidence]}{'' if rule.verified else '; it is not verified yet'}"
    yield f"{LAW_CLAUSE}: this clock stands still only where the law itself says so, and never starts again"


_SURE: dict[Confidence, str] = {
    "P": "we have read it at its source",
    "S": "we have it from others who report it",
    "I": "we concluded it from other rules",
    "R": "we recall it and have no source at hand",
}


def _overlaid(book: Rulebook, clock: Clock) -> Iterator[str]:
    adr = book.code.dispute_resolution if book.code else None
    if adr is None or adr.after is None:
        yield "The code names no period; the law's holds"
    elif clock.period is not None:
        yield f"{adr.id}: the code says {adr.after}; the law's period overlays it where that is later"


def _counted(clock: Clock, book: Rulebook) -> Iterator[str]:
    if clock.period is None or clock.due is None or clock.id == data_requests.CLOCK:
        return
    unit = clock.period.unit
    if unit is Unit.WORKING_HOURS:
        yield from _working_hours(clock, book)
    elif unit is Unit.WORKING_DAYS:
        yield from _working_days(clock, book)
    elif unit is Unit.HOURS:
        yield f"{clock.period} run on through nights, weekends and bank holidays"
    else:
        first, last = london_date(clock.start), london_date(clock.due)
        yield f"{say_day(first)} plus {clock.period} is {say_day(last)}; bank holidays do not move it"


def _working_hours(clock: Clock, book: Rulebook) -> Iterator[str]:
    assert clock.due is not None
    yield _schedule(book)
    for window in book.timetable.windows(clock.start, clock.due):
        start, end = in_london(window.start), in_london(window.end)
        yield f"Counted {say_day(start.date())} {start:%H:%M} to {end:%H:%M}: {span(window.end - window.start)}"
    yield from _skipped(tuple(book.timetable.skipped(clock.start, clock.due)))


def _working_days(clock: Clock, book: Rulebook) -> Iterator[str]:
    assert clock.period is not None
    yield _schedule(book)
    try:
        end = working_day_end(book.calendar, book.working_hours, clock.start, clock.period.amount, book.week)
    except UnknownDay as unknown:
        yield str(unknown)
        return
    first = "receipt" if clock.trigger in _RECEIPTS and not clock.again else say_day(london_date(clock.start))
    yield f"Day 1 is the next working day after {first}; day {clock.period.amount} is {say_day(end.day)}"
    if end.closing_assumed:
        yield "No closing time is stated for that day: 17:00 is taken"
    yield from _skipped(end.skipped)


_RECEIPTS = (Trigger.COMPLAINT_RECEIVED, Trigger.MESSAGE_RECEIVED)


def _schedule(book: Rulebook) -> str:
    code = book.code
    if code is None or code.working_day is None:
        return "No opening hours are stated: Monday to Friday 09:00 to 17:00 without bank holidays is taken"
    hours = book.working_hours
    said = {
        "closed": "bank holidays are out",
        "open": "bank holidays are in",
        "unsaid": "the code does not speak of bank holidays: they count as open",
    }
    return f"Working day: the hours called {code.working_day!r}; {said[hours.bank_holidays] if hours else ''}"


def _skipped(days: tuple[SkippedDay, ...]) -> Iterator[str]:
    for reason, group in groupby(days, key=lambda d: d.reason):
        which = [d.day for d in group]
        dates = say_day(which[0]) if len(which) == 1 else f"{say_day(which[0])} to {say_day(which[-1])}"
        yield f"Skipped {dates}: {reason}"


def _changed(clock: Clock) -> Iterator[str]:
    for pause in clock.pauses:
        ended = f" to {say_moment(pause.end)}" if pause.end else ", and still does"
        yield f"Stood still from {say_moment(pause.start)}{ended}: {pause.why}"
    if clock.extended is not None:
        reason = f": {clock.extended.why}" if clock.extended.why else ""
        yield f"Extended to {say_moment(clock.extended.until)}, told {say_moment(clock.extended.told)}{reason}"


def _ends(clock: Clock) -> Iterator[str]:
    if clock.due is None:
        yield f"The date cannot be worked out: {clock.times.unknown}"
    elif clock.due == clock.late_after:
        yield f"Due {say_moment(clock.due)}"
    else:
        yield f"Due on {say_day(london_date(clock.due))}"
    if clock.settled is not None:
        yield f"Settled {say_moment(clock.settled)}"
    elif clock.stopped:
        yield f"Stopped: {clock.stopped}"


def versions(book: Rulebook) -> str:
    """By which versions of code, law and bank holidays every date of a case is worked out."""
    v = book.versions
    calendar = f"bank holidays of {book.calendar.division} {v.calendar}, known to {say_day(book.calendar.complete_until)}"
    return f"Versions: code {v.code[:12] or 'none'}, law {v.law[:12]}, {calendar}"


def span(amount: timedelta) -> str:
    """An amount of time in words: "1 hour 30 minutes"."""
    minutes = round(amount.total_seconds() / 60)
    hours, rest = divmod(minutes, 60)
    parts = [f"{n} {word}{'' if n == 1 else 's'}" for n, word in ((hours, "hour"), (rest, "minute")) if n]
    return " ".join(parts) or "0 minutes"
