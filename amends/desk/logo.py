"""Judges a logo before it is kept: a PNG or an SVG of plain shapes, small, that fetches and runs nothing.

An SVG is a program in disguise: it can hold scripts, reach out to the network, read files through entities, and grow to
any size. What is not a plain shape, a plain number or a colour of its own is refused by name, never cleaned away. A PNG is
written anew from the parts that make its picture: what else a file carried stays behind.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

PNG_BYTES: Final = 150 * 1024
SVG_BYTES: Final = 60 * 1024
LARGEST_SIDE: Final = 2000
"""Pixels of a PNG's longer side."""
MOST_SHAPES: Final = 1500
DEEPEST: Final = 24

PNG, SVG = "image/png", "image/svg+xml"

_PNG = b"\x89PNG\r\n\x1a\n"
_PICTURE: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES: Final = frozenset({
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "defs", "title", "desc",
    "linearGradient", "radialGradient", "stop", "clipPath",
})  # fmt: skip
_ATTRIBUTES: Final = frozenset({
    "id", "class", "version", "viewBox", "width", "height", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry",
    "fx", "fy", "d", "points", "transform", "fill", "fill-rule", "fill-opacity", "stroke", "stroke-width", "stroke-opacity",
    "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset", "opacity",
    "clip-path", "clip-rule", "clipPathUnits", "offset", "stop-color", "stop-opacity", "gradientUnits", "gradientTransform",
    "spreadMethod", "preserveAspectRatio", "role", "aria-label", "color", "paint-order", "enable-background", "space",
})  # fmt: skip
_REFERENCE = re.compile(r"url\(\s*['\"]?#[\w.-]+['\"]?\s*\)")
_DANGEROUS = re.compile(r"url\s*\(|javascript:|data:|expression|@import|\\|&|<|https?:|//", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo that may be printed."""

    content: bytes
    media_type: str


def judged(content: bytes) -> Logo | str:
    """The logo as it is kept, or why it is refused, in words for whoever chose it."""
    if content.startswith(_PNG):
        return _png(content)
    if b"<svg" in content[:4096]:
        return _svg(content)
    return "The logo is neither a PNG nor an SVG. Save it as one of the two."


def _png(content: bytes) -> Logo | str:
    if len(content) > PNG_BYTES:
        return f"The PNG is larger than {PNG_BYTES // 1024} kB. Make it smaller: it is printed 8 cm wide at most."
    kept = [_PNG]
    try:
        chunks = list(_chunks(content))
    except (struct.error, ValueError):
        return "The PNG is damaged. Save it again."
    if not chunks or chunks[0][0] != b"IHDR" or len(chunks[0][1]) != 13 or chunks[-1][0] != b"IEND":
        return "The PNG is damaged. Save it again."
    width, height = struct.unpack(">II", chunks[0][1][:8])
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
        return f"The PNG is {width:,} by {height:,} pixels; up to {LARGEST_SIDE:,} each way are printed."
    kept += [_chunk(name, body) for name, body in chunks if name in _PICTURE]
    return Logo(b"".join(kept), PNG)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The parts of a PNG up to its end. Raises ValueError or struct.error for what is damaged or goes on after it."""
    at = len(_PNG)
    while at < len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        body = content[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack_from(">I", content, at + 8 + length)
        if checksum != zlib.crc32(name + body):
            raise ValueError("checksum")
        yield name, body
        at += 12 + length
        if name == b"IEND":
            break
    if at != len(content):
        raise ValueError("something follows the picture")


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _svg(content: bytes) -> Logo | str:
    if len(content) > SVG_BYTES:
        return f"The SVG is larger than {SVG_BYTES // 1024} kB. Simplify it, or save it as a PNG."
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return "The SVG is not written in UTF-8. Save it again."
    # Before any parser sees it: entities can read files and grow without end.
    if re.search(r"<!(?:DOCTYPE|ENTITY|\[CDATA)|<\?(?!xml )", text, re.IGNORECASE):
        return (
            "The SVG has a DOCTYPE, an entity or an instruction in it. Save it as a plain SVG, or as a PNG."
        )
    try:
        root = ET.fromstring(text)  # noqa: S314 - no DOCTYPE and no entity is left that a parser could follow
    except ET.ParseError:
        return "The SVG is damaged. Save it again."
    if root.tag != f"{_SVG}svg":
        return "The SVG has no SVG namespace. Save it again as a plain SVG."
    faults = list(_faults(root))
    if faults:
        return f"{faults[0]} Save it as a plain SVG of shapes, with text turned into paths, or as a PNG."
    return Logo(content, SVG)


def _faults(root: ET.Element) -> Iterator[str]:
    """Everything in it that is no plain shape, the first standing first."""
    waiting, seen = [(root, 1)], 0
    while waiting:
        element, depth = waiting.pop()
        seen += 1
        if seen > MOST_SHAPES or depth > DEEPEST:
            yield f"The SVG has more than {MOST_SHAPES:,} shapes, or they stand too deep in each other."
            return
        name = element.tag.removeprefix(_SVG)
        if name not in _SHAPES:
            yield f"The SVG has <{name}> in it, which is no plain shape."
        for attribute, value in element.attrib.items():
            plain = attribute.rpartition("}")[2] if attribute.endswith("}space") else attribute
            if plain not in _ATTRIBUTES:
                yield f"The SVG has '{attribute}' in it, which no plain shape needs."
            elif _DANGEROUS.search(_REFERENCE.sub("", value)):
                yield f"The SVG's '{attribute}' points somewhere: {value[:60]!r}."
        waiting += [(child, depth + 1) for child in element]
