"""The rows of a docket: facts, frozen letters, hints, addresses and alarms, in a handful of queries. Only `record` asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from amends.core import facts as f
from amends.core.posting import post_by
from amends.core.ways import EMAIL, LETTER
from amends.desk import alarms, ledger, money, owing, quick, tallies, waiting, words
from amends.desk.address import Address
from amends.desk.hints import HINTS, fill, hints
from amends.desk.models import (
    Alarm,
    CaseAddress,
    CaseMessageId,
    Outgoing,
)

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand

STUCK = "stuck letter"
UNDECIDED = "undecided"
_KEPT = ("code", "facts", "head", "stuck", *HINTS)


def keep(hands: Sequence[CaseInHand], outgoing: Sequence[Outgoing], now: datetime, *, rested: bool) -> None:
    """Write what a docket did to its cases. `rested` tells whether it tried every letter that the desk owes."""
    lines = [line for h in hands for line in ledger.rows_of(h.row, h.added)]
    if lines:
        quick.insert([fact for fact, _ in lines])
        quick.insert([words for _, words in lines if words is not None])
    _fates(hands, outgoing)
    if outgoing:
        _post_by(hands, outgoing)
        _outgoing(outgoing)
    addresses = [a for h in hands for a in _addresses(h)]
    if addresses:
        quick.insert(addresses, unless_there=True)
    if rested:
        _alarms(hands, now)
    owing.keep(hands, _fresh(hands))
    waiting.keep(hands, rebuild=not rested)
    found = {h.row.pk: hints(h.case, h.book, h.owed) for h in hands}
    # Whoever rebuilds, or erases, adds no fact: then everything is written anew.
    changed = [h for h in hands if _filled(h, found[h.row.pk], now, rested=rested) or h.added or not rested]
    if changed:
        quick.update([h.row for h in changed], _KEPT)
        tallies.keep(changed, found)
        money.keep(changed)
        words.keep([h for h in changed if h.added])


def _fresh(hands: Sequence[CaseInHand]) -> frozenset[int]:
    """The cases that this docket opened."""
    return frozenset(h.row.pk for h in hands if h.added and isinstance(h.added[0], f.CaseOpened))


def _filled(hand: CaseInHand, found: dict[str, Any], now: datetime, *, rested: bool) -> bool:
    stuck = "; ".join(hand.stuck.values()) if rested else hand.row.stuck
    return fill(hand.row, found, stuck, now)


def _outgoing(outgoing: Sequence[Outgoing]) -> None:
    for letter in outgoing:
        # A case that `opening` holds got its id only now.
        letter.case_id = letter.case.pk
    quick.insert(outgoing)
    ids = [
        CaseMessageId(provider_id=o.provider_id, message_id=o.message_id, case_id=o.case_id, outgoing=True)
        for o in outgoing
        if o.channel == EMAIL
    ]
    quick.insert(ids)


def _post_by(hands: Sequence[CaseInHand], outgoing: Sequence[Outgoing]) -> None:
    """By which day each letter by post must be posted: told when the docket ends, with all that its letter keeps."""
    by_row = {id(hand.row): hand for hand in hands}
    for row in outgoing:
        if row.channel == LETTER:
            hand = by_row[id(row.case)]
            letter = next(x for x in hand.case.letters if x.key == row.key)
            row.post_by = post_by(hand.case, hand.book, letter)


def _fates(hands: Sequence[CaseInHand], outgoing: Sequence[Outgoing]) -> None:
    """The row of a letter follows the fact that says what became of it; letters of this docket are not written yet."""
    fresh = {(o.provider_id, o.key): o for o in outgoing}
    found: dict[tuple[str, str, datetime], list[str]] = {}
    for hand in hands:
        for fact in hand.added:
            if not isinstance(fact, f.LetterFate):
                continue
            letter = fresh.get((hand.provider.pk, fact.key))
            if letter is None:
                found.setdefault((hand.provider.pk, fact.fate, fact.at), []).append(fact.key)
            else:
                letter.state, letter.settled_at = fact.fate, fact.at
    for (provider, fate, at), keys in found.items():
        settle(provider, keys, fate, at)


def settle(provider: str, keys: Sequence[str], fate: str, at: datetime) -> None:
    """Set the state of outgoing rows to what their facts say."""
    Outgoing.objects.filter(provider=provider, key__in=keys).update(
        state=fate, settled_at=at, lease_until=None, lease_token=""
    )


def _addresses(hand: CaseInHand) -> Iterator[CaseAddress]:
    for fact in hand.added:
        if isinstance(fact, f.CustomerKnown | f.PartyAdded) and fact.email:
            role = fact.role if isinstance(fact, f.PartyAdded) else f.CUSTOMER
            key = Address("", fact.email).key[:320]
            yield CaseAddress(provider=hand.provider, address_key=key, case=hand.row, role=role[:40])


def _alarms(hands: Sequence[CaseInHand], now: datetime) -> None:
    mended = [_about(h) for h in hands if h.row.stuck and not h.stuck]
    alarms.clear(STUCK, mended, now)
    alarms.raise_all(
        [
            *(_stuck(h, now) for h in hands if h.stuck),
            *(_undecided(h, now) for h in hands if h.left_undecided),
        ]
    )
    decided = [
        _about(h)
        for h in hands
        if h.case.complaint is not None and any(isinstance(x, f.ComplaintDecided) for x in h.added)
    ]
    alarms.clear(UNDECIDED, decided, now)


def _about(hand: CaseInHand) -> str:
    return ledger.chain_name(hand.provider.pk, hand.row.reference)


def _stuck(hand: CaseInHand, now: datetime) -> Alarm:
    whys = "; ".join(f"the {letter} cannot be written: {why}" for letter, why in hand.stuck.items())
    text = f"{hand.row.reference}: {whys}"
    return alarms.alarm(STUCK, _about(hand), text, "A letter cannot be written", now, hand.provider.pk)


def _undecided(hand: CaseInHand, now: datetime) -> Alarm:
    text = (
        f"{hand.row.reference}: the ADR letter leaves although nobody has decided whether this is a complaint"
    )
    return alarms.alarm(UNDECIDED, _about(hand), text, "An ADR letter left undecided", now, hand.provider.pk)
