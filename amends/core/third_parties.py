"""Finds what may be data of somebody else in words about a person: a mark for each, about which a person decides.

DP-11: a copy of personal data tells nothing of other people who have not agreed. No program knows every name, so a mark
is a question and no answer, and whoever reads can take out further words. What is known to be the person's own, or the
provider's, is not marked.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple


class Sort(StrEnum):
    """What a mark may be."""

    NAME = "a name"
    EMAIL = "an email address"
    PHONE = "a telephone number"
    ADDRESS = "a postal address"
    NUMBER = "a bank, card or account number"
    STAFF = "one of our people"
    CHOSEN = "words that were chosen"
    """Somebody wrote down that they are to be taken out."""


class Mark(NamedTuple):
    """Some words of a text: `text[start:end]`."""

    start: int
    end: int
    sort: Sort
    words: str

    @property
    def key(self) -> str:
        """The same for the same words everywhere, however they are written: one decision holds for all of them."""
        return f"{self.sort.name.lower()}:{_alike(self.sort, self.words)}"


@dataclass(frozen=True, slots=True)
class Known:
    """Who the person is, and who else is known to be somebody."""

    names: frozenset[str] = frozenset()
    """Names of the person themselves, whole."""
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    postcodes: frozenset[str] = frozenset()
    streets: frozenset[str] = frozenset()
    """Lines of their own addresses and of the provider's, as `streets` gives them."""
    numbers: frozenset[str] = frozenset()
    """Their account numbers, and others that are theirs."""
    staff: frozenset[str] = frozenset()
    """Names of the people of the provider."""
    others: frozenset[str] = frozenset()
    """Names of other people who stand on their cases and records."""
    chosen: frozenset[str] = frozenset()
    """Words that a person wants taken out."""
    _tokens: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_tokens", frozenset(t for name in self.names for t in _tokens(name)))

    def is_own_name(self, words: str) -> bool:
        """Whether this names the person and nobody else, as far as anybody can tell."""
        said = [t for t in _tokens(words) if t not in _TITLES]
        return bool(said) and set(said) <= self._tokens


_TITLES: Final = frozenset(
    {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "rev", "reverend"}
)
#: It begins where its word begins: else a word without end would be read once for each of its letters.
_EMAIL: Final = re.compile(r"(?<![\w.!#$%&'*+/=?^`{|}~-])[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
#: A bracket that opens before a 0 and more digits begins another number, but for the (0) that is left out from abroad.
_PHONE: Final = re.compile(r"(?<![\w.])(?:\+|00)?\(?\d(?:(?:[\s.)-]|\(0\)|\((?=[1-9])){0,3}\d){8,14}(?!\w)")
_POSTCODE: Final = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b", re.IGNORECASE)
_STREET: Final = re.compile(
    r"\b(?:flat\s+\w+,?\s+)?\d{1,4}[a-z]?,?\s+(?:[A-Z][\w'’-]+\s+){1,4}"
    r"(?:street|road|lane|avenue|close|drive|court|place|way|crescent|gardens|terrace|hill|row|square|mews|park)\b",
    re.IGNORECASE,
)
_SORT_CODE: Final = re.compile(r"\b\d{2}-\d{2}-\d{2}\b(?:\s+\d{8}\b)?")
_CARD: Final = re.compile(r"\b(?:\d{4}[\s-]?){3}\d{1,7}\b")
_NAMED: Final = (
    r"[^\W\d_a-z][\w'’-]*"
    r"(?:[ \t]+(?!(?:The|And|But|We|You|He|She|They|It|I|On|At|In|Who|Our|My)\b)[^\W\d_a-z][\w'’-]*){0,2}"
)
_TITLED: Final = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Rev|Reverend)\.?[ \t]+{_NAMED}"
)
_RELATED: Final = re.compile(
    r"\b(?:[Mm]y|[Hh]is|[Hh]er|[Tt]heir|[Oo]ur|[Yy]our|[Tt]he|[Aa]|[Hh]er|[Ww]ith)[ \t]+(?:late[ \t]+)?"
    r"(?:wife|husband|partner|son|daughter|mother|father|mum|dad|brother|sister|neighbour|friend|flatmate|landlord"
    r"|landlady|carer|colleague|boss|tenant|lodger|girlfriend|boyfriend|uncle|aunt|grandson|granddaughter|grandmother"
    rf"|grandfather|doctor|solicitor|manager|engineer|technician)(?:,|[ \t]+called)?[ \t]+({_NAMED})"
)


