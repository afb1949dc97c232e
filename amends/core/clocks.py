"""Due times with the reasons that made them: case + code + law -> clocks.

Two kinds. A promise of the provider may stand still for a named reason and may be extended with notice. A law clock
never pauses, never resets, and survives reopening, merging and changes of channel (A-law-clock). The ADR letter's
rules:

  CH-07, CH-08, CH-09  still unresolved 56 days, from 8 April 2026 on 42 days, after the provider FIRST RECEIVED the
                       complaint (that date governs, not today's): the letter is due. Receipt is day 0.
                       A receipt that somebody would back-date counts at once, whoever has still to agree.
  CH-11, CH-12         at deadlock it is due at once, and the customer need not ask.

Where code and law both speak, the provider's earlier duty wins; a code's later period is overlaid by the law's.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from amends.core import data_requests, personal_data, questions
from amends.core.calendar import london_date
from amends.core.case import REMEMBERED
from amends.core.code import AS_AGREED, Owed, Period, Promise, Trigger, Unit, Unless
from amends.core.eligibility import covered
from amends.core.kinds import CARE_STARTS
from amends.core.rulebook import Rulebook, Times, on_the_day
from amends.core.settled import settled_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from amends.core.case import Case, Event, Extension, Pause

ADR_LETTER = "adr-letter"
LAW_CLAUSE = "A-law-clock"
BACKDATING = "back-dating"
"""The deed of `facts.APPROVED_DEEDS` that moves a receipt."""


class Kind(StrEnum):
    """Whose clock it is."""

    PROMISE = "promise"
    LAW = "law"


class Clock(NamedTuple):
    """One due time of a case. Moments are aware, in UTC; `reasons.why` tells how it came about."""

    id: str
    """Unique in the case: the clause, with `#2` and so on when it started more than once."""
    kind: Kind
    clause: str
    owe: Owed
    start: datetime
    trigger: Trigger
    times: Times
    period: Period | None = None
    """None where the date is not a period from the start: a deadlock is due at once."""
    settled: datetime | None = None
    stopped: str = ""
    """Why it no longer runs although nothing settled it; empty while it runs."""
    pauses: tuple[Pause, ...] = ()
    extended: Extension | None = None
    channel: str = ""
    again: bool = False
    """Whether it is a further interval of a promise that repeats: it started where the one before it was kept."""

    @property
    def number(self) -> int:
        """Which one it is of those that the same clause started in the case: 1, 2 and so on."""
        return int(self.id.partition("#")[2] or 1)

    @property
    def due(self) -> datetime | None:
        """When it is due; None where that cannot be worked out, or while it stands still."""
        return self.times.due

    @property
    def act_from(self) -> datetime | None:
        """From when it may be acted on."""
        return self.times.act_from

    @property
    def late_after(self) -> datetime | None:
        """The last moment at which it is kept; after it, it is late."""
        return self.times.late_after

    @property
    def running(self) -> bool:
        """Whether it is still owed."""
        return self.settled is None and not self.stopped

    @property
    def paused(self) -> bool:
        """Whether it stands still."""
        return self.running and any(p.end is None for p in self.pauses)

    def standing(self, now: datetime) -> str:
        """How it stands at a moment: kept, kept late, broken, running, paused, stopped or not known."""
        if self.settled is not None:
            late = self.late_after is not None and self.settled > self.late_after
            return "kept late" if late else "kept"
        if self.stopped:
            return "stopped"
        if self.paused:
            return "paused"
        if self.late_after is None:
            return "not known"
        return "broken" if now > self.late_after else "running"


def clocks(case: Case, book: Rulebook) -> tuple[Clock, ...]:
    """Every clock that the case has started, in the order of the code and then the law.

    A case that a person found to be no complaint has none but those of what was asked for: a copy of the code, a repair.
    """
    # The same case is asked about by its duties, its letter, its hints and its tally. What was worked out stays with it,
    # and goes when it does: a step makes another case.
    known: tuple[Rulebook, tuple[Clock, ...]] | None = case.__dict__.get(REMEMBERED)
    if known is None or known[0] is not book:
        known = case.__dict__[REMEMBERED] = (book, _clocks(case, book))
    return known[1]


def _clocks(case: Case, book: Rulebook) -> tuple[Clock, ...]:
    if case.first_received is None:
        return ()
    if case.complaint is False:
        asked_for = any(e.trigger in CARE_STARTS for e in case.events)
        return (*_promises(case, book), *_data_request(case, book)) if asked_for else ()
    found = (
        *_promises(case, book),
        *_law(case, book),
        *_personal_data(case, book),
        *_data_request(case, book),
    )
    return tuple(_as_broken(c, case) for c in found) if case.merged_into else found


def _as_broken(clock: Clock, case: Case) -> Clock:
    """A promise that was broken before the case was merged stays broken; its ADR letter is the survivor's matter."""
    assert case.merged_into is not None
    late = clock.late_after is not None and clock.late_after < case.merged_into.at
    broken = late and clock.settled is None and clock.owe is not Owed.ADR_LETTER
    return clock._replace(stopped="") if broken else clock


