"""A code file as located text: every value stays the words that were written, with its line and column.

YAML decides only the shape (what belongs to what). It never decides a value: `17:30`, `0330` and `no` stay text,
and our own types read them later. What YAML can do beyond that (tags, anchors, aliases, merge keys, several
documents) has no place in a code of practice and is refused by name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
)

from amends.core.problems import Problem, Severity, Where

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST = 256 * 1024
"""The longest file that is read, in characters; the longest known code of practice has a tenth of it."""
LONGEST_TEXT = 4000
"""The longest single text, in characters: a clause is a few sentences."""
DEEPEST = 16
"""How many lists and mappings may stand inside each other."""

# Controls, lone surrogates, line breaks that editors do not count, and the marks that make text read in another
# order than it is written.
_UNPRINTABLE = re.compile(
    r"[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u2028-\u202e\u2066-\u2069\ufeff]"
)
_COMMENT = re.compile(r"[ \t]+#")
_DIRECTIVE = re.compile(r"^%.*", re.MULTILINE)
_WHY_PLAIN = (
    "A code file is plain text that anyone can read from top to bottom; every value stands where it is used."
)


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """One piece of text, exactly as written, without its quotes."""

    text: str
    where: Where
    raw: str = ""
    """The same text as it stands in the file, quotes, line breaks and indents included."""
    cut: bool = False
    """Whether a comment, which is no part of the text, stands behind it on its last line and it has no quotes."""

    def at(self, start: int, end: int) -> Where:
        """Where in the file `text[start:end]` stands, also inside text that runs over several lines."""
        words = self.text[start:end].split()
        if not words:
            return self.where
        pattern = re.compile(r"\s+".join(re.escape(word) for word in words))
        earlier = sum(1 for found in pattern.finditer(self.text) if found.start() < start)
        for place, found in enumerate(pattern.finditer(self.raw)):
            if place == earlier:
                return self._offset(found.start())
        return self.where

    @property
    def end(self) -> Where:
        """Where in the file it ends."""
        return self._offset(len(self.raw))

    def _offset(self, offset: int) -> Where:
        before = self.raw[:offset]
        line = before.count("\n")
        column = self.where.column + offset if line == 0 else offset - before.rfind("\n")
        return Where(self.where.file, self.where.line + line, column)


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """A list, in the order written."""

    items: tuple[Node, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class MappingNode:
    """Keys with their values, in the order written. A key written twice stands here twice."""

    items: tuple[tuple[ScalarNode, Node], ...]
    where: Where

    def get(self, key: str) -> Node | None:
        """The value of this key (the first, where it is written twice), or None."""
        return next((value for name, value in self.items if name.text == key), None)

    def key(self, key: str) -> ScalarNode | None:
        """The key itself, for its place in the file, or None."""
        return next((name for name, _ in self.items if name.text == key), None)


Node = ScalarNode | SequenceNode | MappingNode


def scalars(node: Node | None, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], ScalarNode]]:
    """Every value of text under this node in the order written, each with the keys that lead to it."""
    match node:
        case ScalarNode():
            yield path, node
        case SequenceNode():
            for item in node.items:
                yield from scalars(item, path)
        case MappingNode():
            for key, value in node.items:
                yield from scalars(value, (*path, key.text))


def read(text: str, file: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """The text of a code file as located nodes, with everything that is wrong with its shape.

    `file` is only a name for messages. The node is None where there is none: an empty, oversized or unreadable
    file. A mistake is a problem, never an exception.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    reader = _Reader(lines, file)
    return reader.read(), tuple(reader.problems)


