"""The shapes that values in a code file may have, and everything that can be wrong with a value of each shape.

A shape is data, so that one description (`schema`) checks files, explains itself in the documentation and serves
editors as a JSON Schema.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING

from amends.core.hours import HoursMistake, parse_hours
from amends.core.periods import PeriodMistake, parse_period
from amends.core.problems import Problem, Severity
from amends.core.source import MappingNode, Node, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from amends.core.problems import Where

NOT_STATED = "not stated"
"""What any optional value may say: the document was searched, and does not give it."""


def anchor(heading: str) -> str:
    """The heading as a link within a page names it."""
    return heading.lower().replace(" ", "-")


@dataclass(frozen=True, slots=True)
class Text:
    """Any words."""

    what: str = "text"


@dataclass(frozen=True, slots=True)
class Name:
    """A short name without spaces, such as a clause id."""

    what: str = "a short name: letters, digits and hyphens"


@dataclass(frozen=True, slots=True)
class Word:
    """One entry of a closed list. `also` gives other spellings of the same entry."""

    list_name: str
    words: tuple[tuple[str, str], ...]
    """Each entry with its meaning."""
    also: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def what(self) -> str:
        """What may be written, in Markdown."""
        return f"one of the [{self.list_name}](#{anchor(self.list_name)})"

    def value(self, text: str) -> str | None:
        """The entry that this text picks, or None."""
        words = " ".join(text.split())
        return self.also.get(words) or next((word for word, _ in self.words if word == words), None)


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time, or one of a few words in its place."""

    instead: tuple[str, ...] = ()

    @property
    def what(self) -> str:
        """What may be written, in Markdown."""
        return " or ".join(("a length of time", *(f"`{word}`" for word in self.instead)))


@dataclass(frozen=True, slots=True)
class Day:
    """A date."""

    what: str = "a date, such as `2026-11-20` or `20 November 2026`"


