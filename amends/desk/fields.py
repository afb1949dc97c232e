"""The header fields of one mail or part: found in raw bytes, decoded to one safe line each, however broken (L20).

Own code, because the standard parser recurses once a nested part, re-raises what its registry meets in single
fields, and reads addresses differently from one Python release to the next. Nothing here raises for any bytes.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from amends.desk.charset import codec_of, read_bytes

#: A mail may bring any number of fields of any length; these are read, the rest stays in the raw bytes.
BLOCK_LIMIT: Final = 1_000_000
FIELD_LIMIT: Final = 2_000
LINE_LIMIT: Final = 65_536
MISTAKE_LIMIT: Final = 40
ID_LIMIT: Final = 900
IDS_LIMIT: Final = 100

_NAME: Final = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_WORD: Final = re.compile(r"=\?([^?\s]{0,80})\?([bBqQ])\?([^?]*)\?=")
_FOREIGN: Final = re.compile(r"[^A-Za-z0-9+/=\s]")
_GAP: Final = re.compile(r"(\?=)\s+(?==\?[^?\s]{0,80}\?[bBqQ]\?)")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
#: Marks that turn the direction of what follows, so that a name reads as another; and lone surrogates.
_TURNING: Final = re.compile(r"[\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_SPACES: Final = re.compile(r"\s+")
_BRACKETED: Final = re.compile(r"<([^<>]+)>")


class Mistakes:
    """What was odd in one mail and how it was read, each told once, in plain words."""

    def __init__(self) -> None:
        self._told: dict[str, None] = {}

    def add(self, words: str) -> None:
        """Tell one oddity; beyond the first forty, only that there were more."""
        if len(self._told) < MISTAKE_LIMIT:
            self._told[one_line(words)[:300]] = None
        else:
            self._told["more was odd than is told here"] = None

    @property
    def told(self) -> tuple[str, ...]:
        """All that was told, in the order of its finding."""
        return tuple(self._told)


class Fields:
    """The header fields of a mail or part, by name, in their order from the top."""

    def __init__(self, raw: list[tuple[str, bytes]], mistakes: Mistakes) -> None:
        self._raw = raw
        self._mistakes = mistakes

    def __contains__(self, name: str) -> bool:
        return any(name == known for known, _ in self._raw)

    def names(self) -> tuple[str, ...]:
        """The names of all fields in lower case, from the top, as often as they occur."""
        return tuple(name for name, _ in self._raw)

    def all(self, name: str) -> list[str]:
        """Every value of a field as one undecoded line: encoded words stand as they came."""
        return [self._line(name, value) for known, value in self._raw if known == name]

    def first(self, name: str) -> str:
        """The topmost value of a field as one undecoded line, "" when the field is missing."""
        return next((self._line(name, value) for known, value in self._raw if known == name), "")

    def words(self, name: str) -> str:
        """The topmost value of a field with its encoded words read."""
        return decoded_words(self.first(name), self._mistakes, name)

    def _line(self, name: str, value: bytes) -> str:
        if len(value) > LINE_LIMIT:
            self._mistakes.add(
                f"{name}: longer than {LINE_LIMIT:,} bytes: the rest is in the raw message only"
            )
            value = value[:LINE_LIMIT]
        text, guess = read_bytes(value)
        if guess:
            self._mistakes.add(f"{name}: {guess}")
        return one_line(text)


def one_line(text: str) -> str:
    """The text on one line, without control characters, direction marks or doubled spaces.

    No header, page or log that it is put into can be broken by it.
    """
    return _SPACES.sub(" ", _TURNING.sub("", _CONTROL.sub(" ", text))).strip()


def decoded_words(line: str, mistakes: Mistakes, where: str) -> str:
    """A header line with its encoded words (RFC 2047) read; what cannot be read stands as it came.

    Neighbouring words of one charset are joined before they are read, for many mailers cut within a letter.
    """
    if "=?" not in line:
        return line
    pieces: list[str] = []
    pending: tuple[str, bytes] = ("", b"")
    end = 0
    for match in _WORD.finditer(line := _GAP.sub(r"\1", line)):
        if match[2] in "bB" and _FOREIGN.search(match[3]):
            mistakes.add(f"{where}: an encoded word is broken: it stands as it came")
            continue
        charset = match[1].partition("*")[0].lower()
        content = _word_bytes(charset, match[2], match[3])
        between = line[end : match.start()]
        if between or charset != pending[0]:
            pieces += (_read_word(pending, mistakes, where), between)
            pending = (charset, content)
        else:
            pending = (charset, pending[1] + content)
        end = match.end()
    pieces += (_read_word(pending, mistakes, where), line[end:])
    return one_line("".join(pieces))


def _word_bytes(charset: str, encoding: str, encoded: str) -> bytes:
    """The bytes of one encoded word; letters that should not stand there unencoded are taken as its own."""
    content = encoded.encode("ascii" if encoded.isascii() else codec_of(charset) or "utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(content, header=True)
    return base64_bytes(content)[0]


def _read_word(word: tuple[str, bytes], mistakes: Mistakes, where: str) -> str:
    charset, content = word
    text, guess = read_bytes(content, charset)
    if guess:
        mistakes.add(f"{where}: {guess}")
    return text


_NOT_BASE64: Final = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
)
_BLANK: Final = b" \t\r\n"


def base64_bytes(content: bytes) -> tuple[bytes, bool]:
    """The bytes of a base64 text, as much as can be had, and whether the text was sound.

    Foreign characters are skipped, missing padding is added, texts that were glued together are read on.
    """
    letters = content.translate(None, _BLANK)
    sound = letters.translate(None, _NOT_BASE64)
    whole = len(sound) == len(letters) and len(sound) % 4 == 0
    padding = sound.find(b"=")
    if padding == -1 or not sound[padding:].strip(b"="):
        return _padded(sound.rstrip(b"=")), whole
    pieces = [piece for piece in sound.split(b"=", 1000) if piece.strip(b"=")]
    return b"".join(_padded(piece.replace(b"=", b"")) for piece in pieces), False


def _padded(letters: bytes) -> bytes:
    """The bytes of base64 letters without padding; a last single letter carries nothing and is dropped."""
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return base64.b64decode(letters + b"=" * (-len(letters) % 4))


def split_fields(raw: bytes, start: int, end: int, mistakes: Mistakes) -> tuple[Fields, int]:
    """The header fields at the head of `raw[start:end]`, and where the body begins.

    A block that does not begin like a header has no fields: all of it is body.
    """
    head, body = _block(raw, start, end)
    if head == start:
        return Fields([], mistakes), body
    if head - start > BLOCK_LIMIT:
        mistakes.add(f"headers longer than {BLOCK_LIMIT:,} bytes: the rest is in the raw message only")
        head = start + BLOCK_LIMIT
    fields: list[tuple[str, bytes]] = []
    for position, line in _lines(raw, start, head):
        if not fields and line[:1] in (b" ", b"\t") and _NAME.match(line.lstrip()):
            mistakes.add("the first header line is indented: read as if it were not")
            line = line.lstrip()  # noqa: PLW2901 - the same line
        match = _NAME.match(line)
        if match and len(fields) >= FIELD_LIMIT:
            mistakes.add(f"more than {FIELD_LIMIT:,} header fields: the rest is in the raw message only")
            break
        if match:
            fields.append((match[1].decode("ascii").lower(), line[match.end() :]))
        elif not fields:
            mistakes.add("no headers: all of it was read as the message")
            return Fields([], mistakes), start
        elif head == end or not _header_follows(raw, position + len(line), head):
            mistakes.add("no empty line after the headers: the message was read from the first other line")
            return Fields(fields, mistakes), position
        else:
            mistakes.add("a header line is broken: read as part of the line above")
            fields[-1] = (fields[-1][0], fields[-1][1] + b" " + line)
    return Fields(fields, mistakes), body


def _block(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the header block that begins at `start` ends, and where the body begins."""
    for newline in (b"\n", b"\r\n"):
        if raw.startswith(newline, start, end):
            return start, start + len(newline)
    found = [(raw.find(mark, start, end), len(mark)) for mark in (b"\n\n", b"\n\r\n")]
    position, length = min(((at, size) for at, size in found if at >= 0), default=(end, 0))
    return position, position + length


