"""The code files that come with Amends: five taken from published documents, and an example to begin from."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
PUBLISHED: tuple[Path, ...] = tuple(
    FOLDER / f"{name}.yaml" for name in ("netfuse", "focus-group", "netservers", "opus", "infinity")
)
"""Codes as their providers published them, faults included."""
EXAMPLE: Path = FOLDER / "example.yaml"
"""An invented provider's code in which the check finds nothing."""
SCHEMA: Path = FOLDER / "code.schema.json"
"""The JSON Schema that editors use; made from `amends.core.schema`."""
