"""Looks at ended cases whose period is over, announces that their words will go, and erases them on the day.

DP-04, L28. A few at each round, each case in a transaction of its own: what fails is tried again tomorrow, under an alarm,
and stops no other. A case is folded before it is announced and again before it is erased, so that what holds it is
found on the day itself.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from amends.core.calendar import add_months, london_date
from amends.core.case import Case, fold
from amends.core.kinds import DATA_REQUESTS
from amends.core.may import Refusal
from amends.core.retention import NOTICE, OWN, holds, kept
from amends.desk import alarms, ledger, merging, search
from amends.desk.books import book_for
from amends.desk.erasure import erase_private
from amends.desk.inbox import Kept as Stands
from amends.desk.models import (
    CaseRow,
    CaseTally,
    Keeping,
    KeptMessage,
    Retention,
    RetentionRule,
)
from amends.desk.retention.rule import past

log = logging.getLogger(__name__)

BY: Final = "desk"
"""Who erases what a period has run out for: nobody in person."""
SLICE: Final = 50
"""Cases of one round, so that no letter waits for it."""
LOOK_EVERY: Final = timedelta(hours=20)
ASK_AGAIN: Final = timedelta(days=30)
"""When a case that its own facts hold is looked at again."""
MAIL_LEFT: Final = (Stands.MACHINE, Stands.DUPLICATE, Stands.SET_ASIDE)
"""Mail that belongs to no case and waits for nobody."""


class Round(NamedTuple):
    """What one round did."""

    announced: int
    erased: int
    failed: int


def work(now: datetime) -> Round:
    """One round over all providers that have chosen a period."""
    rules = list(RetentionRule.objects.select_related("provider"))
    announced = erased = failed = 0
    for rule in rules:
        for row in _to_look_at(rule, now):
            answer = _alone(row, rule, now)
            announced += answer is Keeping.ANNOUNCED
            erased += answer is Keeping.ERASED
            failed += answer is None
    if erased:
        search.forget()
    return Round(announced, erased, failed)


def _to_look_at(rule: RetentionRule, now: datetime) -> list[CaseRow]:
    today = london_date(now)
    due = Retention.objects.filter(
        provider=rule.provider_id, state__in=(Keeping.KEPT, Keeping.ANNOUNCED), day__lte=today
    ).order_by("day", "case")
    rows = [each.case for each in due.select_related("case")[:SLICE]]
    if rule.looked is None or not timedelta(0) <= now - rule.looked < LOOK_EVERY:
        new = _new(past(rule.provider_id, rule.months, today))
        rows += new
        if len(new) < SLICE and _mail_of_no_case(rule, now) < SLICE:
            RetentionRule.objects.filter(pk=rule.pk).update(looked=now)
    return rows


def _new(found: QuerySet[CaseTally]) -> list[CaseRow]:
    return [tally.case for tally in found.select_related("case")[:SLICE]]


def _alone(row: CaseRow, rule: RetentionRule, now: datetime) -> Keeping | None:
    """Do what this case's day asks for; None where the program failed on it: it is tried again tomorrow."""
    try:
        with transaction.atomic():
            return _look(row, rule, now)
    except DatabaseError:
        raise
    except Exception as fault:
        log.exception("the period of case %s cannot be seen to", row.pk)
        _again_tomorrow(row, alarms.fault(fault), now)
        return None


def _again_tomorrow(row: CaseRow, why: str, now: datetime) -> None:
    tomorrow = {"day": london_date(now) + timedelta(days=1), "why": why, "at": now}
    with transaction.atomic():
        _lock(row)
        known = Retention.objects.filter(case=row).first()
        if known is not None and known.state == Keeping.HELD:
            return  # a person said more of it than a fault does
        if known is None or known.state != Keeping.ANNOUNCED:
            # Of no closing: nobody was told of it, so it is announced before anything goes.
            tomorrow["closed"] = None
        Retention.objects.update_or_create(
            case=row, defaults={"provider": row.provider, "state": Keeping.ANNOUNCED, **tomorrow}
        )


