"""A case as it stands, read without a lock: its row, its facts, what they make it, its rulebook, and what hangs on it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import QuerySet

from amends.core import facts as f
from amends.core.case import Case, fold
from amends.core.rulebook import Rulebook
from amends.desk import books, ledger
from amends.desk.models import CaseRow, Outgoing, Upload
from amends.desk.story import Papers


@dataclass(frozen=True, slots=True)
class Opened:
    """A case as it is read: its row, its facts, what they make it, and the rulebook that governs it."""

    row: CaseRow
    facts: list[f.Fact]
    case: Case
    book: Rulebook


def read(row: CaseRow) -> Opened:
    """A case as it stands, for whoever came to its row through `access`."""
    facts = ledger.load([row.pk])[row.pk]
    return Opened(row, facts, fold(facts), books.book_for(row))


def facts_of(ended: list[CaseRow]) -> dict[str, list[f.Fact]]:
    """The facts of cases that go on as another, by their references."""
    found = ledger.load([row.pk for row in ended]) if ended else {}
    return {row.reference: found[row.pk] for row in ended}


def gathered(letters: QuerySet[Outgoing], files: QuerySet[Upload], names: dict[str, str]) -> Papers:
    """These letters by their keys and these files by their contacts, without what is heavy in them."""
    uploads: dict[str, list[Upload]] = defaultdict(list)
    for upload in files.defer("content"):
        uploads[upload.contact].append(upload)
    found = {letter.key: letter for letter in letters.defer("text", "html")}
    return Papers(found, {contact: tuple(these) for contact, these in uploads.items()}, names)
