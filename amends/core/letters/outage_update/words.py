"""The words of an update on an outage.

S-outage: a major failure is told as one, and mended as fast as can be.
"""

from __future__ import annotations

from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.sentences.outage import KEEPS, of_an_outage

__all__ = ["KEEPS", "outage_update"]


def outage_update(matter: LetterMatter) -> Writing:
    """How an outage stands that is still there."""
    first = "Your service is affected by an outage. This is how it stands."
    return of_an_outage(matter, first, "the outage")
