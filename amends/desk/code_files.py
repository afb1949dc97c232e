"""A published code as files to take away: PDF, large print, Braille, plain text, a script to read aloud, speech, JSON.

The same code on the same day gives the same bytes, whatever the machine, but for what only some machines can make: speech,
where a voice is installed, and contracted Braille, where liblouis is. Each is a file of its own beside the one that every
machine makes (the script to read aloud, uncontracted Braille), and the name of a Braille file tells its grade.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from amends.core.braille import as_bytes, brf
from amends.core.letters.letter import Letter
from amends.core.publish.as_blocks import blocks, title
from amends.core.publish.as_json import as_json
from amends.core.publish.published import PublishedCode
from amends.core.spoken import script
from amends.desk import liblouis, voice
from amends.desk.code_pdf import code_pdf, large_print_pdf

_KILO = 1024
_TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Form:
    """A form in which a code can be had as a file."""

    ending: str
    """What its name ends with."""
    label: str
    """What it is, for a customer."""
    media_type: str
    make: Callable[[PublishedCode, str], bytes | None]
    """From the code and the provider's colour; None where this machine cannot make it."""
    save: bool = False
    """Whether a browser should keep it and not try to show it."""
    note: str = ""
    """What a reader must know of it; usually empty."""


def _plain_text(code: PublishedCode, _: str) -> bytes:
    name = title(code)
    return _utf8(f"{name}\n\n{Letter('code', name, blocks(code)).text()}")


def _script(code: PublishedCode, _: str) -> bytes:
    return _utf8(script(title(code), blocks(code)))


def _speech(code: PublishedCode, _: str) -> bytes | None:
    return voice.spoken(script(title(code), blocks(code)))


def _uncontracted(code: PublishedCode, _: str) -> bytes:
    return as_bytes(brf(title(code), blocks(code)))


def _contracted(code: PublishedCode, _: str) -> bytes | None:
    table = liblouis.grade2()
    return None if table is None else as_bytes(brf(title(code), blocks(code), table=table))


def _best_braille(code: PublishedCode, accent: str) -> bytes:
    return _contracted(code, accent) or _uncontracted(code, accent)


def _json(code: PublishedCode, _: str) -> bytes:
    return (json.dumps(as_json(code), ensure_ascii=False, indent=2) + "\n").encode()


def _utf8(words: str) -> bytes:
    # The mark tells a program that would guess that this is UTF-8: £ and ’ come out right.
    return words.encode("utf-8-sig")


AS_PDF = Form(".pdf", "PDF", "application/pdf", lambda code, accent: code_pdf(code, accent).content)
AS_LARGE_PRINT = Form(
    "-large-print.pdf",
    "Large print (PDF)",
    "application/pdf",
    lambda code, accent: large_print_pdf(code, accent).content,
)
_BRF = "text/plain; charset=us-ascii"
UNCONTRACTED = Form(
    "-grade-1.brf", "Braille, uncontracted (UEB grade 1)", _BRF, _uncontracted, save=True, note="BRF file"
)
CONTRACTED = Form(
    "-grade-2.brf", "Braille, contracted (UEB grade 2)", _BRF, _contracted, save=True, note="BRF file"
)
AS_BRAILLE = Form(".brf", "Braille", _BRF, _best_braille, save=True, note="BRF file")
"""Contracted where this machine can: for one reader, who gets one file."""
AS_PLAIN_TEXT = Form(".txt", "Plain text", _TEXT, _plain_text)
AS_SCRIPT = Form("-to-read-aloud.txt", "Script to read aloud", _TEXT, _script)
AS_DATA = Form(".json", "Data for programs", "application/json", _json, note="JSON")
FORMS = (AS_PDF, AS_LARGE_PRINT, UNCONTRACTED, AS_PLAIN_TEXT, AS_SCRIPT, AS_DATA)
"""What every machine makes."""
SPEECH = Form(".wav", "Speech", "audio/wav", _speech, note="WAV file")


@dataclass(frozen=True, slots=True)
class CodeFile:
    """One file."""

    name: str
    form: Form
    content: bytes

    @property
    def about(self) -> str:
        """How large it is, and what a reader must know of it."""
        return ", ".join(filter(None, (_size(len(self.content)), self.form.note)))


def code_file(code: PublishedCode, stem: str, form: Form, accent: str = "") -> CodeFile | None:
    """The code in this form, its name beginning with `stem`; None where this machine cannot make it."""
    content = form.make(code, accent)
    return None if content is None else CodeFile(f"{stem}{form.ending}", form, content)


def here() -> tuple[Form, ...]:
    """The forms that this machine makes at once, as a portal offers them: contracted Braille too, where it can."""
    return _with_contracted(FORMS) if liblouis.there() else FORMS


def _with_contracted(forms: tuple[Form, ...]) -> tuple[Form, ...]:
    place = forms.index(UNCONTRACTED)
    return (*forms[:place], CONTRACTED, *forms[place:])


def code_files(
    code: PublishedCode, stem: str, *, accent: str = "", aloud: bool = False, contracted: bool = False
) -> tuple[CodeFile, ...]:
    """Every file of a code; with `aloud` speech and with `contracted` contracted Braille, where they can be made."""
    forms = _with_contracted(FORMS) if contracted else FORMS
    forms = (*forms, SPEECH) if aloud else forms
    return tuple(file for file in (code_file(code, stem, form, accent) for form in forms) if file)


def _size(count: int) -> str:
    if count < 100 * _KILO:
        return f"{max(1, round(count / _KILO))} kB"
    return f"{count / _KILO / _KILO:.1f} MB"
