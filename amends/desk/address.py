"""Who an address line names: people and their mailboxes, read so that nobody can pose as another by odd spelling.

What is not plainly one address is no address: it is told as a mistake and a person looks (L23). RFC 5322, 3.4.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from amends.desk.fields import Mistakes, decoded_words, one_line

#: More recipients than this in one field are left to the raw message.
ADDRESS_LIMIT: Final = 500
EMAIL_LIMIT: Final = 254

_PLAIN: Final = re.compile(
    r"[^\s@<>()\[\],;:\\\"\x00-\x20\x7f]{1,128}@[^\s@<>()\[\],;:\\\"/\x00-\x20\x7f]{1,200}"
)
#: What can turn the reading of an address line: encoded words and escapes first, for they hide the others.
_ENCODED: Final = re.compile(r"=\?[^?\s]{0,80}\?[bBqQ]\?[^?]*\?=")
_MARK: Final = re.compile(_ENCODED.pattern + r"|\\.|[\"()<>@,;:]")
_PIECE: Final = re.compile(_ENCODED.pattern + r"|\\.|.", re.DOTALL)
_UPPER: Final = str.maketrans({chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)})


@dataclass(frozen=True, slots=True)
class Address:
    """A name as written (may be "") and an e-mail address, its domain in lower case."""

    name: str
    email: str

    @property
    def key(self) -> str:
        """What tells two addresses apart: A to Z lowered, the domain as the name servers know it.

        Only A to Z: a Kelvin sign lowered to `k` would make a stranger's mailbox a customer's.
        """
        local, _, domain = self.email.rpartition("@")
        try:
            known = domain.encode("idna").decode("ascii")
        except UnicodeError:
            known = domain
        return f"{local.translate(_UPPER)}@{known.translate(_UPPER)}"


def read_addresses(lines: list[str], mistakes: Mistakes, where: str) -> tuple[Address, ...]:
    """Everyone whom some undecoded field values name, each address once; what is none is told as a mistake."""
    found: dict[str, Address] = {}
    for line in lines:
        for segment in _segments(line):
            address = _address(segment, mistakes, where)
            if len(found) >= ADDRESS_LIMIT:
                mistakes.add(
                    f"{where}: more than {ADDRESS_LIMIT} addresses: the rest is in the raw message only"
                )
                return tuple(found.values())
            if address:
                found.setdefault(address.key, address)
            elif segment.strip(" <>"):
                mistakes.add(f"{where}: '{segment[:80]}' is no address")
    return tuple(found.values())


def bare_addresses(lines: list[str]) -> tuple[str, ...]:
    """The mailboxes named in envelope fields such as Delivered-To, as written, each once."""
    found = {address.email: None for address in read_addresses(lines, Mistakes(), "")}
    return tuple(found)


def _address(segment: str, mistakes: Mistakes, where: str) -> Address | None:
    """The address in one segment, when it holds exactly one."""
    rest, comments = _without_comments(segment)
    # An address inside an encoded word is seen by no mail server, so nothing has checked it: it is none.
    angle = _ENCODED.sub(lambda word: "=" * len(word[0]), rest).rfind("<")
    name, mailbox = (rest[:angle], rest[angle + 1 :]) if angle >= 0 else ("", rest)
    if angle >= 0 and ">" in mailbox:
        mailbox, _, behind = mailbox.partition(">")
        if _PLAIN.search(behind) or ("@" in name and "<" in name):
            return None
    mailbox = (
        mailbox.rpartition(":")[2] if mailbox.lstrip().startswith("@") else mailbox
    )  # an old source route
    mailbox = mailbox.strip().strip("'").removeprefix("mailto:")
    quoted = re.fullmatch(r'"([^"\\]+)"(@.+)', mailbox)
    mailbox = quoted[1] + quoted[2] if quoted else mailbox
    if len(mailbox) > EMAIL_LIMIT or not _PLAIN.fullmatch(mailbox):
        return None
    local, _, domain = mailbox.rpartition("@")
    spoken = _unquoted(name) or _unquoted(comments)
    return Address(
        name=one_line(decoded_words(spoken, mistakes, where))[:200],
        email=f"{local}@{domain.lower().rstrip('.')}",
    )


def _unquoted(name: str) -> str:
    """A display name without its quotes and escapes."""
    return re.sub(r"\\(.)", r"\1", name.strip()).replace('"', "").strip().strip("'").strip()


def _segments(line: str) -> Iterator[str]:
    """The mailboxes of an address line, cut at commas and semicolons that stand outside quotes and brackets."""
    if line.count('"') % 2:
        line = line.replace('"', " ")  # a quote that never closes would swallow everyone after it
    start, angled, mailbox = 0, False, False
    for position, mark in _open_marks(line):
        if mark in "<>":
            angled = mark == "<"
        elif mark == "@":
            mailbox = True
        elif mark in ",;" and not angled:
            yield line[start:position].strip()
            start, mailbox = position + 1, False
        elif mark == ":" and not angled and not mailbox:
            start = (
                position + 1
            )  # behind the name of a group, "Complaints team: a@example.org, b@example.org;"
    yield line[start:].strip()


def _open_marks(line: str) -> Iterator[tuple[int, str]]:
    """The marks `<>@,;:` that stand outside quotes, comments and encoded words, with their places."""
    quoted, depth = False, 0
    for match in _MARK.finditer(line):
        mark = match[0]
        if mark == '"' and not depth:
            quoted = not quoted
        elif quoted or len(mark) > 1:
            continue
        elif mark in "()":
            depth = depth + 1 if mark == "(" else max(0, depth - 1)
        elif not depth and mark != '"':
            yield match.start(), mark


def _without_comments(segment: str) -> tuple[str, str]:
    """A segment without its (comments), and the words of the comments."""
    kept: list[str] = []
    said: list[str] = []
    quoted, depth = False, 0
    for piece in _PIECE.findall(segment):
        if piece == '"' and not depth:
            quoted = not quoted
        if quoted or piece not in ("(", ")") or (piece == ")" and not depth):
            (said if depth else kept).append(piece)
        else:
            depth = depth + 1 if piece == "(" else depth - 1
    return "".join(kept), "".join(said)
