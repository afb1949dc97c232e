"""A provider's own words in its letters: paragraphs that it adds, and courtesies that it says in its own way.

What a letter must say is never touched: own paragraphs stand only at three places, and only the sentences listed in
`OPTIONAL` can be said otherwise. Everything else (scheme, window, dates, rights, that it is free) stays as it is
written, in its order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from amends.core.letters.blocks import Block, Heading, Paragraph


class Place(StrEnum):
    """Where own paragraphs may stand in a letter."""

    AFTER_GREETING = "after the greeting"
    BEFORE_REACHING_US = "before how to reach us"
    BEFORE_END = "before the end"


REACHING_US = "How to reach us"
"""The heading before which `Place.BEFORE_REACHING_US` is."""

OPTIONAL: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "acknowledgement": {
            "thanks": "Thank you for telling us.",
            "corrections": "If one of these details is wrong, please tell us.",
            "what we do": "We look into what went wrong, tell you what we found, and say what we will do to put it right.",
        },
        "introduction": {
            "what I do": "I will look into what went wrong, tell you what I find, and say what we will do about it.",
        },
        "contact-time": {
            "another time": "If this time no longer suits you, tell us and we will find another."
        },
        "call-follow-up": {"corrections": "If we got something wrong, please tell us."},
        "adr-letter": {"sorry": "We are sorry that it takes so long."},
        "silence-notice": {"please tell us": "Please tell us, whichever it is."},
    }
)
"""By letter: the sentences that a provider may say otherwise, each with the name by which its file calls it."""

NOT_WORDED = frozenset({"access-link"})
"""Letters that say only what they must."""


@dataclass(frozen=True, slots=True)
class LetterWords:
    """Own words of one letter."""

    added: Mapping[Place, tuple[str, ...]]
    """Paragraphs by place."""
    instead: Mapping[str, str]
    """Sentences by the name under which they stand in `OPTIONAL`."""


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


def worded(
    letter: str, blocks: tuple[Block, ...], own: OwnWords | None, typed: str = ""
) -> tuple[Block, ...]:
    """The blocks of a letter with the provider's own words in them; what a person `typed` is left as it is."""
    words = own.letters.get(letter) if own else None
    if words is None or letter in NOT_WORDED or not blocks:
        return blocks
    said = tuple(_instead(block, words.instead, letter, typed) for block in blocks)
    return tuple(_with_added(said, words.added))


def _instead(block: Block, instead: Mapping[str, str], letter: str, typed: str) -> Block:
    if not isinstance(block, Paragraph) or (typed and block.text in typed):
        return block
    text = block.text
    for name, sentence in OPTIONAL.get(letter, {}).items():
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
