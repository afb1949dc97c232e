"""Awards on a page: each with its sum, by when the customer has it, where it stands, and how it was worked out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from amends.core import awards
from amends.core.awards import Award, AwardKind, Stand
from amends.core.redress.compensation import told
from amends.core.rulebook import Rulebook

FOR_CUSTOMERS: Final[dict[Stand, Any]] = {
    Stand.OFFERED: _("Offered: yours if you accept"),
    Stand.OWED: _("Agreed: you need do nothing"),
    Stand.HANDED_OVER: _("On its way to your bill"),
    Stand.IN_DOUBT: _("We are checking that it reaches you"),
    Stand.CAME_BACK: _("We are checking that it reaches you"),
    Stand.GIVEN: _("You have it"),
}
"""What a customer reads of where an award stands. What is only prepared, or was not taken up, they do not see here."""


_KINDS: Final[dict[AwardKind, Any]] = {
    AwardKind.APOLOGY: _("Apology"),
    AwardKind.EXPLANATION: _("Explanation"),
    AwardKind.ACTION: _("Action"),
    AwardKind.CREDIT: _("Credit"),
    AwardKind.REFUND: _("Refund"),
    AwardKind.PAYMENT: _("Payment"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One award as a page shows it."""

    award: Award
    day: date | None
    """The last London date on which the customer is to have it; None where it is not owed, or they have it."""
    stands: Any
    arithmetic: tuple[str, ...]

    @property
    def money(self) -> bool:
        """Whether it is a sum."""
        return self.award.kind.money

    @property
    def heading(self) -> str:
        """What is given: the words of the one who gave it, else its kind."""
        return self.award.words or str(_KINDS[self.award.kind])


def shown(those: Iterable[Award], book: Rulebook) -> list[Shown]:
    """Awards for the people of the provider."""
    return [_shown(award, book, str(award.stands).capitalize()) for award in those]


def for_customer(those: Iterable[Award], book: Rulebook) -> list[Shown]:
    """Awards for the customer: what is offered, agreed or given."""
    found = [
        _shown(award, book, FOR_CUSTOMERS[award.stands]) for award in those if award.stands in FOR_CUSTOMERS
    ]
    return [replace(each, arithmetic=told(each.arithmetic)) for each in found]


_OVER: Final = (Stand.GIVEN, Stand.WITHDRAWN, Stand.LAPSED)
"""The customer has it, or is not to have it: no day is to be kept any more."""


def _shown(award: Award, book: Rulebook, stands: Any) -> Shown:
    to_come = award.owed is not None and award.stands is not Stand.GIVEN
    day = awards.last_day(awards.due(award, book)) if to_come else award.pay_by
    if award.kind not in (AwardKind.ACTION, *(k for k in AwardKind if k.money)) or award.stands in _OVER:
        day = None
    return Shown(award, day, stands, award.sum.said() if award.sum else ())
