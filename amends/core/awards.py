"""Awards: what a provider gives to put a wrong right, from being prepared until the customer has it.

O-compensation, N-compensation   a person decides, with the reason and who looked at what was beyond control
F-beyond-control                 what lay beyond control is asked and written down before money is given
O-credit, F-porting              money goes to billing and is chased until a bill shows it
AC-R5                            automatic compensation is owed at once and paid within 30 calendar days

An award is prepared, then put to the customer as part of an outcome; it is owed once they accept that outcome. Automatic
compensation, and what a scheme decided, is owed at once. Words are given with the outcome; an action is owed until
somebody did it; money until a bill shows it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from amends.core.calendar import london_date, midnight
from amends.core.code import Period, RedressKind, Unit
from amends.core.redress.refund import Refunded
from amends.core.redress.sums import Sum
from amends.core.rulebook import Times, on_the_day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amends.core import facts as f
    from amends.core.case import Case, Outcome
    from amends.core.rulebook import Rulebook

HANDED_OVER_WITHIN: Final = Period(1, Unit.WORKING_DAYS)
"""By when money that is owed goes to billing: a rule of this house (docs/redress.md)."""
SHOWN_WITHIN: Final = Period(1, Unit.MONTHS)
"""By when a bill shows it where nothing names a day: bills come monthly. A rule of this house."""
HOUSE: Final = "A-evidence"


class AwardKind(StrEnum):
    """What is given."""

    APOLOGY = "apology"
    EXPLANATION = "explanation"
    ACTION = "action"
    CREDIT = "credit"
    REFUND = "refund"
    PAYMENT = "payment"

    @property
    def money(self) -> bool:
        """Whether it is money, which goes to billing."""
        return self in (AwardKind.CREDIT, AwardKind.REFUND, AwardKind.PAYMENT)


class Basis(StrEnum):
    """What a sum rests on."""

    GOODWILL = "goodwill"
    """A person's discretion (N-compensation, O-compensation)."""
    REFUND = "refund of what was paid"
    LATE_PORT = "late port"
    AUTOMATIC = "automatic compensation"
    SCHEME = "scheme decision"

    @property
    def at_once(self) -> bool:
        """Whether it is owed without waiting for the customer to accept an outcome."""
        return self in (Basis.AUTOMATIC, Basis.SCHEME)

    @property
    def limited(self) -> bool:
        """Whether the limits of a role hold it up: what the law or a scheme names, they do not."""
        return not self.at_once


class Stand(StrEnum):
    """Where an award stands, in the words that people see."""

    PREPARED = "prepared"
    """Worked out, and not yet put to the customer."""
    OFFERED = "offered"
    LAPSED = "not taken up"
    """The customer refused the outcome, or another one took its place."""
    OWED = "owed"
    HANDED_OVER = "with billing"
    IN_DOUBT = "in doubt"
    """Billing may or may not have it: a person looks, for money is never sent again by itself."""
    CAME_BACK = "came back"
    """Billing could not give it, or took it back."""
    GIVEN = "given"
    WITHDRAWN = "withdrawn"


