"""What a credit note needs of the case: a sum of money that it has awarded."""

from __future__ import annotations

from amends.core.awards import Award
from amends.core.letters.matter import LetterMatter
from amends.core.letters.parameters import REFERENCE, Parameter


def the_award(matter: LetterMatter) -> Award | None:
    """The award that the note is about: `award` among the further values names it."""
    return next((a for a in matter.case.awards if a.id == matter.extra.get("award") and a.kind.money), None)


AWARD = Parameter(
    "award", lambda m: the_award(m) is not None, "no sum of money is named that the case has awarded"
)

PARAMETERS = (REFERENCE, AWARD)
