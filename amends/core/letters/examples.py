"""The named examples of every letter, collected from their folders: for tests, previews and the documentation."""

from __future__ import annotations

from dataclasses import dataclass

from amends.core.letters.matter import LetterMatter
from amends.core.letters.registry import LETTERS
from amends.core.letters.story import MEMBER, OTHER_MEMBER
from amends.core.rulebook import Rulebook

__all__ = ["MEMBER", "OTHER_MEMBER", "Example", "examples"]


@dataclass(frozen=True)
class Example:
    """One example: which letter, a name that is its own among them, and what it shows."""

    letter: str
    name: str
    shows: str
    matter: LetterMatter


def examples(book: Rulebook, provider_name: str = "Larkfield Broadband") -> tuple[Example, ...]:
    """Every example that this code's own story reaches: one without stages has no step up, for one."""
    return tuple(Example(kind.id, *shown) for kind in LETTERS for shown in kind.examples(book, provider_name))
