"""A raw mail as a tree of parts (RFC 2045, 2046, 2231), for any bytes, in bounded time and memory (L17, L19, L20).

Own code: the standard parser raises at a few hundred nested parts, takes 11 seconds for one megabyte nested 300
deep, and 5 seconds and 370 MB for 25 MB of empty lines. This one cuts the bytes by position, never recurses, and stops
at a stated depth and number of parts; what lies beyond stays in the raw message, and is told.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote_to_bytes

from amends.desk.charset import read_bytes
from amends.desk.fields import Fields, Mistakes, base64_bytes, decoded_words, one_line, split_fields

DEPTH_LIMIT: Final = 30
PARTS_LIMIT: Final = 1_000

_TYPE: Final = re.compile(r"\s*([A-Za-z0-9!#$&^_.+-]{1,80})\s*/\s*([A-Za-z0-9!#$&^_.+-]{1,80})")
_PARAM: Final = re.compile(r";\s*([^\s=;\"]{1,80})\s*=\s*(\"(?:[^\"\\]|\\.)*\"|[^;]*)")
_SEGMENT: Final = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")
_FIRST_BOUNDARY: Final = re.compile(rb"(?:\A|\n)--([^\s]{1,200})[ \t]*\r?\n[Cc]ontent-")
_HTML_START: Final = re.compile(rb"\s*<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
_BROKEN_ESCAPE: Final = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?\n|[ \t]*\Z)")
_PLAIN_TRANSFERS: Final = frozenset({"", "7bit", "8bit", "binary"})
_UU_TRANSFERS: Final = frozenset({"x-uuencode", "uuencode", "x-uue"})


@dataclass(slots=True)
class Part:
    """One part of a mail: its fields, what it says it is, and where its body lies in the raw bytes."""

    fields: Fields
    media_type: str
    params: dict[str, str]
    disposition: str
    file_name: str
    start: int
    end: int
    depth: int
    children: list["Part"] = field(default_factory=list)


def split_parts(raw: bytes, mistakes: Mistakes) -> Part:
    """The tree of a raw mail's parts."""
    root = _part(raw, _head(raw), len(raw), 0, "text/plain", mistakes)
    waiting, count = [root], 1
    while waiting:
        parent = waiting.pop()
        if not parent.media_type.startswith("multipart/"):
            continue
        if parent.depth >= DEPTH_LIMIT:
            mistakes.add(f"nesting deeper than {DEPTH_LIMIT} parts: the rest is kept in the raw message only")
            parent.media_type = "application/octet-stream"
            continue
        inner = "message/rfc822" if parent.media_type == "multipart/digest" else "text/plain"
        for start, end in _slices(raw, parent, mistakes):
            if count >= PARTS_LIMIT:
                mistakes.add(f"more than {PARTS_LIMIT:,} parts: the rest is kept in the raw message only")
                break
            parent.children.append(_part(raw, start, end, parent.depth + 1, inner, mistakes))
            count += 1
        if not parent.children:
            mistakes.add(f"{parent.media_type} without parts: read as plain text")
            parent.media_type = "text/plain"
        waiting += reversed(parent.children)
    return root


def _head(raw: bytes) -> int:
    """Where the headers begin: behind empty lines and the "From " line of a mailbox file."""
    start = 0
    for _ in range(20):
        end = raw.find(b"\n", start) + 1
        line = raw[start : end or len(raw)][:200]
        if not end or (line.strip() and not line.startswith((b"From ", b">From "))):
            return start
        start = end
    return start


def _part(raw: bytes, start: int, end: int, depth: int, otherwise: str, mistakes: Mistakes) -> Part:
    """One part, not yet cut into its own parts."""
    fields, body = split_fields(raw, start, end, mistakes)
    media_type, params = read_parameters(fields.first("content-type"), mistakes)
    if not _TYPE.fullmatch(media_type):
        otherwise = "text/html" if _HTML_START.match(raw, body, min(end, body + 200)) else otherwise
        if media_type:
            mistakes.add(f"content type '{media_type[:60]}' is none: read as {otherwise}")
        media_type = otherwise
    disposition, more = read_parameters(fields.first("content-disposition"), mistakes)
    name = more.get("filename", "") or params.get("name", "")
    return Part(
        fields=fields,
        media_type=media_type,
        params=params,
        disposition=disposition,
        file_name=decoded_words(name, mistakes, "file name"),
        start=min(body, end),
        end=end,
        depth=depth,
    )


def _slices(raw: bytes, part: Part, mistakes: Mistakes) -> Iterator[tuple[int, int]]:
    """Where the parts inside a multipart lie: between the lines that carry its boundary."""
    boundary = _boundary(raw, part, mistakes)
    if not boundary:
        return
    begun: int | None = None
    for at, after, closing in _delimiters(raw, part.start, part.end, b"--" + boundary):
        if begun is not None:
            yield begun, max(begun, at)
        begun = None if closing else after
        if closing:
            return
    if begun is not None:
        mistakes.add("the closing boundary is missing: the last part was read to the end")
        yield begun, part.end


def _boundary(raw: bytes, part: Part, mistakes: Mistakes) -> bytes:
    """The boundary as declared, or, where it is missing or never used, the one that the body itself shows."""
    declared = part.params.get("boundary", "").encode("utf-8", "replace")
    if declared and next(_delimiters(raw, part.start, part.end, b"--" + declared), None):
        return declared
    shown = _FIRST_BOUNDARY.search(raw, part.start, min(part.end, part.start + 100_000))
    mistakes.add("the boundary is missing" + (": taken from the first part" if shown else ""))
    return shown[1] if shown else b""


