"""Files that people send with a form: scans, photos, bills. Limits told before, judged here, kept beside a contact.

They are a stranger's bytes: kept in the database with the case, so that erasure reaches them, and handed out as downloads
only, by `views.files` (L25). Nothing of a file is believed: its name is made safe, its type follows from its ending.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any, Final

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from amends.desk.attachment import Attachment, file_name
from amends.desk.models import CaseRow, Upload

MOST: Final = 6
"""Files of one form."""
LARGEST: Final = 10 * 1024 * 1024
TOGETHER: Final = 20 * 1024 * 1024
"""Bytes of one file, and of all files of one form."""

TYPES: Final = {
    "pdf": "application/pdf", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif",
    "webp": "image/webp", "heic": "image/heic", "heif": "image/heif", "tif": "image/tiff", "tiff": "image/tiff",
    "bmp": "image/bmp", "txt": "text/plain", "csv": "text/csv", "rtf": "application/rtf", "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text", "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet", "eml": "message/rfc822", "msg": "application/vnd.ms-outlook",
    "mp3": "audio/mpeg", "m4a": "audio/mp4", "wav": "audio/wav", "ogg": "audio/ogg", "mp4": "video/mp4",
    "mov": "video/quicktime",
}  # fmt: skip
"""What may be sent, by the ending of its name: papers, pictures, recordings. No programs, web pages or archives."""
_PROGRAMS: Final = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!")

LIMITS: Final = format_lazy(
    _("Up to {most} files of {largest} MB each, {together} MB together."),
    most=MOST, largest=LARGEST // 2**20, together=TOGETHER // 2**20,
)  # fmt: skip
"""The limits in words, as a form tells them before anybody chooses a file."""
KINDS: Final = _("Photos, scans, PDF, text or office documents, and recordings.")


class TooLarge(UploadedFile):  # type: ignore[type-arg] # it takes no argument where it runs
    """A file that went beyond the limits: its name is known, its bytes were let go as they came."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__(BytesIO(), name, size=size)


class Capped(FileUploadHandler):
    """Stands before the handlers that keep a file, and passes nothing on beyond the limits of one file or one form."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._file = self._all = 0

    def new_file(self, *args: Any, **more: Any) -> None:  # noqa: ANN401 - as the base class has it
        """Another file of the same form begins."""
        super().new_file(*args, **more)
        self._file = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Pass it on, or let it go."""
        del start
        self._file += len(raw_data)
        self._all += len(raw_data)
        return None if self._file > LARGEST or self._all > TOGETHER else raw_data

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        """The name of a file that was too large; what was not, the next handler brings."""
        del file_size
        if self._file <= LARGEST and self._all <= TOGETHER:
            return None
        for handler in getattr(self.request, "upload_handlers", ()):
            begun = getattr(handler, "file", None)
            if isinstance(begun, TemporaryUploadedFile):
                begun.close()  # what was written to the disk so far goes at once
        return TooLarge(self.file_name or "", self._file)


def judge(files: Sequence[UploadedFile[Any]]) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
    """These files under safe names, and what is wrong with them, in words for whoever sent them."""
    if len(files) > MOST:
        return (), (
            _("These are {count} files. Send up to {most} at a time.").format(count=len(files), most=MOST),
        )
    kept: list[Attachment] = []
    wrong: list[str] = []
    for number, sent in enumerate(files, 1):
        name = file_name(sent.name or "", "", number)
        ending = name.rpartition(".")[2].lower() if "." in name else ""
        mistake = _mistake(sent, ending)
        if mistake:
            wrong.append(f"{name}: {mistake}")
        else:
            kept.append(Attachment(name, TYPES[ending], sent.read(), inline=False))
    if not wrong and sum(len(one.content) for one in kept) > TOGETHER:
        wrong.append(
            _("These files are larger than {most} MB together. Send some of them later.").format(
                most=TOGETHER // 2**20
            )
        )
    return tuple(kept), tuple(wrong)


def _mistake(sent: UploadedFile[Any], ending: str) -> str:
    if isinstance(sent, TooLarge) or (sent.size or 0) > LARGEST:
        return f"{_('it is too large.')} {LIMITS}"
    if ending not in TYPES:
        return f"{_('we cannot take this kind of file.')} {KINDS}"
    if not sent.size:
        return str(_("it is empty. Choose it again, or send it another way."))
    first = sent.read(4)
    sent.seek(0)
    return str(_("it is a program, and we cannot take it.")) if first.startswith(_PROGRAMS) else ""


def digests(files: Iterable[Attachment]) -> str:
    """What of files enters the chain of a case: the SHA-256 of each, one a line."""
    return "\n".join(hashlib.sha256(file.content).hexdigest() for file in files)


def keep(case: CaseRow, contact: str, files: Iterable[Attachment], at: datetime) -> None:
    """Keep files that came with a contact, in the transaction that writes the contact."""
    Upload.objects.bulk_create(
        Upload(
            provider_id=case.provider_id, case=case, contact=contact, name=file.name, media_type=file.media_type[:100],
            content=file.content, sha256=hashlib.sha256(file.content).hexdigest(), at=at,
        )
        for file in files
    )  # fmt: skip
