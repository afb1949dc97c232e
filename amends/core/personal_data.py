"""A complaint that is also about personal data: its own clock beside the complaint's, and the Information Commissioner.

DP-01 (from 19 June 2026)   it is acknowledged within 30 days: day 1 follows receipt, and a last day on a weekend or holiday
rolls to the next working day. The date of receipt governs. Nothing stops it but an answer.
DP-02, AD-14                a scheme may not take that part: answers name the Information Commissioner
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from amends.core.calendar import UnknownDay, london_date

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from amends.core.case import Case
    from amends.core.rulebook import Rulebook

CLOCK: Final = "data-protection"
"""The id of its clock."""
RULE: Final = "DP-01"
COMMISSIONER: Final = "the Information Commissioner (ico.org.uk)"


def complained(case: Case) -> datetime | None:
    """When the customer first complained about their personal data; None where nobody found that they did."""
    said = case.personal_data
    if said is None or not said.concerned:
        return None
    contact = case.contact(said.contact)
    return contact.at if contact is not None else case.first_received


def days(received: datetime, book: Rulebook) -> int | None:
    """In how many days such a complaint of that day is acknowledged; None before the rule began."""
    found = book.law.dp_acknowledge_days.find(london_date(received))
    return found.value if found else None


def last_day(received: datetime, within: int, book: Rulebook) -> date:
    """The last London day on which the acknowledgement is in time.

    Where bank holidays are not known that far the day is not rolled on: it may be early, never late.
    """
    day = london_date(received) + timedelta(days=within)
    try:
        return day if book.calendar.is_working_day(day) else book.calendar.next_working_day(day)
    except UnknownDay:
        return day


def acknowledged(case: Case, since: datetime) -> datetime | None:
    """When the customer first heard from us after they had complained of it: in a letter that left, or in speech."""
    left = (x.fate_at for x in case.letters if x.left and x.decided >= since)
    spoken = (c.at for c in case.contacts if not c.inbound and c.reached and not c.letter)
    return min((at for at in (*left, *spoken) if at is not None and at >= since), default=None)


def on_its_way(case: Case, since: datetime) -> bool:
    """Whether a letter that acknowledges it has been decided and is not lost."""
    return any(x.decided >= since and not x.lost for x in case.letters)


def told(case: Case) -> Iterator[str]:
    """What letters say of it that tell an answer; nothing where the complaint is not about personal data."""
    if complained(case) is not None:
        yield (
            "Your complaint is also about your personal information. If you are not happy with how we have handled it, "
            f"you can complain to {COMMISSIONER}. An independent scheme may not look at that part."
        )