FATES: Final = ("given", "handed over", "in doubt", "failed", "reversed", "again", "withdrawn")
"""What may become of an award, as a fact says it. `again` lets it go to billing once more, under a new number."""
_STANDS: Final = {
    "given": Stand.GIVEN, "handed over": Stand.HANDED_OVER, "in doubt": Stand.IN_DOUBT, "failed": Stand.CAME_BACK,
    "reversed": Stand.CAME_BACK, "again": Stand.OWED, "withdrawn": Stand.WITHDRAWN,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Award:
    """One award as its facts have made it. Private words may have been erased: then they are empty."""

    id: str
    """Its number on the case: 1, 2 and so on."""
    kind: AwardKind
    basis: Basis
    pence: int
    clause: str
    made: datetime
    by: str
    outcome: str = ""
    """The outcome that it is part of; empty while it is prepared, and for what is owed at once."""
    words: str = ""
    """What is done, or why it is given, as the customer reads it."""
    beyond_control: bool | None = None
    """Whether what went wrong lay beyond reasonable control; None where nobody needed to look."""
    looked_at: str = ""
    """What was looked at to say so; `by` looked."""
    arithmetic: str = ""
    """The sum as `Sum.to_json` gives it, as JSON."""
    covers: str = ""
    """What it pays for, so that nothing is paid twice: see `paid_for` and `refunded`."""
    pay_by: date | None = None
    """The last London date on which it is given in time, where one is promised or named by the law."""
    owed: datetime | None = None
    offered: datetime | None = None
    lapsed: bool = False
    fate: str = ""
    fate_at: datetime | None = None
    attempts: int = 0
    """How often it was handed over."""
    bills: tuple[str, ...] = ()
    """The bills on which it was said to stand, under the number that it has now."""

    @property
    def stands(self) -> Stand:
        """Where it stands."""
        if self.fate:
            return _STANDS[self.fate]
        if self.lapsed:
            return Stand.LAPSED
        if self.owed is not None:
            return Stand.OWED if self.kind.money or self.kind is AwardKind.ACTION else Stand.GIVEN
        return Stand.OFFERED if self.offered is not None else Stand.PREPARED

    @property
    def counts(self) -> bool:
        """Whether it is given, owed or may yet be: what it pays for is then not paid once more."""
        return self.stands not in (Stand.LAPSED, Stand.WITHDRAWN)

    @property
    def sum(self) -> Sum | None:
        """How it was worked out; None where nothing was kept, or it was erased."""
        return Sum.from_json(json.loads(self.arithmetic)) if self.arithmetic else None

    def number(self, reference: str) -> str:
        """What billing knows it by: the same for one handing over however often it is asked for, another for the next."""
        again = max(self.attempts, 1)
        return f"{reference}-A{self.id}" if again == 1 else f"{reference}-A{self.id}-{again}"


def made(fact: f.AwardPrepared, *, at_once: bool = False) -> Award:
    """The award that a fact tells of. `at_once` is for a case that has no outcomes: it is owed from then on."""
    basis = Basis(fact.basis)
    return Award(
        fact.award, AwardKind(fact.award_kind), basis, fact.pence, fact.clause, fact.at, fact.by, words=fact.words,
        beyond_control={"yes": True, "no": False}.get(fact.beyond_control), looked_at=fact.looked_at,
        arithmetic=fact.arithmetic, covers=fact.covers,
        pay_by=date.fromisoformat(fact.pay_by) if fact.pay_by else None,
        owed=fact.at if at_once or basis.at_once else None,
    )  # fmt: skip


def proposed(awards: tuple[Award, ...], outcome: str, names: str, at: datetime) -> tuple[Award, ...]:
    """The awards as an outcome takes up those that it names; whatever waited in an earlier one has lapsed."""
    named = names.split()
    return tuple(
        replace(a, outcome=outcome, offered=at)
        if a.id in named
        else replace(a, lapsed=True)
        if a.stands is Stand.OFFERED
        else a
        for a in awards
    )


def answered(awards: tuple[Award, ...], outcome: str, at: datetime, *, accepted: bool) -> tuple[Award, ...]:
    """The awards as the customer's answer leaves them: owed from now on, or not taken up."""
    return tuple(
        (replace(a, owed=at) if accepted else replace(a, lapsed=True))
        if a.outcome == outcome and a.stands is Stand.OFFERED
        else a
        for a in awards
    )


def fated(awards: tuple[Award, ...], fact: f.AwardFate) -> tuple[Award, ...]:
    """The awards after something became of one of them."""
    return tuple(
        replace(
            a,
            fate=fact.fate,
            fate_at=fact.at,
            attempts=a.attempts + (fact.fate == "again" or not a.attempts),
            bills=_bills(a, fact),
        )
        if a.id == fact.award
        else a
        for a in awards
    )


def _bills(award: Award, fact: f.AwardFate) -> tuple[str, ...]:
    if fact.fate == "again":
        return ()
    return (*award.bills, fact.why) if fact.fate == "given" else award.bills


def prepared(case: Case) -> tuple[Award, ...]:
    """The awards that were worked out and wait to be put to the customer."""
    return tuple(a for a in case.awards if a.stands is Stand.PREPARED)


def of_outcome(case: Case, outcome: Outcome) -> tuple[Award, ...]:
    """The awards of one outcome."""
    return tuple(a for a in case.awards if a.outcome == outcome.id)


def pence(awards: Iterable[Award]) -> int:
    """What the money among these comes to."""
    return sum(a.pence for a in awards if a.kind.money)


def paid_for(case: Case) -> frozenset[str]:
    """The days and appointments for which automatic compensation was given: see `compensation.token`."""
    found = (
        json.loads(a.covers) for a in case.awards if a.counts and a.basis is Basis.AUTOMATIC and a.covers
    )
    return frozenset(token for tokens in found for token in tokens)


def refunded(case: Case, *, elsewhere: bool = False) -> tuple[Refunded, ...]:
    """The times without service that were refunded, so that no minute is refunded twice.

    `elsewhere` names each award with its case, for the sum of another case.
    """
    return tuple(
        Refunded(
            service, datetime.fromisoformat(starts), datetime.fromisoformat(ends), said(a, case) if elsewhere else ""
        )
        for basis in (Basis.REFUND, Basis.GOODWILL)
        for a, spans in _covering(case, basis)
        if isinstance(spans, list)
        for service, starts, ends in spans
    )  # fmt: skip


def _covering(case: Case, basis: Basis) -> Iterable[tuple[Award, Any]]:
    """The awards that count, with what each pays for."""
    return ((a, json.loads(a.covers)) for a in case.awards if a.counts and a.basis is basis and a.covers)


def said(award: Award, case: Case) -> str:
    """An award as it is named on another case."""
    return f"award {award.id} of {case.reference}"


def of_bill(bill: str, what: str) -> str:
    """What is kept with a refund of something that was paid: which bill, or where nobody gave it, for what. JSON.

    Of the same bill no more is refunded than was paid, on however many cases.
    """
    return json.dumps({"bill": " ".join((bill or what).casefold().split())})


def back_on(case: Case, covers: str) -> tuple[Award, ...]:
    """The awards of this case that gave back some of the same payment: see `of_bill`."""
    wanted = json.loads(covers)
    return tuple(a for a, which in _covering(case, Basis.REFUND) if which == wanted)


def due(award: Award, book: Rulebook) -> Times:
    """By when the customer has it: the day that was promised or that the law names, else the rule of this house."""
    if award.pay_by is not None:
        return on_the_day(award.pay_by)
    assert award.owed is not None
    return book.times(SHOWN_WITHIN, award.owed)


def hand_over_by(award: Award, book: Rulebook) -> Times:
    """By when money goes to billing; never later than the customer is to have it."""
    assert award.owed is not None
    from_ = award.fate_at if award.fate == "again" and award.fate_at else award.owed
    soon, last = book.times(HANDED_OVER_WITHIN, from_), due(award, book)
    if soon.due is None or (last.late_after is not None and last.late_after < soon.due):
        return last
    return soon


def paid_clause(book: Rulebook, kind: AwardKind) -> str:
    """The clause by which money of this kind is paid, or a wrong of this kind is put right; the house's where none is."""
    code = book.code
    if code is None:
        return HOUSE
    wanted = {
        AwardKind.REFUND: (RedressKind.REFUND, RedressKind.COMPENSATION),
        AwardKind.CREDIT: (RedressKind.COMPENSATION, RedressKind.CREDIT),
        AwardKind.PAYMENT: (RedressKind.COMPENSATION, RedressKind.CREDIT),
    }.get(kind, (RedressKind.COMPENSATION,))
    return next((r.id for w in wanted for r in code.redress if r.kind is w), HOUSE)


def late_port_clause(book: Rulebook) -> str:
    """The clause by which a number that moved late is credited (F-porting): a credit's own, else that of any money."""
    found = book.code.redress if book.code else ()
    return next((r.id for r in found if r.kind is RedressKind.CREDIT), paid_clause(book, AwardKind.CREDIT))


def late_port_paid(case: Case, promised: date, until: date) -> bool:
    """Whether a credit that counts is for this delay already, up to this day or beyond."""
    found = (
        json.loads(a.covers) for a in case.awards if a.counts and a.basis is Basis.LATE_PORT and a.covers
    )
    return any(was == promised.isoformat() and date.fromisoformat(to) >= until for was, to in found)


def next_number(case: Case) -> str:
    """The number of the next award on the case."""
    return str(len(case.awards) + 1)


def last_day(times: Times) -> date | None:
    """The last London date on which something is in time."""
    if times.late_after is None:
        return None
    on_midnight = midnight(london_date(times.late_after)) == times.late_after
    return london_date(times.late_after - timedelta(days=1 if on_midnight else 0))
