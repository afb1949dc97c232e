"""What a customer tells us in the portal of having gone to a scheme, kept as their word until a person has asked the scheme.

CH-03, AD-03: a complaint goes to its scheme after our ADR letter, or once its weeks are over. What we owe the scheme
begins with the scheme's own word, which a colleague writes down; the customer's word begins a duty to ask for it, and
holds what would harm them meanwhile: nothing is cut off, erased, merged away, or closed as if nobody had gone there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from amends.core import facts as f
from amends.core import scheme_path
from amends.core.calendar import london_date, noon
from amends.core.duties import ADR
from amends.core.may import Refusal
from amends.core.schemes import membership_on
from amends.desk.actions import THE_CUSTOMER
from amends.desk.houses import memberships_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from amends.core.case import Case
    from amends.core.rulebook import Rulebook
    from amends.desk.actions import Actor
    from amends.desk.record import CaseInHand

NOT_TAKEN_UP = "not taken up"


def may_tell(case: Case, book: Rulebook, today: date) -> bool:
    """Whether the customer can tell us so now: no scheme has it, and one may take it.

    After an ADR letter that is so on a closed case too; without one, once the weeks are over and it is open still.

    What the scheme did not take up they may bring there again. Once it decided, nothing is left to bring.
    """
    if case.care or case.complaint is False or case.merged_into is not None:
        return False
    if case.referral is not None and (
        case.scheme_decision is None or case.scheme_decision.outcome != NOT_TAKEN_UP
    ):
        return False
    if any(x.left for x in case.letters_of(ADR)):
        return True
    if case.closed is not None:
        return False
    answer = scheme_path.may_go(case, book, today)
    return answer is not None and answer.may


def named(case: Case, provider: str, today: date) -> str:
    """The id of the scheme that the customer's letter named, else of today's; empty where the provider is in none."""
    left = [x.fate_at for x in case.letters_of(ADR) if x.left and x.fate_at is not None]
    ours = membership_on(memberships_of(provider), london_date(left[-1]) if left else today)
    return ours.scheme if ours is not None else ""


def tell(hand: CaseInHand, now: datetime, *, scheme: str, day: date, number: str = "") -> Refusal | None:
    """Keep what the customer says: the scheme, the London day on which they applied, and its number if they have it.

    Told twice in the same words it is kept once; other words take its place.
    """
    today = london_date(now)
    if not may_tell(hand.case, hand.book, today):
        return Refusal(
            _("You cannot tell us this here now"), "AD-03", _("Look at your case, or write to us there.")
        )
    if scheme not in {known.id for known in hand.book.law.schemes}:
        return Refusal(_("We do not know that scheme"), "CH-03", _("Choose one of those shown."))
    if day > today:
        return Refusal(_("That day is still to come"), "A-evidence", _("Give the day when you applied."))
    first = hand.case.first_received
    if first is not None and day < london_date(first):
        return Refusal(
            _("That day is before you complained to us"), "A-evidence", _("Look at the day and the year.")
        )
    applied, number = min(noon(day), now), number.strip()
    stands = hand.case.scheme_told
    same = stands is not None and (stands.scheme, london_date(stands.applied), stands.number) == (
        scheme, day, number,
    )  # fmt: skip
    if not same:
        hand.add(
            f.SchemeTold(
                at=now, logged=now, by=THE_CUSTOMER.id, scheme=scheme, applied=applied, number=number
            )
        )
    return None


def waits(case: Case) -> Refusal | None:
    """Whether what the customer told us waits for somebody to ask the scheme."""
    if case.scheme_told is not None:
        return None
    return Refusal(
        "The customer has told us nothing of a scheme that waits", "A-evidence",
        "A scheme's own word is written down as “The customer went to a scheme”.",
    )  # fmt: skip


def not_found(hand: CaseInHand, by: Actor, now: datetime, *, words: str) -> Refusal | None:
    """The scheme knows of no such dispute. The customer reads that; how it is known stays among colleagues."""
    refusal = waits(hand.case)
    if refusal is not None:
        return refusal
    if not words.strip():
        return Refusal(
            "It must stand on the case how that is known",
            "A-evidence",
            "Write whom you asked at the scheme, and when.",
        )
    hand.add(f.SchemeNotFound(at=now, logged=now, by=by.id, words=words.strip()))
    return None
