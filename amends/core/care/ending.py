"""What a cancellation costs: the rights by which it is free, then the fee line by line, from what was asked for.

N-cancel, F-cancel, F-cancel-explain: the fee is worked out and explained before anything is confirmed. A right of which
no source was seen refuses nobody anything and gives nothing away: it is told as a thing to look at (CT-06).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from amends.core import saying
from amends.core.calendar import DAY, london_date
from amends.core.care import steps
from amends.core.code import CustomerKind
from amends.core.kinds import PROMISED, CaseKind
from amends.core.redress.cancelling import Order, Right, rights
from amends.core.redress.sums import Mistake
from amends.core.redress.termination import Contract, Saved, fee

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from amends.core.case import Case
    from amends.core.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Worked:
    """What was worked out. `pence` is None while something is missing or wrong, which `missing` then says."""

    rights: tuple[Right, ...]
    lines: tuple[str, ...]
    pence: int | None
    missing: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """As the customer can be told it; empty while it cannot be told."""
        if self.pence is None:
            return ""
        cost = f"It costs {saying.pence(self.pence)}." if self.pence else "It costs you nothing."
        return "\n".join(["You asked us to cancel.", cost, "How we worked it out:", *self.lines])


def worked_out(case: Case, book: Rulebook) -> Worked | None:
    """The right and the fee of a cancellation; None for a case of another kind."""
    said = steps.given(case)
    if case.kind is not CaseKind.CANCELLATION or not said or case.first_received is None:
        return None
    when = PROMISED[CaseKind.CANCELLATION][0]
    asked = london_date(next((e.at for e in case.events if e.trigger is when), case.first_received))
    wrong = impossible(said, asked, clause(book))
    if wrong:
        return Worked((), (), None, tuple(_mistaken(m) for m in wrong))
    own = book.code.cancelling if book.code else None
    found: tuple[Right, ...] = ()
    if ordered := _day(said, "ordered"):
        order = Order(
            made=ordered, customer=case.customer.kind, at_a_distance=said.get("bought") != "in a shop",
            provided=_day(said, "provided"),
        )  # fmt: skip
        found = rights(order, asked, own, book.law)
    free = next((r for r in found if r.open and r.verified), None)
    if free is not None:
        return Worked(found, (f"Free of charge under {free.clause}: {free.why}",), 0)
    return _fee(case, said, found, book)


def impossible(
    said: Mapping[str, str], asked: date, clause: str, today: date | None = None
) -> tuple[Mistake, ...]:
    """What cannot be so of the days of a contract that was to be cancelled on the London day `asked`.

    Each mistake is at the particular whose day is looked at again. `today` refuses a service that is provided from a
    day still to come; None leaves that open, for what was written down on another day.
    """
    return tuple(_impossible(said, asked, clause, today))


def _impossible(said: Mapping[str, str], asked: date, clause: str, today: date | None) -> Iterator[Mistake]:
    ordered, provided, first, ends = (_day(said, name) for name in ("ordered", "provided", "first", "ends"))
    if ordered and ordered > asked:
        yield Mistake(
            "ordered", f"It was ordered on {saying.day(ordered)}, after they asked to cancel it on {saying.day(asked)}",
            clause, "Look at the day of the order again.",
        )  # fmt: skip
    elif ordered:
        mend = f"It was ordered on {saying.day(ordered)}: look at both days again."
        if provided and provided < ordered:
            yield Mistake("provided", "It was provided before it was ordered", clause, mend)
        if first and first < ordered:
            yield Mistake("first", "Its minimum term begins before it was ordered", clause, mend)
        if ends and ends < ordered:
            yield Mistake("ends", "It ends before it was ordered", clause, mend)
    if provided and today and provided > today:
        yield Mistake(
            "provided", "That day is still to come", clause, "Leave it empty while it has not been provided."
        )
    elif provided and ends and ends < provided - DAY:
        mend = f"It was provided on {saying.day(provided)}: give the last day of service."
        yield Mistake("ends", "It ends before it was provided", clause, mend)


def _fee(case: Case, said: dict[str, str], found: tuple[Right, ...], book: Rulebook) -> Worked:
    if said.get("term") == "no minimum term":
        return Worked(found, ("There is no minimum term: ending it costs nothing",), 0)
    asked_for = {
        "first": "the first day of the minimum term",
        "months": "its months",
        "monthly": "the price a month",
    }
    missing = tuple(words for name, words in asked_for.items() if not said.get(name))
    if missing:
        return Worked(found, (), None, tuple(f"Not given yet: {words}" for words in missing))
    contract = Contract(
        said["what"], date.fromisoformat(said["first"]), int(said["months"]), Decimal(said["monthly"])
    )
    saved = [Saved("as the contract says", percent=Decimal(said["saved"]))] if said.get("saved") else []
    worked = fee(
        contract, date.fromisoformat(said["ends"]), saved, clause(book), _longest(case, contract, book)
    )
    if isinstance(worked, tuple):
        return Worked(found, (), None, tuple(_mistaken(m) for m in worked))
    return Worked(found, worked.said(), worked.pence)


def _longest(case: Case, contract: Contract, book: Rulebook) -> int | None:
    """The law's longest first term, in months, for those whom it protects; who is not known counts as one of them."""
    if case.customer.kind not in (CustomerKind.RESIDENTIAL, CustomerKind.UNKNOWN):
        return None
    held = book.law.contract_max_term.find(contract.first)
    return held.value if held else None


def _mistaken(mistake: Mistake) -> str:
    return f"{_BOX.get(mistake.field, mistake.field)}: {mistake}"


_BOX = {
    "months": "Minimum term, in months", "ends": "When is it to end?", "monthly": "Price a month",
    "ordered": "When was it ordered?", "provided": "Provided since", "first": "First day of the minimum term",
}  # fmt: skip


def clause(book: Rulebook) -> str:
    """The clause by which a cancellation is confirmed; the law's where the code has none (CT-04)."""
    owe = PROMISED[CaseKind.CANCELLATION][1]
    return next((p.clause for p in (book.code.promises if book.code else ()) if p.owe is owe), "CT-04")


def _day(said: Mapping[str, str], name: str) -> date | None:
    return date.fromisoformat(said[name]) if said.get(name) else None
