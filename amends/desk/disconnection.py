"""Whether a customer of the book may be disconnected: every case of theirs that is open, and what they need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from amends.core.care import disconnection
from amends.core.care.disconnection import Ground, Verdict
from amends.core.case import fold
from amends.desk import books, ledger
from amends.desk.customers import recorded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from amends.desk.models import CaseRow, CustomerRow

MOST: Final = 50
"""Open cases that are read; where there are more, a person looks."""


def verdict(customer: CustomerRow, cases: QuerySet[CaseRow]) -> Verdict:
    """What speaks against it today, of the cases that whoever asks may see."""
    return disconnection.verdict(_grounds(customer, cases))


def _grounds(customer: CustomerRow, cases: QuerySet[CaseRow]) -> Iterator[Ground]:
    rows = list(cases.filter(customer=customer.pk, is_open=True).order_by("pk")[: MOST + 1])
    facts = ledger.load([row.pk for row in rows[:MOST]])
    for row in rows[:MOST]:
        yield from disconnection.of_case(fold(facts[row.pk]), books.book_for(row))
    if len(rows) > MOST:
        yield Ground("A-evidence", "more cases of theirs are open than were read", forbids=True)
    needs = list(recorded.standing(customer).values_list("kind", flat=True))
    yield from disconnection.of_needs(kind for kind in needs if kind)