@dataclass(frozen=True, slots=True)
class YesNo:
    """Yes or no."""

    what: str = "`yes` or `no`"


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number."""

    what: str = "a whole number"


@dataclass(frozen=True, slots=True)
class Week:
    """Days of the week, written as opening hours write them, without times."""

    what: str = "days, such as `Monday to Saturday`"


@dataclass(frozen=True, slots=True)
class HoursName:
    """The name of opening hours that the file gives."""

    what: str = "the name of opening hours given in `opening hours`"


@dataclass(frozen=True, slots=True)
class HoursTable:
    """Names of our own choice, each with opening hours."""

    what: str = "a name of your choice with its hours, one a line"


@dataclass(frozen=True, slots=True)
class Many:
    """One value of a shape, or a list of them."""

    of: Shape

    @property
    def what(self) -> str:
        """What may be written, in Markdown."""
        return f"{self.of.what}, or a list of them"


@dataclass(frozen=True, slots=True)
class Either:
    """A short form on the same line, or a section below."""

    short: Shape
    full: Section

    @property
    def what(self) -> str:
        """What may be written, in Markdown."""
        return f"{self.short.what}, or the lines of [{self.full.name}](#{anchor(self.full.name)})"


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a section: what may stand there, and what it means."""

    name: str
    shape: Shape
    means: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Keys that stand together. No other key may."""

    name: str
    means: str
    keys: tuple[Key, ...]

    @property
    def what(self) -> str:
        """What may be written, in Markdown."""
        return f"the lines of [{self.name}](#{anchor(self.name)})"

    def key(self, name: str) -> Key | None:
        """The key of this name, or None where the section has none."""
        return next((key for key in self.keys if key.name == name), None)


Shape = (
    Text
    | Name
    | Word
    | Length
    | Day
    | YesNo
    | Count
    | Week
    | HoursName
    | HoursTable
    | Many
    | Either
    | Section
)

IDENTIFIER = "[A-Za-z0-9][A-Za-z0-9-]{0,63}"
"""What a short name is made of."""
_MONTH_DAY = ("%d %B %Y", "%d %b %Y")
_WHY_SHAPE = "What cannot be understood would neither be published nor run."
_WHY_PERIOD = "A period is what a clock counts; what cannot be counted cannot be kept or proved."


def read_day(text: str) -> date | None:
    """The date that the text gives in one of the documented ways, or None."""
    words = " ".join(text.split())
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", words):
        try:
            return date.fromisoformat(words)
        except ValueError:
            return None
    for form in _MONTH_DAY:
        try:
            return datetime.strptime(words, form).date()  # noqa: DTZ007 - a date has no time zone
        except ValueError:
            continue
    return None


def read_week(text: str) -> frozenset[int] | HoursMistake:
    """The weekdays that the text names, Monday being 0."""
    read = parse_hours("working week", f"{text} 09:00-17:00")
    if isinstance(read, HoursMistake):
        return read
    return frozenset(day for day, windows in enumerate(read.week) if windows)


def fit(node: Node, shape: Shape, key: str, schema: Section) -> Iterator[Problem]:
    """Everything that keeps this node from having the shape. `schema` is the whole, to know keys that strayed."""
    match shape:
        case Many():
            yield from _fit_many(node, shape, key, schema)
        case Either():
            yield from fit(node, shape.full if isinstance(node, MappingNode) else shape.short, key, schema)
        case Section():
            yield from _fit_section(node, shape, key, schema)
        case HoursTable():
            yield from _fit_hours_table(node, key)
        case _:
            yield from _fit_scalar(node, shape, key)


def _fit_many(node: Node, shape: Many, key: str, schema: Section) -> Iterator[Problem]:
    if not isinstance(node, SequenceNode):
        yield from fit(node, shape.of, key, schema)
        return
    if not node.items:
        yield _empty(node.where, key)
    for item in node.items:
        yield from fit(item, shape.of, key, schema)


def _fit_section(node: Node, section: Section, key: str, schema: Section) -> Iterator[Problem]:
    if not isinstance(node, MappingNode):
        if not _not_stated(node):
            names = (
                ", ".join(f"'{k.name}'" for k in section.keys if k.required) or f"'{section.keys[0].name}'"
            )
            yield _wrong_shape(node, key, f"lines of its own, beginning with {names}")
        return
    known = {k.name for k in section.keys}
    for name, value in node.items:
        inner = section.key(name.text)
        if inner is None:
            yield _unknown_key(name, section, known, schema)
        elif inner.required and _not_stated(value):
            yield _missing(value.where, section, inner)
        else:
            yield from fit(value, inner.shape, inner.name, schema)
    for required in section.keys:
        if required.required and node.key(required.name) is None:
            yield _missing(node.where, section, required)


def _fit_hours_table(node: Node, key: str) -> Iterator[Problem]:
    if not isinstance(node, MappingNode):
        if not _not_stated(node):
            yield _wrong_shape(node, key, "a name of your choice and its hours, one a line")
        return
    for name, value in node.items:
        if not isinstance(value, ScalarNode):
            yield _wrong_shape(value, name.text, "hours on one line")
            continue
        read = parse_hours(name.text, value.text)
        if isinstance(read, HoursMistake):
            yield _bad(
                value,
                "BAD_HOURS",
                f"The hours '{name.text}' are not understood: {read.message}.",
                _WHY_PERIOD,
                read.mend,
            )


def _fit_scalar(node: Node, shape: Shape, key: str) -> Iterator[Problem]:
    if not isinstance(node, ScalarNode):
        yield _wrong_shape(node, key, _plain(shape))
    elif not node.text.strip():
        yield _empty(node.where, key)
    elif not _not_stated(node):
        yield from _fit_words(node, shape, key)


def _fit_words(node: ScalarNode, shape: Shape, key: str) -> Iterator[Problem]:
    match shape:
        case Name():
            yield from _fit_name(node, key)
        case Word():
            yield from _fit_word(node, shape, key)
        case Length():
            yield from _fit_length(node, shape, key)
        case Day():
            yield from _fit_day(node)
        case YesNo():
            yield from _fit_yes_no(node, key)
        case Count():
            yield from _fit_count(node, key)
        case Week():
            yield from _fit_week(node, key)


def _fit_name(node: ScalarNode, key: str) -> Iterator[Problem]:
    if not re.fullmatch(IDENTIFIER, node.text):
        yield _bad(
            node,
            "BAD_NAME",
            f"'{node.text}' is no short name for '{key}'.",
            "Letters, links and other files cite this name, so it has to survive being copied by hand.",
            "Use letters, digits and hyphens only, at most 64 of them, such as 'our-complaints-code'.",
        )


def _fit_word(node: ScalarNode, shape: Word, key: str) -> Iterator[Problem]:
    if shape.value(node.text) is not None:
        return
    words = [word for word, _ in shape.words]
    near = get_close_matches(node.text.lower(), [*words, *shape.also], n=1)
    guess = f"Did you mean '{near[0]}'? " if near else ""
    yield _bad(
        node,
        "UNKNOWN_WORD",
        f"'{node.text}' is not among what '{key}' can say.",
        "What happens next is picked from a closed list, so that every promise made is one that can be kept.",
        f"{guess}Pick one of: {'; '.join(words)}.",
    )


def _fit_length(node: ScalarNode, shape: Length, key: str) -> Iterator[Problem]:
    if node.text in shape.instead:
        return
    read = parse_period(node.text)
    if isinstance(read, PeriodMistake):
        instead = "".join(f" Or write '{word}'." for word in shape.instead)
        yield _bad(node, "BAD_PERIOD", f"In '{key}': {read.message}", _WHY_PERIOD, read.mend + instead)
    elif read.doubt:
        yield Problem(
            node.where,
            "AMBIGUOUS_DURATION",
            Severity.WARNING,
            f"In '{key}': {read.doubt}.",
            "A customer and a provider who count differently will disagree on the day that matters.",
            "Say which is meant, in the published words too: '10 working days', '10 calendar days', 'one working day'.",
        )


def _fit_day(node: ScalarNode) -> Iterator[Problem]:
    if read_day(node.text) is None:
        yield _bad(
            node,
            "BAD_DATE",
            f"'{node.text}' is no date that can be read in only one way.",
            "The dates of a code decide which complaints it governs.",
            "Write the year first (2026-11-20) or the month as a word (20 November 2026).",
        )


def _fit_yes_no(node: ScalarNode, key: str) -> Iterator[Problem]:
    if node.text not in ("yes", "no"):
        yield _bad(node, "BAD_YES_NO", f"'{key}' says '{node.text}'.", _WHY_SHAPE, "Write yes or no.")


def _fit_count(node: ScalarNode, key: str) -> Iterator[Problem]:
    if not re.fullmatch(r"\d{1,6}", node.text):
        yield _bad(
            node,
            "BAD_NUMBER",
            f"'{key}' says '{node.text}', which is no whole number.",
            _WHY_SHAPE,
            "Write digits, such as 10.",
        )


def _fit_week(node: ScalarNode, key: str) -> Iterator[Problem]:
    read = read_week(node.text)
    if isinstance(read, HoursMistake):
        yield _bad(
            node,
            "BAD_HOURS",
            f"'{key}' is not understood: {read.message}.",
            _WHY_PERIOD,
            "Write days only, such as 'Monday to Saturday'.",
        )


def _not_stated(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.text == NOT_STATED


def _plain(shape: Shape) -> str:
    return re.sub(r"[\[\]`]|\(#[^)]*\)", "", shape.what)


def _bad(node: Node, rule: str, message: str, why: str, mend: str) -> Problem:
    return Problem(node.where, rule, Severity.BROKEN, message, why, mend)


def _empty(where: Where, key: str) -> Problem:
    mend = "Write it after the colon, delete the line, or write 'not stated'."
    return Problem(where, "EMPTY_VALUE", Severity.BROKEN, f"Nothing stands after '{key}:'.", _WHY_SHAPE, mend)


def _wrong_shape(node: Node, key: str, wanted: str) -> Problem:
    got = {ScalarNode: "a piece of text", SequenceNode: "a list", MappingNode: "a section with keys"}[
        type(node)
    ]
    return _bad(
        node, "WRONG_SHAPE", f"{got.capitalize()} stands under '{key}'.", _WHY_SHAPE, f"Write {wanted}."
    )


def _missing(where: Where, section: Section, key: Key) -> Problem:
    return Problem(
        where,
        "MISSING_KEY",
        Severity.BROKEN,
        f"'{key.name}' is missing in {section.name}.",
        f"{key.means}",
        f"Add the line '{key.name}: …'.",
    )


def _unknown_key(name: ScalarNode, section: Section, known: set[str], schema: Section) -> Problem:
    written = re.sub(r"[\s_-]+", " ", name.text).strip().lower()
    near = get_close_matches(written, known, n=1, cutoff=0.7)
    if near:
        mend = f"Did you mean '{near[0]}'?"
    elif homes := [home.name for home in sections(schema) if home.key(written)]:
        mend = f"'{written}' belongs in: {', '.join(homes)}."
    else:
        mend = f"Here may stand: {', '.join(key.name for key in section.keys)}."
    return _bad(
        name,
        "UNKNOWN_KEY",
        f"'{name.text}' is no key of {section.name}.",
        "A key that is not known would be passed over in silence, and its promise with it.",
        mend,
    )


def sections(shape: Shape) -> tuple[Section, ...]:
    """Every section of a description, each once, in the order in which a reader meets them."""
    found: dict[str, Section] = {}
    _collect(shape, found)
    return tuple(found.values())


def _collect(shape: Shape, found: dict[str, Section]) -> None:
    match shape:
        case Section() if shape.name not in found:
            found[shape.name] = shape
            for key in shape.keys:
                _collect(key.shape, found)
        case Many():
            _collect(shape.of, found)
        case Either():
            _collect(shape.full, found)
