"""Hints rebuilt from the facts, or compared with them: rows that people search and sort prove nothing by themselves."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import DatabaseError, transaction
from django.db.models import Model

from amends.core.case import Case, fold
from amends.core.duties import ahead
from amends.core.facts import Fact
from amends.desk import alarms, ledger, money, owing, search, tallies, waiting, words
from amends.desk.books import book_for
from amends.desk.hints import HINTS, hints
from amends.desk.keeping import settle
from amends.desk.models import Alarm, AwardRow, CaseRow, DutyRow, Outgoing
from amends.desk.record import docket
from amends.desk.snapshot import snapshot

FINAL = ("sent", "posted", "failed", "bounced", "returned", "withdrawn")
"""Fates after which a letter stays as it is; one that is in doubt may be on its way again."""
log = logging.getLogger(__name__)

UNFOLDED = "facts"
"""The column of a case that could not be folded at all: it stops no other, and nothing of it is set right."""
UNFOLDED_CASE = "unfolded case"
STAMP = "hint_made_by"
"""By which versions of program, law and bank holidays the hints were made. Another one alone makes none of them wrong."""
WORDS = "words"
WORDS_INDEX = "index of words"
PROMISES = "promises"
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
    older: list[Wrong] = field(default_factory=list)
    """Cases whose hints another version made, and rightly: after an upgrade all, later those that have ended."""
    mended: bool = False

    @property
    def late(self) -> list[Wrong]:
        """Hints that would have let a due time pass: the graver half."""
        return [w for w in self.wrong if w.column == "due_hint"]

    @property
    def unfolded(self) -> dict[int, Wrong]:
        """The cases that could not be folded, by id."""
        return {w.case: w for w in self.wrong if w.column == UNFOLDED}


def refold(
    *, check: bool, now: datetime, only_open: bool = False, progress: Callable[[int], None] | None = None
) -> Refolded:
    """Fold every case again and compare its hints; unless `check`, set right what is wrong.

    A due hint of a case whose letter cannot be written is later than its duty on purpose: the desk tries again.
    """
    found = Refolded()
    with snapshot():
        for standing in _folded(only_open=only_open):
            found.cases += 1
            wrong = [standing] if isinstance(standing, Wrong) else _compared(standing)
            (found.older if [w.column for w in wrong] == [STAMP] else found.wrong).extend(wrong)
            if progress is not None and found.cases % READ_AT_ONCE == 0:
                progress(found.cases)
    if not only_open and not search.index_is_whole():
        found.wrong.append(Wrong(0, "", WORDS_INDEX, "not what the words make it", "the same"))
    if not check:
        _mend([w for w in (*found.wrong, *found.older) if w.case not in found.unfolded], now)
        found.mended = not found.unfolded
        _tell(found.unfolded, now, only_open=only_open)
    return found


def unfolded(row: CaseRow, fault: Exception | str, now: datetime) -> None:
    """Raise the alarm about a case that could not be folded; it ends when one is folded again."""
    why = fault if isinstance(fault, str) else alarms.fault(fault)
    text = f"{row.reference} cannot be folded from its facts: {why}"
    alarms.raise_all(
        [alarms.alarm(UNFOLDED_CASE, str(row.pk), text, "A case cannot be worked on", now, row.provider_id)]
    )


def _tell(wrong: Mapping[int, Wrong], now: datetime, *, only_open: bool) -> None:
    for row in CaseRow.objects.filter(pk__in=wrong):
        unfolded(row, str(wrong[row.pk].stands), now)
    standing = Alarm.objects.filter(kind=UNFOLDED_CASE, cleared=None).values_list("key", flat=True)
    looked_at = CaseRow.objects.filter(pk__in=[int(key.rpartition(" ")[2]) for key in standing])
    if only_open:
        looked_at = looked_at.filter(is_open=True)
    well = [str(pk) for pk in looked_at.values_list("pk", flat=True) if pk not in wrong]
    alarms.clear(UNFOLDED_CASE, well, now)


class Standing(NamedTuple):
    """A case as its rows say it, and as its facts make it."""

    row: CaseRow
    case: Case
    facts: list[Fact]
    duties: list[DutyRow]
    tally: Mapping[str, Any] | None
    promises: list[tallies.Promise]
    words: str | None
    waiting: list[Model]
    money: list[AwardRow]


def _folded(*, only_open: bool) -> Iterator[Standing | Wrong]:
    rows = CaseRow.objects.order_by("pk")
    if only_open:
        rows = rows.filter(is_open=True)
    after = 0
    while some := list(rows.filter(pk__gt=after)[:READ_AT_ONCE]):
        yield from _standing_or_wrong(some)
        after = some[-1].pk


def _standing_or_wrong(rows: list[CaseRow]) -> Iterable[Standing | Wrong]:
    """These cases as they stand; where one of them cannot be read, each is read alone."""
    try:
        return list(_standing(rows))
    except DatabaseError:
        raise
    except Exception as fault:
        log.exception("of %s cases one cannot be folded", len(rows))
        if len(rows) == 1:
            return [_unfolded(rows[0], fault)]
        return [each for row in rows for each in _standing_or_wrong([row])]


def _unfolded(row: CaseRow, fault: Exception) -> Wrong:
    return Wrong(row.pk, row.reference, UNFOLDED, alarms.fault(fault), "a case")


def _standing(rows: list[CaseRow]) -> Iterator[Standing]:
    ids = [row.pk for row in rows]
    facts, duties = ledger.load(ids), owing.standing(ids)
    tallied, promised = tallies.stand(ids)
    said, waits = words.stand(ids), waiting.stand(ids)
    owed = money.standing(ids)
    for row in rows:
        pk = row.pk
        yield Standing(
            row,
            fold(facts[pk]),
            facts[pk],
            duties.get(pk, []),
            tallied.get(pk),
            promised.get(pk, []),
            said.get(pk),
            waits.get(pk, []),
            owed.get(pk, []),
        )


def _compared(standing: Standing) -> list[Wrong]:
    try:
        return list(_compare(standing))
    except DatabaseError:
        raise
    except Exception as fault:
        log.exception("case %s cannot be compared", standing.row.pk)
        return [_unfolded(standing.row, fault)]


def _compare(standing: Standing) -> Iterator[Wrong]:
    row, case = standing.row, standing.case
    book = book_for(row)
    owed = ahead(case, book)
    should = hints(case, book, owed)
    yield from _tallied(standing, should)
    for column in HINTS:
        stands = getattr(row, column)
        waits = column == "due_hint" and row.stuck and stands is not None and should[column] is not None
        if stands != should[column] and not waits:
            yield Wrong(row.pk, row.reference, column, stands, should[column])
    yield from _duties(row, standing.duties, owing.rows(row, case, owed))
    yield from _waiting(standing)
    yield from _money(row, standing.money, money.rows(row, case, book))
    yield from _letters(row, case)


def _waiting(standing: Standing) -> Iterator[Wrong]:
    """Whether the lists of contact times, requests and suppliers say of the case what its facts make it."""
    row = standing.row
    stands, should = waiting.lines(standing.waiting), waiting.lines(waiting.rows(row, standing.case))
    if stands != should:
        yield Wrong(
            row.pk, row.reference, "what waits", f"{len(stands)} rows", f"{len(should)} rows of the facts"
        )


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


def _money(row: CaseRow, stand: list[AwardRow], should: list[AwardRow]) -> Iterator[Wrong]:
    """Whether the rows of what is owed in money say what the facts say."""
    stands = {each.award: money.told(each) for each in stand}
    wanted = {each.award: money.told(each) for each in should}
    for award in sorted(stands.keys() | wanted.keys()):
        if stands.get(award) != wanted.get(award):
            yield Wrong(row.pk, row.reference, f"award {award}", stands.get(award), wanted.get(award))


def _by_duty(rows: list[DutyRow]) -> dict[str, list[DutyRow]]:
    found: dict[str, list[DutyRow]] = {}
    for row in rows:
        found.setdefault(row.duty, []).append(row)
    return found


def _tallied(standing: Standing, found: Mapping[str, Any]) -> Iterator[Wrong]:
    """Whether lists, reports and the search say of the case what its facts make it."""
    row, book = standing.row, book_for(standing.row)
    tally = tallies.tally(row.provider_id, standing.case, book, found)
    if standing.tally is None:
        yield Wrong(row.pk, row.reference, "tally", None, "there")
    else:
        for column, should in tally.items():
            if standing.tally[column] != should:
                yield Wrong(row.pk, row.reference, f"tally {column}", standing.tally[column], should)
    promised = tallies.promises(standing.case, book)
    if standing.promises != promised:
        yield Wrong(row.pk, row.reference, PROMISES, _said(standing.promises), _said(promised))
    if standing.words != words.of_facts(standing.facts):
        # Which words they are is nobody's business here.
        stands = "none" if standing.words is None else "other words"
        yield Wrong(row.pk, row.reference, WORDS, stands, "those of the facts")


def _said(promises: list[tallies.Promise]) -> str:
    return ", ".join(f"{p[0]} {'settled' if p[5] else 'open'} {p[4]}" for p in promises)


def _letters(row: CaseRow, case: Case) -> Iterator[Wrong]:
    """Whether the rows of what goes out say what the facts say became of it."""
    if not case.letters:
        return
    states = dict(Outgoing.objects.filter(case=row).values_list("key", "state"))
    for letter in case.letters:
        # One that left from another system, before the case came here, has no digest and no row.
        if letter.fate and letter.digest and not _agrees(states.get(letter.key), letter.fate):
            yield Wrong(row.pk, row.reference, f"outgoing {letter.key}", states.get(letter.key), letter.fate)


def _agrees(state: str | None, fate: str) -> bool:
    # A letter of the law that is in doubt goes again: it stands ready while its last fact still says so.
    return state == fate or (fate == "in doubt" and state in ("ready", "claimed"))


def _mend(wrong: list[Wrong], now: datetime) -> None:
    cases = sorted({w.case for w in wrong if w.case})
    for start in range(0, len(cases), WRITE_AT_ONCE):
        with docket(*cases[start : start + WRITE_AT_ONCE], now=now, rest=False) as d:
            for hand in d.cases.values():
                states = dict(Outgoing.objects.filter(case=hand.row).values_list("key", "state"))
                for letter in hand.case.letters:
                    if letter.fate_at is not None and not _agrees(states.get(letter.key), letter.fate):
                        settle(hand.provider.pk, [letter.key], letter.fate, letter.fate_at)
    otherwise = sorted({w.case for w in wrong if w.column == WORDS})
    for start in range(0, len(otherwise), READ_AT_ONCE):
        with transaction.atomic():
            words.rewrite(otherwise[start : start + READ_AT_ONCE])
    if any(w.column == WORDS_INDEX for w in wrong):
        search.make_index_anew()
