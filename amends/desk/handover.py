"""Absence and handover: who is away when, to whom their cases go, and how they come back. Each case says so in a fact.

A customer is told of the new handler only where the code promises a named one: the case then owes an introduction
(`core/duties.py`). Contact times that were agreed stay agreed: they are the case's, and fall due for whoever has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, F

from amends.core import facts as f
from amends.core.may import Refusal
from amends.desk import rules
from amends.desk.assigning import HOLDS_CASES, Away, fewest
from amends.desk.models import Absence, AuditEntry, CaseRow, HandedOver, Provider, Role
from amends.desk.record import docket

AT_ONCE = 20
"""How many cases one docket holds, so that no transaction keeps others waiting."""


@dataclass(frozen=True, slots=True)
class Handed:
    """How many cases went, to how many people."""

    cases: int
    people: int


def held_by(provider: str, person: str) -> list[CaseRow]:
    """The open cases of a person, what falls due first standing first."""
    rows = CaseRow.objects.filter(provider=provider, is_open=True, handler=person)
    return sorted(rows, key=lambda row: (row.next_due is None, row.next_due, row.pk))


def counts_held(provider: str, people: Iterable[str]) -> dict[str, int]:
    """How many open cases each of these people has."""
    rows = CaseRow.objects.filter(provider=provider, is_open=True, handler__in=set(people))
    return dict(rows.order_by().values_list("handler").annotate(count=Count("pk")))


def counts_to_give_back(provider: str, people: Iterable[str]) -> dict[str, int]:
    """How many cases went from each of these people to others who still have them, while they are open."""
    rows = HandedOver.objects.filter(provider=provider, from_person__in=set(people), back_at__isnull=True)
    still = rows.filter(case__is_open=True, case__handler=F("to_person"))
    return dict(still.order_by().values_list("from_person").annotate(count=Count("pk")))


def away_on(provider: str, day: date) -> dict[str, Absence]:
    """Who is away on a London day."""
    rows = Absence.objects.filter(provider=provider, ended_at__isnull=True, since__lte=day)
    return {str(a.person_id): a for a in rows if Away(str(a.person_id), a.since, a.until).on(day)}


def announce(
    provider: Provider, person: User, since: date, until: date | None, *, by: str, now: datetime
) -> Absence | Refusal:
    """Write down that somebody is away; new cases pass them over on these days."""
    if until is not None and until < since:
        return Refusal(
            "The absence ends before it begins", "A-evidence", "Give a last day that is not before the first."
        )
    with transaction.atomic():
        made = Absence.objects.create(
            provider=provider, person=person, since=since, until=until, made_at=now, made_by=by
        )
        rules.changed(provider)
        detail = {
            "person": str(person.pk),
            "since": since.isoformat(),
            "until": until.isoformat() if until else None,
        }
        AuditEntry.objects.create(provider=provider, at=now, by=by, what="absence recorded", detail=detail)
    return made


def end(absence: Absence, *, by: str, now: datetime) -> None:
    """Somebody is back, or did not go."""
    with transaction.atomic():
        if not Absence.objects.filter(pk=absence.pk, ended_at__isnull=True).update(ended_at=now):
            return
        rules.changed(absence.provider)
        detail = {"person": str(absence.person_id), "since": absence.since.isoformat()}
        AuditEntry.objects.create(
            provider=absence.provider, at=now, by=by, what="absence ended", detail=detail
        )


def hand_over(
    provider: Provider, person: User, to: Sequence[str], *, why: str, by: str, now: datetime
) -> Handed | Refusal:
    """Give every open case of a person to others, in the order in which they fall due, each to whoever has fewest."""
    roles = {
        str(role.person_id): role
        for role in Role.objects.filter(
            provider=provider, person__in=[int(t) for t in to], person__is_active=True, role__in=HOLDS_CASES
        ).select_related("person").order_by("-id")
        if role.person_id != person.pk
    }  # fmt: skip
    if not roles:
        return Refusal("Nobody is named who works on cases", "A-evidence", "Choose one or more other people.")
    mine = str(person.pk)
    waiting = [row.pk for row in held_by(provider.pk, mine)]
    busy = dict.fromkeys(roles, 0) | fewest(provider.pk, list(roles))
    handed = 0
    for start in range(0, len(waiting), AT_ONCE):
        some = waiting[start : start + AT_ONCE]
        with docket(*some, now=now) as taken:
            for number in some:
                hand = taken.cases[number]
                if hand.case.handler != mine:
                    continue
                who = min(roles, key=lambda each: busy[each])
                busy[who] += 1
                handed += 1
                hand.add(_given(roles[who], _from(person, why), by, now))
                HandedOver.objects.create(
                    provider=provider, case_id=number, from_person=mine, to_person=who, at=now
                )
    detail = {
        "from person": mine,
        "to": [_name(roles[who]) for who in roles],
        "cases": handed,
        "because": why,
    }
    AuditEntry.objects.create(provider=provider, at=now, by=by, what="cases handed over", detail=detail)
    return Handed(handed, len(roles))


def to_give_back(provider: str, person: str) -> list[HandedOver]:
    """What went from a person to others who still have it, while it is open."""
    rows = HandedOver.objects.filter(
        provider=provider, from_person=person, back_at__isnull=True
    ).select_related("case")
    return [row for row in rows.order_by("id") if row.case.is_open and row.case.handler == row.to_person]


def give_back(provider: Provider, person: User, *, by: str, now: datetime) -> int | Refusal:
    """Give a person back what went to others and is still with them and open; how many cases."""
    role = (
        Role.objects.filter(provider=provider, person=person, person__is_active=True, role__in=HOLDS_CASES)
        .select_related("person").order_by("id").first()
    )  # fmt: skip
    if role is None:
        return Refusal("They work on no cases here", "A-evidence", "Give them a role first.")
    rows = {row.case_id: row for row in to_give_back(provider.pk, str(person.pk))}
    waiting, back = list(rows), 0
    for start in range(0, len(waiting), AT_ONCE):
        some = waiting[start : start + AT_ONCE]
        with docket(*some, now=now) as taken:
            for number in some:
                hand = taken.cases[number]
                if hand.case.handler != rows[number].to_person or hand.case.closed is not None:
                    continue
                hand.add(_given(role, "back after their absence", by, now))
                back += 1
            HandedOver.objects.filter(pk__in=[rows[n].pk for n in some]).update(back_at=now)
    detail = {"person": str(person.pk), "cases": back}
    AuditEntry.objects.create(provider=provider, at=now, by=by, what="cases given back", detail=detail)
    return back


def _from(person: User, why: str) -> str:
    name = person.get_full_name() or person.get_username()
    return f"handed over from {name}, {why}" if why else f"handed over from {name}"


def _name(role: Role) -> str:
    return role.person.get_full_name() or role.person.get_username()


def _given(role: Role, why: str, by: str, now: datetime) -> f.HandlerAssigned:
    return f.HandlerAssigned(
        at=now, logged=now, by=by, handler=str(role.person_id), handler_name=_name(role), phone=role.phone,
        email=role.email or role.person.email, why=why,
    )  # fmt: skip
