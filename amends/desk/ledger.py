"""Facts as rows and back: the chain is made here and nowhere else. Only `record` calls the half that writes."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from django.db import connection
from django.db.models import Min, Model, QuerySet

from amends.core.facts import Fact, WrittenFact, link, private_digest, read, write
from amends.desk.models import CaseRow, FactRow, PrivateWords

FACTS = ("case_id", "seq", "kind", "at", "logged", "by", "open")


class Line(NamedTuple):
    """One fact row as the database gives it, without its private words."""

    case_id: int
    seq: int
    kind: str
    at: datetime
    logged: datetime
    by: str
    open: dict[str, Any]

    def written(self, private: dict[str, str]) -> WrittenFact:
        """The stored fact with its private words."""
        return WrittenFact(self.kind, self.at, self.logged, self.by, self.open, private)


def load(case_ids: Sequence[int]) -> dict[int, list[Fact]]:
    """The facts of these cases in their order, in two queries. Raises UnknownFact for a newer program's facts."""
    found: dict[int, list[Fact]] = {case: [] for case in case_ids}
    if not found:
        return found
    words: dict[tuple[int, int], dict[str, str]] = {}
    # Every page and every docket begins here: the ORM takes longer to read the rows than to fold them.
    with connection.cursor() as cursor:
        for some in _some(list(found)):
            places = ", ".join(["%s"] * len(some))
            cursor.execute(f"{_WORDS} IN ({places})", some)
            # Words that were erased have left nothing in their place.
            words.update({(c, seq): json.loads(private) for c, seq, private in cursor.fetchall() if private})
            cursor.execute(f"{_FACTS} IN ({places}) ORDER BY case_id, seq", some)
            for case, seq, kind, at, logged, by, public in cursor.fetchall():
                line = Line(case, seq, kind, _aware(at), _aware(logged), by, json.loads(public))
                found[case].append(read(line.written(words.get((case, seq), {}))))
    return found


def _select(model: type[Model], *names: str) -> str:
    named = {f.name: f.column for f in model._meta.concrete_fields}
    columns = ", ".join(f'"{named[name]}"' for name in names)
    return f'SELECT {columns} FROM "{model._meta.db_table}" WHERE case_id'  # noqa: S608 - names of our own models


_FACTS: Final = _select(FactRow, "case", "seq", "kind", "at", "logged", "by", "open")
_WORDS: Final = _select(PrivateWords, "case", "seq", "words")
AT_ONCE: Final = 500


def _some(case_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """No more at once than a statement takes parameters for."""
    for start in range(0, len(case_ids), AT_ONCE):
        yield case_ids[start : start + AT_ONCE]


def _aware(moment: datetime) -> datetime:
    """A moment as a driver gives it: one says that it is in UTC, the other only means it."""
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def of_kind(kind: str, cases: Collection[int]) -> list[Line]:
    """The facts of one kind on these cases, without their private words."""
    rows = FactRow.objects.filter(case__in=cases, kind=kind).values_list(*FACTS) if cases else ()
    return [Line(*row) for row in rows]


def having(kind: str, cases: QuerySet[CaseRow]) -> set[int]:
    """Those of these cases on which a fact of this kind stands, however many cases are asked about: one query."""
    rows = FactRow.objects.filter(case__in=cases.order_by().values("pk"), kind=kind)
    return set(rows.order_by().values_list("case_id", flat=True).distinct())


def erased(case: int) -> bool:
    """Whether private words of this case were erased."""
    return PrivateWords.objects.filter(case=case, erased_at__isnull=False).exists()


def wholly_erased(case: int) -> bool:
    """Whether private words of this case were erased, and none are left."""
    return erased(case) and not PrivateWords.objects.filter(case=case, erased_at__isnull=True).exists()


def speaks(case: int) -> bool:
    """Whether any private words of this case are still here."""
    return PrivateWords.objects.filter(case=case, words__isnull=False).exists()


def first_words(cases: Collection[int]) -> dict[int, int]:
    """The place of the first fact of each case whose private words are still here; cases without any are left out."""
    rows = PrivateWords.objects.filter(case__in=cases, words__isnull=False).order_by()
    return dict(rows.values_list("case").annotate(first=Min("seq")))


def erased_among(cases: Collection[int]) -> set[int]:
    """Those of these cases of which private words were erased."""
    rows = PrivateWords.objects.filter(case__in=cases, erased_at__isnull=False).order_by()
    return set(rows.values_list("case", flat=True).distinct())


def private_words(lines: Iterable[Line]) -> dict[tuple[int, int], dict[str, str] | None]:
    """The private words of these facts by case and place; None where they have been erased."""
    rows = PrivateWords.objects.filter(case__in={line.case_id for line in lines})
    return {(case, seq): words for case, seq, words in rows.values_list("case_id", "seq", "words")}


def chain_name(provider: str, reference: str) -> str:
    """What a case is called inside its chain."""
    return f"{provider}/{reference}"


def rows_of(row: CaseRow, facts: Iterable[Fact]) -> Iterator[tuple[FactRow, PrivateWords | None]]:
    """The rows of new facts, linked to the case's head; moves the head and the count of the case on."""
    for fact in facts:
        stored = write(fact)
        salt = secrets.token_hex(16) if stored.private else ""
        digest = private_digest(stored.private, salt)
        row.facts += 1
        row.head = link(row.head, chain_name(row.provider_id, row.reference), row.facts, stored, digest)
        line = FactRow(
            provider_id=row.provider_id, case_id=row.pk, seq=row.facts, kind=stored.kind, at=stored.at,
            logged=stored.logged, by=stored.by, open=stored.open, private_digest=digest, hash=row.head,
        )  # fmt: skip
        yield line, _private(row, stored, salt)


def _private(row: CaseRow, stored: WrittenFact, salt: str) -> PrivateWords | None:
    if not stored.private:
        return None
    return PrivateWords(
        provider_id=row.provider_id, case_id=row.pk, seq=row.facts, salt=salt, words=stored.private
    )


def keepable(fact: Fact) -> Fact:
    """The fact with whatever no database keeps (NUL, halves of a surrogate pair) turned into the sign for it."""
    changed: dict[str, Any] = {
        f.name: _mended(value)
        for f in fields(fact)
        if isinstance(value := getattr(fact, f.name), str) and not _plain(value)
    }
    return replace(fact, **changed) if changed else fact


def _plain(words: str) -> bool:
    if "\0" in words:
        return False
    return words.isascii() or not any("\ud800" <= c <= "\udfff" for c in words)


def _mended(words: str) -> str:
    return words.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