def find(text: str, known: Known) -> tuple[Mark, ...]:
    """Every mark in a text, in its order, none within another: of two that meet the longer stands."""
    taken: list[Mark] = []
    for mark in sorted(_all(text, known), key=lambda m: (m.start - m.end, m.start)):
        place = bisect(taken, mark)
        before = place == 0 or taken[place - 1].end <= mark.start
        if before and (place == len(taken) or mark.end <= taken[place].start):
            taken.insert(place, mark)
    return tuple(taken)


def without(text: str, marks: Iterable[Mark], said: str = "[taken out: {sort}]") -> str:
    """The text with these marks taken out, each with a word of what it was."""
    made, at = [], 0
    for mark in sorted(marks):
        made += [text[at : mark.start], said.format(sort=mark.sort)]
        at = mark.end
    return "".join([*made, text[at:]])


def _all(text: str, known: Known) -> Iterator[Mark]:
    yield from _of_words(text, known.chosen, Sort.CHOSEN, short=True)
    yield from _of_words(text, known.staff, Sort.STAFF)
    yield from _of_words(text, (n for n in known.others if not known.is_own_name(n)), Sort.NAME)
    for sort, pattern, is_own in _PATTERNS:
        for found in pattern.finditer(text):
            group = pattern.groups  # the words themselves, where they stand behind others
            if not is_own(known, found[group]):
                yield Mark(found.start(group), found.end(group), sort, found[group])


_PATTERNS: Final[tuple[tuple[Sort, re.Pattern[str], Callable[[Known, str], bool]], ...]] = (
    (Sort.EMAIL, _EMAIL, lambda known, words: words.casefold() in known.emails),
    (Sort.NUMBER, _SORT_CODE, lambda known, words: _digits(words) in known.numbers),
    (Sort.NUMBER, _CARD, lambda known, words: _digits(words) in known.numbers),
    (
        Sort.PHONE,
        _PHONE,
        lambda known, words: telephone(words) in known.phones or _digits(words) in known.numbers,
    ),
    (Sort.ADDRESS, _POSTCODE, lambda known, words: postcode(words) in known.postcodes),
    (Sort.ADDRESS, _STREET, lambda known, words: _line(words) in known.streets),
    (Sort.NAME, _TITLED, lambda known, words: known.is_own_name(words)),
    (Sort.NAME, _RELATED, lambda known, words: known.is_own_name(words)),
)
"""What is looked for, how, and whether what was found is the person's own or the provider's."""


def _of_words(text: str, wanted: Iterable[str], sort: Sort, *, short: bool = False) -> Iterator[Mark]:
    for words in wanted:
        parts = words.split()
        if not parts or (not short and len(words) < _SHORTEST):
            continue
        pattern = r"(?<!\w)" + r"\s+".join(map(re.escape, parts)) + r"(?!\w)"
        for found in re.finditer(pattern, text, re.IGNORECASE):
            yield _mark(found, sort)


_SHORTEST: Final = 3
"""Letters of the shortest name that is looked for: initials stand in too many words."""


def _mark(found: re.Match[str], sort: Sort) -> Mark:
    return Mark(found.start(), found.end(), sort, found[0])


def _alike(sort: Sort, words: str) -> str:
    if sort is Sort.PHONE:
        return telephone(words)
    if sort is Sort.NUMBER:
        return _digits(words)
    return _line(words)


def _digits(words: str) -> str:
    return "".join(c for c in words if c.isdecimal())


def telephone(words: str) -> str:
    """A telephone number as two writings of it are compared: its digits, begun as in this country."""
    digits = _digits(words)
    for begins in ("0044", "44"):
        if digits.startswith(begins) and len(digits) > 10:
            return "0" + digits.removeprefix(begins).removeprefix("0")
    return digits


def postcode(words: str) -> str:
    """A postcode as two writings of it are compared."""
    return "".join(words.split()).upper()


def postcodes(words: str) -> Iterator[str]:
    """The postcodes that stand in an address."""
    yield from (postcode(found[0]) for found in _POSTCODE.finditer(words))


def streets(address: str) -> Iterator[str]:
    """The streets that stand in an address, as two writings of them are compared."""
    yield from (_line(found[0]) for found in _STREET.finditer(address))


def _line(words: str) -> str:
    return " ".join(words.casefold().replace(",", " ").split())


def _tokens(name: str) -> Sequence[str]:
    bare = unicodedata.normalize("NFKC", name).casefold()
    return re.findall(r"[^\W\d_]+", bare)
