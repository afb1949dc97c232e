"""What a letter encloses: the code that was asked for, an earlier letter in another format, or files of its case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.db.models import QuerySet
from django.db.models.functions import Length

from amends.core.letters.sentences.papers import DIGESTS, FILES, NAMES
from amends.desk.models import CaseRow, Outgoing, Upload

CODE_TOO: Final = "code"
LETTER_TOO: Final = "letter"
"""What a letter may enclose, as `Letter.encloses` begins; a fingerprint or a key follows."""


def length(letter: Outgoing) -> int:
    """Characters of a letter with the earlier letter that it encloses; no letter of the case encloses two."""
    kind, _, key = str(letter.words.get("encloses", "")).partition(" ")
    if kind != LETTER_TOO:
        return len(letter.text)
    earlier = Outgoing.objects.filter(provider=letter.provider_id, key=key).values_list("text", flat=True)
    return len(letter.text) + sum(len(text) for text in earlier)


MOST_BYTES: Final = 5_000_000
"""Bytes of all files of one letter: a third more as they travel, beside the letter itself in the format that is needed."""
MOST_FILES: Final = 6


def offered(case: CaseRow) -> QuerySet[Upload]:
    """The files of a case that can go with a letter, the newest first, each with its `size` and without its content."""
    there = Upload.objects.filter(case=case, content__isnull=False).exclude(sha256="")
    return there.annotate(size=Length("content")).defer("content").order_by("-pk")


def named(files: Iterable[Upload]) -> Mapping[str, str]:
    """What a letter is told of the files that go with it; nothing where none do."""
    found = {file.sha256: file.name for file in files}
    return {DIGESTS: " ".join(found), NAMES: "\n".join(found.values())} if found else {}


def files(letter: Outgoing) -> list[Upload]:
    """The files that go with a letter, in its order; those that were erased since are left out."""
    return _named_in(letter, Upload.objects.all())


def file_names(letter: Outgoing) -> list[str]:
    """The names of the files that go with it, for whoever puts it in an envelope; no file is read for them."""
    return [file.name for file in _named_in(letter, Upload.objects.defer("content"))]


def _named_in(letter: Outgoing, uploads: QuerySet[Upload]) -> list[Upload]:
    kind, _, digests = str(letter.words.get("encloses", "")).partition(" ")
    if kind != FILES:
        return []
    rows = uploads.filter(case=letter.case_id, sha256__in=digests.split(), content__isnull=False)
    found = {row.sha256: row for row in rows.order_by("-pk")}
    return [found[digest] for digest in digests.split() if digest in found]
