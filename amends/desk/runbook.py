"""The runbook as pages show it: its sections, where it came with the program."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.utils.text import slugify

import amends


def runbook_is_here() -> bool:
    """Whether the runbook came with the program."""
    return bool(sections_of_runbook())


@cache
def sections_of_runbook() -> tuple[tuple[str, str, str], ...]:
    """The sections of docs/runbook.md: anchor, heading, words; empty where the program came without its docs."""
    path = Path(amends.__file__).parents[1] / "docs" / "runbook.md"
    if not path.exists():
        return ()
    parts = path.read_text(encoding="utf-8").split("\n## ")[1:]
    split = [part.partition("\n") for part in parts]
    return tuple((slugify(heading), heading.strip(), words.strip()) for heading, _line, words in split)
