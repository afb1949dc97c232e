"""What a page of a code knows beside the code itself: its files, its other versions, and what is open at this moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

NO_WORDS: Mapping[str, str] = MappingProxyType({})
OPEN_NOW = "Open now"
CLOSED_NOW = "Closed now"
"""Whether somebody is there, as a page says it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A file in which the code can be had."""

    label: str
    """What it is, for a customer: "Large print (PDF)"."""
    href: str
    about: str = ""
    """Its size, or what it needs."""
    save: bool = False
    """Whether a browser should keep it and not try to show it."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of the code that can be read, this one or another."""

    label: str
    href: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """What a page knows beside the code: the files, the other versions, and what is open at this moment."""

    offers: tuple[Offer, ...] = ()
    editions: tuple[Edition, ...] = ()
    in_force: str = ""
    """Where the version in force stands, if this is another one."""
    open_now: Mapping[str, str] = field(default_factory=lambda: NO_WORDS)
    """For each number or address, whether somebody is there now, in words; empty where nobody can tell."""
