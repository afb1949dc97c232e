"""Who gets a case by the provider's own rules: when it opens, while nobody has it, and when it climbs.

The first rule that fits and has somebody there decides; among several people it goes to whoever has the fewest open cases.
Who is away, has left or works on no cases is passed over. It is a fact like any other, with the rule as its reason (O-route,
O-investigate; F-contact for account managers). A provider without rules costs nothing: its row says so. The rules of
another are read once in a process for each version of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django.db.models import Count

from amends.core import facts as f
from amends.core.calendar import UnknownDay, london_date
from amends.core.formats import Format
from amends.core.kinds import CaseKind
from amends.desk.hints import stage_role
from amends.desk.models import Absence, AccountManager, AssignmentRule, CaseRow, Role, RoleName, StageHolder

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand

ANY: Final = "any"
HOLDS_CASES: Final = (
    RoleName.AGENT, RoleName.HANDLER, RoleName.MANAGER, RoleName.DIRECTOR, RoleName.COMPLIANCE,
)  # fmt: skip
_LEARNT: Final = (f.CaseOpened, f.CustomerKnown, f.Categorised, f.FormatNeeded, f.ComplaintDecided)


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody's absence, both days included."""

    person: str
    since: date
    until: date | None

    def on(self, day: date) -> bool:
        """Whether it covers a London day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a provider in their order, and who is away when."""

    rules: tuple[AssignmentRule, ...]
    away: tuple[Away, ...]
    filled: Mapping[str, tuple[str, ...]]
    """The people behind each role of the code, by its name in small letters."""


def assign(hand: CaseInHand, now: datetime) -> None:
    """Give a case in hand to whom the rules name, where something happened to it that they speak of."""
    version = hand.provider.rules_version
    if not version or not hand.added or hand.case.closed is not None or hand.case.merged_into is not None:
        return
    if any(isinstance(x, f.HandlerAssigned) for x in hand.added):
        return
    climbed = any(isinstance(x, f.StageEntered) for x in hand.added)
    learnt = not hand.case.handler and any(isinstance(x, _LEARNT) for x in hand.added)
    if not (climbed or learnt):
        return
    known = _rules(hand.provider.pk, version)
    absent = {a.person for a in known.away if a.on(london_date(now))}
    for number, rule in enumerate(known.rules, 1):
        if climbed and not rule.stage_role:
            continue
        who = _whom(hand, rule, known, absent) if _fits(hand, rule, now) else None
        if who is not None:
            _give(hand, who, f"rule {number} of assignment: {said(rule)}", now)
            return


@lru_cache(maxsize=256)
def _rules(provider: str, _version: str) -> Rules:
    absences = Absence.objects.filter(provider=provider, ended_at__isnull=True)
    return Rules(
        tuple(AssignmentRule.objects.filter(provider=provider).order_by("place", "id")),
        tuple(Away(str(a.person_id), a.since, a.until) for a in absences),
        _filled(provider),
    )


def _filled(provider: str) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in StageHolder.objects.filter(provider=provider).order_by("id"):
        found[row.role.casefold()] = (*found.get(row.role.casefold(), ()), str(row.person_id))
    return found


def _fits(hand: CaseInHand, rule: AssignmentRule, now: datetime) -> bool:
    case = hand.case
    return (
        _is_kind(case.kind, rule.kind)
        and rule.category in ("", case.category)
        and (not rule.stage_role or rule.stage_role.casefold() == stage_role(case, hand.book).casefold())
        and rule.nation in ("", hand.book.calendar.division)
        and (
            not rule.need
            or (case.format is not Format.STANDARD if rule.need == ANY else rule.need == case.format)
        )
        and (not rule.hours or rule.hours == _hours(hand, now))
    )


def _is_kind(kind: CaseKind, wanted: str) -> bool:
    if wanted:
        return kind == ("" if wanted == "complaint" else wanted)
    return kind is not CaseKind.COPY_OF_CODE


def _hours(hand: CaseInHand, now: datetime) -> str:
    """Whether the moment lies within the working hours of the code; a day that no calendar knows counts as open."""
    try:
        return "in" if hand.book.timetable.is_open(now) else "out"
    except UnknownDay:
        return "in"


def _whom(hand: CaseInHand, rule: AssignmentRule, known: Rules, absent: set[str]) -> Role | None:
    """Who of those whom the rule names has the fewest open cases, is there, and does not have this one already.

    A rule for a stage that names nobody means whoever fills that role of the code.
    """
    if rule.account_manager:
        named = _account_manager(hand)
    else:
        named = list(rule.people or known.filled.get(rule.stage_role.casefold(), ()))
    there = [p for p in named if p not in absent]
    held = {
        str(role.person_id): role
        for role in Role.objects.filter(
            provider=hand.provider, person__in=[int(p) for p in there], person__is_active=True, role__in=HOLDS_CASES
        )
        .select_related("person")
        .order_by("-id")
    }  # fmt: skip
    there = [p for p in there if p in held]
    if not there or hand.case.handler in there:
        return None
    busy = fewest(hand.provider.pk, there)
    return held[min(there, key=lambda p: (busy.get(p, 0), there.index(p)))]


def _account_manager(hand: CaseInHand) -> list[str]:
    account = hand.case.customer.account
    if not account:
        return []
    rows = AccountManager.objects.filter(provider=hand.provider, account=account[:100])
    return [str(person) for person in rows.values_list("person", flat=True)]


def fewest(provider: str, people: list[str]) -> dict[str, int]:
    """How many open cases each of these people has."""
    mine = CaseRow.objects.filter(provider=provider, is_open=True, handler__in=people)
    return {r["handler"]: r["n"] for r in mine.order_by().values("handler").annotate(n=Count("id"))}


def _give(hand: CaseInHand, role: Role, why: str, now: datetime) -> None:
    person = role.person
    hand.add(
        f.HandlerAssigned(
            at=now, logged=now, handler=str(person.pk), handler_name=person.get_full_name() or person.get_username(),
            phone=role.phone, email=role.email or person.email, why=why,
        )
    )  # fmt: skip


def said(rule: AssignmentRule) -> str:
    """What a rule is about, in words."""
    need = "another format" if rule.need == ANY else rule.need
    parts = [
        rule.kind or "a new case" * (not rule.stage_role),
        rule.stage_role and f"with the {rule.stage_role}",
        rule.category and f"about “{rule.category}”",
        rule.nation and f"under the code of {rule.nation.replace('-', ' ')}",
        rule.need and f"from a customer who needs {need}",
        {"in": "within working hours", "out": "outside working hours"}.get(rule.hours, ""),
        rule.account_manager and "of a customer with an account manager",
    ]
    return " ".join(str(part) for part in parts if part)
