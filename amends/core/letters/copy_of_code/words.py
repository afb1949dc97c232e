"""The letter that goes with a copy of the code: which version, in which format, and how it comes.

R-04 (unverified), O-copy, I-copy, L-copy: a copy for whoever asks, without charge. It leaves at once; what only a person
can make, such as embossed Braille, follows, and the letter says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from amends.core import saying
from amends.core.calendar import london_date
from amends.core.code import Code, Owed
from amends.core.formats import Format, copy_by_a_person
from amends.core.kinds import COPY_LETTER
from amends.core.letters.blocks import Block, Bullets, Details, Heading, Link, Paragraph
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.sentences.phrases import ending, greeting, reaching_us, subject
from amends.core.ways import EMAIL, ways

KEEPS = (Owed.COPY_OF_CODE,)

_AS_FILE = {
    Format.LARGE_PRINT: "a PDF in large print",
    Format.BRAILLE: "a Braille file (BRF), which a Braille display or an embosser reads",
    Format.PLAIN_TEXT: "plain text, for a screen reader",
}


def copy_of_code(matter: LetterMatter) -> Writing:
    """Here is the code that you asked for."""
    code, copy = matter.book.code, matter.case.copy_waiting
    assert code is not None
    assert copy is not None
    asked = saying.day(london_date(copy.asked))
    blocks = (
        greeting(matter),
        Paragraph(f"On {asked} you asked us for a copy of our code. Here it is. It costs you nothing."),
        Details(tuple(_which(code))),
        Heading("What we will do, and when"),
        Paragraph(_how(matter)),
        Heading("What you can do, and when"),
        Bullets(
            (
                "If another format suits you better, tell us at any time. We will send it, also free of charge.",
                "If something has gone wrong with our service, you can complain at any time. The code says how.",
            )
        ),
        *_online(matter),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, "a copy of our code"), blocks


def _which(code: Code) -> Iterator[tuple[str, str]]:
    yield "Code", code.title
    yield "Version", code.version
    if code.in_force_from is not None:
        yield "In force from", saying.day(code.in_force_from)


def _how(matter: LetterMatter) -> str:
    """How this copy comes: with this letter, or made by a person, by the day on which we owe it."""
    copy = matter.case.copy_waiting
    assert copy is not None
    wanted = Format(copy.format or matter.case.format)
    found = ways(matter.case, COPY_LETTER)
    by_mail = bool(found) and found[0].channel == EMAIL
    if copy_by_a_person(wanted, EMAIL if by_mail else ""):
        due = next(
            (c.due for c in matter.clocks if c.owe is Owed.COPY_OF_CODE and c.start == copy.asked), None
        )
        # A time that the code does not name is a rule for us, and no promise to the customer.
        when = (
            f"it will leave by {saying.day(london_date(due))}"
            if due
            else "it will leave as soon as it is made"
        )
        return (
            f"You asked for it in {wanted}. Somebody here is making that for you, and {when}. "
            f"Until it comes, the code is {'attached as a PDF' if by_mail else 'printed after this letter'}."
        )
    if by_mail:
        return f"The code is attached as {_AS_FILE.get(wanted, 'a PDF')}, so no further step of ours is due."
    large = " in large print" if wanted is Format.LARGE_PRINT else ""
    return f"The code is printed{large} after this letter, so no further step of ours is due."


def _online(matter: LetterMatter) -> Iterator[Block]:
    if matter.portal:
        yield Link("Read the code in every format", f"{matter.portal.rstrip('/')}/code")


def encloses(matter: LetterMatter) -> tuple[str, str]:
    """The code goes with it, in the format that this copy was asked for in."""
    code, copy = matter.book.code, matter.case.copy_waiting
    assert code is not None
    assert copy is not None
    return f"code {code.fingerprint}", copy.format
