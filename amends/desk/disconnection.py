"""Whether a customer of the book may be disconnected: their cases that are open or at a scheme, and what they need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Q

from amends.core.care import disconnection
from amends.core.care.disconnection import Ground, Verdict
from amends.core.case import fold
from amends.desk import books, ledger
from amends.desk.customers import recorded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from django.db.models import QuerySet

    from amends.desk.models import CaseRow, CustomerRow

MOST: Final = 50
"""Open cases that are read; where there are more, a person looks."""


def verdict(customer: CustomerRow, cases: QuerySet[CaseRow], today: date) -> Verdict:
    """What speaks against it today, of the cases that whoever asks may see."""
    return disconnection.verdict(_grounds(customer, cases, today))


def _grounds(customer: CustomerRow, cases: QuerySet[CaseRow], today: date) -> Iterator[Ground]:
    theirs = cases.filter(customer=customer.pk)
    at_scheme = Q(tally__referred__isnull=False, merged_into="")
    rows = list(theirs.filter(Q(is_open=True) | at_scheme).order_by("-is_open", "-pk")[: MOST + 1])
    facts = ledger.load([row.pk for row in rows[:MOST]])
    for row in rows[:MOST]:
        yield from disconnection.of_case(fold(facts[row.pk]), books.book_for(row), today)
    if len(rows) > MOST:
        yield Ground(
            "A-evidence", "more cases of theirs are open or at a scheme than were read", forbids=True
        )
    needs = list(recorded.standing(customer).values_list("kind", flat=True))
    yield from disconnection.of_needs(kind for kind in needs if kind)
