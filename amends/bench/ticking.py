"""How long a tick takes on a desk full of open cases: with nothing due, and with a tenth of them due at once."""

from __future__ import annotations

from amends.bench.figures import Figure, Measured, quantile
from amends.bench.ground import ground

PART_DUE = 10


def measure(cases: int) -> Measured:
    """Seed so many open cases, tick while nothing is due, then at the midnight on which a tenth are due."""
    due = max(1, cases // PART_DUE)
    with ground() as desk:
        store, day, seeding = desk.call("ticking:prepare", cases, due)
        idle = desk.call("ticking:idle", day)
        took = desk.call("ticking:busy", day, due)
    return Measured(
        "tick",
        "one tick of one worker: what is due is looked up, folded again, its ADR letter written and frozen (no PDF)",
        {
            "cases": cases, "open": cases, "due": due, "processes": 1, "idle_ticks": len(idle), "database": store,
            "mail": "off: letters are held",
        },
        (
            Figure("idle_tick", "a tick with nothing due", 1000 * quantile(idle, 0.5), "ms", 5, more_is_better=False),
            Figure("idle_tick_p95", "a tick with nothing due, 95 of 100", 1000 * quantile(idle, 0.95), "ms"),
            Figure("due_per_second", "due cases worked off by one worker", due / took, "1/s", 500),
            Figure("seeded_per_second", "open cases seeded through the one writer", cases / seeding, "1/s"),
        ),
        ("django-helpdesk escalates 73 tickets a second, Request Tracker 59",),
    )  # fmt: skip
