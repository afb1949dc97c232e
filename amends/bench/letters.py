"""How many letters are printed in a second: tagged PDF/UA-1, one process, as the outbox does before it claims them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.bench.figures import Figure, Measured
from amends.bench.ground import ground

if TYPE_CHECKING:
    from amends.bench.inside.letters import Took


def measure(letters: int) -> Measured:
    """Print so many letters of believable cases, of all kinds."""
    with ground() as desk:
        taken: Took = desk.call("letters:print_all", letters)
    store, made, kept, size = taken
    return Measured(
        "letters",
        "letters as tagged PDF (PDF/UA-1), from their frozen words",
        {"letters": letters, "processes": 1, "runs": 1, "database": store},
        (
            Figure("made_per_second", "letters made", letters / made, "1/s"),
            Figure("kept_per_second", "letters made and kept on disk, each in a commit of its own", letters / kept, "1/s"),
            Figure("letter_size", "one letter, mean", size / letters / 1000, "kB"),
        ),
    )  # fmt: skip
