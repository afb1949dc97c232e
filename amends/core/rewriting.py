"""Rewrites single values of a code file in place: hours, contacts, stages, periods, formats; every other character stays.

A value is found by the path that leads to it, and its new words are written where the old ones stood, so that comments,
order and lay-out are kept. Each change is read back before it is believed: a text in which anything else would have moved
is never given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from amends.core.source import MappingNode, Node, ScalarNode, SequenceNode, read


class About(StrEnum):
    """What a value of the file is about, in the order in which people are shown it."""

    HEAD = "head"
    HOURS = "hours"
    CONTACTS = "contacts"
    STAGES = "stages"
    PERIODS = "periods"
    FORMATS = "formats"


@dataclass(frozen=True, slots=True)
class Value:
    """One value that can be rewritten: the path that leads to it, what it is about, and its words today.

    Of a list the words are its items, one a line.
    """

    path: str
    about: About
    text: str
    is_list: bool = False


class CannotRewrite(ValueError):
    """A value cannot be written so that the file still says everything else; the path says which."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


VERSION, IN_FORCE = "version", "in force from"
_HEAD = (VERSION, IN_FORCE)
_PERIODS = frozenset(
    {"within", "every", "after", "apart", "without a letter", "acknowledge within", "period"}
)
_NOT_WORDS = frozenset({"id", "says", "section", "heading"})
_ABOUT = {
    "opening hours": About.HOURS,
    "contact": About.CONTACTS,
    "stages": About.STAGES,
    "formats": About.FORMATS,
}
_ITEM = re.compile(r"^(\s*)- ")


def values(text: str) -> tuple[Value, ...]:
    """The values of a code file that are changed most, in its order; none of a text that cannot be read."""
    root, _ = read(text, "")
    found = dict(_walk(root))
    shown = [v for path, node in found.items() if (v := _value(path, node)) is not None]
    missing = [Value(name, About.HEAD, "") for name in _HEAD if (name,) not in found]
    return (*missing, *shown) if isinstance(root, MappingNode) else ()


def rewrite(text: str, wanted: Mapping[str, str]) -> str:
    """The text with these values written anew; a path that is not named, or whose words are the same, is left alone.

    Raises CannotRewrite for a path that is not there, for words that are empty or run over several lines, and where
    no way of writing them leaves all else as it is.
    """
    for path, words in wanted.items():
        known = {v.path: v for v in values(text)}
        if path not in known:
            raise CannotRewrite(path)
        value = known[path]
        if _same(value, words):
            continue
        text = _listed(text, path, words) if value.is_list else _written(text, path, " ".join(words.split()))
    return text


def _same(value: Value, words: str) -> bool:
    if value.is_list:
        return _items(value.text) == _items(words)
    return " ".join(value.text.split()) == " ".join(words.split())


def _items(words: str) -> list[str]:
    return list(dict.fromkeys(" ".join(line.split()) for line in words.splitlines() if line.strip()))


Path = tuple[str, ...]


