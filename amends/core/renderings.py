"""Shows the description of a file to others: as a JSON Schema for editors, as Markdown for people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from amends.core.shapes import (
    IDENTIFIER,
    NOT_STATED,
    Count,
    Either,
    HoursTable,
    Key,
    Many,
    Name,
    Section,
    Shape,
    Word,
    YesNo,
    anchor,
    sections,
)

_ANY_TEXT = ["string", "number", "boolean"]
"""What an editor may take plain words for: it reads `1` as a number."""


def as_json_schema(root: Section, title: str) -> dict[str, Any]:
    """The description as a JSON Schema (draft 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "$ref": _reference(root),
        "$defs": {anchor(section.name): _section(section) for section in sections(root)},
    }


def as_markdown(root: Section) -> str:
    """The description as tables: one for each section, then one for each closed list."""
    lines: list[str] = []
    for section in sections(root):
        lines += [
            f"### {section.name}",
            "",
            section.means,
            "",
            "| key | what to write | meaning |",
            "| --- | --- | --- |",
        ]
        lines += [f"| {_label(key)} | {key.shape.what} | {key.means} |" for key in section.keys]
        lines.append("")
    for word in closed_lists(root):
        lines += [f"### {word.list_name}", "", "| word | meaning |", "| --- | --- |"]
        lines += [f"| `{entry}` | {means} |" for entry, means in word.words]
        lines.append("")
    return "\n".join(lines)


def closed_lists(root: Section) -> tuple[Word, ...]:
    """Every closed list, each once, in the order in which a reader meets them."""
    found = {
        word.list_name: word
        for section in sections(root)
        for key in section.keys
        for word in _words(key.shape)
    }
    return tuple(found.values())


def _words(shape: Shape) -> Iterator[Word]:
    match shape:
        case Word():
            yield shape
        case Many():
            yield from _words(shape.of)
        case Either():
            yield from _words(shape.short)


def _label(key: Key) -> str:
    return f"**`{key.name}`** (always)" if key.required else f"`{key.name}`"


def _reference(section: Section) -> str:
    return f"#/$defs/{anchor(section.name)}"


def _section(section: Section) -> dict[str, Any]:
    properties = {key.name: {"description": key.means, **_value(key.shape)} for key in section.keys}
    required = [key.name for key in section.keys if key.required]
    return {
        "type": "object",
        "description": section.means,
        "properties": properties,
        "additionalProperties": False,
        **({"required": required} if required else {}),
    }


def _value(shape: Shape) -> dict[str, Any]:
    match shape:
        case Many():
            return {"anyOf": [_value(shape.of), {"type": "array", "minItems": 1, "items": _value(shape.of)}]}
        case Either():
            return {"anyOf": [{"$ref": _reference(shape.full)}, _value(shape.short)]}
        case Name():
            return {"type": "string", "pattern": f"^{IDENTIFIER}$"}
        case Word() | YesNo():
            return {"enum": _entries(shape)}
        case Section() | Count() | HoursTable():
            return {"anyOf": [_plain_value(shape), {"const": NOT_STATED}]}
        case _:
            return {"type": _ANY_TEXT, "description": re.sub(r"[\[\]`]|\(#[^)]*\)", "", shape.what)}


def _entries(shape: Word | YesNo) -> list[str]:
    words = (
        ["yes", "no"] if isinstance(shape, YesNo) else [word for word, _ in shape.words] + list(shape.also)
    )
    return list(dict.fromkeys([*words, NOT_STATED]))


def _plain_value(shape: Section | Count | HoursTable) -> dict[str, Any]:
    match shape:
        case Section():
            return {"$ref": _reference(shape)}
        case Count():
            return {"type": "integer"}
        case HoursTable():
            return {"type": "object", "additionalProperties": {"type": "string"}}
