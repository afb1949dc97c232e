"""The words and the files of a mail, gathered from its parts in their order (RFC 2046)."""

import re
from dataclasses import dataclass, field
from typing import Final

from amends.desk.attachment import Attachment, file_name
from amends.desk.charset import plain_lines, read_bytes, storable
from amends.desk.delivery import Leaf
from amends.desk.fields import Mistakes
from amends.desk.mime import Part, content_of, uuencoded_files
from amends.desk.sanitise import HTML_LIMIT, as_html, bare_text, sanitise

#: Longer text is cut for storage; the rest is in the raw message.
TEXT_LIMIT: Final = 1_000_000

_WORDS: Final = frozenset({"text/plain", "text/html"})
_SIGNATURES: Final = frozenset(
    {"application/pgp-signature", "application/x-pgp-signature"}
    | {"application/pkcs7-signature", "application/x-pkcs7-signature"}
)
_CLOSED: Final = frozenset(
    {"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"}
)
_META_CHARSET: Final = re.compile(
    rb"<meta[^<>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE
)


@dataclass(slots=True)
class Piece:
    """A stretch of the message as plain text, as HTML, or as both where the sender sent both."""

    text: str = ""
    html: str = ""


@dataclass(slots=True)
class Body:
    """What the parts of one mail hold, once `gather` has walked them."""

    raw: bytes
    mistakes: Mistakes
    text: str = ""
    html: str = ""
    attachments: list[Attachment] = field(default_factory=list)
    reports: list[Leaf] = field(default_factory=list)
    html_left: int = HTML_LIMIT
    """How much HTML may still be made safe: the time that one mail may cost is shared by its parts."""


def gather(root: Part, raw: bytes, mistakes: Mistakes) -> Body:
    """The words and files of a mail."""
    body = Body(raw, mistakes)
    pieces = [piece for piece in _pieces(body, root, None) if piece.text.strip() or piece.html.strip()]
    shown: list[tuple[str, str]] = []
    length = 0
    for piece in pieces:
        if length <= TEXT_LIMIT:  # what lies beyond would be cut again
            shown.append(_shown(body, piece))
            length += len(shown[-1][0])
    body.text = _cut(body, "\n\n".join(text for text, _ in shown if text.strip()), "the text")
    if any(piece.html for piece in pieces):
        body.html = "\n".join(html for _, html in shown if html)
    if len(body.html) > TEXT_LIMIT:  # cut anywhere, it would no longer be safe
        body.mistakes.add(f"the HTML is longer than {TEXT_LIMIT:,} characters: told as plain text")
        body.html = ""
    return body


def _pieces(body: Body, part: Part, parent: Part | None) -> list[Piece]:
    """The stretches of words in a part; files go to the attachments on the way."""
    if not part.children:
        return _leaf(body, part, parent)
    inside = [_pieces(body, child, part) for child in part.children]
    if part.media_type == "multipart/alternative":
        return [_one_of(inside)]
    return [piece for pieces in inside for piece in pieces]


def _one_of(choices: list[list[Piece]]) -> Piece:
    """One stretch from the several forms of the same words: the first plain one, the last HTML one."""
    texts = ["\n\n".join(piece.text for piece in pieces if piece.text) for pieces in choices]
    htmls = ["\n".join(piece.html for piece in pieces if piece.html) for pieces in choices]
    return Piece(
        text=next((text for text in texts if text.strip()), ""),
        html=next((html for html in reversed(htmls) if html.strip()), ""),
    )


def _leaf(body: Body, part: Part, parent: Part | None) -> list[Piece]:
    """The words in a part without parts; none when it is a file."""
    content = content_of(part, body.raw, body.mistakes)
    if part.media_type in _WORDS and not _is_file(part, parent):
        text = _decoded(body, part, content)
        return [Piece(html=text)] if part.media_type == "text/html" else _plain(body, text)
    _keep(body, part, parent, content)
    return []


def _is_file(part: Part, parent: Part | None) -> bool:
    """Whether words were meant as a file: they say so, or have a file name and are not the whole mail."""
    return part.disposition == "attachment" or (bool(part.file_name) and parent is not None)


def _plain(body: Body, text: str) -> list[Piece]:
    """Plain words, without the files that old programs wrote into them."""
    kept, files = uuencoded_files(text)
    for name, content in files:
        _attach(body, name, "application/octet-stream", content, inline=False)
    return [Piece(text=kept)]


def _keep(body: Body, part: Part, parent: Part | None, content: bytes) -> None:
    """A part that is no words: a signature or report is noted, everything else is a file."""
    kind = part.media_type
    if parent and parent.media_type == "multipart/signed" and kind in _SIGNATURES:
        return
    if kind.startswith(("message/", "text/rfc822-headers")):
        body.reports.append(Leaf(kind, content))
    if kind in _CLOSED:
        body.mistakes.add(f"the words are signed or encrypted as a closed file ({kind}): not read here")
    inline = part.disposition == "inline" or (
        part.disposition != "attachment" and "content-id" in part.fields
    )
    _attach(body, part.file_name, kind, content, inline=inline)


def _attach(body: Body, name: str, media_type: str, content: bytes, *, inline: bool) -> None:
    number = len(body.attachments) + 1
    body.attachments.append(Attachment(file_name(name, media_type, number), media_type, content, inline))


def _decoded(body: Body, part: Part, content: bytes) -> str:
    """The words of a part, by its charset, fit to be stored."""
    declared = part.params.get("charset", "")
    if not declared and part.media_type == "text/html" and (found := _META_CHARSET.search(content[:2_048])):
        declared = found[1].decode("ascii")
    if len(content) > 4 * TEXT_LIMIT:
        content = content[: 4 * TEXT_LIMIT]
        body.mistakes.add("the text is very long: the rest is in the raw message only")
    text, guess = read_bytes(content, declared)
    if guess:
        body.mistakes.add(guess)
    clean, unfit = storable(text)
    if unfit:
        body.mistakes.add("NUL or broken characters in the text: removed")
    return plain_lines(clean)


def _shown(body: Body, piece: Piece) -> tuple[str, str]:
    """A stretch as plain text and as safe HTML."""
    if not piece.html.strip():
        return piece.text, as_html(piece.text)
    try:
        safe = sanitise(piece.html, body.html_left)
    except Exception as fault:  # noqa: BLE001 - the libraries' faults are many; each is told, and the words are kept
        body.mistakes.add(f"HTML could not be read ({type(fault).__name__}): told as plain text")
        return piece.text or bare_text(piece.html), ""
    body.html_left = max(0, body.html_left - len(piece.html))
    if safe.odd:
        body.mistakes.add(safe.odd)
    text = piece.text if piece.text.strip() else plain_lines(storable(safe.text)[0])
    return text, plain_lines(storable(safe.html)[0])


def _cut(body: Body, text: str, what: str) -> str:
    if len(text) <= TEXT_LIMIT:
        return text
    body.mistakes.add(f"{what} is longer than {TEXT_LIMIT:,} characters: the rest is in the raw message only")
    return text[:TEXT_LIMIT]