def _walk(node: Node | None, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Every node with its path: keys by name, items of a list by their id, or else by their place."""
    if node is None:
        return
    if path:
        yield path, node
    if isinstance(node, MappingNode):
        for key, value in node.items:
            yield from _walk(value, (*path, key.text))
    elif isinstance(node, SequenceNode):
        for place, item in enumerate(node.items, 1):
            yield from _walk(item, (*path, _name(item, place)))


def _name(item: Node, place: int) -> str:
    named = item.get("id") if isinstance(item, MappingNode) else None
    return named.text if isinstance(named, ScalarNode) and named.text else str(place)


def _value(path: Path, node: Node) -> Value | None:
    about = _about(path)
    if about is None:
        return None
    if isinstance(node, ScalarNode) and "\n" not in node.raw:
        inside = about is About.FORMATS and len(path) > 1 and path[-2] == "offered"
        return None if inside else Value(_said(path), about, node.text)
    whole = about is About.FORMATS and path[-1] == "offered" and isinstance(node, SequenceNode)
    if whole and isinstance(node, SequenceNode) and all(_short(item) for item in node.items) and node.items:
        items = [item.text for item in node.items if isinstance(item, ScalarNode)]
        return Value(_said(path), about, "\n".join(items), is_list=True)
    return None


def _short(item: Node) -> bool:
    return isinstance(item, ScalarNode) and "\n" not in item.raw


def _about(path: Path) -> About | None:
    if path[0] in _HEAD and len(path) == 1:
        return About.HEAD
    if path[-1] in _PERIODS:
        return About.PERIODS
    return None if path[-1] in _NOT_WORDS else _ABOUT.get(path[0])


def _said(path: Path) -> str:
    return " / ".join(path)


def _nodes(text: str) -> dict[str, Node]:
    return {_said(path): node for path, node in _walk(read(text, "")[0])}


def _texts(text: str) -> dict[str, str]:
    """Every value of text by its path."""
    return {path: node.text for path, node in _nodes(text).items() if isinstance(node, ScalarNode)}


def _written(text: str, path: str, words: str) -> str:
    """The text with one value written anew, plainly where that is read as it is meant, else in quotes."""
    if not words:
        raise CannotRewrite(path)
    node = _nodes(text).get(path)
    if node is None:
        return _begun(text, path, words)
    assert isinstance(node, ScalarNode)
    start = _offset(text, node.where.line, node.where.column)
    end = start + len(node.raw)
    # Where nothing was written after its colon, the place is that of the key.
    before = text[:end] if node.raw else text[: text.index(":", start) + 1] + " "
    before, after = (text[:start], text[end:]) if node.raw else (before, text[len(before) - 1 :])
    for way in _ways(words, quoted=node.raw[:1] in ("'", '"')):
        made = before + way + after
        if _texts(made) == {**_texts(text), path: words}:
            return made
    raise CannotRewrite(path)


def _begun(text: str, path: str, words: str) -> str:
    """A line of the head that the file does not have yet, after the line that names the code."""
    node = _nodes(text).get("code")
    if path not in _HEAD or not isinstance(node, ScalarNode):
        raise CannotRewrite(path)
    lines = text.split("\n")
    for way in _ways(words):
        made = "\n".join([*lines[: node.where.line], f"{path}: {way}", *lines[node.where.line :]])
        if _texts(made) == {**_texts(text), path: words}:
            return made
    raise CannotRewrite(path)


def _ways(words: str, *, quoted: bool = False) -> tuple[str, ...]:
    in_quotes = "'" + words.replace("'", "''") + "'"
    return (in_quotes,) if quoted else (words, in_quotes)


def _listed(text: str, path: str, words: str) -> str:
    """The text with a list written anew: in brackets as one, else line by line, so that comments between items stay."""
    items = _items(words)
    node = _nodes(text)[path]
    assert isinstance(node, SequenceNode)
    if not items:
        raise CannotRewrite(path)
    start = _offset(text, node.where.line, node.where.column)
    for quoted in (False, True):
        written = [_ways(item, quoted=quoted)[0] for item in items]
        made = (
            _in_brackets(text, node, start, written)
            if text[start] == "["
            else _in_lines(text, node, items, written)
        )
        if made is not None and _is_list(made, path, items, text):
            return made
    raise CannotRewrite(path)


def _is_list(made: str, path: str, items: list[str], before: str) -> bool:
    node = _nodes(made).get(path)
    others = [{p: t for p, t in _texts(x).items() if not p.startswith(f"{path} / ")} for x in (made, before)]
    found = (
        [item.text for item in node.items if isinstance(item, ScalarNode)]
        if isinstance(node, SequenceNode)
        else []
    )
    return sorted(found) == sorted(items) and others[0] == others[1]


def _in_brackets(text: str, node: SequenceNode, start: int, written: list[str]) -> str:
    last = node.items[-1]
    assert isinstance(last, ScalarNode)
    end = text.index("]", _offset(text, last.where.line, last.where.column) + len(last.raw)) + 1
    return text[:start] + "[" + ", ".join(written) + "]" + text[end:]


def _in_lines(text: str, node: SequenceNode, items: list[str], written: list[str]) -> str | None:
    lines = text.split("\n")
    standing = {item.text: item.where.line for item in node.items if isinstance(item, ScalarNode)}
    last = max(standing.values())
    indent = _ITEM.match(lines[last - 1])
    if indent is None:
        return None
    gone = {line for item, line in standing.items() if item not in items}
    new = [f"{indent[1]}- {way}" for item, way in zip(items, written, strict=True) if item not in standing]
    kept = [line for number, line in enumerate(lines[:last], 1) if number not in gone]
    return "\n".join([*kept, *new, *lines[last:]])


def _offset(text: str, line: int, column: int) -> int:
    lines = text.split("\n")
    return sum(len(each) + 1 for each in lines[: line - 1]) + column - 1