def undated(case: Case, book: Rulebook) -> tuple[tuple[Promise, datetime], ...]:
    """Promises that have started and are still owed, but for which the code names no period, with their starts."""
    if case.first_received is None or case.closed or (case.complaint is False and not case.care):
        return ()
    return tuple(
        (promise, event.at)
        for promise, event in _started(case, book)
        if promise.within is None
        and promise.every is None
        and settled_at(promise.owe, case, event.at) is None
    )


def _started(case: Case, book: Rulebook) -> Iterator[tuple[Promise, Event]]:
    for event in case.events:
        if case.complaint is False and event.trigger not in CARE_STARTS:
            continue
        for promise in book.promises.get(event.trigger, ()):
            if _holds(promise, event, case) and (promise.owe is not Owed.ADR_LETTER or _covered(case, book)):
                yield promise, _counted_from(promise, event, case)


def _counted_from(promise: Promise, event: Event, case: Case) -> Event:
    """An ADR letter is promised from the first receipt under whichever reference; all else from the case's own."""
    first = case.first_received
    if not case.merged or promise.owe is not Owed.ADR_LETTER or first is None:
        return event
    return replace(event, at=min(event.at, first)) if event.trigger is Trigger.COMPLAINT_RECEIVED else event


def _holds(promise: Promise, event: Event, case: Case) -> bool:
    if promise.channels is not None and event.channel not in promise.channels:
        return False
    if promise.stage is not None and (event.ref != "entered" or event.stage != promise.stage):
        return False
    if promise.customers is not None and case.customer.kind not in promise.customers:
        return False
    return Unless.SETTLED_FIRST_CONTACT not in promise.unless or not _settled_first(case)


def _settled_first(case: Case) -> bool:
    return case.closed is not None and case.closed.how == str(Unless.SETTLED_FIRST_CONTACT)


def _promises(case: Case, book: Rulebook) -> Iterator[Clock]:
    seen: dict[str, int] = {}
    for promise, event in _started(case, book):
        if promise.every is not None:
            found = _recurring(promise, event, case)
        elif promise.within is not None:
            found = iter((_promise(promise, event, case, promise.within, event.at),))
        else:
            continue
        waits = bool(promise.stands_still and case.questions)
        for clock in found:
            count = seen[clock.clause] = seen.get(clock.clause, 0) + 1
            named = clock if count == 1 else clock._replace(id=f"{clock.clause}#{count}")
            yield _timed(named, case, book, waits=waits)


def _promise(promise: Promise, event: Event, case: Case, period: Period, start: datetime) -> Clock:
    settled = settled_at(promise.owe, case, start)
    stopped = _STOPPED.get(promise.owe, _stopped)(case)
    return Clock(
        promise.clause, Kind.PROMISE, promise.clause, promise.owe, start, event.trigger, _NOT_YET,
        period, settled, "" if settled else stopped, channel=event.channel,
    )  # fmt: skip


