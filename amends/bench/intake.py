"""How many mails two processes take in in a second: each kept on disk, filed as a new case, its acknowledgement frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.bench.figures import Figure, Measured, quantile
from amends.bench.ground import ground

if TYPE_CHECKING:
    from amends.bench.inside.intake import Span

PROCESSES = 2
RUNS = 3


def measure(mails: int) -> Measured:
    """Take in so many distinct mails of distinct customers, several times on one desk that grows."""
    each = max(1, mails // PROCESSES)
    rates: list[float] = []
    took: list[float] = []
    with ground() as desk:
        store = desk.call("intake:prepare")
        for run in range(RUNS):
            streams = range(run * PROCESSES, (run + 1) * PROCESSES)
            spans: list[Span] = desk.together("intake:take_in", [(stream, each) for stream in streams])
            rates.append(each * PROCESSES / (max(s[1] for s in spans) - min(s[0] for s in spans)))
            if rates[-1] == max(rates):
                took = [seconds for span in spans for seconds in span[2]]
        desk.call("intake:look", each * PROCESSES * RUNS)
    return Measured(
        "intake",
        "mail taken in: raw bytes kept, case opened, clocks worked out, acknowledgement frozen, all on disk",
        {
            "mails": each * PROCESSES, "processes": PROCESSES, "runs": RUNS, "database": store,
            "mail": "distinct customers; every third with HTML, every tenth with a file of 15 kB",
        },
        (
            Figure("mails_per_second", "mails taken in", max(rates), "1/s", 150, runs=tuple(rates)),
            Figure("mail_p50", "one mail, median", 1000 * quantile(took, 0.5), "ms"),
            Figure("mail_p95", "one mail, 95 of 100", 1000 * quantile(took, 0.95), "ms"),
        ),
        ("django-helpdesk takes in 45 mails a second, Request Tracker 2.5",),
    )  # fmt: skip
