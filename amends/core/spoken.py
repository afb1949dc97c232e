"""A script fit for reading aloud, by a person or a voice: what the eye takes in at a glance is said as people say it.

Telephone numbers digit by digit, references and postcodes letter by letter, addresses of mail and web with their dots,
sums in pounds and pence, times as A M or P M, a heading and a list announced. The words are those of the letter; nothing
is left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from amends.core import saying
from amends.core.letters.blocks import Block, Bullets, Details, Heading, Link, Paragraph, Quote
from amends.core.telephone import NUMBERS


def script(title: str, blocks: Sequence[Block]) -> str:
    """The words as they are to be read aloud, a paragraph for each breath, empty lines between them."""
    parts = [_sentence(said(title)), *(part for block in blocks for part in _parts(block))]
    return "\n\n".join(part for part in parts if part) + "\n"


def _parts(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(text):
            yield _lines(text)
        case Heading(text):
            yield f"Heading: {_sentence(said(text))}" if text else ""
        case Details(rows):
            yield from (f"{said(label)}: {_lines(value)}" for label, value in rows if label or value)
        case Bullets(items):
            if items:
                yield f"A list of {saying.counted(len(items), 'thing')}."
            yield from (f"{number}: {_lines(item)}" for number, item in enumerate(items, 1))
        case Quote(text):
            yield f"Quotation: {_lines(text)}" if text else ""
            yield "End of quotation." if text else ""
        case Link(text, address):
            yield f"{said(text)}: {_sentence(said(address))}"


def _lines(text: str) -> str:
    """Lines that stand apart on paper, each a sentence of its own."""
    return "\n".join(_sentence(said(line)) for line in text.split("\n") if line.strip())


def _sentence(text: str) -> str:
    return text if not text or text[-1] in ".!?:;," else f"{text}."


def said(text: str) -> str:
    """One line of text as it is said."""
    for pattern, how in _HOW:
        text = pattern.sub(how, text)
    return " ".join("".join(map(_named, text)).split())


# --- Each kind of thing -------------------------------------------------------------------------------------------


def _spelled(text: str) -> str:
    """Each letter and digit by itself."""
    return " ".join(text)


def _telephone(found: re.Match[str]) -> str:
    groups = re.findall(r"\+|\d+", found[0])
    return ", ".join("plus" if group == "+" else _spelled(group) for group in groups)


def _account(found: re.Match[str]) -> str:
    digits = found[0]
    return ", ".join(_spelled(digits[at : at + 3]) for at in range(0, len(digits), 3))


def _reference(found: re.Match[str]) -> str:
    return ", ".join(_spelled(part) for part in found[0].split("-"))


def _mailbox(found: re.Match[str]) -> str:
    local, _, domain = found[0].partition("@")
    return f"{_dotted(local)} at {_dotted(domain)}"


def _web(found: re.Match[str]) -> str:
    address = found["place"].rstrip("/") or found["place"]
    end = ""
    while address and address[-1] in ".,;:!?)":
        address, end = address[:-1], address[-1] + end
    return f"{_dotted(address)}{end}"


_IN_ADDRESSES = {
    ".": "dot", "/": "slash", "-": "hyphen", "_": "underscore", "?": "question mark", "=": "equals", "&": "and",
    "#": "hash", "%": "per cent", "+": "plus", ":": "colon", "~": "tilde", "@": "at",
}  # fmt: skip


def _dotted(address: str) -> str:
    words = (f" {_IN_ADDRESSES[c]} " if c in _IN_ADDRESSES else c for c in address)
    return " ".join(_letter_by_letter("".join(words)).split())


def _letter_by_letter(words: str) -> str:
    """Long runs of digits and letters together say nothing as a word; where large and small differ, large ones are named."""
    return re.sub(r"\b(?=\w*\d)(?=\w*[^\W\d])\w+\b", lambda mixed: _in_both_sizes(mixed[0]), words)


def _in_both_sizes(text: str) -> str:
    if text in (text.upper(), text.lower()):
        return _spelled(text)
    return " ".join(f"capital {c}" if c.isupper() else c for c in text)


def _money(found: re.Match[str]) -> str:
    many, one, part = _MONEY[found["sign"]]
    whole, rest = found["whole"].replace(",", ""), found["rest"] or ""
    pounds = f"{found['whole']} {one if whole == '1' else many}"
    words = pounds if not rest.strip("0") else f"{pounds} {int(rest)} {part}"
    return f"{'minus ' if found['less'] else ''}{words}"


_MONEY = {
    "£": ("pounds", "pound", "pence"),
    "€": ("euros", "euro", "cents"),
    "$": ("dollars", "dollar", "cents"),
}


def _clock(found: re.Match[str]) -> str:
    minutes = int(found["minutes"])
    return (
        f"{int(found['hour'])} {found['minutes'] if minutes > 9 else f'oh {minutes}'} {_half(found['half'])}"
    )


def _full_clock(found: re.Match[str]) -> str:
    """A time of twenty-four hours, which a voice would read as two numbers: "18:30" is 6 30 P M."""
    hour, minutes = int(found["hour"]), found["minutes"]
    past = "" if minutes == "00" else f" {minutes if int(minutes) > 9 else f'oh {int(minutes)}'}"
    if not past and hour % 12 == 0:
        return "12 noon" if hour == 12 else "midnight"
    return f"{(hour - 1) % 12 + 1}{past} {_half('pm' if 12 <= hour < 24 else 'am')}"


def _half(half: str) -> str:
    return " ".join(half.upper())


_IN_SUMS = {"×": "times", "÷": "divided by", "=": "equals", "+": "plus"}

_BARE_HOST = re.compile(
    r"(?<![\w@./-])(?:[a-z0-9-]{1,63}\.){1,4}(?:uk|com|org|net|info|gov|example)(?![\w-]|\.\w)(?:/[\w/-]{0,200})?"
)
"""The name of a place on the web as prose has it, without what goes before: "ico.org.uk"."""

# Repetitions are bounded: what a stranger typed must not take time that grows with its square.
_HOW: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"), _mailbox),
    (re.compile(r"(?:https?://|(?=www\.))(?P<place>[^\s<>\"']{1,2000})"), _web),
    (_BARE_HOST, lambda found: _dotted(found[0])),
    (NUMBERS, _telephone),
    (
        re.compile(
            r"(?P<less>-)?(?P<sign>[£€$])(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<rest>\d\d))?(?![\d])"
        ),
        _money,
    ),
    (re.compile(r"\b(?P<hour>\d{1,2}):(?P<minutes>[0-5]\d) ?(?P<half>am|pm)\b"), _clock),
    (re.compile(r"(?<=\d) (?P<half>am|pm)\b"), lambda found: f" {_half(found['half'])}"),
    (re.compile(r"(?<![\d:.])(?P<hour>[01]\d|2[0-4]):(?P<minutes>[0-5]\d)(?![\d:])"), _full_clock),
    (
        re.compile(r"(?<!\w)(?=[A-Z0-9-]{0,40}\d)(?=[A-Z0-9-]{0,40}[A-Z])[A-Z0-9]+(?:-[A-Z0-9]+)*(?!\w)"),
        _reference,
    ),
    (re.compile(r"(?<![\d.,])\d{7,}(?![\d.,]\d|\d)"), _account),
    (re.compile(r"(?<=\d) ?%"), lambda _: " per cent"),
    (
        re.compile(r"(?<![\d–-])(\d{1,4}) ?[–-] ?(\d{1,4})(?![\d–-])"),
        lambda found: f"{found[1]} to {found[2]}",
    ),
    (re.compile(r"\s&\s"), lambda _: " and "),
    (re.compile(r" ([×÷=+]) "), lambda found: f" {_IN_SUMS[found[1]]} "),
)


def _named(character: str) -> str:
    """A character that nobody can pronounce, by its name in brackets; every letter of every script is left to the reader."""
    if character.isascii() or unicodedata.category(character)[0] in "LMNPZ":
        return character
    if character in "£€¥¢+=×÷−±<>°©®™§¶":
        return character
    name = unicodedata.name(character, "").lower()
    return f" ({name or f'character {ord(character):04X}'}) "
