"""Finds schemes, and whatever of theirs is retired, in the words of a published code.

Names are found at word boundaries and never inside an address; numbers whatever their spacing; postal
addresses over several lines. "The Ombudsman" alone names nobody and is not found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from amends.core.dated import Confidence
from amends.core.schemes import Detail, NotScheme, Retired, RetiredKind, Scheme, SchemeDetails

# Each part begins only where a word begins: a long line without an address costs one pass and not many.
_ADDRESS = re.compile(
    r"https?://\S+|(?<![\w.+-])[\w.+-]+@[\w.-]+"
    r"|(?<![\w.-])(?:[\w-]+\.)+(?:com|org|net|uk|eu|info|gov)\b(?:/\S*)?",
    re.IGNORECASE,
)
_BETWEEN_WORDS = r"(?:\s*[:,–—-]\s*|\s+\(?)"
_BETWEEN_DIGITS = r"[\s.()/-]*"
_ABBREVIATION = 5


@dataclass(frozen=True, slots=True)
class SchemeMention:
    """A scheme named in a text."""

    scheme: Scheme
    name: str
    """The name of the directory that was found."""
    text_as_found: str
    start_offset: int
    retired: Retired | None
    """The retired name that it is; None for a present one."""

    @property
    def end_offset(self) -> int:
        """Where the words end."""
        return self.start_offset + len(self.text_as_found)


@dataclass(frozen=True, slots=True)
class RetiredMention:
    """A detail in a text that is no longer the scheme's, with what stands in its place."""

    scheme: Scheme
    kind: RetiredKind
    text_as_found: str
    start_offset: int
    current_value: str
    """What to print instead on the day that was asked for."""
    rule: str
    confidence: Confidence
    since: date | None
    note: str = ""

    @property
    def end_offset(self) -> int:
        """Where the words end."""
        return self.start_offset + len(self.text_as_found)


@dataclass(frozen=True, slots=True)
class NotSchemeMention:
    """A body named in a text that is no scheme."""

    body: NotScheme
    text_as_found: str
    start_offset: int


@dataclass(frozen=True, slots=True)
class _Known:
    """Something of a scheme that can stand in a text."""

    pattern: str
    scheme: Scheme
    text: str
    retired: Retired | None = None


class Finder:
    """The patterns of one directory, compiled once. Each text is read once, whatever it holds."""

    def __init__(self, schemes: Iterable[Scheme], not_schemes: Iterable[NotScheme]) -> None:
        known = tuple(schemes)
        # The longest name first: "Ombudsman Services: Communications" is not "Ombudsman Services".
        self._names = tuple(sorted((n for s in known for n in _names(s)), key=lambda n: -len(n.text)))
        # Mailboxes before domains, which would otherwise take them.
        self._old = tuple(sorted((o for s in known for o in _old(s)), key=lambda o: "@" not in o.text))
        self._bodies = tuple((_name_pattern(name), body) for body in not_schemes for name in body.names)
        self._find_name = _any_of(n.pattern for n in self._names)
        self._find_old = _any_of(o.pattern for o in self._old)
        self._find_body = _any_of(pattern for pattern, _ in self._bodies)

    def schemes(self, text: str) -> tuple[SchemeMention, ...]:
        """Every scheme named in the text, in the order of the text."""
        found = ((m, self._names[_place(m)]) for m in self._find_name.finditer(_without_addresses(text)))
        return tuple(SchemeMention(n.scheme, n.text, m[0], m.start(), n.retired) for m, n in found)

    def retired(self, text: str, on: date) -> tuple[RetiredMention, ...]:
        """Every detail in the text that is retired on this day, in the order of the text.

        Raises `NotKnown` where the present details of the scheme are not known on that day.
        """
        found = [
            (scheme, old, words, start)
            for scheme, old, words, start in (*self._retired_names(text), *self._retired_details(text))
            if old.since is None or old.since <= on
        ]
        present = {scheme.id: scheme.on(on) for scheme, _, _, _ in found}
        told = (
            _mention(scheme, old, words, start, present[scheme.id]) for scheme, old, words, start in found
        )
        return tuple(sorted(told, key=lambda m: m.start_offset))

    def _retired_names(self, text: str) -> Iterator[_Found]:
        for named in self.schemes(text):
            if named.retired is not None:
                yield named.scheme, named.retired, named.text_as_found, named.start_offset

    def _retired_details(self, text: str) -> Iterator[_Found]:
        for match in self._find_old.finditer(text):
            old = self._old[_place(match)]
            if old.retired is not None:
                yield old.scheme, old.retired, match[0], match.start()

    def not_schemes(self, text: str) -> tuple[NotSchemeMention, ...]:
        """Every body in the text that codes name in a scheme's place, in the order of the text."""
        found = self._find_body.finditer(_without_addresses(text))
        return tuple(NotSchemeMention(self._bodies[_place(m)][1], m[0], m.start()) for m in found)


