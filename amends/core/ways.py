"""How a customer can be reached in writing: the preferred way first, then the way they came, then any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from amends.core.kinds import COPY_LETTER

if TYPE_CHECKING:
    from amends.core.case import Case

EMAIL = "email"
LETTER = "letter"

_CAME_BY_POST = frozenset({"letter", "fax"})


class Way(NamedTuple):
    """A channel and where it leads: an email address, or a postal address with one line per line."""

    channel: str
    to: str


def ways(case: Case, letter: str = "") -> tuple[Way, ...]:
    """The written ways to this customer, best first; without those on which `letter` has been lost already."""
    known = {
        EMAIL: Way(EMAIL, case.customer.email),
        LETTER: Way(LETTER, case.customer.address),
    }
    lost = {x.channel for x in case.letters_of(letter) if x.lost} if letter else set()
    return tuple(known[c] for c in _order(case, letter) if known[c].to and c not in lost)


def _order(case: Case, letter: str) -> tuple[str, str]:
    copy = case.copy_waiting if letter == COPY_LETTER else None
    if copy is not None:
        return (LETTER, EMAIL) if copy.channel == LETTER else (EMAIL, LETTER)
    by_post = case.customer.prefers == LETTER or (
        case.customer.prefers in ("", "phone") and case.first_channel in _CAME_BY_POST
    )
    return (LETTER, EMAIL) if by_post else (EMAIL, LETTER)
