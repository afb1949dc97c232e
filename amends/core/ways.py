"""How a customer can be reached in writing: the preferred way first, then the way they came, then any other.

A way on which a letter was lost is not tried again with the same letter; for other letters it comes last once something
came back on it. A new address is a new way: what was lost on the way to the old one says nothing of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from amends.core.kinds import COPY_LETTER

if TYPE_CHECKING:
    from datetime import datetime

    from amends.core.case import Case, SentLetter

EMAIL = "email"
LETTER = "letter"
PHONE = "phone"

_CAME_BY_POST = frozenset({"letter", "fax"})
_CAME_BACK = frozenset({"bounced", "returned"})


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
    gone = (x for x in case.letters_of(letter) if x.lost and not x.again) if letter else ()
    lost = {x.channel for x in gone if _there_now(case, x)}
    open_ = [c for c in _order(case, letter) if known[c].to and c not in lost]
    return tuple(known[c] for c in sorted(open_, key=lambda c: _came_back(case, c)))


def _came_back(case: Case, channel: str) -> bool:
    """Whether the newest letter of which we know what became of it, on this way, came back."""
    told = [x for x in case.letters if x.channel == channel and x.fate and _there_now(case, x)]
    return bool(told) and told[-1].fate in _CAME_BACK


def _there_now(case: Case, letter: SentLetter) -> bool:
    """Whether a letter was addressed as its customer is today: the address is none that was written down since."""
    customer = case.customer
    since: datetime | None = customer.email_since if letter.channel == EMAIL else customer.address_since
    return since is None or letter.decided >= since


def _order(case: Case, letter: str) -> tuple[str, str]:
    copy = case.copy_waiting if letter == COPY_LETTER else None
    if copy is not None:
        return (LETTER, EMAIL) if copy.channel == LETTER else (EMAIL, LETTER)
    by_post = case.customer.prefers == LETTER or (
        case.customer.prefers in ("", PHONE) and case.first_channel in _CAME_BY_POST
    )
    return (LETTER, EMAIL) if by_post else (EMAIL, LETTER)
