"""Names of folders as a mail server spells them (RFC 3501, 5.1.3): letters beyond ASCII in modified UTF-7."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from typing import Final

_SHIFTED: Final = re.compile(r"&([^-&]*)-")
_BEYOND: Final = re.compile(r"[^\x20-\x7e]+")


def wire(name: str) -> str:
    """How a name is sent; plain ASCII goes as it is, for it may have been written down as the server spells it."""
    if name.isascii():
        return name
    return _BEYOND.sub(lambda m: f"&{_utf7(m[0])}-", name.replace("&", "&-"))


def said(wired: str) -> str:
    """A name as people read it; what is no modified UTF-7 stays as it is."""
    try:
        return _SHIFTED.sub(lambda m: _letters(m[1]) if m[1] else "&", wired)
    except (UnicodeError, ValueError):
        return wired


def _utf7(letters: str) -> str:
    return b64encode(letters.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")


def _letters(shifted: str) -> str:
    padded = shifted.replace(",", "/") + "=" * (-len(shifted) % 4)
    return b64decode(padded, validate=True).decode("utf-16-be")
