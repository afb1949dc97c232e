"""How long a thousand one-page letters take to be decided, frozen, queued and printed, and how fast each format is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.bench.figures import Figure, Measured
from amends.bench.ground import ground

if TYPE_CHECKING:
    from amends.bench.inside.formats import Span

PROCESSES = 2


def measure(letters: int) -> Measured:
    """Decide so many letters in two processes, each on a case of its own, then make some in every format."""
    cases = max(PROCESSES, letters // PROCESSES * PROCESSES)
    with ground() as desk:
        store = desk.call("formats:prepare", cases)
        spans: list[Span] = desk.together("formats:queue", [(part, PROCESSES) for part in range(PROCESSES)])
        desk.call("formats:look", cases)
        rates: dict[str, float] = desk.call("formats:each_format")
    seconds = (max(s[1] for s in spans) - min(s[0] for s in spans)) * 1000 / cases
    busy = sum(s[2] for s in spans) * 1000 / cases
    grown = max(s[3] for s in spans)
    return Measured(
        "formats",
        "one-page letters decided, frozen, queued, printed as PDF/UA-1 and kept, all on disk; then other formats",
        {"letters": cases, "processes": PROCESSES, "runs": 1, "database": store},
        (
            Figure(
                "thousand_letters",
                "a thousand letters, decided to printed",
                seconds,
                "s",
                20,
                more_is_better=False,
            ),
            Figure("thousand_letters_cpu", "their seconds of processor", busy, "s"),
            Figure(
                "letters_growth",
                "memory that a process gained",
                max(grown, 0.1),
                "MB",
                20,
                more_is_better=False,
            ),
            *(Figure(f"{name}_per_second", _SAID[name], rate, "1/s") for name, rate in rates.items()),
        ),
    )


_SAID = {
    "large": "letters in large print (PDF/UA-1), one process",
    "braille": "letters in uncontracted Braille, one process",
    "contracted": "letters in contracted Braille through liblouis, one process",
    "script": "scripts to read aloud, one process",
}