def _lock(row: CaseRow) -> None:
    """Lock the case with those that ended in it, in the order of everybody: whoever holds it waits, and is waited for."""
    ids = [row.pk, *(each.pk for each in merging.ended_in(row))]
    list(CaseRow.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def _look(row: CaseRow, rule: RetentionRule, now: datetime) -> Keeping | None:
    """Where the case stands now, written down; erased where it was announced and nothing keeps it."""
    _lock(row)
    known = Retention.objects.filter(case=row).first()
    if known is not None and known.state == Keeping.HELD:
        return Keeping.HELD  # somebody held it while this round was on its way
    case = fold(ledger.load([row.pk])[row.pk])
    today, closed = london_date(now), london_date(case.closed.at) if case.closed else None
    if closed is None:
        Retention.objects.filter(case=row).delete()
        return Keeping.KEPT
    if not ledger.speaks(row.pk):
        return _stands(row, Keeping.ERASED, now, closed=closed, day=None, why="")
    until = kept(case, book_for(row), rule.months)
    assert until is not None  # it is closed
    if until.until >= today:
        return _stands(
            row, Keeping.KEPT, now, closed=closed, day=until.until + timedelta(days=1), why=until.rule
        )
    why = holds(case) or _asked_for(row, case)
    if why:
        return _stands(row, Keeping.KEPT, now, closed=closed, day=today + ASK_AGAIN, why=why)
    was_told = known is not None and known.state == Keeping.ANNOUNCED and known.closed == closed
    if known is None or not was_told:
        return _stands(row, Keeping.ANNOUNCED, now, closed=closed, day=today + timedelta(days=NOTICE), why="")
    if known.day is not None and known.day > today:
        return Keeping.KEPT
    return _erase(row, rule, now, closed=closed)


def _erase(row: CaseRow, rule: RetentionRule, now: datetime, *, closed: object) -> Keeping:
    done = erase_private(
        row, why=f"The period of {rule.months} months after closing is over ({OWN}).", by=BY, now=now, forgets=False,
    )  # fmt: skip
    if isinstance(done, Refusal):
        return _stands(
            row, Keeping.KEPT, now, closed=closed, day=london_date(now) + ASK_AGAIN, why=f"{done.what}."
        )
    return Keeping.ERASED


def _asked_for(row: CaseRow, case: Case) -> str:
    """Whether the same person waits for an answer about their personal data: nothing goes before it was given."""
    email = case.customer.email
    waiting = CaseTally.objects.filter(provider=row.provider_id, is_open=True, kind__in=DATA_REQUESTS)
    same = waiting.none()
    if row.customer is not None:
        same |= waiting.filter(case__customer=row.customer)
    if email:
        same |= waiting.filter(case__customer_email__iexact=email)
    return "A request of theirs about personal data is open." if same.exists() else ""


def _stands(row: CaseRow, state: Keeping, now: datetime, **more: object) -> Keeping:
    Retention.objects.update_or_create(
        case=row, defaults={"provider_id": row.provider_id, "state": state, "by": "", "at": now, **more}
    )
    return state


def _mail_of_no_case(rule: RetentionRule, now: datetime) -> int:
    """Empty the messages of machines and the duplicates that belong to no case, once they are as old as a case may be.

    A round's worth of them; how many there were.
    """
    day = add_months(london_date(now), -rule.months)
    old = KeptMessage.objects.filter(
        provider=rule.provider_id, case__isnull=True, state__in=MAIL_LEFT, received__date__lt=day
    ).exclude(raw=b"")
    some = list(old.values_list("pk", flat=True)[:SLICE])
    KeptMessage.objects.filter(pk__in=some).update(raw=b"", sender="", subject="", reason="erased", size=0)
    return len(some)
