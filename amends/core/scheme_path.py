"""What a case tells of the way to a scheme: whether it may go there, or might have on the day on which it did.

CH-07 to CH-12, AD-03, AD-13, AD-14: when, and what the schemes do not take. `eligibility` decides; here the case is put
as it asks.
AD-15, N-adr-limits, I-adr-limits: commercial matters such as prices. The source found says that a scheme *may* refuse
them; what a code prints of it is told beside that, and bars nobody.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from amends.core.calendar import london_date
from amends.core.dated import NotKnown
from amends.core.duties import ADR
from amends.core.eligibility import CustomerKind, Dispute, Reason, SchemeAnswer, may_go_to_scheme
from amends.core.scheme_decision import scheme_of
from amends.core.schemes import Ground

if TYPE_CHECKING:
    from amends.core.case import Case
    from amends.core.rulebook import Rulebook

ABOUT: Final = {
    Ground.COMMERCIAL: "a price, or another commercial decision",
    Ground.COURT: "something that is before a court",
    Ground.OTHER_SCHEME: "something that another scheme deals with",
    Ground.NOT_A_CUSTOMER: "somebody who was never a customer",
    Ground.OUT_OF_SCOPE: "something other than a communications service",
    Ground.FRAUD: "fraud",
    Ground.PROPERTY_DAMAGE: "damage to property",
    Ground.DISCRIMINATION: "discrimination",
    Ground.DATA_PROTECTION: "personal data alone",
    Ground.OUTSIDE_UK: "a service outside the United Kingdom",
}
"""What a person can find that a complaint is about, in words. Other grounds are counted, or the scheme's to judge."""
_SIZED: Final = (CustomerKind.SMALL_BUSINESS, CustomerKind.LARGER_BUSINESS)


def grounds(case: Case) -> frozenset[Ground]:
    """What a person found of this complaint that a scheme may not take.

    What was found here counts. Where nobody looked here, what was found last of a case that goes on here does: it is the
    same complaint.
    """
    brought = (m.limits for m in reversed(case.merged) if m.limits)
    found = next(brought, "") if case.scheme_limits is None else case.scheme_limits.grounds
    return frozenset(Ground(each) for each in found.split(",") if each)


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
        grounds=grounds(case),
    )


def may_go(case: Case, book: Rulebook, on: date) -> SchemeAnswer | None:
    """Whether the complaint may go to its scheme on this London day; None where the law of the day is not known."""
    asked = dispute(case)
    if asked is None:
        return None
    try:
        answer = may_go_to_scheme(asked, book.law, on, scheme_of(case, book))
    except NotKnown:
        return None
    return replace(answer, reasons=(*answer.reasons, *_printed(case, book)))


def _printed(case: Case, book: Rulebook) -> tuple[Reason, ...]:
    """What the code prints of what its scheme does not take, where this complaint may be such a one."""
    printed = book.code.dispute_resolution if book.code else None
    if printed is None or not printed.cannot_take_id:
        return ()
    words = list(printed.cannot_take) if grounds(case) else []
    over, count = printed.employees_over, case.customer.headcount
    large = case.customer.kind in _SIZED and over is not None and count is not None and count > over
    if large or case.customer.kind is CustomerKind.LARGER_BUSINESS:
        words.append(
            f"businesses with more than {over} employees" if over is not None else "larger businesses"
        )
    if not words:
        return ()
    says = f"Our code prints that the scheme does not take: {'; '.join(words)}. The scheme itself decides."
    return (Reason(says, printed.cannot_take_id, "P", bars=False),)
