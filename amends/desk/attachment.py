"""A file that came with a mail, under a name that is safe to show and to save (L25)."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

#: A name fits every file system with room for what a store puts before it.
NAME_BYTES: Final = 150

#: Control, formatting (direction marks, zero width), private and lone-surrogate characters, and line separators.
_UNSHOWN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_FORBIDDEN: Final = re.compile(r"[<>:\"|?*]")
#: Names that Windows keeps for devices, whatever the ending.
_DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)
_ENDINGS: Final = {
    "application/msword": ".doc",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/rfc822-headers": ".txt",
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as it came. Its bytes are a stranger's: only ever offered as a download."""

    name: str
    media_type: str
    """As the sender claims it."""
    content: bytes
    inline: bool
    """Meant to stand in the message, such as a picture or a logo."""


def file_name(claimed: str, media_type: str, number: int) -> str:
    """A safe file name: no path, no unseen or turning characters, at most 150 bytes, its ending kept.

    `number` names a file that has no usable name: attachment-2.pdf.
    """
    shown = "".join(letter for letter in claimed if unicodedata.category(letter) not in _UNSHOWN)
    last = shown.replace("\\", "/").rstrip("/ ").rpartition("/")[2]
    name = " ".join(_FORBIDDEN.sub("_", last).split()).strip(". ")
    if not name:
        return f"attachment-{number}{_ENDINGS.get(media_type, '.bin')}"
    return _shortened(f"_{name}" if _DEVICES.match(name) else name)


def _shortened(name: str) -> str:
    """The name cut to its limit, between letters, before its ending."""
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        stem, ending = name, ""
    tail = f".{ending}" if ending else ""
    room = NAME_BYTES - len(tail.encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip(". ") + tail
