"""What people write down while a scheme has a dispute: by when it wants our case file, and when that went there.

CH-03: a provider complies with its scheme. No source was seen that names a provider's time for its case file, so the day
is read by a person in the scheme's letter and kept with where it says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core import facts as f
from amends.core.calendar import london_date, midnight
from amends.core.may import Refusal

if TYPE_CHECKING:
    from datetime import date, datetime

    from amends.core.case import Case
    from amends.desk.actions import Actor
    from amends.desk.record import CaseInHand


def has_it(case: Case) -> Refusal | None:
    """Whether a scheme has the dispute now."""
    if case.referral is None:
        return Refusal(
            "No scheme has it", "A-evidence", "Write down first that the customer went to a scheme."
        )
    if case.scheme_decision is not None:
        return Refusal("That dispute has ended", "A-evidence", "A new one begins with a new referral.")
    return None


def file_due(hand: CaseInHand, by: Actor, now: datetime, *, on: date, words: str) -> Refusal | None:
    """The scheme wants our case file by the end of this London day, as its letter says."""
    refusal = has_it(hand.case)
    if refusal is not None:
        return refusal
    assert hand.case.referral is not None
    if on < london_date(hand.case.referral.at):
        return Refusal(
            "That day lies before the referral", "A-evidence", "Look at the day in the scheme's letter."
        )
    if not words.strip():
        return Refusal(
            "It must stand on the case where the scheme says so", "A-evidence",
            "Write which letter or page of the scheme names the day.",
        )  # fmt: skip
    hand.add(f.CaseFileDue(at=now, logged=now, by=by.id, due=midnight(on), words=words.strip()))
    return None


def file_sent(
    hand: CaseInHand, by: Actor, now: datetime, *, number: int, at: datetime, how: str
) -> Refusal | None:
    """A case file went to the scheme. Also after the decision: it may be written down late."""
    made = next((x for x in hand.case.case_files if x.number == number), None)
    if made is None:
        return Refusal(
            "There is no such case file", "A-evidence", "Make it first, or choose one of those shown."
        )
    if made.sent is not None:
        return Refusal("That case file has gone already", "A-evidence", "Make a new one for what is new.")
    if at > now or at < made.made:
        return Refusal(
            "It cannot have gone then", "A-evidence", "Give a day between the making of the file and today."
        )
    if not how.strip():
        return Refusal(
            "It must stand on the case which way it went", "A-evidence",
            "Write how and where to: uploaded to the scheme's website, sent by email, posted.",
        )  # fmt: skip
    hand.add(f.CaseFileSent(at=at, logged=now, by=by.id, number=number, how=how.strip()))
    return None
