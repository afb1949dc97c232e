"""The period after which a provider has the words of its ended cases erased, and what choosing one would do.

DP-04, CH-17, R-11, L28. Off until somebody switches it on, having seen how many cases it would reach. Each change stands in
the audit, and has every case looked at anew: what was announced under another period is announced again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from amends.core.calendar import add_months, london_date
from amends.core.may import Refusal
from amends.core.retention import MOST_MONTHS, NOTICE, OWN, least_months, usual_months
from amends.desk.models import AuditEntry, CaseTally, Keeping, Provider, Retention, RetentionRule
from amends.law import law


def rule_of(provider: str) -> RetentionRule | None:
    """The rule of a provider; None while nothing is erased by itself."""
    return RetentionRule.objects.filter(provider=provider).first()


def least(now: datetime) -> int:
    """The fewest months that may be chosen today: what the law asks for of a case closed today."""
    return least_months(law(), london_date(now)) or 1


def usual(now: datetime) -> int:
    """What is proposed where nothing was chosen."""
    return usual_months(law(), london_date(now)) or least(now)


def past(provider: str, months: int, today: date) -> QuerySet[CaseTally]:
    """The ended cases whose period of so many months is over today and that nobody has looked at, the oldest first.

    A case that was closed again since it was looked at is looked at anew, unless a person holds it.
    """
    ended = CaseTally.objects.filter(
        provider=provider, is_open=False, closed__lt=add_months(today, -months), case__merged_into=""
    )
    anew = Q(case__retention__closed__lt=F("closed")) & ~Q(case__retention__state=Keeping.HELD)
    return ended.filter(Q(case__retention__isnull=True) | anew).order_by("closed", "case")


@dataclass(frozen=True, slots=True)
class Preview:
    """What a period would do: counted by the days of closing alone, so that what something holds is among it."""

    months: int
    at_once: int
    """Cases whose period is over now; they would be announced first."""
    in_a_year: int
    """Cases whose period ends within the next twelve months."""
    first_erased: date | None
    """The first day on which words would go; None while no case is past its day."""


def preview(provider: str, months: int, now: datetime) -> Preview:
    """What a period of so many months would do, with nothing done."""
    today = london_date(now)
    ended = CaseTally.objects.filter(provider=provider, is_open=False, case__merged_into="")
    alive = ended.exclude(case__retention__state=Keeping.ERASED)
    over = add_months(today, -months)
    at_once = alive.filter(closed__lt=over).count()
    return Preview(
        months,
        at_once,
        alive.filter(closed__gte=over, closed__lt=add_months(over, 12)).count(),
        today + timedelta(days=NOTICE) if at_once else None,
    )


def set_rule(provider: Provider, months: int | None, *, by: str, now: datetime) -> Refusal | None:
    """Have words erased so many months after a case closed; None switches it off, and takes back what is announced."""
    if months is not None and not least(now) <= months <= MOST_MONTHS:
        return Refusal(
            f"A record of a complaint is kept between {least(now)} and {MOST_MONTHS} months", OWN,
            f"Write a number of months from {least(now)} to {MOST_MONTHS}: the law asks for {least(now)}.",
        )  # fmt: skip
    with transaction.atomic():
        Provider.objects.select_for_update().get(pk=provider.pk)
        before = rule_of(provider.pk)
        was = before.months if before else None
        if was == months:
            return None
        Retention.objects.filter(provider=provider, state__in=(Keeping.KEPT, Keeping.ANNOUNCED)).delete()
        RetentionRule.objects.filter(provider=provider).delete()
        if months is not None:
            RetentionRule.objects.create(provider=provider, months=months, since=now, by=by)
        AuditEntry.objects.create(
            provider=provider, at=now, by=by, what="retention changed", detail={"was": was, "is": months}
        )
    return None
