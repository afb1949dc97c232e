"""The parameters of letters: what one cannot be written without, whether it is there, and what to say where it is not.

A parameter is a question to the case. Those of one letter stand in its folder; those of many, here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from amends.core.letters.blocks import clean
from amends.core.letters.matter import LetterMatter


class Parameter(NamedTuple):
    """One thing that a letter cannot be written without."""

    name: str
    given: Callable[[LetterMatter], bool]
    """Whether it is there."""
    otherwise: str
    """What to say to a person where it is not."""


REFERENCE = Parameter("reference", lambda m: bool(m.case.reference), "the case has no reference")
FIRST_RECEIPT = Parameter(
    "first receipt", lambda m: m.case.first_received is not None, "nothing was received from the customer"
)
WORDS = Parameter("words", lambda m: bool(clean(m.free_text)), "nobody has written what to tell the customer")
ALWAYS = (REFERENCE, FIRST_RECEIPT)
"""What nearly every letter speaks of."""

OF_THE_CODE = (
    Parameter(
        "way to reach us",
        lambda m: (
            any(p.purpose in ("complaints", "support") for p in m.book.code.contacts) if m.book.code else True
        ),
        "the code gives no way to reach the provider",
    ),
)
"""What letters take from the code and can be without: on its day no letter waits for it, so the check of a code asks."""


def lacking(parameters: Iterable[Parameter], matter: LetterMatter) -> tuple[Parameter, ...]:
    """Those among these that are not there."""
    return tuple(parameter for parameter in parameters if not parameter.given(matter))


def why(lacks: Iterable[Parameter]) -> str:
    """Why a letter cannot be written that lacks these, in words for a person."""
    return "; ".join(parameter.otherwise for parameter in lacks)
