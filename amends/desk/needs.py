"""A format that a customer needs, on every case of theirs: carried from the case on which they said so (C5-01, C5-02).

Looked for when a case comes to rest and before any letter of it is decided, among the cases of the same email address;
by account too, once the caller's identity was checked. An address is no identity and joins nothing: but a letter to
that address in large print tells a stranger nothing, and helps the one who asked for it; the portal shows it to nobody of
whom it is not known who they are. The newest word counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import QuerySet

from amends.core import facts as f
from amends.core.formats import Format, by_a_person, copy_by_a_person
from amends.core.kinds import COPY_LETTER
from amends.desk import enclosed, ledger, voice
from amends.desk.address import Address
from amends.desk.asked import Asked
from amends.desk.models import CaseAddress, CaseRow, Outgoing

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand


OTHERS = 500
"""So many cases of the customers of one docket are looked at, the newest."""


class _Case(NamedTuple):
    """A case of a customer, known by an address or an account."""

    provider: str
    key: str
    case: int
    reference: str


def carry(hands: Iterable[CaseInHand], now: datetime) -> None:
    """Write onto these cases the newest need of their customers, where another case of theirs knows a newer one.

    A question or two for all of them together, none for a case whose customer was looked for in this docket before.
    """
    asked = [hand for hand in hands if _to_ask(hand)]
    if not asked:
        return
    for hand in asked:
        hand.need_sought = _keys(hand)
    known = [*_by_email(asked), *_by_account(asked)]
    lines = ledger.of_kind(f.FormatNeeded.KIND, {each.case for each in known})
    if not lines:
        return
    words = ledger.private_words(lines)
    for hand in asked:
        _carry_to(hand, _elsewhere(hand, known, lines), words, now)


def _to_ask(hand: CaseInHand) -> bool:
    keys = _keys(hand)
    return any(keys) and keys != hand.need_sought


def _keys(hand: CaseInHand) -> tuple[str, str]:
    """The email in the form in which addresses are compared, and the account, if this case may be known by it."""
    customer = hand.case.customer
    email = Address("", customer.email).key[:320] if customer.email else ""
    return email, customer.account if hand.case.identity_passed else ""


def _by_email(hands: Sequence[CaseInHand]) -> Iterator[_Case]:
    keys = {email for email, _ in map(_keys, hands) if email}
    providers = {hand.provider.pk for hand in hands}
    if len(keys) == len(providers) == 1:
        yield from (_Case(*row) for row in _of_one(*providers, *keys))
    elif keys:
        theirs = CaseAddress.objects.filter(provider__in=providers, address_key__in=keys, role=f.CUSTOMER)
        yield from (_Case(*row) for row in _newest(theirs))


def _newest(theirs: QuerySet[CaseAddress]) -> QuerySet[CaseAddress, tuple[str, str, int, str]]:
    named = theirs.order_by("-case_id").values_list(
        "provider_id", "address_key", "case_id", "case__reference"
    )
    return named[:OTHERS]


_of_one = Asked(
    lambda provider, key: _newest(
        CaseAddress.objects.filter(provider=provider, address_key=key, role=f.CUSTOMER)
    ),
    str, str,
)  # fmt: skip
"""The same for the customer of one case, as with each mail."""


def _by_account(hands: Sequence[CaseInHand]) -> Iterator[_Case]:
    keys = {account for _, account in map(_keys, hands) if account}
    if keys:
        theirs = CaseRow.objects.filter(provider__in={hand.provider.pk for hand in hands}, account__in=keys)
        rows = theirs.order_by("-pk").values_list("provider_id", "account", "pk", "reference")
        yield from (_Case(*row) for row in rows[:OTHERS])


def _elsewhere(
    hand: CaseInHand, known: Sequence[_Case], lines: Sequence[ledger.Line]
) -> list[tuple[ledger.Line, str]]:
    """What was said on other cases of this customer, with the case's reference, the newest first."""
    keys = [key for key in _keys(hand) if key]
    theirs = {
        each.case: each.reference
        for each in known
        if each.provider == hand.provider.pk and each.case != hand.row.pk and each.key in keys
    }
    said = [(line, theirs[line.case_id]) for line in lines if line.case_id in theirs]
    return sorted(said, key=lambda one: (one[0].at, one[0].logged, one[0].case_id), reverse=True)


def _carry_to(
    hand: CaseInHand,
    elsewhere: Sequence[tuple[ledger.Line, str]],
    words: Mapping[tuple[int, int], dict[str, str] | None],
    now: datetime,
) -> None:
    """The newest of these, unless the case knows a newer one; going back to the standard only after another."""
    for line, reference in elsewhere:
        private = words.get((line.case_id, line.seq), {})
        if private is None:
            continue  # erased: nobody knows any more what was needed
        need = f.read(line.written(private))
        assert isinstance(need, f.FormatNeeded)
        known = hand.case.format_need
        newer = known is None or need.at > known.at
        if newer and (known is not None or need.format):
            source = need.carried_from or reference
            hand.add(replace(need, logged=now, by=f.SYSTEM, carried_from=source))
        return


def work_orders(hand: CaseInHand, letter: Outgoing, now: datetime) -> tuple[f.FormatOrdered, ...]:
    """What a person is asked to make of a letter that has just been decided; nothing where it brings its format along."""
    wanted = Format(letter.format)
    if letter.letter == COPY_LETTER:
        why = copy_by_a_person(wanted, letter.channel)
    else:
        why = by_a_person(wanted, letter.channel, voice=voice.fits_a_mail(enclosed.length(letter)))
    return (order(hand, letter.key, wanted, why, now),) if why else ()


def order(
    hand: CaseInHand, letter: str, wanted: Format, why: str, now: datetime, by: str = f.SYSTEM
) -> f.FormatOrdered:
    """The fact by which a person is asked to make a letter in a format."""
    number = len(hand.case.format_orders) + 1
    return f.FormatOrdered(
        at=now, logged=now, by=by, order=str(number), letter=letter, format=str(wanted), why=why
    )


def ask_a_person(letter: Outgoing, why: str, now: datetime) -> None:
    """Ask a person for a letter in its customer's format, which this machine could not make; once for each letter."""
    # Here, because the record itself asks this module for what a letter needs.
    from amends.desk.record import docket  # noqa: PLC0415 - see above

    with docket(letter.case_id, now=now) as taken:
        hand = taken.cases[letter.case_id]
        if all(o.letter != letter.key for o in hand.case.format_orders):
            hand.add(order(hand, letter.key, Format(letter.format), why, now))
