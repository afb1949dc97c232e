"""The words of word of an outage's end.

S-outage: a major failure is told as one, and mended as fast as can be.
"""

from __future__ import annotations

from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.sentences.outage import KEEPS, of_an_outage

__all__ = ["KEEPS", "outage_end"]


def outage_end(matter: LetterMatter) -> Writing:
    """That an outage is over."""
    first = "The outage that affected your service is over. If yours is not back, tell us and we will look into it."
    return of_an_outage(matter, first, "the outage is over")
