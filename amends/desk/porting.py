"""The rules by which a provider moves numbers, written down as data: by range, way and partner, with their days.

N-port-out, N-port-deals, N-port-in. A rule is never changed: it ends on a day, and another one follows it. What the rules
say of a number is worked out by `core.care.porting`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from amends.core.calendar import london_date
from amends.core.care import porting, steps
from amends.core.care.porting import LONGEST, Answer, Rule, Way
from amends.core.may import Refusal
from amends.desk.customers import numbers
from amends.desk.models import AuditEntry, PortRule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from amends.core.case import Case
    from amends.core.rulebook import Rulebook
    from amends.desk.models import Provider

HOME: Final = "44"
REASON: Final = "A number that does not move needs its technical reason"


def beginning(words: str) -> str:
    """How numbers begin, as digits in international form: `020` and `+44 20` are both 4420. Raises NoNumber."""
    bare = re.sub(r"[\s()-]", "", words)
    digits = bare.removeprefix("+") if bare.startswith("+") else re.sub(r"^00", "", bare)
    if bare.startswith("0") and not bare.startswith("00"):
        digits = HOME + bare.removeprefix("0")
    if not (digits.isascii() and digits.isdecimal() and 1 <= len(digits) <= LONGEST) or digits[0] == "0":
        raise numbers.NoNumber(f"{words!r} is no beginning of a number: write it like 020, 07 or +1 212")
    return digits


def rules(provider: str) -> tuple[Rule, ...]:
    """Every rule of a provider, whichever its days."""
    return tuple(as_rule(row) for row in PortRule.objects.filter(provider=provider))


def as_rule(row: PortRule) -> Rule:
    """A row as the quiet half reads it."""
    way = Way(row.way) if row.way else None
    return Rule(row.start, row.moves, row.why, way, row.partner, row.since, row.until)


def add(provider: Provider, rule: Rule, since: date, *, by: str, now: datetime) -> PortRule | Refusal:
    """Write a rule down. One for the same numbers, way and provider that holds still must end first."""
    if not rule.moves and not rule.why.strip():
        return Refusal(REASON, "A-evidence", "Write why, as a customer can be told it.")
    way = str(rule.way) if rule.way else ""
    same = PortRule.objects.filter(provider=provider, start=rule.start, way=way, until__isnull=True)
    if any(porting.called(row.partner) == porting.called(rule.partner) for row in same):
        return Refusal("There is a rule for these numbers already", "A-evidence", "End that one first.")
    made = PortRule.objects.create(
        provider=provider, start=rule.start, moves=rule.moves, why=rule.why.strip(), way=way,
        partner=" ".join(rule.partner.split()), since=since, added_at=now, added_by=by,
    )  # fmt: skip
    _audit(made, "porting rule added", by, now)
    return made


def end(rule: PortRule, *, by: str, now: datetime) -> Refusal | None:
    """From today on the rule holds no longer."""
    if rule.until is not None:
        return Refusal("That rule has ended already", "A-evidence", "Nothing more is needed.")
    rule.until = max(rule.since, london_date(now))
    rule.save(update_fields=["until"])
    _audit(rule, "porting rule ended", by, now)
    return None


def _audit(rule: PortRule, what: str, by: str, now: datetime) -> None:
    detail = {"start": rule.start, "moves": rule.moves, "way": rule.way, "partner": rule.partner}
    AuditEntry.objects.create(provider=rule.provider, at=now, by=by, what=what, detail=detail)


def asked(
    words: str, way: Way, partner: str, day: date, held: Iterable[Rule]
) -> tuple[tuple[str, Answer], ...]:
    """What is known of each number or range that somebody wrote, each as people read it. Raises NoNumber."""
    known = tuple(held)
    found = (
        answer
        for r in numbers.ranges(words)
        for answer in porting.answers(r.first, r.last, way, partner, day, known)
    )
    return tuple((numbers.Range(answer.first, answer.last).shown, answer) for answer in found)


def of_case(case: Case, given: Mapping[str, str] | None = None) -> tuple[tuple[str, Answer], ...]:
    """What is known of the numbers of a case, on the day on which they are to move, or were asked for."""
    said = steps.given(case) if given is None else given
    if not {"numbers", "way", "partner"} <= set(said) or case.first_received is None:
        return ()
    port = porting.agreed(said)
    day = port.promised if port else london_date(case.first_received)
    return asked(said["numbers"], Way(said["way"]), said["partner"], day, rules(case.provider))


def wrong(case: Case, book: Rulebook, given: Mapping[str, str], today: date, step: str) -> Refusal | None:
    """Why the days of a move cannot be so; where it is given a day, also which of its numbers do not move."""
    no = porting.unmovable(of_case(case, given), book) if step == "agreed" else None
    return no or porting.days_are_right(case, book, given, today)


def refusal_said(case: Case) -> str:
    """What the customer can be told where a number does not move, with the reason; empty where none stays (N-port-out)."""
    no = [(shown, answer.why) for shown, answer in of_case(case) if answer.moves is False]
    lines = [f"{shown}: {why}" for shown, why in no]
    return (
        "\n".join(["You asked us to move a number. These numbers cannot move, for this reason:", *lines])
        if no
        else ""
    )
