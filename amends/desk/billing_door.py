"""The billing door: a billing system fetches what is owed, says what it took, and on which bill each sum stands.

O-credit: each sum goes to billing once, and is chased until a bill shows it. A sum's number is what makes a call safe to
repeat: it stays the same however often it is asked for, and the database lets it be in one batch. What a person does on
the page of money, the door does in the same way, under the name of its key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from amends.core import facts as f
from amends.core import saying
from amends.core.awards import Award, Stand
from amends.core.calendar import london_date
from amends.core.case import Case, fold
from amends.core.may import Refusal
from amends.desk import billing, ledger
from amends.desk.actions import Actor
from amends.desk.billing import Answer
from amends.desk.customers.checked import Wrong
from amends.desk.imports.running import Broken
from amends.desk.models import AuditEntry, AwardRow, BilledAward, DoorKey
from amends.desk.record import docket

MOST: Final = billing.LARGEST
"""Sums in one call."""
STANDS: Final = {"owed": (Stand.OWED,), "taken": (Stand.HANDED_OVER, Stand.IN_DOUBT, Stand.CAME_BACK)}
"""What may be asked for: what waits to be taken, and what billing has that no bill shows yet."""
TAKEN, BEFORE, WRITTEN, REFUSED = "taken", "taken before", "written", "refused"


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one number of a call: a word, and why where it is not plain."""

    number: str
    result: str
    why: str = ""
    batch: int | None = None

    def as_json(self) -> dict[str, Any]:
        """As the door says it."""
        more = {} if self.batch is None else {"batch": self.batch}
        return {
            "number": self.number,
            "result": self.result,
            **({"why": self.why} if self.why else {}),
            **more,
        }


def fetch(key: DoorKey, stands: str, after: int, now: datetime) -> tuple[list[dict[str, Any]], int | None]:
    """The next sums that stand so, after this place; and the place to go on from, None at the end.

    It names customers, so that it was fetched stands in the audit wherever there was anything to fetch.
    """
    wanted = [str(s) for s in STANDS[stands]]
    rows = AwardRow.objects.filter(provider=key.provider_id, stands__in=wanted, id__gt=after).order_by("id")
    found = list(rows[: MOST + 1])
    these = found[:MOST]
    facts = ledger.load(sorted({row.case_id for row in these}))
    cases = {pk: fold(those) for pk, those in facts.items()}
    if these:
        detail = {"key": key.name, "stands": stands, "count": len(these)}
        AuditEntry.objects.create(
            provider_id=key.provider_id, at=now, by=_by(key).id, what="sums fetched by billing", detail=detail
        )
    return [_shown(row, cases[row.case_id]) for row in these], these[-1].pk if len(found) > MOST else None


def _shown(row: AwardRow, case: Case) -> dict[str, Any]:
    award: Award = next(a for a in case.awards if a.id == row.award)
    lines = award.sum.lines if award.sum else ()
    return {
        "number": row.number, "case": case.reference, "account": case.customer.account, "name": case.customer.name,
        "kind": row.kind, "basis": row.basis, "pence": row.pence, "pounds": billing.pounds(row.pence),
        "clause": row.clause, "what_for": award.words, "owed_since": london_date(row.owed).isoformat(),
        "pay_by": row.pay_by.isoformat() if row.pay_by else None, "stands": row.stands,
        "arithmetic": [{"words": x.words, "pounds": None if x.pounds is None else str(x.pounds)} for x in lines],
        "rounding": str(award.sum.rounding) if award.sum else None,
    }  # fmt: skip


def take(key: DoorKey, said: object, now: datetime) -> list[Told]:
    """Billing has taken these sums: one batch for those that waited; what it had already stays as it is."""
    numbers = [_text(number, f"numbers.{at}", 80) for at, number in enumerate(_list(said, "numbers"))]
    batch = billing.hand_over(key.provider, _by(key).id, now, frozenset(numbers)) if numbers else None
    had = _had(key, numbers)
    rows = {row.number: row for row in AwardRow.objects.filter(provider=key.provider_id, number__in=numbers)}
    told = []
    for number in numbers:
        if (place := had.get(number)) is not None:
            mine = batch is not None and place.batch_id == batch.pk
            told.append(Told(number, TAKEN if mine else BEFORE, batch=place.batch.number))
        elif (row := rows.get(number)) is not None:
            told.append(Told(number, REFUSED, f"The sum is {row.stands}: it is not for billing now."))
        else:
            told.append(Told(number, REFUSED, "No sum that is owed has this number."))
    return told


