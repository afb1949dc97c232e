"""Finding a customer by what a caller says, and suggesting whose a case may be. Suggesting is all that it does.

An address is no identity: the same email, phone or account only suggests, and a person says whose case it is. Until the
identity check a result shows name, postcode area and reference, and no more (design: Security).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from amends.core.case import Customer
from amends.desk import lookup
from amends.desk.address import Address
from amends.desk.asked import Asked
from amends.desk.customers import numbers
from amends.desk.hints import postcode
from amends.desk.models import Account, CustomerRow, NumberRange, Service

FOUND: Final = 25
LONGEST: Final = 200
SUGGESTED: Final = 5
_HIGHEST: Final = "\U0010fffd"
_FEW: Final = 3


@dataclass(frozen=True, slots=True)
class Suggested:
    """A customer whose case it may be, and what speaks for it."""

    customer: CustomerRow
    why: str

    @property
    def area(self) -> str:
        """The first half of the postcode."""
        return self.customer.postcode.partition(" ")[0]


def find(customers: QuerySet[CustomerRow], provider: str, said: str) -> list[CustomerRow]:
    """The customers that fit what was said, the newest first; none for words that say too little."""
    said = said[:LONGEST].strip()
    found: dict[int, CustomerRow] = {}
    if "\0" in said:
        return []
    for wanted in _conditions(provider, said):
        rows = customers.filter(wanted).filter(erased_at__isnull=True).order_by("-id")
        found.update((row.pk, row) for row in rows[:FOUND])
    return sorted(found.values(), key=lambda row: -row.pk)[:FOUND]


def _conditions(provider: str, said: str) -> Iterator[Q]:
    """One condition for each index that may know what was said."""
    if not said:
        return
    if "@" in said:
        yield Q(email_key=Address("", said).key[:320])
        return
    yield Q(external=said)
    yield Q(pk__in=_ids(Account.objects.filter(provider=provider, number=said)))
    if any(c.isdigit() for c in said):
        yield Q(pk__in=_ids(Service.objects.filter(provider=provider, external=said)))
        if postcode(said):
            yield Q(postcode=postcode(said))
        number = lookup.phone_key(said)
        if number:
            yield Q(phone_key=number)
        yield Q(pk__in=holders(provider, said))
        return
    key = lookup.name_key(said)
    if len(key) >= _FEW:
        yield Q(name_key__gte=key, name_key__lte=key + _HIGHEST)
        yield Q(surname_key__gte=key, surname_key__lte=key + _HIGHEST)
    elif len(key) > 1:
        # "Li", "Ng" and "Wu" are whole surnames; as beginnings they would find half the town.
        yield Q(surname_key=key)
        yield Q(name_key=key)


def numbered(provider: str, said: str) -> list[int]:
    """The ids of the customers of the book whose own number, account, service or phone number this is, as it is typed."""
    written = {said, said.upper()}
    theirs = CustomerRow.objects.filter(provider=provider, external__in=written, erased_at__isnull=True)
    found = [
        *theirs.values_list("pk", flat=True)[:FOUND],
        *_ids(Account.objects.filter(provider=provider, number__in=written)),
        *_ids(Service.objects.filter(provider=provider, external__in=written)),
        *holders(provider, said),
    ]
    return list(dict.fromkeys(found))[:FOUND]


def _ids(rows: QuerySet[Account] | QuerySet[Service]) -> list[int]:
    return list(rows.values_list("customer_id", flat=True)[:FOUND])


def holders(provider: str, said: str) -> list[int]:
    """The customers who have this number, alone or within a range."""
    try:
        number = numbers.whole(said)
    except numbers.NoNumber:
        return []
    # No range is longer than that, so only these can hold it.
    return [row[0] for row in _holding(provider, number - numbers.LARGEST_RANGE, number)]


def suggestions(customers: QuerySet[CustomerRow], provider: str, case: Customer) -> list[Suggested]:
    """Whose a case may be, by account, email and phone; each with what speaks for it, the strongest first."""
    found: dict[int, str] = {}
    for why, theirs in _speaking(provider, case):
        for pk in theirs:
            found.setdefault(pk, why)
    if not found:
        return []
    rows = customers.filter(pk__in=found, erased_at__isnull=True).in_bulk()
    return [Suggested(rows[pk], why) for pk, why in found.items() if pk in rows][:SUGGESTED]


def _speaking(provider: str, case: Customer) -> Iterator[tuple[str, list[int]]]:
    """What would speak for customers, each a look at an index, with their ids."""
    phone = lookup.phone_key(case.phone)
    if case.account:
        yield "the same account", _first(_with_account(provider, case.account))
    if case.email:
        yield "the same email address", _first(_with_email(provider, Address("", case.email).key[:320]))
    if phone:
        yield "the same phone number", _first(_with_phone(provider, phone))
    if case.phone:
        yield "one of their numbers", holders(provider, case.phone)


def _first(rows: list[tuple[int, ...]]) -> list[int]:
    return [row[0] for row in rows]


# Every look at a case whose customer nobody has named asks these four.
_with_account = Asked(
    lambda provider, number: (
        Account.objects.filter(provider=provider, number=number)
        .order_by("-customer_id")
        .values_list("customer_id")[:FOUND]
    ),
    str, str,
)  # fmt: skip


def _newest(column: str) -> Asked:
    """The newest customers, by what stands in a column of theirs."""
    return Asked(
        lambda provider, value: (
            CustomerRow.objects.filter(provider=provider, erased_at__isnull=True, **{column: value})
            .order_by("-id")
            .values_list("id")[:FOUND]
        ),
        str, str,
    )  # fmt: skip


_with_email, _with_phone = _newest("email_key"), _newest("phone_key")
_holding = Asked(
    lambda provider, after, number: (
        NumberRange.objects.filter(
            provider=provider, first__gt=after, first__lte=number, last__gte=number
        ).values_list("customer_id")[:FOUND]
    ),
    str, int, int,
)  # fmt: skip
