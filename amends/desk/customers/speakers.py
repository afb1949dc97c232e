"""Who may speak for a customer, and what they may hear: written down with the customer's consent, ended and never lost.

N-verify: before the account is spoken of, it is checked who calls. Somebody who may only tell us something hears nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from amends.core.calendar import london_date
from amends.core.letters.blocks import one_line
from amends.core.may import Refusal
from amends.desk.customers import book
from amends.desk.models import CustomerRow, Speaker

MAY_HEAR: Final = {
    "everything": "Everything about the account and its cases",
    "faults": "Faults, repairs and appointments, no bills",
    "bills": "Bills and payments",
    "one case": "One complaint, which they speak about",
    "nothing": "Nothing: they may tell us things",
}


@dataclass(frozen=True, slots=True)
class New:
    """Somebody as a person writes them down."""

    name: str
    relation: str
    may_hear: str
    consent: str
    email: str = ""
    phone: str = ""
    until: date | None = None


def allow(customer: CustomerRow, new: New, *, by: str, now: datetime) -> Speaker | Refusal:
    """Let somebody speak for the customer from today on."""
    today = london_date(now)
    if customer.erased_at is not None:
        return Refusal("This customer was erased", "A-evidence", "Nothing is written down of them any more.")
    if not new.name.strip() or new.may_hear not in MAY_HEAR:
        return Refusal("It must stand who may speak, and what they may hear", "A-evidence", "Give both.")
    if not new.consent.strip():
        return Refusal(
            "Nobody speaks for a customer without their consent", "A-consent",
            "Write how the customer allowed it: on a call after the identity check, by a signed letter, by a court.",
        )  # fmt: skip
    if new.until is not None and new.until <= today:
        return Refusal("It would be over already", "A-evidence", "Give a later day, or none.")
    made = Speaker.objects.create(
        provider_id=customer.provider_id, customer=customer, name=one_line(new.name), relation=one_line(new.relation),
        email=new.email.strip(), phone=one_line(new.phone), may_hear=new.may_hear, consent=one_line(new.consent),
        since=today, until=new.until,
    )  # fmt: skip
    book.note(customer, "speaker", {"name": ["", made.name], "may_hear": ["", made.may_hear]}, by, now)
    return made


def end(speaker: Speaker, *, by: str, now: datetime) -> Refusal | None:
    """From today on they do not speak for the customer any more."""
    today = london_date(now)
    if speaker.until is not None and speaker.until <= today:
        return Refusal("That is over already", "A-evidence", "There is nothing to end.")
    speaker.until = today
    speaker.save(update_fields=["until"])
    book.note(speaker.customer, f"speaker {speaker.pk}", {"until": ["", today.isoformat()]}, by, now)
    return None
