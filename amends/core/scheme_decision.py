"""What a scheme's decision asks of us: whether the customer accepted it, what is to be done then, and by when.

S-adr-powers, AD-06  it can tell us to apologise, to put the matter right, and to pay
AD-10, S-advice      it binds us once the customer accepts it; they may refuse it, and go to court instead
AD-07, AD-08         carried out within 28 calendar days (Communications Ombudsman), 20 working days (CISAS)
AD-09                a CISAS decision is accepted within 30 working days: rules of 2015 and 2019, not confirmed for 2026

The numbers stand with their sources in the law's directory of schemes. No source names a period for what both sides agree
before a decision: it is held to the same one, as a rule of this house.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from amends.core.awards import Basis, Stand
from amends.core.calendar import UnknownDay, london_date

if TYPE_CHECKING:
    from datetime import datetime

    from amends.core import facts as f
    from amends.core.awards import Award
    from amends.core.case import Case
    from amends.core.rulebook import Rulebook
    from amends.core.schemes import Scheme, SchemePeriod

SETTLED: Final = "settled before a decision"
FOR_CUSTOMER: Final = ("for the customer", "partly for the customer")
DECIDED: Final = (*FOR_CUSTOMER, "for us")
"""The outcomes that are a decision: the customer may accept or refuse it."""
ACCEPTED, REFUSED, NOT_IN_TIME = "accepted", "refused", "not in time"


class Limit(NamedTuple):
    """The last London date for something, and the rule that names it."""

    day: date
    rule: str
    says: str
    """The rule in plain words."""


class Standing(StrEnum):
    """Where a dispute at a scheme stands."""

    WITH_SCHEME = "with the scheme"
    WAITS_FOR_ANSWER = "waits for the customer's answer"
    TO_CARRY_OUT = "to be carried out"
    CARRIED_OUT = "carried out"
    REFUSED = "refused by the customer"
    NOT_IN_TIME = "not accepted in time"
    NOTHING_TO_DO = "nothing to do"


UNDER_WAY: Final = (Standing.WITH_SCHEME, Standing.WAITS_FOR_ANSWER, Standing.TO_CARRY_OUT)
"""Where it stands while somebody still has to do something about it."""


def scheme_of(case: Case, book: Rulebook) -> Scheme | None:
    """The scheme that has the dispute; None where none has, or the law's directory does not know it."""
    referral = case.referral
    return next((s for s in book.law.schemes if s.id == referral.scheme), None) if referral else None


def lines(asked: str) -> tuple[str, ...]:
    """What we are told to do, one thing a line."""
    return tuple(line.strip() for line in asked.splitlines() if line.strip())


def tells_us(decision: f.SchemeDecided) -> bool:
    """Whether there is something to pay or to do."""
    return decision.award_pence > 0 or bool(decision.asked)


def given(case: Case) -> tuple[Award, ...]:
    """What is owed by the latest dispute: one award for the sum, and one for each thing to do."""
    if case.referral is None or case.scheme_decision is None:
        return ()
    since = case.referral.at
    found = (a for a in case.awards if a.basis is Basis.SCHEME and a.made >= since)
    return tuple(a for a in found if a.stands is not Stand.WITHDRAWN)


def undone(case: Case) -> tuple[Award, ...]:
    """What of it the customer does not have yet."""
    return tuple(a for a in given(case) if a.stands is not Stand.GIVEN)


def carried_out(case: Case) -> datetime | None:
    """When the last of it was done; None while something is owed, or where nothing was."""
    owed = given(case)
    return None if not owed or undone(case) else max(a.fate_at for a in owed if a.fate_at is not None)


def standing(case: Case) -> Standing | None:
    """Where the latest dispute stands; None where the customer took it to no scheme."""
    decision, answer = case.scheme_decision, case.scheme_answer
    if case.referral is None:
        return None
    if decision is None:
        return Standing.WITH_SCHEME
    # The answer speaks first: where a wrong one was corrected, something may have been done by it already.
    if answer is not None and answer.answer != ACCEPTED:
        return Standing.REFUSED if answer.answer == REFUSED else Standing.NOT_IN_TIME
    if answer is None and decision.outcome in FOR_CUSTOMER:
        return Standing.WAITS_FOR_ANSWER
    if given(case):
        return Standing.TO_CARRY_OUT if undone(case) else Standing.CARRIED_OUT
    return Standing.NOTHING_TO_DO


def answer_by(case: Case, book: Rulebook) -> Limit | None:
    """Until when the customer may accept; None where no source or no calendar tells."""
    scheme, decision = scheme_of(case, book), case.scheme_decision
    period = scheme.periods.get("accept") if scheme else None
    if period is None or decision is None:
        return None
    try:
        return _limit(period, london_date(decision.at), book)
    except UnknownDay:
        return None


def answer_over(case: Case, book: Rulebook, today: date) -> Limit | None:
    """The day on which the customer's time to accept was over, where it is and nobody wrote down what the scheme says.

    Nothing is settled by it alone: the period is not confirmed for today (AD-09), and a scheme may let a late answer in.
    A person asks the scheme; "not in time" then settles it, and the case can close on that.
    """
    limit = answer_by(case, book) if standing(case) is Standing.WAITS_FOR_ANSWER else None
    return limit if limit is not None and limit.day < today else None


def carry_out_by(case: Case, book: Rulebook, accepted: datetime) -> Limit | None:
    """The last day on which what was accepted then is carried out in time; None for a scheme that is not known.

    Past the bank holidays that are known every weekday counts: too early a day harms nobody.
    """
    scheme = scheme_of(case, book)
    if scheme is None:
        return None
    from_ = london_date(accepted)
    try:
        return _limit(scheme.carry_out, from_, book)
    except UnknownDay:
        weeks, days = divmod(scheme.carry_out.days.value, 5)
        start = from_ - timedelta(days=max(0, from_.weekday() - 4))
        over = 2 if start.weekday() + days > 4 else 0
        day = start + timedelta(days=weeks * 7 + days + over)
        return Limit(day, scheme.carry_out.days.rule, scheme.carry_out.says)


def _limit(period: SchemePeriod, from_: date, book: Rulebook) -> Limit:
    days = period.days.value
    day = (
        book.calendar.next_working_day(from_, days)
        if period.kind == "working"
        else from_ + timedelta(days=days)
    )
    return Limit(day, period.days.rule, period.says)
