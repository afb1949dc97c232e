"""The runbook as pages show it: its sections, where it came with the program, each in paragraphs and numbered steps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.utils.text import slugify

import amends

STEP: Final = re.compile(r"\d+\. ", re.MULTILINE)
_INLINE: Final = re.compile(r"`([^`]+)`|\[([^\]]+)\]\([^)]*\)")

Words = tuple[tuple[str, bool], ...]
"""Words in the order in which they are read, each with whether it is to be typed as it stands."""


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, which is one, or steps, of which there may be several."""

    numbered: bool
    words: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """What to do about one alarm."""

    anchor: str
    heading: str
    parts: tuple[Part, ...]


def runbook_is_here() -> bool:
    """Whether the runbook came with the program."""
    return bool(sections_of_runbook())


@cache
def sections_of_runbook() -> tuple[Section, ...]:
    """The sections of docs/runbook.md; empty where the program came without its docs."""
    path = Path(amends.__file__).parents[1] / "docs" / "runbook.md"
    if not path.exists():
        return ()
    split = [part.partition("\n") for part in path.read_text(encoding="utf-8").split("\n## ")[1:]]
    return tuple(
        Section(slugify(heading), heading.strip(), tuple(_parts(words.strip())))
        for heading, _line, words in split
    )


def _parts(words: str) -> Iterator[Part]:
    for paragraph in words.split("\n\n"):
        if STEP.match(paragraph):
            steps = STEP.split(paragraph)[1:]
            yield Part(True, tuple(_said(step) for step in steps))
        else:
            yield Part(False, (_said(paragraph),))


def _said(words: str) -> Words:
    """Words on one line, with what is typed at a terminal apart; a link keeps its words."""
    said: list[tuple[str, bool]] = []
    after = 0
    line = " ".join(words.split())
    for found in _INLINE.finditer(line):
        said.append((line[after : found.start()], False))
        said.append((found[1], True) if found[1] else (found[2], False))
        after = found.end()
    return (*((part, typed) for part, typed in said if part), (line[after:], False))
