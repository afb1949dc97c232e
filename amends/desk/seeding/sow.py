"""Writes seeded cases: large dockets through the one writer, so that every rule, hint and chain holds for them too."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from django.contrib.auth.models import User

from amends.codes import EXAMPLE
from amends.core.problems import Problem
from amends.desk import reference as references
from amends.desk.actions import Actor
from amends.desk.models import AuditEntry, CaseRow, Mail, Provider, Role, RoleName
from amends.desk.people import give_role, person_id
from amends.desk.providers import Adopted, adopt
from amends.desk.record import opening
from amends.desk.seeding.cast import FIRST, LAST, Cast
from amends.desk.seeding.lives import Life, Staff
from amends.desk.seeding.plots import ALL_KINDS, Chances, draw

AT_ONCE = 500
"""Cases in one docket: large, so that they share its cost; nothing is locked while they are thought out."""
YEARS = timedelta(days=730)
BY = "seeding"
SEEDED = "cases seeded"
HANDLERS, AGENTS = 6, 2
MADE_UP = "larkfield"
"""The provider of the example code."""
STARTS = re.compile(r"^in force from: .*$", re.MULTILINE)


class SeedRefused(Exception):
    """Cases cannot be seeded here; the words say why and what to do instead."""


@dataclass(frozen=True, slots=True)
class Sown:
    """What was written: how many cases, how they stand, how many facts and letters they have."""

    provider: str
    cases: int
    facts: int
    letters: int
    states: dict[str, int]


def made_up_provider(now: datetime, slug: str = "") -> Provider:
    """The provider to seed: the one of that name, or the invented one of the example code, made if it is not there.

    Its code is put in force for all of the past, so that the seeded cases run on it. Raises SeedRefused.
    """
    found = Provider.objects.filter(pk=slug or MADE_UP).first()
    if found is not None:
        return found
    if slug:
        raise SeedRefused(f"there is no provider {slug!r}: adopt its code first, or leave --provider out")
    text, found_once = STARTS.subn("in force from: not stated", EXAMPLE.read_text(encoding="utf-8"))
    assert found_once == 1, "the example code says from when it is in force"
    adopted = adopt(
        text, EXAMPLE.name, as_published=True,
        scheme="communications-ombudsman", since=date(2020, 1, 1), by=BY, now=now,
    )  # fmt: skip
    if not isinstance(adopted, Adopted):
        problems: tuple[Problem, ...] = adopted
        raise SeedRefused("; ".join(p.message for p in problems))
    return Provider.objects.get(pk=adopted.provider)


def believable(
    provider: Provider, cases: int, *, now: datetime, told: Callable[[int], None] = lambda _n: None
) -> Sown:
    """Seed so many cases, received over the two years before `now`, most of them closed. Raises SeedRefused."""
    cast = Cast(cases)
    return sow(provider, cast.receipts(cases, now - YEARS, now), ALL_KINDS, now=now, cast=cast, told=told)


def sow(
    provider: Provider, receipts: Sequence[datetime], chances: Chances, *, now: datetime, cast: Cast,
    told: Callable[[int], None] = lambda _n: None,
) -> Sown:  # fmt: skip
    """Seed one case for each receipt, each by a plot that its chance draws, up to `now`.

    `told` hears after each docket how many cases there are. Raises SeedRefused where real cases or open mail are.
    """
    _refuse(provider)
    staff, new = _staff(provider, now), _references(provider)
    counted: Counter[str] = Counter()
    facts = letters = done = 0
    waiting = iter(receipts)
    while some := list(islice(waiting, AT_ONCE)):
        with opening(now) as taken:
            for received in some:
                life = Life(taken, provider, staff, cast, received, now, next(new))
                life.live(draw(cast, chances))
                counted[str(life.hand.case.state)] += 1
                facts += len(life.hand.added)
                letters += len(life.hand.case.letters)
            taken.at(now)
        done += len(some)
        told(done)
    found = Sown(provider.pk, done, facts, letters, dict(counted.most_common()))
    AuditEntry.objects.create(provider=provider, at=now, by=BY, what=SEEDED, detail={"cases": done})
    return found


def _refuse(provider: Provider) -> None:
    if provider.mail != Mail.OFF:
        raise SeedRefused(
            f"the mail of {provider.name} is on, and invented customers must get none: switch it off first"
        )
    if CaseRow.objects.filter(provider=provider).exists() and not _seeded(provider):
        raise SeedRefused(
            f"{provider.name} has cases already, and invented ones must not stand among them: seed a folder of its own"
        )


def _seeded(provider: Provider) -> bool:
    return AuditEntry.objects.filter(provider=provider, what=SEEDED).exists()


def _references(provider: Provider) -> Iterator[str]:
    """References that this provider has not given yet, drawn without asking the database for each."""
    given = set(CaseRow.objects.filter(provider=provider).values_list("reference", flat=True))
    initials = references.initials(provider.name)
    while True:
        drawn = references.draw(initials)
        if drawn not in given:
            given.add(drawn)
            yield drawn


def _staff(provider: Provider, now: datetime) -> Staff:
    """The provider's people, or invented ones."""
    return Staff(
        agents=_people(provider, RoleName.AGENT, AGENTS, now),
        handlers=_people(provider, RoleName.HANDLER, HANDLERS, now),
        manager=_people(provider, RoleName.MANAGER, 1, now)[0],
    )


def _people(provider: Provider, role: RoleName, wanted: int, now: datetime) -> tuple[Actor, ...]:
    there = list(Role.objects.filter(provider=provider, role=role).select_related("person").order_by("pk"))
    if there:
        return tuple(_actor(each.person, each) for each in there)
    return tuple(_made_up(provider, role, number, now) for number in range(1, wanted + 1))


def _made_up(provider: Provider, role: RoleName, number: int, now: datetime) -> Actor:
    """An invented person, who cannot sign in: they have no password that fits."""
    username = f"{provider.pk}-{role}-{number}"
    name = f"{FIRST[7 * number]} {LAST[(11 * number + len(role)) % len(LAST)]}"
    email = f"{username}@{provider.pk}.example"
    person = User(username=username, first_name=name, email=email, date_joined=now)
    person.set_unusable_password()
    person.save()
    return _actor(
        person, give_role(person, provider, role, by=BY, now=now, phone=f"01632 96{number:04}", email=email)
    )


def _actor(person: User, role: Role) -> Actor:
    return Actor(
        person_id(person), person.get_full_name() or person.username, role.role, role.phone, role.email
    )
