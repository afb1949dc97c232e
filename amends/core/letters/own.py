"""A provider's own words in its letters: paragraphs that it adds, and courtesies that it says in its own way.

What a letter must say is never touched: own paragraphs stand only at three places, and only the sentences that its
folder names as `OPTIONAL` can be said otherwise. Everything else (scheme, window, dates, rights, that it is free)
stays as it is written, in its order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Protocol

from amends.core.letters.blocks import Block, Heading, Paragraph


class Place(StrEnum):
    """Where own paragraphs may stand in a letter."""

    AFTER_GREETING = "after the greeting"
    BEFORE_REACHING_US = "before how to reach us"
    BEFORE_END = "before the end"


REACHING_US = "How to reach us"
"""The heading before which `Place.BEFORE_REACHING_US` is."""


@dataclass(frozen=True, slots=True)
class LetterWords:
    """Own words of one letter."""

    added: Mapping[Place, tuple[str, ...]]
    """Paragraphs by place."""
    instead: Mapping[str, str]
    """Sentences by the name under which they stand in `LetterKind.optional`."""


@dataclass(frozen=True, slots=True)
class OwnWords:
    """One version of a provider's own words."""

    id: str
    provider: str
    version: str
    in_force_from: date
    fingerprint: str
    """SHA-256 of the file."""
    letters: Mapping[str, LetterWords]

    @property
    def name(self) -> str:
        """What a letter says of the version that stands in it."""
        return f"{self.id} {self.version} ({self.fingerprint[:12]})"


class Worded(Protocol):
    """What of a kind of letter says where own words may stand in it."""

    @property
    def id(self) -> str:
        """Which letter it is."""

    @property
    def optional(self) -> Mapping[str, str]:
        """The sentences that may be said otherwise, by name."""

    @property
    def takes_own_words(self) -> bool:
        """Whether own paragraphs may be added."""


def worded(
    kind: Worded, blocks: tuple[Block, ...], own: OwnWords | None, typed: str = ""
) -> tuple[Block, ...]:
    """The blocks of a letter with the provider's own words in them; what a person `typed` is left as it is."""
    words = own.letters.get(kind.id) if own else None
    if words is None or not kind.takes_own_words or not blocks:
        return blocks
    said = tuple(_instead(block, words.instead, kind.optional, typed) for block in blocks)
    return tuple(_with_added(said, words.added))


def _instead(block: Block, instead: Mapping[str, str], optional: Mapping[str, str], typed: str) -> Block:
    if not isinstance(block, Paragraph) or (typed and block.text in typed):
        return block
    text = block.text
    for name, sentence in optional.items():
        if name in instead:
            text = text.replace(sentence, instead[name])
    return block if text == block.text else replace(block, text=text)


def _with_added(blocks: tuple[Block, ...], added: Mapping[Place, tuple[str, ...]]) -> Iterator[Block]:
    """The greeting is the first block of every letter and the signature its last."""
    reach = next((n for n, b in enumerate(blocks) if isinstance(b, Heading) and b.text == REACHING_US), None)
    before = {len(blocks) - 1: Place.BEFORE_END, reach: Place.BEFORE_REACHING_US}
    for number, block in enumerate(blocks):
        if number in before:
            yield from map(Paragraph, added.get(before[number], ()))
        yield block
        if number == 0:
            yield from map(Paragraph, added.get(Place.AFTER_GREETING, ()))