_NOT_YET = Times(None, None, None)


def _recurring(promise: Promise, event: Event, case: Case) -> Iterator[Clock]:
    """One clock for each interval: from the start or the last update to the next."""
    period = _interval(promise, case)
    start: datetime | None = event.at
    while period is not None and start is not None:
        clock = _promise(promise, event, case, period, start)
        if start != event.at:
            clock = clock._replace(again=True, channel="")
        yield clock
        start = clock.settled


def _interval(promise: Promise, case: Case) -> Period | None:
    agreed = Period(case.update_days, Unit.WORKING_DAYS) if case.update_days else None
    if promise.every == AS_AGREED:
        return agreed
    # The customer and the handler may agree on another rhythm than the code's own.
    return agreed or (promise.every if isinstance(promise.every, Period) else None)


def _stopped(case: Case) -> str:
    if case.merged_into is not None:
        return f"the case goes on as {case.merged_into.reference}"
    if case.closed is not None:
        return f"the case is closed: {case.closed.evidence}"
    return "the customer says that it is resolved" if case.resolved else ""


def _copy_stopped(case: Case) -> str:
    """A complaint that is over ends no copy that was asked for on it."""
    return _stopped(case) if case.care else ""


def _timed(clock: Clock, case: Case, book: Rulebook, *, waits: bool) -> Clock:
    """The clock with its times, its pauses and its extension worked in.

    `waits` is whether the code lets it stand still while the customer has not answered what we asked.
    """
    if clock.period is None:
        return clock
    pauses = tuple(p for p in case.pauses if p.clock == clock.id) if case.pauses else ()
    if waits:
        pauses = _apart((*pauses, *questions.pauses(case, clock.id, clock.start)))
    extended = next((e for e in reversed(case.extensions) if e.clock == clock.id), None)
    times = book.times(clock.period, clock.start)
    if pauses:
        times = stretched(times, clock.period, clock.start, pauses, book)
    if extended is not None and (times.due is None or extended.until > times.due):
        times = Times(extended.until, extended.until, extended.until)
    for shut in case.shut if clock.owe not in _NEVER_SHUT else ():
        if clock.start <= shut.start and _passed(times, shut):
            pauses = (*pauses, shut)
            times = stretched(times, clock.period, clock.start, (shut,), book)
    return clock._replace(times=times, pauses=pauses, extended=extended)


_NEVER_SHUT: Final = frozenset({Owed.ADR_LETTER, Owed.COPY_OF_CODE})
"""What goes on whatever becomes of the case: the letter of the law, and a copy that was asked for on it."""


def _passed(times: Times, shut: Pause) -> bool:
    """Whether a promise's day passed while the case was closed: nobody was owed anything on that day.

    It was not broken then, and is not by the reopening: what was left of it at the closing is left from then on. A day
    that is still to come is moved by no closing.
    """
    return times.late_after is not None and shut.end is not None and shut.start < times.late_after <= shut.end


def _apart(pauses: tuple[Pause, ...]) -> tuple[Pause, ...]:
    """The same time stood still, in pauses that do not overlap: no moment of it counts twice."""
    found: list[Pause] = []
    for pause in sorted(pauses, key=lambda p: p.start):
        last = found[-1] if found else None
        if last is None or (last.end is not None and last.end <= pause.start):
            found.append(pause)
        elif last.end is not None and (pause.end is None or pause.end > last.end):
            found[-1] = replace(last, end=pause.end)
    return tuple(found)


def stretched(
    times: Times, period: Period, start: datetime, pauses: tuple[Pause, ...], book: Rulebook
) -> Times:
    """The times of a promise that stood still: what was left when each pause began is left when it ends (L1).

    While a pause is open there is no due time.
    """
    for pause in sorted(pauses, key=lambda p: p.start):
        if times.due is None or pause.start >= times.due:
            break
        if pause.end is None:
            return Times(None, None, None, f"stands still since then: {pause.why}")
        times = _after_pause(times, period, max(start, pause.start), pause.end, book)
    return times


