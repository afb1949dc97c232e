"""Proof that what a case encloses is what came and what was made: raw messages, files of customers, documents.

The bytes are in no chain; their digests are: a contact names its message and its files by SHA-256, in its private part.
Erased bytes are no breakage where the words beside them were erased too. Bytes are read a few at a time.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple
from uuid import UUID

from amends.desk.models import (
    CaseFileRow,
    CustomerRow,
    DataBundleRow,
    Document,
    KeptMessage,
    PrivateWords,
    Upload,
)
from amends.desk.story import proof_of
from amends.desk.streams import ByCase, digest

NOTHING = hashlib.sha256(b"").hexdigest()
"""The digest of bytes of which none are left."""


class Named(NamedTuple):
    """What the fact of a contact says of what came with it."""

    contact: str
    message: str
    digest: str
    """Empty where the fact is older than this proof, or was erased."""
    files: tuple[str, ...]
    erased: bool


def named(open_part: dict[str, Any], private: dict[str, str] | None) -> Named:
    """What a stored "contact received" says; `private` is None since it was erased."""
    said = private or {}
    return Named(
        open_part["contact"], open_part.get("message", ""), said.get("message_digest", ""),
        tuple(said.get("files", "").split()), private is None,
    )  # fmt: skip


def proved(open_part: dict[str, Any], private: dict[str, str] | None) -> Named:
    """What a stored "posting proved" says of its picture; `private` is None since it was erased."""
    file = (private or {}).get("file", "")
    return Named(proof_of(open_part["key"], file), "", file, (file,) if file else (), private is None)


def noted(open_part: dict[str, Any], private: dict[str, str] | None) -> Named:
    """What a stored "note added" says of its files; `private` is None since it was erased."""
    files = (private or {}).get("files", "")
    return Named(open_part.get("note", ""), "", files, tuple(files.split()), private is None)


class NamedFile(NamedTuple):
    """What the fact of a case file for a scheme, or of a copy of personal data, says of it."""

    number: int
    digests: tuple[str, ...]
    """SHA-256 of a file's PDF and of the list of its documents, or of a copy's page and JSON; empty where erased."""


def filed(open_part: dict[str, Any], private: dict[str, str] | None) -> NamedFile:
    """What a stored "case file made" or "data bundle made" says; `private` is None since it was erased."""
    return NamedFile(open_part["number"], tuple((private or {}).get("digests", "").split()))


class Held(NamedTuple):
    """A kept message as it stands: on which case, and the digest of its bytes."""

    case: int | None
    digest: str


class Enclosures:
    """Messages, files and documents of all cases, read along in the order of the cases."""

    def __init__(self) -> None:
        on_a_case = KeptMessage.objects.filter(case__isnull=False)
        made = Document.objects.filter(case__isnull=False)
        self._case_files = ByCase(CaseFileRow.objects, "number", "case_id", "number", "pdf__sha256", "papers")
        self._copies = ByCase(DataBundleRow.objects, "number", "case_id", "number", "pk")
        self._messages = ByCase(on_a_case, "id", "case_id", "id", content="raw")
        self._files = ByCase(Upload.objects, "id", "case_id", "id", "contact", "sha256", content="content")
        self._documents = ByCase(
            made,
            "id",
            "case_id",
            "id",
            "outgoing__key",
            "format",
            "sha256",
            "outgoing__salt",
            content="content",
        )

    def faults(self, case: int, contacts: Collection[Named]) -> Iterator[tuple[str, str]]:
        """What does not hold of one case: where, and what was found there. Cases are asked for in rising order."""
        held = {str(pk): Held(case, found) for _, pk, found in self._messages.take(case)}
        yield from _messages(case, contacts, held)
        yield from _files(contacts, self._files.take(case))
        yield from _documents(self._documents.take(case))

    def of_schemes(self, case: int, made: Collection[NamedFile]) -> Iterator[tuple[str, str]]:
        """What does not hold of the case files of one case. Cases are asked for in rising order."""
        held = {number: (pdf, papers) for _, number, pdf, papers in self._case_files.take(case)}
        for file in made:
            pdf, papers = held.pop(file.number, (None, []))
            where = f"case file {file.number}"
            if pdf is None:
                yield where, "the case file that a fact names is missing"
            elif file.digests and file.digests != (pdf, listed(papers)):
                what = "the PDF" if file.digests[0] != pdf else "the list of its documents"
                yield where, f"{what} is another than the one that was made"
        for number in held:
            yield f"case file {number}", "no fact says that it was made"

    def of_people(self, case: int, made: Collection[NamedFile]) -> Iterator[tuple[str, str]]:
        """What does not hold of the copies of personal data of one request. Cases are asked for in rising order."""
        held = {number: pk for _, number, pk in self._copies.take(case)}
        for copy in made:
            where, pk = f"copy of personal data {copy.number}", held.pop(copy.number, None)
            # Few requests ask for one: each copy is read when its case is looked at, one at a time.
            row = DataBundleRow.objects.select_related("case").filter(pk=pk).first()
            if row is None:
                yield where, "the copy that a fact names is missing"
            elif row.page is None and row.told is None and not row.papers:
                if not _copy_erased(row):
                    yield where, "the copy is empty and nobody erased it"
            else:
                yield from ((where, what) for what in _copy_holds(row, copy.digests))
        for number in held:
            yield f"copy of personal data {number}", "no fact says that it was made"

    def rest(self) -> set[int]:
        """Cases of rows for which nobody asked."""
        return (
            self._copies.rest()
            | self._case_files.rest()
            | self._messages.rest()
            | self._files.rest()
            | self._documents.rest()
        )


def listed(papers: list[dict[str, Any]]) -> str:
    """SHA-256 of the list of the documents of a case file, as its fact names it."""
    return hashlib.sha256(json.dumps(papers, sort_keys=True).encode()).hexdigest()


def _copy_holds(row: DataBundleRow, digests: tuple[str, ...]) -> Iterator[str]:
    """What of a copy is another than it was; its documents are those whose checksums its JSON tells."""
    found = [(what, digest(part)) for what, part in (("page", row.page), ("JSON", row.told))]
    for (what, now), then in zip(found, digests, strict=False):
        if now != then:
            yield f"the {what} is another than the one that was made"
    told = bytes(row.told or b"").decode(errors="replace")
    if any(paper["file"] and paper["sha256"] not in told for paper in row.papers):
        yield "a document of it is another than the one that was made"


def _copy_erased(row: DataBundleRow) -> bool:
    """Whether a case that it tells of was erased, or its customer in the book."""
    cases = [row.case_id, *row.cases.values_list("pk", flat=True)]
    if PrivateWords.objects.filter(case__in=cases, erased_at__isnull=False).exists():
        return True
    return CustomerRow.objects.filter(pk=row.case.customer or 0, erased_at__isnull=False).exists()


def _messages(case: int, contacts: Iterable[Named], held: dict[str, Held]) -> Iterator[tuple[str, str]]:
    for contact in contacts:
        if not contact.message:
            continue
        found = held.get(contact.message) or _elsewhere(contact.message)
        where = f"message {contact.message}"
        if found is None:
            yield where, "the message that a fact names is missing"
        elif contact.digest and found.digest != contact.digest:
            if found.digest != NOTHING:
                yield where, "the message was changed"
            elif found.case == case or not _erased(found.case):
                yield where, "the message is empty and nobody erased it"


def _elsewhere(message: str) -> Held | None:
    """A message that stands on another case, as a report on letters of several does."""
    try:
        row = KeptMessage.objects.filter(pk=UUID(message)).values_list("case_id", "raw").first()
    except ValueError:
        return None
    return Held(row[0], digest(row[1])) if row else None


def _erased(case: int | None) -> bool:
    return PrivateWords.objects.filter(case=case, erased_at__isnull=False).exists()


def _files(contacts: Collection[Named], rows: list[tuple[Any, ...]]) -> Iterator[tuple[str, str]]:
    by_contact = {contact.contact: contact for contact in contacts}
    came: dict[str, list[str]] = {}
    for _, pk, contact, said, found in rows:
        came.setdefault(contact, []).append(said)
        if found != said:
            yield f"file {pk}", "the file was changed"
        elif not said and contact in by_contact and not by_contact[contact].erased:
            yield f"file {pk}", "the file is empty and nobody erased it"
    for contact in contacts:
        if contact.digest:
            lost = Counter(contact.files)
            lost.subtract(came.get(contact.contact, ()))
            if any(count > 0 for count in lost.values()):
                yield f"contact {contact.contact}", "a file that came with it is missing"
            if any(count < 0 for file, count in lost.items() if file):
                yield f"contact {contact.contact}", "a file stands beside it that did not come with it"


def _documents(rows: list[tuple[Any, ...]]) -> Iterator[tuple[str, str]]:
    for _, _pk, key, kind, said, salt, found in rows:
        where = f"letter {key}, {kind}"
        if not said and found == NOTHING:
            if salt:
                yield where, "the document is empty and nobody erased it"
        elif found != said:
            yield where, "the document was changed"
