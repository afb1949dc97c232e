"""What a letter says of its provider besides the code: its scheme, its portal, the access code of the case."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings

from amends.core.calendar import london_date
from amends.core.letters import LetterMatter
from amends.core.letters.own import OwnWords
from amends.core.schemes import Membership
from amends.desk import stationery
from amends.desk.asked import Asked
from amends.desk.home import signed
from amends.desk.models import CaseRow, Provider, SchemeMembership
from amends.desk.reference import ALPHABET

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand

ACCESS_CODE_LENGTH = 8


@dataclass(frozen=True, slots=True)
class House:
    """One provider as its letters need it."""

    memberships: tuple[Membership, ...]
    portal: str
    own: OwnWords | None = None
    signature: str = ""


class Houses:
    """The providers of one docket, each asked for once."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._found: dict[tuple[str, date], House] = {}

    def of(self, provider: Provider) -> House:
        """The house of this provider."""
        key = provider.pk, london_date(self.now)
        if key not in self._found:
            self._found[key] = _house(*key)
        return self._found[key]

    def matter(self, hand: CaseInHand, free_text: str, extra: Mapping[str, str]) -> LetterMatter:
        """Everything that a letter about this case may speak of now."""
        house = self.of(hand.provider)
        return LetterMatter(
            case=hand.case,
            book=hand.book,
            provider_name=hand.provider.name,
            today=london_date(self.now),
            now=self.now,
            memberships=house.memberships,
            portal=house.portal,
            own=house.own,
            signature=house.signature,
            access_code=access_code(hand.row),
            free_text=free_text,
            extra=extra,
        )


def portal(provider: str) -> str:
    """The web address of a provider's portal."""
    return f"{settings.SITE}/portal/{provider}/"


def access_code(row: CaseRow) -> str:
    """What opens this case in the portal together with its reference: worked out from the desk's key, never kept.

    Renewing it (`access_rotation`) makes another.
    """
    return _code(row, row.access_rotation)


def access_codes(row: CaseRow) -> tuple[str, ...]:
    """Every code that opens this case or has opened it, the first first."""
    return tuple(_code(row, turn) for turn in range(row.access_rotation + 1))


def _code(row: CaseRow, turn: int) -> str:
    drawn = signed("portal access code", f"{row.provider_id}/{row.reference}/{turn}")
    digits = int.from_bytes(hashlib.sha256(drawn).digest()[:8], "big")
    return "".join(ALPHABET[digits >> 5 * place & 31] for place in range(ACCESS_CODE_LENGTH))


def _house(provider: str, today: date) -> House:
    own, signature = stationery.words_and_signature(provider, today)
    return House(memberships_of(provider), portal(provider), own, signature)


def memberships_of(provider: str) -> tuple[Membership, ...]:
    """The schemes that this provider belongs to or belonged to, the first first."""
    return tuple(Membership(*row) for row in _memberships(provider))


_memberships = Asked(
    lambda p: (
        SchemeMembership.objects.filter(provider=p).order_by("since").values_list("scheme", "since", "until")
    ),
    str,
)
