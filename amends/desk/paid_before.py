"""What was paid before for the same loss: on this case, and on every other case of the same customer and account.

A loss is a service and a time (N-refund), a bill that was paid, the delay of a move (F-porting), or a day or appointment of
automatic compensation. Cases belong together where a person said that they are of one customer, where they bear one account,
or were merged; two accounts, or two services, of one customer are two losses, each with its own sums. An email address
makes nobody the same. What is paid is looked at again under a lock as it is written, so that two people who pay the same
on two cases at one moment pay it once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from amends.core import awards, saying
from amends.core.awards import Award, Basis
from amends.core.case import Case, fold
from amends.core.facts import AwardPrepared
from amends.core.may import Refusal
from amends.core.redress.refund import Refunded
from amends.desk import ledger, merging
from amends.desk.models import CaseRow, Provider

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand
    from amends.desk.redress import Given


def elsewhere(case: Case) -> tuple[Case, ...]:
    """The other cases on which something was given for what may be the same loss."""
    row = CaseRow.objects.get(provider=case.provider, reference=case.reference)
    merged = {x.pk for x in merging.ended_in(row)}
    alike = Q(pk__in=merged)
    if row.customer is not None:
        alike |= Q(customer=row.customer)
    if case.customer.account:
        alike |= Q(account=case.customer.account)
    rows = CaseRow.objects.filter(alike, provider=case.provider).exclude(pk=row.pk)
    # However many they have: the ledger is asked on which of them anything was given, and only those are read.
    paying = ledger.having(AwardPrepared.KIND, rows)
    found = {pk: fold(facts) for pk, facts in ledger.load(sorted(paying)).items()}
    return tuple(other for pk, other in found.items() if pk in merged or not _apart(case, other))


def _apart(case: Case, other: Case) -> bool:
    """Whether two cases are of different accounts or different services: then they are about different losses."""
    ours, theirs = case.linked, other.linked
    services = (ours.service if ours else "", theirs.service if theirs else "")
    accounts = (case.customer.account, other.customer.account)
    return any(a and b and a != b for a, b in (services, accounts))


def refunded(case: Case) -> tuple[Refunded, ...]:
    """The times without service that were refunded, here and elsewhere."""
    others = (x for other in elsewhere(case) for x in awards.refunded(other, elsewhere=True))
    return (*awards.refunded(case), *others)


def of_bill(case: Case, covers: str) -> tuple[int, str]:
    """How many pence of a payment were given back before, and by which awards in words; see `awards.of_bill`."""
    found = [(a, c) for c in (case, *elsewhere(case)) for a in awards.back_on(c, covers)]
    return sum(a.pence for a, _ in found), saying.listed([awards.said(a, c) for a, c in found])


@dataclass(frozen=True, slots=True)
class Gesture:
    """Money that was given or offered at somebody's discretion on another case of the same customer."""

    case: Case
    award: Award


def goodwill(case: Case) -> tuple[Gesture, ...]:
    """What was given or offered at somebody's discretion on the customer's other cases, the newest first.

    It forbids nothing: whoever decides sees it. Two accounts, or two services, are two matters.
    """
    found = (
        Gesture(other, award)
        for other in elsewhere(case)
        for award in other.awards
        if award.basis is Basis.GOODWILL and award.kind.money and award.counts
    )
    return tuple(sorted(found, key=lambda g: g.award.made, reverse=True))


def moved(case: Case, promised: date, until: date) -> str:
    """The other case on which this delay of a move was credited, by its reference; empty where on none."""
    return next((c.reference for c in elsewhere(case) if awards.late_port_paid(c, promised, until)), "")


def days(case: Case) -> frozenset[str]:
    """The days and appointments for which automatic compensation was given, here and elsewhere."""
    return awards.paid_for(case).union(*(awards.paid_for(other) for other in elsewhere(case)))


def hold(hand: CaseInHand) -> None:
    """Let nobody else at this provider give anything until the docket ends, so that what is read here stays so."""
    Provider.objects.select_for_update().get(pk=hand.provider.pk)


def twice(hand: CaseInHand, given: Given) -> Refusal | None:
    """Whether what this would pay for was paid meanwhile, here or elsewhere: asked under a lock, as it is written."""
    if not given.covers or given.sum is None:
        return None
    hold(hand)
    for case in (hand.case, *elsewhere(hand.case)):
        award = _same(case, given)
        if award is not None:
            return Refusal(
                f"That was paid for before: {saying.pence(award.pence)}, {awards.said(award, case)}", given.sum.clause,
                "Nothing is paid twice. Work out what is left of it.",
            )  # fmt: skip
    if given.basis is Basis.REFUND and isinstance(json.loads(given.covers), dict):
        return _above(hand.case, given)
    return None


def _same(case: Case, given: Given) -> Award | None:
    """The award of this case that pays for some of the same."""
    for award in case.awards:
        if award.counts and award.basis is given.basis and award.covers and _overlap(award, given):
            return award
    return None


def _overlap(award: Award, given: Given) -> bool:
    mine, theirs = json.loads(given.covers), json.loads(award.covers)
    if given.basis is Basis.AUTOMATIC:
        return bool(set(mine) & set(theirs))
    if given.basis is Basis.LATE_PORT:
        return bool(mine[0] == theirs[0] and mine[1] <= theirs[1])
    if isinstance(mine, dict) or isinstance(theirs, dict):
        return False  # of one bill some may be given back, and later more: `_above` counts it
    return any(
        one[0].casefold() == other[0].casefold()
        and _at(one[1]) < _at(other[2])
        and _at(other[1]) < _at(one[2])
        for one in mine
        for other in theirs
    )


def _at(iso: str) -> datetime:
    return datetime.fromisoformat(iso)


def _above(case: Case, given: Given) -> Refusal | None:
    """Whether more of a bill would be given back than was paid on it."""
    assert given.sum is not None
    before, where = of_bill(case, given.covers)
    if given.was_paid is None or before + given.sum.pence <= given.was_paid:
        return None
    return Refusal(
        f"That was {saying.pence(given.was_paid)}, and {saying.pence(before)} of it was refunded before ({where})",
        given.sum.clause, f"Give {saying.pence(max(given.was_paid - before, 0))} or less.",
    )  # fmt: skip
