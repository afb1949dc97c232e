"""What a case tells of the way to a scheme: whether it may go there, or might have on the day on which it did.

CH-07 to CH-12, AD-03, AD-13, AD-14: when, and what the schemes do not take. `eligibility` decides; here the case is put
as it asks.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from amends.core.calendar import london_date
from amends.core.dated import NotKnown
from amends.core.duties import ADR
from amends.core.eligibility import Dispute, SchemeAnswer, may_go_to_scheme
from amends.core.scheme_decision import scheme_of

if TYPE_CHECKING:
    from amends.core.case import Case
    from amends.core.rulebook import Rulebook


def dispute(case: Case) -> Dispute | None:
    """The case as the schemes' rules ask about it; None before anything was received."""
    if case.first_received is None:
        return None
    left = [x.fate_at for x in case.letters_of(ADR) if x.left and x.fate_at is not None]
    return Dispute(
        kind=case.customer.kind,
        first_received=london_date(case.first_received),
        headcount=case.customer.headcount,
        deadlock=london_date(case.deadlocked) if case.deadlocked else None,
        # The scheme counts from the day on which it reached the customer; the day on which it left is the safe one.
        letter_received=london_date(left[-1]) if left else None,
    )


def may_go(case: Case, book: Rulebook, on: date) -> SchemeAnswer | None:
    """Whether the complaint may go to its scheme on this London day; None where the law of the day is not known."""
    asked = dispute(case)
    if asked is None:
        return None
    try:
        return may_go_to_scheme(asked, book.law, on, scheme_of(case, book))
    except NotKnown:
        return None
