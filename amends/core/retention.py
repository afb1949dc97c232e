"""How long the words of an ended case are kept: by law, by the provider's own period, and while something holds them.

CH-17, R-11  records of a complaint are kept at least 6 months after it was closed; 12 for those closed since 1 October 2018
             (that the longer period was adopted is recalled, so the longer one is taken)
AD-03        the customer may go to a scheme for twelve months from the ADR letter: until then its words may be asked for
DP-04        then they go: kept so many months as the provider chose, 24 where nothing was said (our own reckoning)
L28          review before erasing, a hold with its reason, and figures that stay
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from amends.core.awards import Stand
from amends.core.calendar import add_months, london_date
from amends.core.dated import NotKnown
from amends.core.duties import ADR
from amends.core.scheme_decision import UNDER_WAY, scheme_of, standing

if TYPE_CHECKING:
    from amends.core.case import Case
    from amends.core.law import Law
    from amends.core.rulebook import Rulebook

OWN: Final = "DP-04"
"""The rule by which the provider chooses its own period."""
WINDOW: Final = "AD-03"
MOST_MONTHS: Final = 120
"""The longest period that can be chosen: a rule of this house."""
NOTICE: Final = 30
"""Days between the announcement that words will be erased and the day on which they are: a rule of this house."""
STILL_OWED: Final = (Stand.OWED, Stand.HANDED_OVER, Stand.IN_DOUBT, Stand.CAME_BACK)


@dataclass(frozen=True, slots=True)
class Kept:
    """Until when the words of a case are kept, and by which rule: the latest of those that ask for it."""

    until: date
    """The last London day on which they must be here."""
    rule: str


def least_months(law: Law, day: date) -> int | None:
    """For how many months the law has a complaint kept that closes on this London day; None where it says nothing."""
    found = law.record_retention.find(day)
    return found.value if found else None


def usual_months(law: Law, day: date) -> int | None:
    """What is chosen where nobody chooses; None for a day of which the rules say nothing."""
    found = law.retention_default.find(day)
    return found.value if found else None


def kept(case: Case, book: Rulebook, months: int) -> Kept | None:
    """Until when a case is kept whose provider keeps its cases for so many months after closing; None while it is open."""
    if case.closed is None:
        return None
    closed = london_date(case.closed.at)
    asked = [Kept(add_months(closed, months), OWN)]
    least = book.law.record_retention.find(closed)
    if least is not None:
        asked.append(Kept(add_months(closed, least.value), least.rule))
    asked += _window(case, book)
    return max(asked, key=lambda each: each.until)


def _window(case: Case, book: Rulebook) -> list[Kept]:
    """The time in which the customer may still take it to a scheme, counted from the last ADR letter that left."""
    left = [x.fate_at for x in case.letters_of(ADR) if x.left and x.fate_at is not None]
    if not left:
        return []
    try:
        closes, _ = book.law.adr_closes(london_date(max(left)), scheme_of(case, book))
    except NotKnown:
        return []
    return [Kept(closes, WINDOW)]


def holds(case: Case) -> str:
    """What keeps a case whatever its period says, in words; empty where nothing does."""
    if case.closed is None:
        return "It is open."
    if any(award.stands in STILL_OWED for award in case.awards):
        return "Something that was promised is still owed."
    if standing(case) in UNDER_WAY:
        return "A scheme has it, or what it decided is not carried out."
    if case.scheme_told is not None:
        return "The customer says that a scheme has it, and nobody has asked the scheme."
    return ""