def _after_pause(times: Times, period: Period, stops: datetime, resumes: datetime, book: Rulebook) -> Times:
    assert times.due is not None
    if period.unit is Unit.HOURS:
        moment = times.due + (resumes - stops)
        return Times(moment, moment, moment)
    if period.unit is Unit.WORKING_HOURS:
        left = book.timetable.spent(stops, times.due)
        moment = book.timetable.shift(resumes, left)
        return Times(moment, moment, moment)
    if period.unit is Unit.WORKING_DAYS:
        return _days_after_pause(times, times.due, stops, resumes, book)
    days_left = (london_date(times.due) - london_date(stops)).days
    return on_the_day(book.day(Unit.CALENDAR_DAYS, days_left, london_date(resumes)))


def _days_after_pause(
    times: Times, due: datetime, stops: datetime, resumes: datetime, book: Rulebook
) -> Times:
    """Working days are counted whole.

    A pause within one day moves nothing; one that begins on the last day leaves the next working day.
    """
    if london_date(stops) == london_date(resumes):
        return times
    left = max(1, _working_days_between(stops, due, book))
    return book.times(Period(left, Unit.WORKING_DAYS), resumes)


def _working_days_between(stops: datetime, due: datetime, book: Rulebook) -> int:
    day, last, count = london_date(stops), london_date(due), 0
    while day < last:
        day = book.calendar.next_working_day(day, 1, book.week)
        count += 1
    return count


def _law(case: Case, book: Rulebook) -> Iterator[Clock]:
    assert case.first_received is not None
    received = london_date(case.first_received)
    if not _covered(case, book):
        return
    earlier = _promised_earlier(case, book, received)
    if earlier is not None:
        yield earlier
    yield from _kept_from_merged(case)
    # A later receipt may have the earlier day, for the period grew shorter: what is better for the customer counts.
    receipts = (*_receipts(case), *_claimed(case))
    from_ = min(receipts, key=lambda at: (book.law.adr_due(london_date(at))[0], at))
    day, rule = book.law.adr_due(london_date(from_))
    clock = _adr(case, LAW_CLAUSE, Kind.LAW, on_the_day(day), Period(rule.value, Unit.CALENDAR_DAYS))
    yield clock._replace(start=from_) if clock.trigger is Trigger.COMPLAINT_RECEIVED else clock


def _personal_data(case: Case, book: Rulebook) -> Iterator[Clock]:
    """The clock of a complaint that is also about personal data: whoever the customer is, and beside the ADR letter's."""
    since = personal_data.complained(case)
    within = personal_data.days(since, book) if since is not None else None
    if since is None or within is None:
        return
    contact = case.contact(case.personal_data.contact) if case.personal_data else None
    times = on_the_day(personal_data.last_day(since, within, book))
    yield Clock(
        personal_data.CLOCK, Kind.LAW, personal_data.RULE, Owed.ACKNOWLEDGEMENT, since, Trigger.COMPLAINT_RECEIVED,
        times, Period(within, Unit.CALENDAR_DAYS), personal_data.acknowledged(case, since),
        channel=contact.channel if contact else case.first_channel,
    )  # fmt: skip


def _data_request(case: Case, book: Rulebook) -> Iterator[Clock]:
    """The month of a request about personal data (DP-03): it stands still only where the law itself says so (DP-06)."""
    since, found = data_requests.asked(case), data_requests.counted(case, book)
    if since is None or found is None:
        return
    settled = settled_at(Owed.DATA_ANSWER, case, since)
    yield Clock(
        data_requests.CLOCK, Kind.LAW, data_requests.RULE, Owed.DATA_ANSWER, since, Trigger.DATA_REQUESTED,
        data_requests.times(found), Period(found.months, Unit.MONTHS), settled, "" if settled else _stopped(case),
        data_requests.waits(case), channel=case.first_channel,
    )  # fmt: skip


