"""Examples of this letter."""

from __future__ import annotations

from collections.abc import Iterator

from amends.core import facts as f
from amends.core.kinds import CaseKind
from amends.core.letters.kind import Shown
from amends.core.letters.story import asked_about_data
from amends.core.rulebook import Rulebook


def examples(book: Rulebook, name: str) -> Iterator[Shown]:
    """Those that a story under this code reaches."""
    wrong = asked_about_data(book, name, CaseKind.DATA_CORRECTION, wrong="My first bill", right="It was £20")
    why = "We have looked at the bill and at your contract. Both say £27.50 a month."
    wrong.told(11, 18, 9, 0, f.DataRequestAnswered, answer="refused", ground="right as it is", why=why)
    yield "nothing is wrong", "why, and where they go with it", wrong.matter(11, 18)
