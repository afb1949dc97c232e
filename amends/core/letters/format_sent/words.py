"""The letter that goes with an earlier one in another format, because the customer asked for it.

C5-04, N-formats, O-formats. The earlier letter stands as it was written and has its date: this one only carries it.
"""

from __future__ import annotations

from amends.core import saying
from amends.core.calendar import london_date
from amends.core.formats import Format, by_a_person
from amends.core.letters.blocks import Paragraph
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.sentences.dates import next_dates
from amends.core.letters.sentences.phrases import ending, greeting, reaching_us, subject
from amends.core.ways import EMAIL, ways

_AS_SAID = {Format.AUDIO: "as a recording", Format.PLAIN_TEXT: "as plain text"}
_AS_FILE = {
    Format.LARGE_PRINT: "It is attached as a PDF in large print.",
    Format.BRAILLE: "It is attached as a Braille file (BRF). Somebody here will also emboss it and post it to you.",
    Format.PLAIN_TEXT: "It stands below and is attached as plain text.",
}


def format_sent(matter: LetterMatter) -> Writing:
    """Here is the letter that you asked for, in the format that you asked for."""
    sent = next(x for x in matter.case.letters if x.key == matter.extra["of"])
    wanted = Format(matter.extra["format"])
    about = matter.extra.get("subject", "")
    blocks = (
        greeting(matter),
        Paragraph(
            f"You asked for our letter of {saying.day(london_date(sent.decided))}{f', “{about}”,' if about else ''} "
            f"{_AS_SAID.get(wanted, f'in {wanted}')}. {_how(matter, wanted)}"
        ),
        Paragraph("The letter is the same, and every date in it still counts."),
        *next_dates(matter),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, "a letter in the format that you asked for"), blocks


def _how(matter: LetterMatter, wanted: Format) -> str:
    found = ways(matter.case, "format-sent")
    by_mail = bool(found) and found[0].channel == EMAIL
    if by_mail and wanted in _AS_FILE:
        return _AS_FILE[wanted]
    if by_mail and wanted is Format.AUDIO and matter.extra.get("recording") == "attached":
        return "It is attached: it begins with this message, and the letter follows."
    if by_a_person(wanted, found[0].channel if found else "", voice=False):
        return "Somebody here is making that for you and will send it as soon as it is made."
    return "It is printed after this one."


def encloses(matter: LetterMatter) -> tuple[str, str]:
    """The earlier letter goes with it; both are in the format that was asked for."""
    return f"letter {matter.extra['of']}", matter.extra["format"]
