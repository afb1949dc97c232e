"""Says where data breach a JSON Schema, for the few words of the language that our schemas use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "null": type(None)}
KNOWN = frozenset(
    {"$schema", "$defs", "$ref", "title", "description", "type", "format", "const", "enum", "anyOf", "items",
     "properties", "required"}
)  # fmt: skip


def breaches(
    data: Any, schema: Mapping[str, Any], root: Mapping[str, Any] | None = None, at: str = ""
) -> list[str]:
    """Every place where the data are not what the schema says. Raises for a word of the language not known here."""
    root = root or schema
    assert set(schema) <= KNOWN, set(schema) - KNOWN
    if "$ref" in schema:
        return breaches(data, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, at)
    if "anyOf" in schema:
        fits = any(breaches(data, one, root, at) == [] for one in schema["anyOf"])
        return [] if fits else [f"{at}: none of the shapes"]
    allowed = [schema["const"]] if "const" in schema else schema.get("enum", [data])
    if data not in allowed or type(data) is not TYPES.get(schema.get("type", ""), type(data)):
        return [f"{at}: {data!r}"]
    if schema.get("format") == "date":
        date.fromisoformat(str(data))
    return [*_keys(data, schema, root, at), *_items(data, schema, root, at)]


def _keys(data: Any, schema: Mapping[str, Any], root: Mapping[str, Any], at: str) -> list[str]:
    properties = schema.get("properties", {})
    found = [f"{at}: no {key}" for key in schema.get("required", ()) if key not in data]
    for key, value in data.items() if properties else ():
        of = properties.get(key)
        found += (
            [f"{at}: {key} is not in the schema"] if of is None else breaches(value, of, root, f"{at}/{key}")
        )
    return found


def _items(data: Any, schema: Mapping[str, Any], root: Mapping[str, Any], at: str) -> list[str]:
    if "items" not in schema:
        return []
    return [
        fault for n, item in enumerate(data) for fault in breaches(item, schema["items"], root, f"{at}/{n}")
    ]
