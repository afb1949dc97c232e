"""One import from its first row to its last: looked at first, a few rows in each transaction, gone on after a crash.

Each row is a savepoint of its own: a broken one is named with its field and leaves nothing half done, and the others stand.
How far a file has come is written in the transaction that brought it there, so whoever starts it again goes on behind the
last row that stands. A look (`dry`) does all of it and takes it back. Nothing is ever sent.

SQLite has one writer at a time, and who waits for it only looks now and then. Between two transactions the import stands
still for longer than that, or a long file would keep letters from leaving and people from their work until its end.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import BinaryIO, Final, Protocol

from django.db import connection, transaction

from amends.desk import index_counts
from amends.desk.customers.checked import Wrong
from amends.desk.imports.reading import Row, table
from amends.desk.models import ImportRun, Provider

AT_ONCE: Final = 200
LARGEST_PART: Final = 5000
TURN: Final = 0.12
"""Seconds between two parts on SQLite. Who waits there for its one writer looks again every tenth of a second."""
KEPT: Final = 1000
"""So many broken rows, warnings and samples are told; what is beyond is counted."""
SAMPLES: Final = 50
LOOKED_AT_FOR: Final = timedelta(days=7)
"""So long a file is kept that somebody looks at and does not bring in."""
NEW, CHANGED, SAME, BROKEN = "new", "changed", "same", "broken"


class Broken(Exception):
    """A row that cannot be brought in: what is wrong with each field."""

    def __init__(self, *wrong: Wrong) -> None:
        super().__init__("; ".join(map(str, wrong)))
        self.wrong = wrong


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a row: `verdict` is one of NEW, CHANGED, SAME and BROKEN; `told` says of what, in a few words."""

    line: int
    key: str
    verdict: str
    told: str = ""
    wrong: tuple[Wrong, ...] = ()


@dataclass
class Result:
    """What an import did, or would do. `counts` are of rows, by verdict."""

    counts: Counter[str] = field(default_factory=Counter)
    broken: list[Verdict] = field(default_factory=list)
    warnings: list[Verdict] = field(default_factory=list)
    samples: list[Verdict] = field(default_factory=list)
    encoding: str = ""
    unknown: tuple[str, ...] = ()
    """Columns that are not read."""
    skipped: int = 0
    """Rows that an earlier, broken-off run had dealt with."""

    @property
    def rows(self) -> int:
        """How many rows it dealt with."""
        return sum(self.counts.values())

    def take(self, verdict: Verdict) -> None:
        """Count a row."""
        self.counts[verdict.verdict] += 1
        if verdict.verdict == BROKEN:
            _within(self.broken, verdict, KEPT)
            return
        if verdict.wrong:
            _within(self.warnings, verdict, KEPT)
        _within(self.samples, verdict, SAMPLES)


def _within(found: list[Verdict], verdict: Verdict, most: int) -> None:
    if len(found) < most:
        found.append(verdict)


class Bringer(Protocol):
    """What brings rows of one kind in."""

    what: str

    @property
    def source(self) -> str:
        """Which system the rows come from; empty where that makes no difference."""
        ...

    @property
    def mapping(self) -> str:
        """The text of the mapping by which they are read; empty where there is none."""
        ...

    def unknown(self, columns: Sequence[str]) -> tuple[str, ...]:
        """Columns that are not read. Raises Unreadable where one that is needed is missing."""
        ...

    def begin(self, rows: Sequence[Row]) -> None:
        """Look up what these rows name, in a few queries."""
        ...

    def bring(self, row: Row) -> Verdict:
        """Bring one row in. Raises Broken."""
        ...

    def key(self, row: Row) -> str:
        """What rows that belong together have in common; empty where each stands alone."""
        ...

    def forget(self) -> None:
        """Forget what was looked up: the transaction was taken back."""
        ...


