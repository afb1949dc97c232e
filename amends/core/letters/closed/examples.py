"""Examples of the letter at the end."""

from __future__ import annotations

from collections.abc import Iterator

from amends.core import facts as f
from amends.core.letters.kind import Shown
from amends.core.letters.story import received, settled
from amends.core.rulebook import Rulebook


def examples(book: Rulebook, name: str) -> Iterator[Shown]:
    """Those that a story under this code reaches."""
    yield "settled", "the customer said so", settled(book, name).matter(11, 19)
    enquiry = received(book, name)
    enquiry.told(
        11, 4, 12, 0, f.ComplaintDecided, contact="c1", complaint=False, why="Asked for a price.", by="agent"
    )
    enquiry.told(11, 4, 12, 1, f.CaseClosed, evidence="not a complaint")
    yield "no complaint", "read as a question", enquiry.matter(11, 4, 13)
