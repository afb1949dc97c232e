"""Finding a case by what a caller says: reference, email, phone, postcode, account or name, each by its index.

Until somebody's identity has been checked a result shows name, postcode area and reference, and no more (design:
Security).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from amends.desk import lookup
from amends.desk.address import Address
from amends.desk.hints import postcode
from amends.desk.models import CaseAddress, CaseRow
from amends.desk.reference import normal

FOUND: Final = 20
"""So many results are shown; whoever finds more says more."""
LONGEST: Final = 200
_HIGHEST: Final = "\U0010fffd"
_FEW: Final = 3
"""Letters of a name below which nothing is looked up: half the town would be found."""
_NUMBER: Final = re.compile(r"[\d\s()+.-]{6,}")


@dataclass(frozen=True, slots=True)
class Result:
    """A case as a search may show it before the identity check."""

    reference: str
    name: str
    area: str
    """The first half of the postcode."""
    is_open: bool


def search(cases: QuerySet[CaseRow], provider: str, said: str) -> list[Result]:
    """The newest cases that fit what was said; none for words that say too little."""
    found: dict[int, CaseRow] = {}
    for wanted in matching(provider, said[:LONGEST].strip()):
        # One question for each index: an OR would tempt a database to read all cases in the order of their ids.
        rows = cases.filter(wanted).only("reference", "customer_name", "postcode", "is_open").order_by("-id")
        found.update((row.pk, row) for row in rows[:FOUND])
    newest = sorted(found.values(), key=lambda row: -row.pk)[:FOUND]
    return [Result(r.reference, r.customer_name, r.postcode.partition(" ")[0], r.is_open) for r in newest]


def matching(provider: str, said: str) -> list[Q]:
    """The conditions on cases of which this says one or another; none where it says too little to look for."""
    if normal(said):
        return [Q(reference=normal(said))]
    if "@" in said:
        key = Address("", said).key
        known = CaseAddress.objects.filter(provider=provider, address_key=key).values_list(
            "case_id", flat=True
        )
        return [Q(pk__in=list(known.order_by("-case_id")[:FOUND]))]
    if postcode(said):
        return [Q(postcode=postcode(said)), Q(account=said)]
    if _NUMBER.fullmatch(said):
        number = lookup.phone_key(said)
        return [Q(account=said), *([Q(phone_key=number)] if number else [])]
    if any(c.isdigit() for c in said):
        return [Q(account=said), Q(account=said.upper())]
    return _named(lookup.name_key(said))


def _named(key: str) -> list[Q]:
    if len(key) < _FEW:
        return []
    whole = Q(name_key__gte=key, name_key__lte=key + _HIGHEST)
    return [whole] if " " in key else [whole, Q(surname_key__gte=key, surname_key__lte=key + _HIGHEST)]
