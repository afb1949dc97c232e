"""Whom the rules cover, and whether a complaint may go to a scheme: a yes, or every reason why not.

"Protected customers: individuals; small businesses; not-for-profits" of up to 10 people, for a not-for-profit
volunteers not counted (CH-05). Whoever's size is not known counts as covered. A source of which none was seen
(confidence R) warns and never refuses; where two sources conflict we ask and do not decide (AD-16).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from amends.core.code import CustomerKind
from amends.core.dated import Confidence, Dated, in_words
from amends.core.law import Law
from amends.core.schemes import Ground, Scheme

__all__ = ["Covered", "CustomerKind", "Dispute", "Reason", "SchemeAnswer", "covered", "may_go_to_scheme"]


@dataclass(frozen=True, slots=True)
class Covered:
    """Whether the rules on complaints cover a customer, and why."""

    covered: bool
    reasons: tuple[str, ...]
    rule: str
    ask: tuple[str, ...] = ()
    """What to ask the customer, where a better answer could change this one."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that stands between a complaint and a scheme, in plain words, with its rule."""

    says: str
    rule: str
    confidence: Confidence
    bars: bool = True
    """Whether it keeps the complaint from the scheme; where not, it is a warning or a question."""
    ground: Ground | None = None


@dataclass(frozen=True, slots=True)
class SchemeAnswer:
    """Whether a complaint may go to a scheme on one day. Days are London dates, both inclusive."""

    may: bool
    opens: date | None
    """The first day on which it may; None where no period runs because the customer is not covered."""
    closes: date | None
    """The last day on which it may; None while no ADR letter was received, for then no time runs (AD-04)."""
    reasons: tuple[Reason, ...]
    """Every reason why not, and every warning, those that bar first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """What is known of a complaint when somebody asks whether it may go to a scheme."""

    kind: CustomerKind
    first_received: date
    """The London date on which the provider first received the complaint."""
    headcount: int | None = None
    volunteers: int | None = None
    """How many of the headcount are volunteers."""
    deadlock: date | None = None
    """The day on which deadlock was declared."""
    letter_received: date | None = None
    """The day on which the customer received the ADR letter."""
    claim: Decimal | None = None
    """The sum that the customer asks for, in pounds."""
    grounds: frozenset[Ground] = frozenset()
    """What else is known of the complaint as a whole: a court has it, it is about a price …"""


def covered(
    kind: CustomerKind, headcount: int | None, law: Law, on: date, volunteers: int | None = None
) -> Covered:
    """Whether this customer is covered on the day that governs (the first receipt of the complaint).

    `headcount` counts everybody who works there, volunteers included; `volunteers` says how many of them are.
    Raises ValueError for counts that cannot be.
    """
    _refuse_impossible(headcount, volunteers)
    match kind:
        case CustomerKind.RESIDENTIAL:
            return _yes("A residential customer is covered.")
        case CustomerKind.UNKNOWN:
            return _yes("Whoever's kind and size are not known counts as covered.", ask=_WHICH_KIND)
        case CustomerKind.NOT_FOR_PROFIT:
            limit = law.not_for_profit_size.find(on)
        case CustomerKind.SMALL_BUSINESS | CustomerKind.LARGER_BUSINESS:
            limit = law.small_business_size.find(on)
    if limit is None:
        return _yes("The size limit of that day is not known, so the customer counts as covered.")
    if headcount is None:
        return _uncounted(kind, limit.value)
    return _counted(kind, headcount, volunteers, limit.value)


_WHICH_KIND = "Is this a home, a business or a not-for-profit body, and of how many people?"
_BODIES = {
    CustomerKind.SMALL_BUSINESS: "business",
    CustomerKind.LARGER_BUSINESS: "business",
    CustomerKind.NOT_FOR_PROFIT: "not-for-profit body",
}


def _refuse_impossible(headcount: int | None, volunteers: int | None) -> None:
    negative = any(count is not None and count < 0 for count in (headcount, volunteers))
    too_many = headcount is not None and volunteers is not None and volunteers > headcount
    if negative or too_many:
        raise ValueError(f"there cannot be {headcount} people of whom {volunteers} are volunteers")


def _yes(reason: str, rule: str = "CH-05", ask: str = "") -> Covered:
    return Covered(covered=True, reasons=(reason,), rule=rule, ask=(ask,) if ask else ())


def _no(reason: str) -> Covered:
    return Covered(covered=False, reasons=(reason,), rule="CH-05")


def _uncounted(kind: CustomerKind, limit: int) -> Covered:
    if kind is CustomerKind.LARGER_BUSINESS:
        return _no(f"A business of more than {limit} people is not covered.")
    return _yes(
        "How many people work there is not known; unknown size counts as covered.",
        ask=f"Do more than {limit} people work there?",
    )


def _counted(kind: CustomerKind, headcount: int, volunteers: int | None, limit: int) -> Covered:
    """Over the limit only because of volunteers, the sources conflict: covered, and somebody asks (AD-16)."""
    body = _BODIES[kind]
    if headcount <= limit:
        larger = kind is CustomerKind.LARGER_BUSINESS
        ask = "It is recorded as a larger business: which is right, the kind or the count?" if larger else ""
        return _yes(f"A {body} of {headcount} people is covered; the limit is {limit}.", ask=ask)
    if volunteers is None and kind is CustomerKind.NOT_FOR_PROFIT:
        reason = f"How many of its {headcount} people are volunteers, who may not count, is not known."
        return _yes(reason, "AD-16", "How many of them are volunteers?")
    paid = headcount - (volunteers or 0)
    if paid > limit:
        return _no(f"A {body} of {paid} people is not covered; the limit is {limit}.")
    return _yes(
        f"It has {headcount} people with its volunteers and {paid} without; the limit is {limit}. Ofcom "
        "leaves volunteers out, one scheme counts them, so the customer counts as covered.",
        "AD-16",
        "Does the provider's scheme count volunteers?",
    )


# --- May it go to a scheme? -------------------------------------------------------------------------------


def may_go_to_scheme(dispute: Dispute, law: Law, on: date, scheme: Scheme | None = None) -> SchemeAnswer:
    """Whether this complaint may go to the scheme on this day, with every reason why not.

    Without a scheme (the provider's is not known) only what every approved scheme refuses stands in the way;
    what one of them refuses is told as a warning. Raises `NotKnown` where the rules of the day are not known.
    """
    customer = covered(dispute.kind, dispute.headcount, law, dispute.first_received, dispute.volunteers)
    opens = _opens(dispute, law) if customer.covered else None
    closes = law.adr_closes(dispute.letter_received, scheme)[0] if dispute.letter_received else None
    found = (
        *_who(customer, law),
        *(_when(dispute, law, on, scheme) if opens else ()),
        *_how_much(dispute, law, on, scheme),
        *(r for g in sorted(dispute.grounds) for r in _about(g, law, _asked(law, on, scheme))),
    )
    reasons = tuple(sorted(found, key=lambda reason: not reason.bars))
    return SchemeAnswer(not any(reason.bars for reason in reasons), opens, closes, reasons)


def _asked(law: Law, on: date, scheme: Scheme | None) -> tuple[Scheme, ...]:
    return (scheme,) if scheme else law.approved(on)


def _opens(dispute: Dispute, law: Law) -> date:
    """The end of the period, or the day of deadlock or of the letter where that came first (CH-11, CH-13)."""
    due, _ = law.adr_due(dispute.first_received)
    return min(day for day in (due, dispute.deadlock, dispute.letter_received) if day is not None)


def _who(customer: Covered, law: Law) -> Iterator[Reason]:
    if customer.covered and not customer.ask:
        return
    confidence = law.rule(customer.rule).confidence
    ask = "".join(f" Ask: {question}" for question in customer.ask)
    ground = None if customer.covered else Ground.LARGER_BUSINESS
    yield Reason(" ".join(customer.reasons) + ask, customer.rule, confidence, not customer.covered, ground)


def _when(dispute: Dispute, law: Law, on: date, scheme: Scheme | None) -> Iterator[Reason]:
    if on < _opens(dispute, law):
        yield _too_early(dispute, law)
    elif dispute.letter_received is None:
        at_deadlock = dispute.deadlock is not None and dispute.deadlock <= on
        rule = law.rule("CH-12" if at_deadlock else "CH-13")
        says = "The customer has received no ADR letter yet: it is owed."
        yield Reason(says, rule.id, rule.confidence, bars=False)
    else:
        yield from _too_late(dispute.letter_received, law, on, scheme)


def _too_early(dispute: Dispute, law: Law) -> Reason:
    due, period = law.adr_due(dispute.first_received)
    says = (
        f"The complaint was first received on {in_words(dispute.first_received)}. It may go to the scheme "
        f"{period.value // 7} weeks later, on {in_words(due)}, or sooner at deadlock."
    )
    return _reason(says, period, Ground.TOO_EARLY)


def _too_late(letter_received: date, law: Law, on: date, scheme: Scheme | None) -> Iterator[Reason]:
    closes, window = law.adr_closes(letter_received, scheme)
    if on > closes:
        says = (
            f"The ADR letter was received on {in_words(letter_received)}; the last day to apply, "
            f"{window.value} months later, was {in_words(closes)}."
        )
        yield _reason(says, window, Ground.LATE)


def _reason(says: str, found: Dated[int], ground: Ground) -> Reason:
    """A reason that bars, unless no source of it was seen: then it only warns."""
    words = says if found.verified else f"{says} This is unverified."
    return Reason(words, found.rule, found.confidence, found.verified, ground)


def _how_much(dispute: Dispute, law: Law, on: date, scheme: Scheme | None) -> Iterator[Reason]:
    if dispute.claim is None or dispute.claim <= (cap := law.scheme_cap.on(on)).value:
        return
    refused = tuple(_about(Ground.OVER_CAP, law, _asked(law, on, scheme)))
    if refused:
        yield from refused
    else:
        says = f"The customer asks for £{dispute.claim:,}; the scheme can award at most £{cap.value:,.0f}."
        yield Reason(says, cap.rule, cap.confidence, bars=False, ground=Ground.OVER_CAP)


def _about(ground: Ground, law: Law, schemes: tuple[Scheme, ...]) -> Iterator[Reason]:
    """What the schemes say of this ground; it bars where all of them refuse firmly and a source was seen."""
    listed = [(s, e) for s in schemes for e in s.exclusions if e.ground is ground]
    if not listed:
        return
    everywhere = len(listed) == len(schemes)
    for scheme, exclusion in listed:
        bars = everywhere and exclusion.firm and exclusion.says.verified
        takes = "does not take" if exclusion.firm else "may not take"
        known = "" if exclusion.says.verified else " This is unverified."
        says = f"{scheme.name} {takes} {exclusion.says.value}.{known}{_elsewhere(ground, law)}"
        yield Reason(says, exclusion.says.rule, exclusion.says.confidence, bars, ground)


def _elsewhere(ground: Ground, law: Law) -> str:
    if ground is not Ground.DATA_PROTECTION:
        return ""
    return f" Such a complaint goes to the Information Commissioner ({law.rule('DP-02').id})."
