"""Copies of the code for people who have no case: a case of its own for each, and limits on what strangers may ask for.

R-04, O-copy, I-copy, L-copy: free, in any format, for whoever asks. A copy costs paper and postage, and a stranger's
form can be made to write to others, so strangers are limited by address and by hour; a colleague is not.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from amends.core import facts as f
from amends.core.may import Refusal
from amends.desk import actions, alarms, attempts
from amends.desk.actions import Actor, CopyWanted, NewContact
from amends.desk.address import Address
from amends.desk.models import CaseRow, Provider
from amends.desk.record import docket

TO_ONE: Final = 3
TO_ONE_WITHIN: Final = timedelta(days=1)
"""So many copies may strangers have sent to one address within such a time."""
FOR_ALL: Final = 60
FOR_ALL_WITHIN: Final = timedelta(hours=1)
"""So many may strangers ask of one provider within such a time: many more than ever ask, few enough to post."""
ALARM: Final = "many copies asked"
RUNBOOK: Final = "Very many ask for a copy of the code"


class NotOpened(Exception):
    """No copy could be asked for; `refusal` says why. Nothing was recorded."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


def open_case(
    provider: Provider, contact: NewContact, known: f.CustomerKnown, asked: CopyWanted, by: Actor, now: datetime,
    reference: str | None = None,
) -> CaseRow:  # fmt: skip
    """A case for this request; its letter is decided with it. Raises NotOpened."""
    with docket(now=now) as taken:
        opened = actions.open_copy_case(taken, provider, contact, known, by, now, asked, reference)
        if isinstance(opened, Refusal):
            raise NotOpened(opened)
        return opened.row


def within_limits(provider: Provider, channel: str, to: str, now: datetime) -> bool:
    """Whether a stranger may ask for one more copy to this address; counts it if so, and raises an alarm if all ask."""
    where = Address("", to).key if channel == "email" else "".join(c for c in to.casefold() if c.isalnum())
    if not attempts.take(attempts.key("copy to", provider.pk, where), now, TO_ONE, TO_ONE_WITHIN):
        return False
    if attempts.take(attempts.key("copies", provider.pk), now, FOR_ALL, FOR_ALL_WITHIN):
        return True
    text = f"More than {FOR_ALL} people an hour ask {provider.name} for a copy of its code on the website."
    alarms.raise_all([alarms.alarm(ALARM, provider.pk, text, RUNBOOK, now, provider.pk)])
    return False
