"""Whether a service may be disconnected because it was not paid, and every reason why not.

N-hardship, F-hardship   whoever finds it hard to pay is helped to stay connected: not while an arrangement is kept,
nor before one was talked about
BL-02                    disconnection is fair and open: not while a dispute is open, with us or at a scheme
C5-08                    telecare is never cut off by itself
C5-01                    nor is anybody else whose need is recorded: a person looks first
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from amends.core import saying, scheme_decision
from amends.core.calendar import london_date
from amends.core.care import arrangement
from amends.core.kinds import CaseKind
from amends.core.scheme_decision import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from amends.core.case import Case
    from amends.core.rulebook import Rulebook

TELECARE = "telecare"


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason against it. `forbids` is false where a person may decide otherwise, and no machine."""

    clause: str
    why: str
    forbids: bool
    reference: str = ""
    """The case that it comes from; empty for what the customer needs."""
    account: str = ""
    """The account that the case is about, as it is written down there; empty where it names none."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Every reason against it, the forbidding ones first."""

    grounds: tuple[Ground, ...]

    @property
    def forbidden(self) -> bool:
        """Whether nobody may."""
        return any(g.forbids for g in self.grounds)

    @property
    def by_itself(self) -> bool:
        """Whether a machine may: nothing at all speaks against it."""
        return not self.grounds

    @property
    def said(self) -> str:
        """The verdict in words."""
        if self.forbidden:
            return "It may not be disconnected"
        return "Nothing here speaks against it" if self.by_itself else "Not by itself: a person decides"


def verdict(grounds: Iterable[Ground]) -> Verdict:
    """What these reasons come to."""
    return Verdict(tuple(sorted(grounds, key=lambda g: not g.forbids)))


def of_case(case: Case, book: Rulebook, today: date) -> Iterator[Ground]:
    """The reasons that one case gives on this London day; none once it goes on as another, or is closed and at no scheme."""
    account = case.customer.account.strip()
    yield from (replace(ground, account=account) for ground in _of_case(case, book, today))


def _of_case(case: Case, book: Rulebook, today: date) -> Iterator[Ground]:
    if case.merged_into is not None or case.first_received is None:
        return
    stands = scheme_decision.standing(case)
    if stands in _AT_SCHEME and case.referral is not None:
        # A closed case may go to a scheme as well: it is disputed until the scheme's decision is carried out or refused.
        since = saying.day(london_date(case.referral.at))
        yield Ground(
            "BL-02", f"a dispute is at a scheme since {since}", forbids=True, reference=case.reference
        )
    if case.closed is not None:
        if case.scheme_told is not None:
            # Their word is enough to leave them connected; only the scheme's starts what we owe to the scheme.
            since = saying.day(london_date(case.scheme_told.applied))
            why = (
                f"the customer says that they took it to a scheme on {since}, and nobody has asked the scheme"
            )
            yield Ground("BL-02", why, forbids=True, reference=case.reference)
        return
    if case.kind is CaseKind.HARDSHIP:
        yield _hardship(case, book, today)
    if case.complaint is not False and stands not in _AT_SCHEME:
        since = saying.day(london_date(case.first_received))
        yield Ground("BL-02", f"a dispute is open since {since}", forbids=True, reference=case.reference)


_AT_SCHEME: Final = (Standing.WITH_SCHEME, Standing.WAITS_FOR_ANSWER, Standing.TO_CARRY_OUT)


def _hardship(case: Case, book: Rulebook, today: date) -> Ground:
    clause, held = arrangement.clause(book), arrangement.of_case(case)
    if held is None:
        return Ground(
            clause,
            "they find it hard to pay, and nothing is agreed yet",
            forbids=True,
            reference=case.reference,
        )
    if held.missed is not None:
        why = f"{held.missed.said} of the arrangement did not come: speak to them first"
        return Ground(clause, why, forbids=False, reference=case.reference)
    if held.awaited is None:
        return Ground(clause, "the arrangement was kept to its end", forbids=True, reference=case.reference)
    if held.awaited.due < today:
        why = f"an arrangement stands; nobody has said whether {held.awaited.said} came"
    else:
        why = f"an arrangement is kept; next {held.awaited.said}"
    return Ground(clause, why, forbids=True, reference=case.reference)


def of_needs(kinds: Iterable[str]) -> Iterator[Ground]:
    """The reasons that lie in what the customer needs, by the kinds of their needs as the customers' book has them."""
    found = set(kinds)
    if TELECARE in found:
        yield Ground("C5-08", "telecare or an alarm depends on the line", forbids=False)
    if found - {TELECARE}:
        yield Ground("C5-01", "a need of theirs is recorded", forbids=False)