def _had(key: DoorKey, numbers: Iterable[str]) -> dict[str, BilledAward]:
    found = BilledAward.objects.filter(provider=key.provider_id, number__in=list(numbers))
    return {place.number: place for place in found.select_related("batch")}


def answer(key: DoorKey, said: object, now: datetime) -> list[Told]:
    """What became of sums that billing has: on which bill of which day each stands, or why it came back.

    The whole call is read before anything is written; each case is then a transaction of its own, and what stands
    already is left as it is, so that a call that broke off is simply made again.
    """
    read = [_answer(each, at, now) for at, each in enumerate(_list(said, "answers"))]
    had = _had(key, [each.number for each in read])
    return [_write(key, had.get(each.number), each, now) for each in read]


def _write(key: DoorKey, place: BilledAward | None, said: Answer, now: datetime) -> Told:
    if place is None:
        return Told(said.number, REFUSED, "Billing has not taken a sum of this number.")
    with docket(place.case_id, now=now) as taken:
        written = billing.write(taken, place, said, _by(key), now)
    if isinstance(written, Refusal):
        return Told(said.number, REFUSED, str(written))
    if written is None:
        return Told(said.number, WRITTEN)
    return _before(place, said)


def _before(place: BilledAward, said: Answer) -> Told:
    """It stands already; on another bill, that is no repeated call but a contradiction, and the first one stays."""
    told = [
        fact
        for fact in ledger.load([place.case_id])[place.case_id]
        if isinstance(fact, f.AwardFate) and fact.award == place.award
    ]
    same = [fact for fact in told if fact.fate == said.fate]
    stands = same[-1].why if same else ""
    if stands and stands != said.bill:
        why = f"It stands already, otherwise: {stands}. If that is wrong, say first that it was reversed."
        return Told(said.number, REFUSED, why)
    since = (
        "It was taken back since: that stands." if told and told[-1].fate == "reversed" != said.fate else ""
    )
    return Told(said.number, "written before", since)


def _answer(said: object, at: int, now: datetime) -> Answer:
    where = f"answers.{at}."
    if not isinstance(said, dict):
        raise Broken(Wrong(where.rstrip("."), "a JSON object is wanted here"))
    _known(said, {"number", "result", "bill", "on", "why"}, where)
    number = _text(said.get("number"), f"{where}number", 80)
    fate = billing.ANSWERS.get(str(said.get("result")))
    if fate is None:
        raise Broken(Wrong(f"{where}result", "one of applied, failed and reversed is wanted here"))
    if fate != "given":
        return Answer(at, number, fate, _text(said.get("why"), f"{where}why", 200))
    on = _day(said.get("on"), f"{where}on")
    if on > london_date(now):
        raise Broken(Wrong(f"{where}on", f"a bill of {saying.day(on)} is none yet"))
    bill = _text(said.get("bill"), f"{where}bill", 150)
    return Answer(at, number, fate, f"{bill} of {saying.day(on)}")


def _list(said: object, name: str) -> list[Any]:
    if not isinstance(said, dict):
        raise Broken(Wrong("body", "a JSON object is wanted here"))
    _known(said, {name}, "")
    found = said.get(name)
    if not isinstance(found, list) or len(found) > MOST:
        raise Broken(Wrong(name, f"a list of up to {MOST} is wanted here"))
    return found


def _known(said: Mapping[Any, Any], known: set[str], at: str) -> None:
    unknown = sorted(str(name) for name in said if name not in known)
    if unknown:
        raise Broken(*(Wrong(f"{at}{name}"[:100], "no such field is known") for name in unknown[:20]))


def _text(said: object, at: str, most: int) -> str:
    words = said.strip() if isinstance(said, str) else ""
    if not words or len(words) > most:
        raise Broken(Wrong(at, f"words of up to {most} letters are wanted here"))
    if "\0" in words or any("\ud800" <= c <= "\udfff" for c in words):
        raise Broken(Wrong(at, "it holds what is no letter"))
    return words


def _day(said: object, at: str) -> date:
    wrong = Broken(Wrong(at, "a day is wanted here, as 2026-11-30"))
    if not isinstance(said, str):
        raise wrong
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise wrong from None


def _by(key: DoorKey) -> Actor:
    return Actor(f"key {key.name}", key.name, "billing system")