def _lines(raw: bytes, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    """The lines of a header block with folded lines joined, each with its position."""
    position, held = start, b""
    lines: list[bytes] = []
    for line in raw[start:end].split(b"\n"):
        if line[:1] in (b" ", b"\t") and lines:
            lines.append(line)
        else:
            if lines:
                held = b"\n".join(lines)
                yield position, held
                position += len(held) + 1
            lines = [line]
    if lines and (lines != [b""] or position == start):
        yield position, b"\n".join(lines)


def _header_follows(raw: bytes, position: int, end: int) -> bool:
    """Whether the very next line is a header again, so that this one is only a broken fold."""
    return bool(_NAME.match(raw, position + 1, min(end, position + 300)))


def message_ids(lines: list[str]) -> tuple[str, ...]:
    """The Message-IDs in some field values, in order, without brackets, each once; the first and latest 99."""
    found: dict[str, None] = {}
    for line in lines:
        bare = _BRACKETED.findall(line) or [word for word in line.split() if "@" in word]
        found.update(
            dict.fromkeys(
                clean for word in bare if (clean := "".join(word.split())) and len(clean) <= ID_LIMIT
            )
        )
    ids = tuple(found)
    return ids if len(ids) <= IDS_LIMIT else (ids[0], *ids[1 - IDS_LIMIT :])


def read_date(line: str, mistakes: Mistakes, where: str) -> datetime | None:
    """The time that a date line names, in UTC; None, with a word, when it names none.

    A time without a zone is read as UTC, as RFC 5322 has it for "-0000".
    """
    if not line:
        return None
    try:
        moment = parsedate_to_datetime(line[:200])
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError):
        mistakes.add(f"{where}: '{line[:60]}' is no date")
        return None
