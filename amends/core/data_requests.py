"""Requests about personal data: their month, what may stop or lengthen it, and what an answer needs.

DP-03   answered without delay and within one month of receipt; two months longer where it is complex or there are many,
        if the person is told so, with the reason, within the first month (UK GDPR art. 12(3))
DP-05   the month ends on the same day of the next one, or on that month's last day where it has none; where that is
        a weekend or a bank holiday, on the next working day
DP-06   the time in which we reasonably wait to learn who asks does not count, nor, for a copy, that in which we wait to
        learn which data they mean (art. 12A, in force 5 February 2026). Where two readings of it are possible the
        earlier day is taken: what was left of the month when we asked is left when they answer.
DP-08   an objection to direct marketing is absolute and is carried out at once
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from amends.core.calendar import UnknownDay, add_months, london_date
from amends.core.care import data, steps
from amends.core.care.kinds import declared
from amends.core.case import Pause
from amends.core.code import Period, Trigger, Unit
from amends.core.kinds import DATA_REQUESTS, CaseKind
from amends.core.rulebook import Times, on_the_day

if TYPE_CHECKING:
    from amends.core.care.declared import Step
    from amends.core.case import Bundle, Case
    from amends.core.rulebook import Rulebook

CLOCK: Final = "data-request"
"""The id of its clock."""
RULE, ROLL, STOPS = "DP-03", "DP-05", "DP-06"
ACKNOWLEDGED: Final = "data-acknowledged"
EXTENDED: Final = "data-extended"
FETCH_WITHIN: Final = 14
"""Days for which a copy can be fetched from the portal: a rule of this house."""
STOP_MARKETING: Final = Period(1, Unit.WORKING_DAYS)
"""By when marketing stops to which somebody objects: the law says at once, so this is a rule of this house."""
RULE_OF: Final = {
    CaseKind.DATA_ACCESS: "DP-03",
    CaseKind.DATA_CORRECTION: "DP-07",
    CaseKind.DATA_OBJECTION: "DP-08",
    CaseKind.DATA_ERASURE: "DP-09",
}
"""The rule that gives each right."""


def is_one(case: Case) -> bool:
    """Whether it was opened as a request about personal data."""
    return case.kind in DATA_REQUESTS


def asked(case: Case) -> datetime | None:
    """When the request was received; None on any other case."""
    if not is_one(case):
        return None
    return next((e.at for e in case.events if e.trigger is Trigger.DATA_REQUESTED), None)


def waits(case: Case) -> tuple[Pause, ...]:
    """The times in which we wait for the person: a step that may stop the clock was held, until it was not."""
    stop = {s.name for s in _stopping(case)}
    found: list[Pause] = []
    for taken in case.steps_taken if is_one(case) else ():
        open_ = bool(found) and found[-1].end is None
        if taken.step not in stop:
            continue
        if taken.how == steps.HELD and not open_:
            found.append(Pause(CLOCK, taken.at, _WAITS_FOR[taken.step]))
        elif taken.how != steps.HELD and open_:
            last = found.pop()
            found.append(Pause(CLOCK, last.start, last.why, taken.at))
    return tuple(found)


_WAITS_FOR: Final = {
    data.IDENTITY: "we asked them who they are",
    data.CLARIFIED: "we asked them which data they mean",
}


def _stopping(case: Case) -> Iterator[Step]:
    kind = declared(case.kind)
    yield from (s for s in (kind.steps if kind else ()) if s.name in _WAITS_FOR)


class Counted(NamedTuple):
    """How the last day of a request was found."""

    months: int
    plain: date
    """The same day of the month, so many months on, before anything else."""
    waited: int
    """Days that did not count."""
    day: date
    """The last day, rolled on where it was no working day."""
    stands: Pause | None
    """The wait that is still open: there is no last day meanwhile."""


def counted(case: Case, book: Rulebook) -> Counted | None:
    """How the last day is found; None on any other case, and before the law began."""
    received = asked(case)
    if received is None:
        return None
    day = london_date(received)
    month = book.law.access_request_months.find(day)
    longer = book.law.access_request_extension_months.find(day)
    if month is None:
        return None
    months = month.value + (longer.value if longer and case.data_extended else 0)
    plain = add_months(day, months)
    waited, stands = 0, None
    for wait in waits(case):
        if london_date(wait.start) > plain + timedelta(days=waited):
            break  # the time was over when we asked: asking late brings none of it back
        if wait.end is None:
            stands = wait
            break
        waited += (london_date(wait.end) - london_date(wait.start)).days
    return Counted(months, plain, waited, rolled(plain + timedelta(days=waited), book), stands)


def rolled(day: date, book: Rulebook) -> date:
    """This day, or the next working day where it is none. Where bank holidays are not known that far it is not rolled."""
    try:
        return day if book.calendar.is_working_day(day) else book.calendar.next_working_day(day)
    except UnknownDay:
        return day


def times(found: Counted) -> Times:
    """When it is due; nothing while we wait for the person."""
    if found.stands is not None:
        return Times(None, None, None, f"stands still since then: {found.stands.why}")
    return on_the_day(found.day)


def acknowledged(case: Case) -> bool:
    """Whether the person has heard that we have it, or will: in a letter, or in speech."""
    on_its_way = any(not x.lost or x.fate == "withdrawn" for x in case.letters_of(ACKNOWLEDGED))
    return on_its_way or any(not c.inbound and c.reached for c in case.contacts)


def absolute(case: Case) -> bool:
    """Whether it objects to direct marketing: nothing is weighed then."""
    return case.kind is CaseKind.DATA_OBJECTION and steps.given(case).get(data.OBJECTS) == data.MARKETING


def handed_out(case: Case) -> Bundle | None:
    """The newest bundle that was handed out; None while none was."""
    return next((x for x in reversed(case.bundles) if x.given is not None), None)


def may_fetch(case: Case, now: datetime) -> Bundle | None:
    """The bundle that its person can fetch from the portal now: once, and until its day is over."""
    found = handed_out(case)
    if found is None or found.last_day is None or found.fetched is not None:
        return None
    return found if london_date(now) <= found.last_day else None


@dataclass(frozen=True, slots=True)
class Kept:
    """Until when a record has to be kept."""

    until: date
    rule: str


def kept_until(closed: datetime, book: Rulebook) -> Kept | None:
    """Until when the complaint rules make us keep a case that closed then; None where they say nothing of that day."""
    found = book.law.record_retention.find(london_date(closed))
    return Kept(add_months(london_date(closed), found.value), found.rule) if found else None
