"""Hints rebuilt from the facts, or compared with them: rows that people search and sort prove nothing by themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from amends.core.case import Case, fold
from amends.core.duties import ahead
from amends.desk import ledger, owing
from amends.desk.books import book_for
from amends.desk.hints import HINTS, hints
from amends.desk.keeping import settle
from amends.desk.models import CaseRow, DutyRow, Outgoing
from amends.desk.record import docket
from amends.desk.snapshot import snapshot

FINAL = ("sent", "posted", "failed", "bounced", "returned", "withdrawn")
"""Fates after which a letter stays as it is; one that is in doubt may be on its way again."""
READ_AT_ONCE = 200
WRITE_AT_ONCE = 20


class Wrong(NamedTuple):
    """A hint that is not what the facts make it."""

    case: int
    reference: str
    column: str
    stands: Any
    should: Any


@dataclass
class Refolded:
    """How many cases were folded again, and every hint that was wrong. `mended` when they were set right."""

    cases: int = 0
    wrong: list[Wrong] = field(default_factory=list)
    mended: bool = False

    @property
    def late(self) -> list[Wrong]:
        """Hints that would have let a due time pass: the graver half."""
        return [w for w in self.wrong if w.column == "due_hint"]


def refold(
    *, check: bool, now: datetime, only_open: bool = False, progress: Callable[[int], None] | None = None
) -> Refolded:
    """Fold every case again and compare its hints; unless `check`, set right what is wrong.

    A due hint of a case whose letter cannot be written is later than its duty on purpose: the desk tries again.
    """
    found = Refolded()
    with snapshot():
        for row, case, duties in _folded(only_open=only_open):
            found.cases += 1
            found.wrong.extend(_compare(row, case, duties))
            if progress is not None and found.cases % READ_AT_ONCE == 0:
                progress(found.cases)
    if not check:
        _mend(sorted({w.case for w in found.wrong}), now)
        found.mended = True
    return found


def _folded(*, only_open: bool) -> Iterator[tuple[CaseRow, Case, list[DutyRow]]]:
    rows = CaseRow.objects.order_by("pk")
    if only_open:
        rows = rows.filter(is_open=True)
    after = 0
    while some := list(rows.filter(pk__gt=after)[:READ_AT_ONCE]):
        pks = [row.pk for row in some]
        facts, duties = ledger.load(pks), owing.standing(pks)
        yield from ((row, fold(facts[row.pk]), duties.get(row.pk, [])) for row in some)
        after = some[-1].pk


def _compare(row: CaseRow, case: Case, duties: list[DutyRow]) -> Iterator[Wrong]:
    book = book_for(row)
    owed = ahead(case, book)
    should = hints(case, book, owed)
    for column in HINTS:
        stands = getattr(row, column)
        waits = column == "due_hint" and row.stuck and stands is not None and should[column] is not None
        if stands != should[column] and not waits:
            yield Wrong(row.pk, row.reference, column, stands, should[column])
    yield from _duties(row, duties, owing.rows(row, case, owed))
    yield from _letters(row, case)


def _duties(row: CaseRow, stand: list[DutyRow], should: list[DutyRow]) -> Iterator[Wrong]:
    """Whether the rows of what is owed say what the facts say: which one is wrong, and in which column."""
    stands, wanted = _by_duty(stand), _by_duty(should)
    for duty in sorted(stands.keys() | wanted.keys()):
        if len(stands.get(duty, ())) != len(wanted.get(duty, ())):
            yield Wrong(
                row.pk, row.reference, f"duty {duty}", len(stands.get(duty, ())), len(wanted.get(duty, ()))
            )
            continue
        for one, other in zip(stands[duty], wanted[duty], strict=True):
            for column in owing.TOLD:
                if getattr(one, column) != getattr(other, column):
                    there, right = getattr(one, column), getattr(other, column)
                    yield Wrong(row.pk, row.reference, f"duty {duty}: {column}", there, right)


def _by_duty(rows: list[DutyRow]) -> dict[str, list[DutyRow]]:
    found: dict[str, list[DutyRow]] = {}
    for row in rows:
        found.setdefault(row.duty, []).append(row)
    return found


def _letters(row: CaseRow, case: Case) -> Iterator[Wrong]:
    """Whether the rows of what goes out say what the facts say became of it."""
    if not case.letters:
        return
    states = dict(Outgoing.objects.filter(case=row).values_list("key", "state"))
    for letter in case.letters:
        if letter.fate and not _agrees(states.get(letter.key), letter.fate):
            yield Wrong(row.pk, row.reference, f"outgoing {letter.key}", states.get(letter.key), letter.fate)


def _agrees(state: str | None, fate: str) -> bool:
    # A letter of the law that is in doubt goes again: it stands ready while its last fact still says so.
    return state == fate or (fate == "in doubt" and state in ("ready", "claimed"))


def _mend(cases: list[int], now: datetime) -> None:
    for start in range(0, len(cases), WRITE_AT_ONCE):
        with docket(*cases[start : start + WRITE_AT_ONCE], now=now, rest=False) as d:
            for hand in d.cases.values():
                states = dict(Outgoing.objects.filter(case=hand.row).values_list("key", "state"))
                for letter in hand.case.letters:
                    if letter.fate_at is not None and not _agrees(states.get(letter.key), letter.fate):
                        settle(hand.provider.pk, [letter.key], letter.fate, letter.fate_at)