def _delimiters(raw: bytes, start: int, end: int, mark: bytes) -> Iterator[tuple[int, int, bool]]:
    """The boundary lines: where each one's line break begins, where the next line begins, whether it closes."""
    position = start
    while True:
        if position == start and raw.startswith(mark, start, end):
            at = line = start
        else:
            at = raw.find(b"\n" + mark, position, end)
            if at < 0:
                return
            line = at + 1
            at -= raw[at - 1 : at] == b"\r" and at > start
        tail = line + len(mark)
        stop = raw.find(b"\n", tail, end)
        stop = end if stop < 0 else stop
        rest = raw[tail : min(stop, tail + 200)].strip()
        if rest in (b"", b"--") and stop - tail < 200:
            yield at, min(stop + 1, end), rest == b"--"
        # The line's own break may be the next delimiter's, so the search goes on from it.
        position = stop
        if position >= end:
            return


def read_parameters(line: str, mistakes: Mistakes) -> tuple[str, dict[str, str]]:
    """A field such as Content-Type: its value in lower case, and its parameters, continuations joined (RFC 2231)."""
    head = line.partition(";")[0].strip()
    match = _TYPE.match(head)
    value = f"{match[1]}/{match[2]}".lower() if match else head.partition(" ")[0].lower()
    segments: dict[str, dict[int, tuple[str, bool]]] = {}
    for found in _PARAM.finditer(line[:4_096]):
        named = _SEGMENT.fullmatch(found[1])
        if named:
            pieces = segments.setdefault(named[1].lower(), {})
            piece = (_unquoted(found[2]), bool(named[3]))
            if named[3] and not named[2] and not pieces.get(0, ("", False))[1]:
                pieces.clear()  # `filename*=` tells more than the plain `filename=` beside it
            pieces.setdefault(int(named[2] or 0), piece)
    return value, {name: _joined(pieces, mistakes) for name, pieces in segments.items()}


def _unquoted(text: str) -> str:
    text = text.strip()
    if text.startswith('"'):
        return re.sub(r"\\(.)", r"\1", text[1:-1] if text.endswith('"') and len(text) > 1 else text[1:])
    return text


def _joined(pieces: dict[int, tuple[str, bool]], mistakes: Mistakes) -> str:
    """One parameter from its numbered, perhaps percent-encoded, pieces."""
    if not any(encoded for _, encoded in pieces.values()):
        return one_line("".join(text for _, (text, _) in sorted(pieces.items())))
    charset, content = "", b""
    for number, (text, encoded) in sorted(pieces.items()):
        if encoded and number == min(pieces) and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)  # noqa: PLW2901 - the rest of the first piece
        content += unquote_to_bytes(text) if encoded else text.encode("utf-8", "replace")
    value, guess = read_bytes(content, charset)
    if guess:
        mistakes.add(f"parameter: {guess}")
    return one_line(value)


def content_of(part: Part, raw: bytes, mistakes: Mistakes) -> bytes:
    """The part's content with its transfer encoding undone as far as it can be."""
    body = raw[part.start : part.end]
    transfer = part.fields.first("content-transfer-encoding").strip(" ;\"'").lower().replace(" ", "")
    if transfer == "base64":
        return _from_base64(part, body, mistakes)
    if transfer == "quoted-printable":
        if _BROKEN_ESCAPE.search(body):
            mistakes.add("broken quoted-printable: read as far as it can be")
        return binascii.a2b_qp(body)
    if transfer in _UU_TRANSFERS:
        files = uuencoded_files(body.decode("latin-1"))[1]
        return files[0][1] if files else body
    if transfer not in _PLAIN_TRANSFERS:
        mistakes.add(f"transfer encoding '{transfer[:40]}' unknown: read as it came")
    return body


def _from_base64(part: Part, body: bytes, mistakes: Mistakes) -> bytes:
    """The bytes of a base64 body; words that only claim to be base64 stay words."""
    if part.media_type.startswith("text/") and _is_prose(body):
        mistakes.add("said to be base64 and is not: read as it came")
        return body
    content, sound = base64_bytes(body)
    if not sound:
        mistakes.add("broken base64: read as far as it can be")
    return content


def _is_prose(body: bytes) -> bool:
    """Whether a text that claims to be base64 is plain words: base64 stands in long runs."""
    words = body[:20_000].split()
    return len(words) > 3 and sum(map(len, words)) < 20 * len(words)


_UU_BEGIN: Final = re.compile(r"^begin(?:-\w+)? [0-7]{3,4} (.{1,200})$", re.MULTILINE)


def uuencoded_files(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """A text without the files that old mail programs wrote into it (`begin 644 name` … `end`), and those files."""
    kept: list[str] = []
    files: list[tuple[str, bytes]] = []
    position = 0
    while len(files) < PARTS_LIMIT and (begin := _UU_BEGIN.search(text, position)):
        end = re.compile(r"^end[ \t\r]*$", re.MULTILINE).search(text, begin.end())
        if not end:
            break
        content = _uudecoded(text[begin.end() : end.start()])
        if content is not None:
            kept.append(text[position : begin.start()])
            files.append((begin[1].strip(), content))
        else:
            kept.append(text[position : end.end()])
        position = end.end()
    return "".join((*kept, text[position:])), files


def _uudecoded(text: str) -> bytes | None:
    """The bytes of uuencoded lines, None when they are something else that a person wrote between two words."""
    content: list[bytes] = []
    for line in text.split("\n"):
        if not (line := line.rstrip("\r")):
            continue
        try:
            content.append(
                binascii.a2b_uu(line[: 1 + (((ord(line[0]) - 32) & 63) * 4 + 5) // 3].encode("ascii"))
            )
        except (binascii.Error, UnicodeError):
            return None
    return b"".join(content)
