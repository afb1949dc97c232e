"""A case file as a zip: its PDF, every document as it is kept, a list of them, and the checksums of all.

One document at a time is in memory, on whatever disk the zip is written to. The same file gives the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from amends.core.calendar import in_london
from amends.desk import documents
from amends.desk.case_files.kept_back import CODE_OUT, out_of_mail
from amends.desk.case_files.pieces import Numbered, Source
from amends.desk.houses import access_codes
from amends.desk.models import CaseFileRow, KeptMessage, Outgoing, Upload
from amends.desk.sheets import Sheet, as_csv

PDF: Final = "case-file.pdf"
LIST: Final = "documents.csv"
SUMS: Final = "SHA256SUMS.txt"
_PACKED: Final = frozenset({"pdf", "zip", "jpg", "jpeg", "png", "gif", "mp3", "mp4", "docx", "xlsx"})


class NotAsMade(LookupError):
    """A document of a case file is no longer kept, or no longer what it was when the file was made."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A document of a case file as it was when the file was made."""

    number: int
    source: str
    key: str
    what: str
    at: str
    name: str
    file: str
    why_not: str
    size: int
    sha256: str
    without: str = ""
    """What was taken out of it, where something was: never the thing itself."""

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


def packed(numbered: Numbered) -> Packed:
    """The document with its size and checksum, and what was taken out of it; keeps nothing of its bytes."""
    paper = numbered.paper
    content = content_of(paper.source, paper.key) if numbered.file else b""
    without = CODE_OUT if numbered.file and _is_without_code(paper.source, paper.key, content) else ""
    return Packed(
        numbered.number, str(paper.source), paper.key, paper.what if numbered.file else "",
        paper.at.isoformat(), paper.name if numbered.file else "", numbered.file, numbered.why_not, len(content),
        hashlib.sha256(content).hexdigest() if numbered.file else "", without,
    )  # fmt: skip


def _is_without_code(source: str, key: str, content: bytes) -> bool:
    """Whether a code was taken out of a document to make these bytes of it."""
    if source == Source.MAIL:
        return bytes(KeptMessage.objects.values_list("raw", flat=True).get(pk=key)) != content
    if source == Source.LETTER:
        return documents.holds_code(Outgoing.objects.select_related("provider", "case").get(pk=key))
    return False


def content_of(source: str, key: str) -> bytes:
    """The bytes of a document as they are kept; a letter is printed where it was not yet. Raises NotAsMade.

    Out of a mail that quotes it the code is taken that opens the case to its customer alone, as out of our letters.
    """
    if source == Source.MAIL:
        found = KeptMessage.objects.select_related("case").filter(pk=key).first()
        codes = access_codes(found.case) if found is not None and found.case is not None else ()
        return out_of_mail(_there(found.raw if found is not None else None), codes)
    if source == Source.UPLOAD:
        return _there(Upload.objects.filter(pk=key).values_list("content", flat=True).first())
    letter = Outgoing.objects.select_related("provider", "case").filter(pk=key).first()
    if letter is None or not letter.words:
        raise NotAsMade(f"letter {key}")
    return bytes(documents.document(letter, documents.FOR_SCHEME).content)


def _there(content: bytes | memoryview | None) -> bytes:
    if content is None or not len(content):
        raise NotAsMade("The document is not kept any more.")
    return bytes(content)


def papers_of(row: CaseFileRow) -> list[Packed]:
    """The documents of a case file."""
    return [Packed(**each) for each in row.papers]


def listed(papers: list[Packed]) -> bytes:
    """The list of the documents, as a table."""
    heads = (
        "Number",
        "What",
        "When",
        "Called by whoever sent it",
        "In this zip",
        "Bytes",
        "SHA-256",
        "Not here because",
        "Left out of it",
    )
    rows = (
        (
            p.number, p.what or "Left out", datetime.fromisoformat(p.at), p.name, p.file, p.size if p.file else "",
            p.sha256, p.why_not, p.without,
        )
        for p in papers
    )  # fmt: skip
    return b"".join(as_csv(Sheet("documents", heads, rows)))


def write(row: CaseFileRow, into: IO[bytes]) -> None:
    """Write the zip of a case file. Raises NotAsMade where a document is not what it was: what was written is void."""
    papers = papers_of(row)
    pdf, table = bytes(row.pdf.content), listed(papers)
    if not pdf:
        raise NotAsMade(f"The PDF of {row}")
    sums = [(hashlib.sha256(pdf).hexdigest(), PDF), (hashlib.sha256(table).hexdigest(), LIST)]
    sums += [(p.sha256, p.file) for p in papers if p.file]
    with ZipFile(into, "w") as made:
        made.writestr(entry(PDF, row.made_at), pdf)
        made.writestr(entry(LIST, row.made_at), table)
        made.writestr(entry(SUMS, row.made_at), "".join(f"{s}  {name}\n" for s, name in sums))
        for paper, content in contents_of(papers):
            made.writestr(entry(paper.file, datetime.fromisoformat(paper.at)), content)


def contents_of(papers: list[Packed]) -> Iterator[tuple[Packed, bytes]]:
    """Each document with its bytes, one at a time. Raises NotAsMade where one is not what it was."""
    for paper in papers:
        if paper.file:
            content = content_of(paper.source, paper.key)
            if hashlib.sha256(content).hexdigest() != paper.sha256:
                raise NotAsMade(f"document {paper.number}")
            yield paper, content


def entry(name: str, at: datetime) -> ZipInfo:
    """The entry of a file: its own time, so that the same file gives the same bytes, and plain rights for everybody."""
    local = in_london(at)
    info = ZipInfo(name, (max(local.year, 1980), *local.timetuple()[1:6]))
    info.compress_type = ZIP_STORED if name.rpartition(".")[2].lower() in _PACKED else ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    info.create_system = 3
    return info
