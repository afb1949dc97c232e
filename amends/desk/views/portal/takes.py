"""In what a customer may take a letter of theirs away: every format that the machine makes, their own first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amends.core.formats import Format
from amends.desk import voice
from amends.desk.documents import A4, BRF, LARGE, RECORDING, SCRIPT, TEXT, Kind

SAID: Final[dict[str, Promise]] = {
    A4.name: _("as a PDF"),
    LARGE.name: _("in large print (PDF)"),
    BRF.name: _("in Braille (BRF file)"),
    RECORDING.name: _("read aloud"),
    SCRIPT.name: _("as a script to read aloud"),
    TEXT.name: _("as plain text"),
}
_FIRST: Final[dict[Format, Kind]] = {
    Format.LARGE_PRINT: LARGE,
    Format.BRAILLE: BRF,
    Format.PLAIN_TEXT: TEXT,
}


@dataclass(frozen=True, slots=True)
class Take:
    """What is offered first, and what besides: names of documents, each with how it is said."""

    first: tuple[str, Promise]
    others: tuple[tuple[str, Promise], ...]


def offered() -> tuple[str, ...]:
    """The names of everything that a customer may take: a recording only where a voice is."""
    return tuple(name for name in SAID if name != RECORDING.name or voice.there())


def taken_as(wanted: Format) -> Take:
    """What somebody who reads in this format is offered."""
    aloud = RECORDING if voice.there() else SCRIPT
    kind = aloud if wanted is Format.AUDIO else _FIRST.get(wanted, A4)
    return Take((kind.name, SAID[kind.name]), tuple((n, SAID[n]) for n in offered() if n != kind.name))
