"""A kind of letter: its words, its parameters and its named examples, bound together by the entry of its folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from amends.core.code import Owed
from amends.core.letters.matter import LetterMatter, Missing, Writing
from amends.core.letters.parameters import Parameter
from amends.core.rulebook import Rulebook

Shown = tuple[str, str, LetterMatter]
"""A named example: its name, which is its own among those of its letter, what it shows, and what it is written from."""

_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterKind:
    """One kind of letter: the entry of its folder."""

    id: str
    title: str
    says: str
    """What it is for, in a sentence."""
    lane: int
    automatic: bool = False
    """Whether the desk sends it by itself."""
    promises: tuple[Owed, ...] = ()
    """What it keeps, once it has left, together with the fact that is recorded with it."""
    parameters: tuple[Parameter, ...]
    """What it cannot be written without."""
    writer: Callable[[LetterMatter], Writing | Missing]
    """Its words."""
    examples: Callable[[Rulebook, str], Iterator[Shown]]
    """Its named examples that a story under this code reaches, at a provider of this name."""
    optional: Mapping[str, str] = field(default_factory=lambda: _NONE)
    """The sentences that a provider may say otherwise, by the name by which its file calls them; the rest is locked."""
    takes_own_words: bool = True
    """Whether a provider may add paragraphs of its own; a letter that takes none says only what it must."""
    recorded: Callable[[LetterMatter], LetterMatter] | None = None
    """The matter as it stands once the fact is recorded that names this letter, and can only follow its writing."""
    encloses: Callable[[LetterMatter], tuple[str, str]] | None = None
    """What goes with it, as `Letter.encloses` says it, and the format of both where one was asked for by itself."""