_Found = tuple[Scheme, Retired, str, int]


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """All patterns as one, the earlier before the later; `_place` tells which of them was met."""
    return re.compile("|".join(f"({pattern})" for pattern in patterns))


def _place(match: re.Match[str]) -> int:
    return (match.lastindex or 1) - 1


def _names(scheme: Scheme) -> Iterator[_Known]:
    old = {r.text: r for r in scheme.retired if r.kind == "name"}
    for name in (scheme.name, *scheme.also):
        yield _Known(_name_pattern(name), scheme, name)
    for name, retired in old.items():
        yield _Known(_name_pattern(name, retired.unless_followed_by), scheme, name, retired)


def _old(scheme: Scheme) -> Iterator[_Known]:
    for old in scheme.retired:
        if old.kind != "name":
            yield _Known(_PATTERNS[old.kind](old.text), scheme, old.text, old)


def _mention(scheme: Scheme, old: Retired, text: str, start: int, present: SchemeDetails) -> RetiredMention:
    return RetiredMention(
        scheme=scheme,
        kind=old.kind,
        text_as_found=text,
        start_offset=start,
        current_value=_current(old.kind, present),
        rule=old.rule,
        confidence=old.confidence,
        since=old.since,
        note=old.note,
    )


def _current(kind: RetiredKind, details: SchemeDetails) -> str:
    present = {
        "name": details.name,
        "address": ", ".join(details.post),
        "phone": details.phone,
        "email": details.email,
        "domain": details.dated[Detail.WEB].value,
    }
    return present[kind]


def _without_addresses(text: str) -> str:
    """The text with addresses blanked out and every other character where it was."""
    return _ADDRESS.sub(lambda match: "\0" * len(match[0]), text)


def _name_pattern(name: str, unless_followed_by: Iterable[str] = ()) -> str:
    """A name at word boundaries, with any punctuation between its words."""
    words = ("(?:and|&)" if word in ("and", "&") else re.escape(word) for word in re.findall(r"\w+|&", name))
    others = "|".join(re.escape(word) for word in unless_followed_by)
    unless = rf"(?!{_BETWEEN_WORDS}(?:{others})\b)" if others else ""
    # FCS and ISPA are names only in capitals.
    case = "" if name.isupper() and len(name) < _ABBREVIATION else "i"
    return rf"(?{case}:\b{_BETWEEN_WORDS.join(words)}\b{unless})"


def _phone_pattern(number: str) -> str:
    """A UK number, with 0 or +44, whatever stands between its digits."""
    digits = re.sub(r"\D", "", number).removeprefix("0")
    rest = _BETWEEN_DIGITS.join(digits)
    return rf"(?<!\d)(?:(?:\+|00)44{_BETWEEN_DIGITS}0?|\(?0){_BETWEEN_DIGITS}{rest}(?!\d)"


def _email_pattern(address: str) -> str:
    return rf"(?i:(?<![\w.+-]){re.escape(address)}(?![\w-]|\.\w))"


def _domain_pattern(domain: str) -> str:
    """A domain, or the beginning of a path, in a link, bare or behind any mailbox."""
    before = r"(?<![\w@.+-])(?:[\w.+-]+@|https?://)?(?:[\w-]+\.)*"
    after = r"(?![\w-]|\.\w)(?:/[^\s<>\"')]*)?"
    return rf"(?i:{before}{re.escape(domain)}{after})"


def _address_pattern(address: str) -> str:
    """The first part of a postal address, with as many of its other parts as follow."""
    first, *others = (_part(part) for part in address.split(","))
    rest = "".join(rf"(?:[\s,]+{part})?" for part in others)
    return rf"(?i:(?<!\w){first}{rest}(?!\w))"


def _part(words: str) -> str:
    return r"\s+".join(r"St(?:reet|\.)?" if w == "Street" else re.escape(w) for w in words.split())


_PATTERNS: dict[RetiredKind, Callable[[str], str]] = {
    "name": _name_pattern,
    "address": _address_pattern,
    "phone": _phone_pattern,
    "email": _email_pattern,
    "domain": _domain_pattern,
}