def _beside(key: ScalarNode, value: Node) -> Node:
    """The value; where nothing was written, its place is that of its key and not wherever the next line begins."""
    if isinstance(value, ScalarNode) and not value.raw:
        return ScalarNode(value.text, key.where)
    return value


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not been met yet."""

    where: Where
    mapping: bool
    parts: list[Node]


class _Reader:
    """One reading of one file: builds nodes from YAML's events, and stops before a hostile file costs anything."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.problems: list[Problem] = []
        self.stack: list[_Open] = []
        self.root: Node | None = None

    def read(self) -> Node | None:
        if len(self.text) > LARGEST:
            self._broken(
                Where(self.file, 1, 1),
                "FILE_TOO_LARGE",
                f"The file has {len(self.text):,} characters; at most {LARGEST:,} are read.",
                "A file of this size is not a code of practice, and reading it would hold up the work of others.",
                "Check that this is the right file; a code of practice usually has under 30,000 characters.",
            )
            return None
        self._clean()
        try:
            self._compose()
        except YAMLError as error:
            self._syntax(error)
            return None
        except (ValueError, OverflowError):
            # The reader of YAML does not guard its own \U escapes against numbers that are no character.
            self._syntax(YAMLError("an escape that is no character"))
            return None
        if self.root is None and not self.problems:
            self._broken(
                Where(self.file, 1, 1),
                "EMPTY_FILE",
                "The file is empty.",
                "There is nothing to publish and nothing to run.",
                "Begin with the line 'code: name-of-the-code'; docs/writing-a-code.md shows a whole file.",
            )
        return self.root

    def _clean(self) -> None:
        """Report what may not stand anywhere and read on without it, so that other mistakes are found too."""
        for found in islice(_UNPRINTABLE.finditer(self.text), 20):
            self._unprintable(self._place(found.start()), found.group())
        self.text = _UNPRINTABLE.sub(" ", self.text)
        for found in islice(_DIRECTIVE.finditer(self.text), 20):
            self._refuse(
                self._place(found.start()), f"'{found.group()}' gives orders to a program", "Delete the line."
            )
        self.text = _DIRECTIVE.sub("", self.text)

    def _place(self, offset: int) -> Where:
        before = self.text[:offset]
        return Where(self.file, before.count("\n") + 1, offset - before.rfind("\n"))

    def _compose(self) -> None:
        documents = 0
        for event in YAML(typ="safe", pure=True).parse(self.text):
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._refuse(
                        self._where(event),
                        "a second document begins here with '---'",
                        "Keep one code in one file.",
                    )
                    return
            elif not self._take(event):
                return

    def _take(self, event: Event) -> bool:
        """Take one event in; False when reading must stop here."""
        if isinstance(event, ScalarEvent):
            self._refuse_extras(event)
            self._add(self._scalar(event))
        elif isinstance(event, AliasEvent):
            where = self._where(event)
            self._refuse(
                where,
                f"'*{event.anchor}' repeats another value",
                "Write the value out; text that begins with * needs quotes.",
            )
            self._add(ScalarNode("", where))
        elif isinstance(event, CollectionStartEvent):
            self._refuse_extras(event)
            self.stack.append(_Open(self._where(event), isinstance(event, MappingStartEvent), []))
            return self._shallow()
        elif isinstance(event, CollectionEndEvent):
            self._close()
        return True

    def _shallow(self) -> bool:
        if len(self.stack) <= DEEPEST:
            return True
        self._refuse(
            self.stack[-1].where,
            f"lists stand inside each other more than {DEEPEST} deep",
            "Take the inner lists out.",
        )
        return False

    def _scalar(self, event: ScalarEvent) -> ScalarNode:
        where = self._where(event)
        hidden = _UNPRINTABLE.search(event.value)
        if hidden:
            self._unprintable(where, hidden.group())
        value = _UNPRINTABLE.sub(" ", event.value)
        if len(value) > LONGEST_TEXT:
            self._broken(
                where,
                "TEXT_TOO_LONG",
                f"The text has {len(value):,} characters; at most {LONGEST_TEXT:,} are read as one.",
                "A letter cites a clause by its id; a clause of many pages cannot be cited.",
                "Divide it into clauses, each with an id of its own.",
            )
            value = value[:LONGEST_TEXT]
        start, end = event.start_mark.index, event.end_mark.index
        cut = not event.style and bool(_COMMENT.match(self.text, end))
        return ScalarNode(value, where, self.text[start:end], cut)

    def _add(self, node: Node) -> None:
        if self.stack:
            self.stack[-1].parts.append(node)
        else:
            self.root = node

    def _close(self) -> None:
        opened = self.stack.pop()
        if opened.mapping:
            self._add(self._mapping(opened))
        else:
            self._add(SequenceNode(tuple(opened.parts), opened.where))

    def _mapping(self, opened: _Open) -> MappingNode:
        items: list[tuple[ScalarNode, Node]] = []
        seen: dict[str, Where] = {}
        for key, value in zip(opened.parts[::2], opened.parts[1::2], strict=True):
            if not isinstance(key, ScalarNode):
                self._refuse(
                    key.where, "a list stands where a key belongs", "Begin the line with a word and a colon."
                )
                continue
            if key.text == "<<":
                self._refuse(
                    key.where,
                    "'<<' merges another part of the file",
                    "Write the values out where they are used.",
                )
                continue
            if key.text in seen:
                self._twice(key, seen[key.text])
            seen.setdefault(key.text, key.where)
            items.append((key, _beside(key, value)))
        return MappingNode(tuple(items), opened.where)

    def _refuse_extras(self, event: ScalarEvent | CollectionStartEvent) -> None:
        if event.anchor is not None:
            self._refuse(
                self._where(event),
                f"'&{event.anchor}' names a value to repeat it elsewhere",
                "Leave the name out.",
            )
        if event.tag is not None:
            self._refuse(
                self._where(event),
                f"'{event.tag}' tells a program how to read the value",
                "Leave the tag out; text that begins with ! needs quotes.",
            )

    def _where(self, event: Event) -> Where:
        return Where(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _broken(self, where: Where, rule: str, message: str, why: str, mend: str) -> None:
        self.problems.append(Problem(where, rule, Severity.BROKEN, message, why, mend))

    def _refuse(self, where: Where, what: str, mend: str) -> None:
        self._broken(where, "NOT_PLAIN", f"Not allowed in a code file: {what}.", _WHY_PLAIN, mend)

    def _unprintable(self, where: Where, character: str) -> None:
        self._broken(
            where,
            "UNPRINTABLE",
            f"There is a character here that cannot be seen (U+{ord(character):04X}).",
            "What a customer reads must be what the file says; invisible characters can hide or reorder words.",
            "Delete it and type the words again; it often comes along when text is pasted from a PDF.",
        )

    def _twice(self, key: ScalarNode, first: Where) -> None:
        self._broken(
            key.where,
            "DUPLICATE_KEY",
            f"'{key.text}' is written twice here: in line {first.line}, column {first.column}, and in line "
            f"{key.where.line}, column {key.where.column}.",
            "Only one of the two could hold, and nobody could tell which.",
            f"Keep one '{key.text}', or give the other its own key.",
        )

    def _syntax(self, error: YAMLError) -> None:
        where, said, mend = Where(self.file, 1, 1), "the text cannot be read", _MENDS[-1][2]
        if isinstance(error, MarkedYAMLError):
            found = f"{error.context or ''} {error.problem or ''}"
            said, mend = next((said, mend) for words, said, mend in _MENDS if words in found)
            # An open quote or bracket is best mended where it was opened, not where the file ends.
            opened = "quoted scalar" in found or "flow" in found
            mark = (error.context_mark if opened else None) or error.problem_mark or error.context_mark
            if mark is not None:
                where = Where(self.file, mark.line + 1, mark.column + 1)
        self._broken(
            where,
            "SYNTAX",
            f"The file cannot be read here: {said}.",
            "Until it can be read, nothing else in it can be checked.",
            mend,
        )


# What YAML says, what we say, how to mend it; the last row holds for whatever is left.
_MENDS: tuple[tuple[str, str, str], ...] = (
    (
        r"character '\t'",
        "there is a tab",
        "Use spaces at the beginning of a line and after a colon, never tabs.",
    ),
    (
        "unknown escape",
        "a backslash in double quotes has no meaning here",
        "Use single quotes, or no quotes.",
    ),
    ("quoted scalar", "a quotation mark is opened and never closed", "Close it, or take it away."),
    (
        "flow mapping",
        "a '{' is opened and not closed, or a comma is missing",
        "Close it with '}', or write one 'key: value' a line.",
    ),
    (
        "flow sequence",
        "a '[' is opened and not closed, or a comma is missing",
        "Close it with ']', or write one '- item' a line.",
    ),
    (
        "mapping values are not allowed",
        "there is a second ': ' in the line",
        "Put the whole text after the first colon in quotes.",
    ),
    (
        "could not find expected ':'",
        "the line has no colon after its key",
        "Write 'key: value'; text over several lines begins with '|'.",
    ),
    (
        "cannot start any token",
        "the text begins with a sign that has a meaning of its own",
        "Put the text in quotes.",
    ),
    (
        "block mapping",
        "the line does not stand under the lines it belongs to",
        "Begin it in the same column as the keys above it.",
    ),
    (
        "block collection",
        "the line does not stand under the lines it belongs to",
        "Begin it in the same column as the items above it.",
    ),
    ("alias", "the text begins with '*'", "Put the text in quotes."),
    (
        "",
        "the text is not laid out as 'key: value'",
        "Compare the lines around it with the example in docs/writing-a-code.md.",
    ),
)
