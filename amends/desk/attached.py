"""What leaves with a letter by email: the PDF of an ADR letter, a copied code, the letter in its customer's format.

Made before the letter is claimed, outside every transaction, and kept (design: Evidence). A mail that a server refuses
for its size is a letter that never came, so a recording goes along only where it fits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Length, Substr

from amends.core.formats import Format
from amends.core.kinds import COPY_LETTER, FORMAT_LETTER
from amends.desk import documents, enclosed, voice
from amends.desk.documents import Kind
from amends.desk.models import Document, Lane, Outgoing

ADR_LETTER: Final = "adr-letter"
LARGEST: Final = 7_000_000
"""Bytes of an attachment; a third more as it travels, and ten million is what a cautious server takes."""
AT_ONCE: Final = 20

_BEHIND: Final = Outgoing.objects.filter(
    provider=OuterRef("provider"),
    key=Substr(KeyTextTransform("encloses", OuterRef("words")), len(enclosed.LETTER_TOO) + 2),
).values(size=Length("text"))
_LENGTH: Final = Length("text") + Coalesce(Subquery(_BEHIND), 0)
"""What `enclosed.length` tells, asked of many rows at once."""


def kinds(letter: Outgoing) -> tuple[Kind, ...]:
    """The documents that leave with this letter. Plain text needs none, the mail itself is plain, unless it encloses."""
    pdf = (documents.A4,) if letter.letter == ADR_LETTER else ()
    wanted = Format(letter.format)
    if letter.letter == COPY_LETTER:
        return (documents.CODE_IN_FORMAT.get(wanted, documents.CODE_PDF),)
    encloses = letter.letter == FORMAT_LETTER
    if wanted is Format.STANDARD or (wanted is Format.PLAIN_TEXT and not encloses):
        return pdf
    kind = documents.IN_FORMAT.get(wanted)
    if kind is None or (kind is documents.RECORDING and not _can_be_read_aloud(letter)):
        return pdf
    return (*pdf, kind)


def _can_be_read_aloud(letter: Outgoing) -> bool:
    return voice.fits_a_mail(enclosed.length(letter))


def documents_of(letter: Outgoing) -> list[Document]:
    """The kept documents that leave with this letter, its PDF first."""
    wanted = [kind.name for kind in kinds(letter)]
    found = {d.format: d for d in letter.documents.filter(format__in=wanted)} if wanted else {}
    return [found[name] for name in wanted if name in found and len(found[name].content) <= LARGEST]


_COMES: Final = {
    Format.LARGE_PRINT: "This message is attached in large print (PDF).",
    Format.BRAILLE: (
        "This message is attached as a Braille file (BRF). Somebody here will also emboss it and post it to you."
    ),
    Format.AUDIO: "A recording of this message is attached.",
}
_FOLLOWS: Final = {
    Format.LARGE_PRINT: "Somebody here will send you this message in large print.",
    Format.BRAILLE: "Somebody here will emboss this message in Braille and post it to you.",
    Format.AUDIO: "Somebody here will record this message for you and send you the recording.",
    Format.SIGN_LANGUAGE: "Somebody here will have this message put into British Sign Language for you.",
}


def told(letter: Outgoing, documents_: Sequence[Document]) -> str:
    """What the mail says above the letter of the format that its reader needs: that it is attached, or that it follows.

    It stands in the mail and not in the letter: what somebody needs tells of their health, and a letter is shown to
    whoever acts for them too. Empty for the usual form, and for letters that say so in their own words.
    """
    wanted = Format(letter.format)
    if letter.letter in (COPY_LETTER, FORMAT_LETTER):
        return ""
    kind = documents.IN_FORMAT.get(wanted)
    if kind is not None and any(document.format == kind.name for document in documents_):
        return _COMES.get(wanted, "")
    if kind is not None and letter.documents.filter(format=kind.name).exists():
        return ""  # made, and too large for a mail
    return _FOLLOWS.get(wanted, "")


def lacking(letters: Sequence[Outgoing]) -> set[int]:
    """Which of these letters have not all that they leave with, by their ids."""
    wanted = {letter.pk: {kind.name for kind in kinds(letter)} for letter in letters}
    some = [pk for pk, names in wanted.items() if names]
    if not some:
        return set()
    kept: dict[int, set[str]] = {}
    for pk, name in Document.objects.filter(outgoing__in=some).values_list("outgoing_id", "format"):
        assert pk is not None
        kept.setdefault(pk, set()).add(name)
    return {pk for pk in some if wanted[pk] - kept.get(pk, set())}


def waiting(now: datetime, lane: int) -> Iterator[tuple[Outgoing, Kind]]:
    """Letters of this lane that are about to leave, each with a document that it lacks; a handful at a time."""
    ready = Outgoing.objects.filter(state="ready", lane=lane, not_before__lte=now)
    for kind, letters in _by_kind(ready, lane):
        without = letters.filter(~Exists(Document.objects.filter(outgoing=OuterRef("pk"), format=kind.name)))
        chosen = without.select_related("provider", "case").order_by("not_before")[:AT_ONCE]
        yield from ((letter, kind) for letter in chosen)
    if lane == Lane.REPLY:
        # Not by their lane, which is all their own: so the index of copies is taken.
        asked = Outgoing.objects.filter(state="ready", letter=COPY_LETTER, not_before__lte=now)
        made = Document.objects.filter(outgoing=OuterRef("pk"), format__in=documents.CODE_NAMES)
        copies = asked.filter(~Exists(made)).select_related("provider", "case").order_by("not_before")
        yield from ((letter, kind) for letter in copies[:AT_ONCE] for kind in kinds(letter))


def _by_kind(ready: QuerySet[Outgoing], lane: int) -> Iterator[tuple[Kind, QuerySet[Outgoing]]]:
    if lane == Lane.LAW:
        yield documents.A4, ready.filter(letter=ADR_LETTER)
    # Said so, and not only by the format's name: the index of letters in a format is found by this condition.
    in_format = ready.filter(~Q(format="")).exclude(letter=COPY_LETTER)
    for wanted, kind in documents.IN_FORMAT.items():
        theirs = in_format.filter(format=wanted)
        if kind is documents.RECORDING and voice.there():
            yield kind, theirs.annotate(size=_LENGTH).filter(size__lte=voice.LONGEST_BY_MAIL)
        elif kind in (documents.LARGE, documents.BRF):
            yield kind, theirs
        elif kind is documents.TEXT:
            yield kind, theirs.filter(letter=FORMAT_LETTER)