def run(
    provider: Provider, file: BinaryIO, bringer: Bringer, *, dry: bool, by: str, now: datetime, name: str = "",
    progress: Callable[[int], None] | None = None,
) -> Result:  # fmt: skip
    """Bring a file in, or look at what that would do. Raises Unreadable for a file that cannot be used at all."""
    found = table(file)
    result = Result(encoding=found.encoding, unknown=bringer.unknown(found.columns))
    kept = None if dry else _run(provider, file_digest(file), bringer, name, by, now)
    result.skipped = kept.done if kept is not None else 0
    rows = table(file).rows
    for _passed in islice(rows, result.skipped):
        pass
    for nth, some in enumerate(_parts(rows, bringer)):
        if nth:
            let_others_write()
        for verdict in _brought(bringer, some, kept, dry=dry):
            result.take(verdict)
        if progress is not None:
            progress(result.rows)
    if kept is not None:
        kept.finished, kept.content = now, None
        kept.save(update_fields=["finished", "content"])
        index_counts.count()
    return result


def let_others_write() -> None:
    """Give whoever waits for the one writer of SQLite their turn; PostgreSQL has as many as it needs."""
    if connection.vendor == "sqlite":
        time.sleep(TURN)


def _parts(rows: Iterator[Row], bringer: Bringer) -> Iterator[list[Row]]:
    """The rows in parts of a transaction each; those that belong together are in one part."""
    some: list[Row] = []
    last = ""
    for row in rows:
        key = "" if row.broken else bringer.key(row)
        if len(some) >= AT_ONCE and (not key or key != last or len(some) >= LARGEST_PART):
            yield some
            some = []
        some.append(row)
        last = key
    if some:
        yield some


def _brought(bringer: Bringer, rows: Sequence[Row], kept: ImportRun | None, *, dry: bool) -> list[Verdict]:
    with transaction.atomic():
        bringer.begin([row for row in rows if not row.broken])
        verdicts = list(_each(bringer, rows))
        if kept is not None:
            kept.done += len(rows)
            kept.counts = dict(Counter(kept.counts) + Counter(v.verdict for v in verdicts))
            kept.save(update_fields=["done", "counts"])
        if dry:
            transaction.set_rollback(True)
    bringer.forget()
    return verdicts


def _each(bringer: Bringer, rows: Sequence[Row]) -> Iterator[Verdict]:
    for row in rows:
        if row.broken:
            yield Verdict(row.line, "", BROKEN, wrong=(Wrong("row", row.broken),))
            continue
        try:
            with transaction.atomic():
                verdict = bringer.bring(row)
        except Broken as broken:
            yield Verdict(row.line, bringer.key(row)[:100] or bringer_key(row), BROKEN, wrong=broken.wrong)
        else:
            yield verdict


def bringer_key(row: Row) -> str:
    """What a broken row calls itself, as far as it does."""
    return row.cells.get("customer", "")[:100]


def _run(provider: Provider, digest: str, bringer: Bringer, name: str, by: str, now: datetime) -> ImportRun:
    """The run of this very file that broke off, or a new one."""
    there = ImportRun.objects.filter(
        provider=provider, what=bringer.what, source=bringer.source, sha256=digest, finished__isnull=True
    )
    return there.order_by("-id").first() or ImportRun.objects.create(
        provider=provider, what=bringer.what, source=bringer.source, sha256=digest, mapping=bringer.mapping,
        name=name, began=now, by=by,
    )  # fmt: skip


def sweep(now: datetime) -> int:
    """Let go of files that were looked at and never brought in: they name customers. How many."""
    waits = ImportRun.objects.filter(finished__isnull=True, content__isnull=False)
    return waits.filter(began__lte=now - LOOKED_AT_FOR).update(content=None)


def file_digest(file: BinaryIO) -> str:
    """What tells a file from another."""
    found = hashlib.sha256()
    file.seek(0)
    while block := file.read(1 << 20):
        found.update(block)
    return found.hexdigest()
