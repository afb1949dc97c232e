"""The nodes of a shipped file as values: text, days, numbers and sums, or a mistake with its place.

Nothing is guessed: a value that is not written in its one way is a `LawMistake`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeVar

from amends.core.problems import Where
from amends.core.source import MappingNode, Node, ScalarNode, SequenceNode, read

T = TypeVar("T")

ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class LawMistake(Exception):
    """A file of law that ships with the program is wrong: where, and what."""

    def __init__(self, where: Where, what: str) -> None:
        super().__init__(f"{where}: {what}")
        self.where = where


def root(written: str, file: str) -> Node:
    """The file as nodes; `file` is its name in messages."""
    node, problems = read(written, file)
    if problems or node is None:
        where = problems[0].where if problems else Where(file, 1, 1)
        raise LawMistake(where, problems[0].message if problems else "the file is empty")
    return node


def open_fields(node: Node) -> dict[str, Node]:
    """The values by their keys, whatever the keys."""
    if not isinstance(node, MappingNode):
        raise LawMistake(node.where, "keys with values belong here")
    return {key.text: value for key, value in node.items}


def fields(node: Node, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> dict[str, Node]:
    """The values by their keys, which must be these and no others."""
    found = open_fields(node)
    agree(node, found, required, optional)
    return found


def agree(
    node: Node, found: Iterable[str], required: tuple[str, ...], optional: tuple[str, ...] = ()
) -> None:
    """Refuse a mapping that lacks a key or has one that nobody reads."""
    for key in required:
        if key not in found:
            raise LawMistake(node.where, f"'{key}' is missing")
    for key in found:
        if key not in required and key not in optional:
            raise LawMistake(node.where, f"'{key}' is not known here")


def items(node: Node | None) -> tuple[Node, ...]:
    """The items of a list; none where the list is left out."""
    if node is None:
        return ()
    if not isinstance(node, SequenceNode):
        raise LawMistake(node.where, "a list belongs here")
    return node.items


def text(node: Node) -> str:
    """Words, without the white space around them."""
    if not isinstance(node, ScalarNode) or not node.text.strip():
        raise LawMistake(node.where, "words belong here")
    return node.text.strip()


def word(parts: Mapping[str, Node], key: str, otherwise: str = "") -> str:
    """The words of a key that may be left out."""
    return text(parts[key]) if key in parts else otherwise


def day(node: Node) -> date:
    """A day such as 2026-04-08."""
    words = text(node)
    try:
        return date.fromisoformat(words) if ISO_DAY.fullmatch(words) else _not_a_day(node)
    except ValueError as wrong:
        raise LawMistake(node.where, f"{words} is no day of the calendar") from wrong


def _not_a_day(node: Node) -> date:
    raise LawMistake(node.where, f"'{text(node)}' is no day such as 2026-04-08")


def day_or(node: Node | None, nothing: str) -> date | None:
    """A day, or None where it is left out or the words say that there is none."""
    return None if node is None or text(node) == nothing else day(node)


def whole(node: Node) -> int:
    """A whole number above 0."""
    if not re.fullmatch(r"[1-9]\d*", text(node), re.ASCII):
        raise LawMistake(node.where, f"'{text(node)}' is no whole number")
    return int(text(node))


def pounds(node: Node) -> Decimal:
    """A sum in pounds and pence such as 10.34, exact."""
    if not re.fullmatch(r"\d+\.\d\d", text(node), re.ASCII):
        raise LawMistake(node.where, f"'{text(node)}' is no sum in pounds and pence such as 10.34")
    return Decimal(text(node))


def yes(node: Node) -> bool:
    """Yes or no."""
    return one_of(node, {"yes": True, "no": False})


def one_of(node: Node, choices: Mapping[str, T]) -> T:
    """What the words stand for in a closed list."""
    if text(node) not in choices:
        raise LawMistake(node.where, f"'{text(node)}' is none of: {', '.join(choices)}")
    return choices[text(node)]