def _receipts(case: Case) -> Iterator[datetime]:
    """When the complaint was first received, under each reference."""
    assert case.own_received is not None
    yield case.own_received
    yield from (m.first_received for m in case.merged if m.counts)


def _claimed(case: Case) -> Iterator[datetime]:
    """Earlier receipts that somebody has written down and nobody has agreed to yet: the law's clock waits for no decision.

    What has been taken for a contact that is no complaint, or is refused, counts no more.
    """
    for asked in case.approvals:
        if not (asked.waits and asked.deed == BACKDATING and asked.details):
            continue
        said = json.loads(asked.details)
        contact = case.contact(said["contact"])
        if contact is not None and contact.complaint is not False:
            yield datetime.fromisoformat(said["received"])


def _kept_from_merged(case: Case) -> Iterator[Clock]:
    """By when the ADR letter was due under references that go on here: it is due no later (A-law-clock)."""
    for merged in case.merged:
        for clause, due in merged.dates:
            times = Times(due, due, on_the_day(london_date(due)).late_after)
            clock = _adr(case, clause, Kind.PROMISE, times, None)
            clock = clock._replace(id=f"{ADR_LETTER} {merged.reference}")
            at_deadlock = clock.trigger is Trigger.DEADLOCK
            yield (
                clock if at_deadlock else clock._replace(start=merged.first_received, channel=merged.channel)
            )


def _covered(case: Case, book: Rulebook) -> bool:
    """Whether the law covers this customer: for those whom it does not, no ADR letter is owed on any clock."""
    assert case.first_received is not None
    on = london_date(case.first_received)
    return covered(case.customer.kind, case.customer.headcount, book.law, on).covered


def _promised_earlier(case: Case, book: Rulebook, received: date) -> Clock | None:
    """The code's own ADR letter, where it promises one before the law's day: the provider's earlier duty wins."""
    adr = book.code.dispute_resolution if book.code else None
    if adr is None or adr.after is None or case.first_received is None:
        return None
    times = book.times(adr.after, case.first_received)
    law_day, _ = book.law.adr_due(received)
    if times.due is None or london_date(times.due) >= law_day:
        return None
    return _adr(case, adr.id, Kind.PROMISE, times, adr.after)._replace(id=adr.id)


def _adr(case: Case, clause: str, kind: Kind, times: Times, period: Period | None) -> Clock:
    assert case.first_received is not None
    settled = settled_at(Owed.ADR_LETTER, case, case.first_received)
    stopped = "" if settled else _adr_stopped(case)
    clock = Clock(
        ADR_LETTER, kind, clause, Owed.ADR_LETTER, case.first_received, Trigger.COMPLAINT_RECEIVED,
        times, period, settled, stopped, channel=case.first_channel,
    )  # fmt: skip
    at_deadlock = case.deadlocked
    if at_deadlock is None or (times.due is not None and times.due <= at_deadlock):
        return clock
    day = on_the_day(london_date(at_deadlock))
    return clock._replace(
        start=at_deadlock,
        trigger=Trigger.DEADLOCK,
        period=None,
        times=Times(at_deadlock, at_deadlock, day.late_after),
    )


def _adr_stopped(case: Case) -> str:
    if case.merged_into is not None and any(
        x.lost and x.fate != "withdrawn" for x in case.letters if x.letter == ADR_LETTER
    ):
        # The letter that counts for the case that goes on did not arrive: it goes again from here.
        return ""
    if case.adr_exception is not None:
        return f"no ADR letter: {case.adr_exception.exception}, decided by two people"
    return _stopped(case)


_STOPPED: Mapping[Owed, Callable[[Case], str]] = {
    Owed.ADR_LETTER: _adr_stopped,
    Owed.COPY_OF_CODE: _copy_stopped,
}
"""Why a promise of this kind no longer runs; all others end with the case, or as soon as it is resolved."""
