"""Bytes of a mail as text: the declared charset where it holds, UTF-8 or Windows-1252 where it does not (L20).

Mail lies about its charset. Nothing here refuses: every reading gives text that can be stored (no NUL, no
lone surrogate) and says in plain words where it had to guess.
"""

import codecs
import encodings.aliases
import re
from typing import Final, NamedTuple

#: What the mail of the world calls charsets that Python knows by another name, or knows a better superset of.
_SPOKEN: Final = {
    "ascii": "us-ascii",
    "ansi-x3.4-1968": "us-ascii",
    "cp-1252": "cp1252",
    "cp-850": "cp850",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "ks-c-5601-1987": "cp949",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "windows-874": "cp874",
    "x-mac-roman": "mac-roman",
    "x-sjis": "cp932",
    "shift-jis": "cp932",
}
#: Names that say no more than "we do not know": not worth a word, they are read as if nothing were declared.
_UNKNOWING: Final = frozenset(
    {"", "unknown", "unknown-8bit", "x-unknown", "default", "binary", "8bit", "us-ascii"}
)
#: Python codecs that are no charset of mail; `idna` and `punycode` also take quadratic time.
_NO_CHARSET: Final = frozenset(
    {"base64", "bz2", "hex", "idna", "mbcs", "oem", "punycode", "quopri", "raw-unicode-escape", "rot13"}
    | {"rot-13", "undefined", "unicode-escape", "uu", "zip", "zlib"}
)
#: Only these names reach the codec registry: it remembers every name it ever failed to find, for ever.
_KNOWN: Final = (
    frozenset(
        name.replace("_", "-")
        for name in (
            *encodings.aliases.aliases,
            *encodings.aliases.aliases.values(),
            "cp874",
            "koi8-t",
            "koi8-u",
        )
    )
    - _NO_CHARSET
)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNFIT: Final = re.compile(r"[\x00\ud800-\udfff]")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Reading(NamedTuple):
    """Text with, in plain words, what had to be guessed to read it ("" when nothing was)."""

    text: str
    guess: str


def codec_of(charset: str) -> str:
    """The Python codec for a charset as mail spells it; "" when no such charset is known."""
    spoken = charset.strip().strip("'\"").lower().removeprefix("charset=").replace("_", "-")
    spoken = _SPOKEN.get(spoken, spoken)
    for name in (spoken, spoken.removeprefix("x-"), spoken.replace("windows-", "cp")):
        if name in _KNOWN or name.replace(".", "-") in _KNOWN:
            return codecs.lookup(name).name
    return ""


def read_bytes(content: bytes, declared: str = "") -> Reading:
    """The text of some bytes: by byte-order mark, declared charset, UTF-8, Windows-1252, in that order.

    Never raises. NULs and lone surrogates are still in the text; `storable` takes them out.
    """
    for mark, codec in _MARKS:
        if content.startswith(mark):
            return Reading(content[len(mark) :].decode(codec, "replace"), "")
    codec = codec_of(declared)
    sound = _strictly(content, codec)
    if sound is not None:
        return Reading(sound, "")
    named = declared.strip().strip("'\"").lower() not in _UNKNOWING
    if not codec or codec == "ascii":
        text, spoken = _guessed(content)
        why = f"charset '{declared[:40]}' unknown: " if named else "no charset for the 8-bit letters: "
        return Reading(text, f"{why}read as {spoken}" if named or not content.isascii() else "")
    return _broken(content, declared, codec)


def _broken(content: bytes, declared: str, codec: str) -> Reading:
    """The text of bytes that do not keep to the charset that they declare."""
    why = f"not good {declared.strip()[:40]}"
    if codec == "utf-8":
        text, spoken = _guessed(content)
        return Reading(text, f"{why}: read as {spoken}")
    sound = _strictly(content, "utf-8")
    if sound is not None:
        return Reading(sound, f"{why}: read as utf-8")
    return Reading(content.decode(codec, "replace"), f"{why}: read with replacements")


def _strictly(content: bytes, codec: str) -> str | None:
    """The text when every byte fits the codec, else None."""
    if not codec:
        return None
    try:
        return content.decode(codec)
    except (ValueError, LookupError):
        # cp1252 leaves five bytes open; browsers and mail programs read them as themselves.
        return content.decode("latin-1").translate(_CP1252) if codec == "cp1252" else None


def _guessed(content: bytes) -> tuple[str, str]:
    """The likelier of UTF-8 (with replacements) and Windows-1252, and how to name the choice."""
    text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if not broken:
        return text, "utf-8"
    # One broken letter among many good ones is damage; nothing but broken ones is another charset.
    good = sum(1 for letter in text if letter > "\x7f") - broken
    if good > broken:
        return text, "utf-8 with replacements"
    return content.decode("latin-1").translate(_CP1252), "windows-1252"


def storable(text: str) -> tuple[str, bool]:
    """The text without NULs and lone surrogates, which PostgreSQL refuses; and whether there were any."""
    clean = _UNFIT.sub("", text)
    return clean, len(clean) != len(text)


def plain_lines(text: str) -> str:
    """The text with line feeds only, and no control characters but line feed and tab."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


_CP1252: Final = {
    byte: bytes([byte]).decode("cp1252")
    for byte in range(0x80, 0xA0)
    if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
