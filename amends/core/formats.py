"""Formats that a customer needs: which there are, who can make them, and how long a person has for what no machine can.

C5-01, C5-04 (needs are recorded, information in accessible formats); the clauses on formats of a provider's code, such
as N-formats, O-formats and O-arrangements. The clock of a letter never waits for its format: the letter leaves at once
as every letter does, and what this machine cannot make follows as a work order for a person.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from amends.core.code import Period, Unit
from amends.core.ways import EMAIL

if TYPE_CHECKING:
    from amends.core.code import Code


class Format(StrEnum):
    """How a customer reads what we write to them."""

    STANDARD = ""
    """Email with text and HTML, or an ordinary letter."""
    LARGE_PRINT = "large print"
    BRAILLE = "Braille"
    AUDIO = "audio"
    PLAIN_TEXT = "plain text"
    SIGN_LANGUAGE = "British Sign Language"


ORDER_WITHIN = Period(5, Unit.WORKING_DAYS)
"""A rule of this house (docs/formats.md): no regulation read so far names a time."""

AT_ONCE = frozenset({"access-link"})
"""Letters that work for minutes and on a screen only: nobody orders them in another format."""

CLAUSE = "C5-04"
"""What is cited where a code says nothing of formats."""


def clause(code: Code | None) -> str:
    """The clause by which a format is owed: the code's own, else the rule's."""
    return code.formats.id if code is not None and code.formats is not None else CLAUSE


def by_a_person(wanted: Format, channel: str, *, voice: bool) -> str:
    """Why a person must see to a letter in this format, on this way; "" where the letter brings it along.

    `voice` tells whether this machine can read the letter aloud, into a file that an email can carry.
    """
    if wanted is Format.BRAILLE:
        return "Braille is embossed on paper; the file for the embosser is made."
    if wanted is Format.SIGN_LANGUAGE:
        return "No machine here signs: somebody who does records or interprets it."
    if wanted is Format.AUDIO and channel != EMAIL:
        return "A recording cannot be printed: it goes on a disc or a stick."
    if wanted is Format.AUDIO and not voice:
        return (
            "No voice is installed, or the recording is too long for an email: a person records or sends it."
        )
    return ""


def letter_format(wanted: Format, letter: str) -> Format:
    """The format in which a letter of this kind goes to a customer who needs that one."""
    return Format.STANDARD if letter in AT_ONCE else wanted


def copy_by_a_person(wanted: Format, channel: str) -> str:
    """Why a person must make a copy of the code in this format, on this way; "" where it goes with its letter.

    A Braille file is what was asked for by who asks for it by email; a code is too long for a recording in an email.
    """
    if wanted is Format.BRAILLE and channel == EMAIL:
        return ""
    return by_a_person(wanted, channel, voice=False)
