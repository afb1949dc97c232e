"""The new words of a reply, apart from the quoted message and the signature, where that can be told.

Wrongly kept quotes cost a second of reading; wrongly cut words cost a complaint. So a quotation is cut only at a line
that names a sender and a time or address, or at `>`; a signature only at the line `-- ` (RFC 3676, 4.3). Patterns come
from mail-parser-reply, for the languages of mail programs in use here; Welsh is ours.
"""

import re
from typing import Final

from mailparser_reply.constants import MAIL_LANGUAGES

#: The patterns are tried on the first lines of a mail, cut to this length; more is no header of a quotation.
LINE_LIMIT: Final = 300
TEXT_LIMIT: Final = 50_000

_LANGUAGES: Final = ("en", "de", "fr", "es", "it", "nl", "pl", "cs", "da", "sv")
_WELSH: Final = r"^((?:> ?)*Ar\s(?:[^\n]+\n?[^\n]+)\s?ysgrifennodd\b[^\n]{0,80}:)$"
_WROTE: Final = re.compile(
    "|".join((_WELSH, *(MAIL_LANGUAGES[language]["wrote_header"] for language in _LANGUAGES))),
    re.MULTILINE | re.IGNORECASE,
)
_SEPARATOR: Final = re.compile(
    r"^(?:-{4,} ?(?:Original Message|Ursprüngliche Nachricht|Message d'origine|Neges Wreiddiol) ?-{4,})$",
    re.MULTILINE | re.IGNORECASE,
)
_FORWARDED: Final = re.compile(
    r"^(?:-{5,} ?Forwarded [Mm]essage ?-{5,}|Begin forwarded message:|-{5,} ?Neges wedi'i hanfon ymlaen ?-{5,})$",
    re.MULTILINE,
)
#: The header that Outlook puts above what it quotes, line by line, in English, Welsh and German.
_BLOCK_LINE: Final = re.compile(
    r"[* ]*(From|Sent|Date|To|Cc|Subject|Oddi wrth|Anfonwyd|Dyddiad|At|Pwnc|Von|Gesendet|An|Betreff):[ *]",
    re.IGNORECASE,
)
_BLOCK_FIRST: Final = frozenset({"from", "oddi wrth", "von"})
_TIMED: Final = re.compile(r"@|\d{1,2}[:.]\d{2}|\b(?:19|20)\d\d\b")
_RULED: Final = re.compile(r"[_-]{5,}")
_SENT_FROM: Final = re.compile(
    r"(?:Sent from (?:my |Outlook|Yahoo|Mail |Proton|AOL)|Get Outlook for|Anfonwyd o fy)[^\n]{0,60}",
    re.IGNORECASE,
)


def new_words(text: str) -> str:
    """The text without quoted messages and signature; the whole text when nothing would be left."""
    lines = text.split("\n")
    begin, end, wrote = _quotation(lines)
    above = _unsigned(_unquoted(lines[:begin]))
    behind = lines[end:]
    # Below "… wrote:" answers stand between or under the quoted lines, if those are marked at all.
    below = _unsigned(_unquoted(behind)) if wrote and any(line.startswith(">") for line in behind) else []
    return "\n".join((*above, *below)).strip() or text.strip() or text


def _quotation(lines: list[str]) -> tuple[int, int, bool]:
    """The first and next line of what introduces a quotation, and whether it is of the "… wrote:" kind."""
    found = [place for place in (_wrote(lines), _mark(lines, _SEPARATOR), _block(lines)) if place]
    forwarded = _mark(lines, _FORWARDED)
    if forwarded:
        found.append(forwarded)
    if not found:
        return len(lines), len(lines), False
    return min(found)


def _probe(lines: list[str]) -> str:
    """The text as the patterns see it: every line in its place, stripped and cut."""
    return "\n".join(line.strip()[:LINE_LIMIT] for line in lines)[:TEXT_LIMIT]


def _wrote(lines: list[str]) -> tuple[int, int, bool] | None:
    """Where "On … wrote:" stands, in any of the languages, with an address or a time in it."""
    probe = _probe(lines)
    for match in _WROTE.finditer(probe):
        words = match[0].strip("\n")
        if _TIMED.search(words) and not words.startswith(">"):
            first = probe.count("\n", 0, match.start())
            return first, first + match[0].count("\n") + 1, True
    return None


def _mark(lines: list[str], pattern: re.Pattern[str]) -> tuple[int, int, bool] | None:
    probe = _probe(lines)
    match = pattern.search(probe)
    if not match:
        return None
    first = probe.count("\n", 0, match.start())
    return first, first + 1, False


def _block(lines: list[str]) -> tuple[int, int, bool] | None:
    """Where three or more lines such as From:, Sent:, To: stand together, the first of them naming a sender."""
    names: list[str] = []
    begin = 0
    for number, line in enumerate(lines[: TEXT_LIMIT // 10]):
        match = _BLOCK_LINE.match(line + " ")
        if match and (names or match[1].lower() in _BLOCK_FIRST):
            begin = begin if names else number
            names.append(match[1].lower())
            if len(set(names)) == 3:
                return begin, number + 1, False
        elif not (names and line[:1] in (" ", "\t")):
            names = []
    return None


def _unquoted(lines: list[str]) -> list[str]:
    """The lines that do not begin with `>`."""
    return [line for line in lines if not line.startswith(">")]


def _unsigned(lines: list[str]) -> list[str]:
    """The lines above the signature, without a phone's "Sent from my …" or a ruled line at the end."""
    end = len(lines)
    written = False
    for number, line in enumerate(lines):
        if line in ("-- ", "--") and written:
            end = number
            break
        written = written or bool(line.strip())
    while end and (not lines[end - 1].strip() or _RULED.fullmatch(lines[end - 1].strip())):
        end -= 1
    if end > 1 and _SENT_FROM.fullmatch(lines[end - 1].strip()):
        end -= 1
    return lines[:end]
