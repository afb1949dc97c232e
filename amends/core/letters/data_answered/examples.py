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
    copy = asked_about_data(book, name, asks="for themselves", sent="on our website")
    copy.told(11, 18, 9, 0, f.DataBundleMade, number=1, documents=4, taken_out=2)
    copy.told(11, 18, 9, 0, f.DataBundleGiven, number=1, how="portal", until="2026-12-02")
    copy.told(11, 18, 9, 0, f.DataRequestAnswered, answer="done")
    yield "a copy", "how they get it", copy.matter(11, 18)
    given = {
        "to erase": "Everything",
        "erased": "Your old address",
        "kept": "Your complaint, for a year: the law",
    }
    erased = asked_about_data(book, name, CaseKind.DATA_ERASURE, **given)
    why = "Ofcom’s rules make us keep the records of a complaint for a year after it is closed."
    erased.told(11, 18, 9, 0, f.DataRequestAnswered, answer="done in part", ground="law", why=why)
    yield "erased in part", "what is kept, and why", erased.matter(11, 18)
