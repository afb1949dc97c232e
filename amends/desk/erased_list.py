"""The list of what was erased, in the desk's folder and not in its database, so that a restore does not undo it unseen.

L28. Each line names a case or a customer by provider and number and says when it was erased, and nobody; `erased.jsonl`
is written after the erasing is on the disk. An erasing whose line was lost, because the machine stopped between the two, is
written down again from the audit every night. After a restore `amends retention again` erases once more what is named here.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final

from django.db import transaction

from amends.desk import home, ledger
from amends.desk.models import AuditEntry, CaseRow, CustomerRow
from amends.desk.now import read_time

CASE, CUSTOMER = "case", "customer"
AUDITED: Final = {CASE: "private words erased", CUSTOMER: "customer erased"}
"""What each is called in the audit."""
AT_ONCE: Final = 400


@dataclass(frozen=True, slots=True)
class Line:
    """One erasing."""

    what: str
    """`case` or `customer`."""
    provider: str
    which: str
    """The reference of the case, or the number of the customer."""
    at: str
    """When, as ISO in UTC."""
    upto: int = 0
    """How many facts the case had then: words of later ones were not meant. 0 where it was not written down."""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What tells two erasings apart."""
        return self.what, self.provider, self.which, self.at


def path() -> Path:
    """Where the list lies."""
    return home.home() / "erased.jsonl"


def record(
    what: str, provider: str, which: str, *, by: str, now: datetime, upto: int = 0, **detail: object
) -> None:
    """Write an erasing into the audit, and once it is on the disk into the list."""
    AuditEntry.objects.create(
        provider_id=provider, at=now, by=by, what=AUDITED[what], detail={what: _number(what, which), "upto": upto, **detail}
    )  # fmt: skip
    line = Line(what, provider, which, now.isoformat(), upto)
    transaction.on_commit(lambda: _append([line]))


def _number(what: str, which: str) -> str | int:
    return int(which) if what == CUSTOMER else which


def _append(lines: list[Line]) -> None:
    if not lines:
        return
    opened = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, home.PRIVATE_FILE)
    with os.fdopen(opened, "w", encoding="utf-8") as file:
        # A line of its own even where the one before was torn; an empty line is none.
        file.write("".join(f"\n{json.dumps(asdict(line))}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())


def listed() -> Iterator[Line]:
    """Every line of the list, in its order. A line that a power cut tore is left out, for the audit has it."""
    try:
        words = path().read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return
    for each in words.splitlines():
        try:
            found = json.loads(each)
            yield Line(**found)
        except (ValueError, TypeError):
            continue


def complete() -> int:
    """Write down what the audit knows and the list does not; how many lines that were."""
    known = {line.key for line in listed()}
    missing = [line for line in _audited() if line.key not in known]
    _append(missing)
    return len(missing)


def _audited() -> Iterator[Line]:
    for what, called in AUDITED.items():
        rows = AuditEntry.objects.filter(what=called, provider__isnull=False).order_by("pk")
        for provider, at, detail in rows.values_list("provider_id", "at", "detail").iterator():
            assert provider is not None  # the query asks for those that have one
            yield Line(what, provider, str(detail.get(what, "")), at.isoformat(), int(detail.get("upto", 0)))


@dataclass(frozen=True, slots=True)
class BroughtBack:
    """Something that was erased and stands here with its words: a restore brought it back."""

    line: Line
    case: CaseRow | None = None
    customer: CustomerRow | None = None


def brought_back() -> Iterator[BroughtBack]:
    """What of the list stands in the database as if it had never been erased."""
    last = {line.key[:3]: line for line in listed()}
    for some in batched(last.values(), AT_ONCE):
        yield from _cases([line for line in some if line.what == CASE])
        yield from _customers([line for line in some if line.what == CUSTOMER and line.which.isdecimal()])


def _cases(lines: list[Line]) -> Iterator[BroughtBack]:
    meant = {(line.provider, line.which): line for line in lines}
    found = CaseRow.objects.filter(
        provider__in={line.provider for line in lines}, reference__in=[line.which for line in lines]
    )
    rows = {row.pk: row for row in found if (row.provider_id, row.reference) in meant}
    stand, ever = ledger.first_words(rows), ledger.erased_among(rows)
    for pk, row in rows.items():
        line = meant[row.provider_id, row.reference]
        back = pk in stand and (stand[pk] <= line.upto if line.upto else pk not in ever)
        if back:
            yield BroughtBack(line, case=row)


def _customers(lines: list[Line]) -> Iterator[BroughtBack]:
    meant = {(line.provider, int(line.which)): line for line in lines}
    found = CustomerRow.objects.filter(pk__in=[number for _, number in meant], erased_at__isnull=True)
    for row in found:
        line = meant.get((row.provider_id, row.pk))
        # A copy older than the customer who was erased gives their number out once more: whoever came since was not meant.
        if line is not None and row.made <= read_time(line.at):
            yield BroughtBack(line, customer=row)


def batched(lines: Iterable[Line], size: int) -> Iterator[list[Line]]:
    """These lines, so many at once."""
    left = iter(lines)
    while some := list(islice(left, size)):
        yield some
