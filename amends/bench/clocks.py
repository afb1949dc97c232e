"""How many complaints' clocks the quiet half works out in a second: pure core, one process."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from amends.bench.figures import Figure, Measured
from amends.codes import EXAMPLE, PUBLISHED
from amends.core import facts as f
from amends.core.build import build
from amends.core.case import Case, fold
from amends.core.clocks import clocks
from amends.core.rulebook import Rulebook
from amends.law import calendars, law

FIRST, DAYS = datetime(2024, 1, 1, tzinfo=UTC), 900
CHANNELS = ("email", "phone", "form", "letter")
RUNS = 5

Job = tuple[list[f.Fact], Case, Rulebook]


def measure(complaints: int) -> Measured:
    """All clocks of so many complaints, each received at another moment, under all codes that come with Amends."""
    books = _books()
    jobs = [_job(number, Random(number), books) for number in range(complaints)]  # noqa: S311 - draws moments
    started = sum(len(clocks(case, book)) for _, case, book in jobs)
    plain = [_timed_clocks(jobs) for _ in range(RUNS)]
    folded = [_timed_fold(jobs) for _ in range(RUNS)]
    rate = started / complaints
    return Measured(
        "clocks",
        "all clocks of one complaint, worked out from the case, the code, the law and the calendar",
        {
            "complaints": complaints, "codes": len(books), "clocks": started, "processes": 1, "runs": RUNS,
            "receipts": f"{FIRST:%Y-%m-%d} and {DAYS} days", "database": "none",
        },
        (
            _best("complaints_per_second", "complaints, all their clocks", plain, 20_000),
            _best("clocks_per_second", "clocks (due times)", [rate * each for each in plain]),
            _best("folded_per_second", "complaints folded from their facts, then all their clocks", folded),
        ),
        ("businesstimedelta works out 1,500 due times a second",),
    )  # fmt: skip


def _books() -> tuple[Rulebook, ...]:
    found = []
    for path in (*PUBLISHED, EXAMPLE):
        code, problems = build(path.read_text(encoding="utf-8"), path.name)
        assert code is not None, problems
        found.append(Rulebook(code, law(), calendars()[code.nation]))
    return tuple(found)


def _job(number: int, draw: Random, books: Sequence[Rulebook]) -> Job:
    at = FIRST + timedelta(seconds=draw.randrange(DAYS * 86_400))
    facts: list[f.Fact] = [
        f.CaseOpened(
            at=at, logged=at, reference=f"B-{number}", provider="bench", code="bench", code_version=""
        ),
        f.ContactReceived(at=at, logged=at, contact="first", channel=draw.choice(CHANNELS), received=at),
    ]
    return facts, fold(facts), books[number % len(books)]


def _timed_clocks(jobs: Sequence[Job]) -> float:
    # Cases that nobody has asked about yet: what was worked out once stays with its case.
    fresh = [(replace(case), book) for _, case, book in jobs]
    begun = time.perf_counter()
    for case, book in fresh:
        clocks(case, book)
    return len(jobs) / (time.perf_counter() - begun)


def _timed_fold(jobs: Sequence[Job]) -> float:
    begun = time.perf_counter()
    for facts, _, book in jobs:
        clocks(fold(facts), book)
    return len(jobs) / (time.perf_counter() - begun)


def _best(name: str, what: str, runs: Sequence[float], aim: float | None = None) -> Figure:
    return Figure(name, what, max(runs), "1/s", aim, runs=tuple(runs))
