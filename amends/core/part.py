"""Reads the values of one section of a code file into our own types.

`shapes.fit` has already told what is wrong with a value; here what is wrong, missing or "not stated" is simply not
there.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from amends.core.periods import Reading, parse_period
from amends.core.shapes import NOT_STATED, Word, read_day
from amends.core.source import MappingNode, Node, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from datetime import date

    from amends.core.code import Period
    from amends.core.problems import Where

Entry = TypeVar("Entry", bound=StrEnum)


def listed(node: Node | None) -> tuple[Node, ...]:
    """The items of a list; a single value is a list of one, and no value or "not stated" of none."""
    if node is None or (isinstance(node, ScalarNode) and node.text.strip() in ("", NOT_STATED)):
        return ()
    return node.items if isinstance(node, SequenceNode) else (node,)


def one_line(text: str) -> str:
    """The text with every run of white space made one space."""
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class Part:
    """One section, or nothing in its place."""

    node: MappingNode

    @property
    def where(self) -> Where:
        """Where the section begins."""
        return self.node.where

    def has(self, key: str) -> bool:
        """Whether the key is written at all."""
        return self.node.key(key) is not None

    def where_of(self, key: str) -> Where:
        """Where the value of this key stands; where the section begins, if the key is missing."""
        value = self.node.get(key)
        return value.where if value is not None else self.where

    def part(self, key: str) -> Part | None:
        """The section under this key, or None where there is none or it is written in its short form."""
        value = self.node.get(key)
        return Part(value) if isinstance(value, MappingNode) else None

    def parts(self, key: str) -> tuple[Part, ...]:
        """The sections under this key: one, or a list of them."""
        return tuple(Part(item) for item in listed(self.node.get(key)) if isinstance(item, MappingNode))

    def text(self, key: str) -> str:
        """The words, paragraphs kept; empty where there are none."""
        value = self.node.get(key)
        if not isinstance(value, ScalarNode) or value.text == NOT_STATED:
            return ""
        return value.text.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of a list, or the one text."""
        return tuple(one_line(item.text) for item in self.scalars(key))

    def scalars(self, key: str) -> tuple[ScalarNode, ...]:
        """The located texts of a list, or the one text."""
        return tuple(item for item in listed(self.node.get(key)) if isinstance(item, ScalarNode))

    def lines(self, key: str) -> tuple[str, ...]:
        """A postal address: the items of a list, the lines of a text, or one line cut at its commas."""
        found = self.texts(key)
        whole = self.text(key)
        if len(found) != 1 or not whole:
            return found
        return tuple(one_line(line) for line in whole.split("\n" if "\n" in whole else ",") if line.strip())

    def period(self, key: str) -> Period | None:
        """A length of time."""
        read = parse_period(self.text(key))
        return read.period if isinstance(read, Reading) else None

    def day(self, key: str) -> date | None:
        """A date."""
        return read_day(self.text(key))

    def yes(self, key: str) -> bool | None:
        """Yes, no, or None where neither is said."""
        return {"yes": True, "no": False}.get(self.text(key))

    def count(self, key: str) -> int | None:
        """A whole number."""
        text = self.text(key)
        return int(text) if text.isdecimal() else None

    def entry(self, key: str, closed: Word, entries: type[Entry]) -> Entry | None:
        """The entry of a closed list that this key picks."""
        word = closed.value(self.text(key))
        return entries(word) if word is not None else None

    def entries(self, key: str, closed: Word, entries: type[Entry]) -> frozenset[Entry]:
        """The entries of a closed list that this key picks, one or several."""
        words = (closed.value(item.text) for item in self.scalars(key))
        return frozenset(entries(word) for word in words if word is not None)
