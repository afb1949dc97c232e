"""Documents of letters: the PDF that is made once, outside every transaction, and kept; and the page to look at.

A letter is printed from its frozen words, with the letterhead of the code that governs its case. What a person should
look at before it is posted (a character that no font has, an address longer than the window) raises an alarm.
"""

from __future__ import annotations

from html import escape

from amends.core import saying
from amends.core.calendar import london_date
from amends.core.code import Channel, Code
from amends.core.letters import Letter, letter_from_json
from amends.core.letters.blocks import one_line
from amends.core.ways import LETTER
from amends.desk import alarms
from amends.desk.accent import shades
from amends.desk.books import book_for
from amends.desk.models import Document, Outgoing
from amends.desk.now import now
from amends.desk.typeset import Letterhead, pdf_bytes

PDF = "pdf"
PDF_TYPE = "application/pdf"
ALARM = "letter to look at"
RUNBOOK = "A letter to look at before it is posted"


class WordsErased(LookupError):
    """The words of a letter have been erased: there is nothing to print."""


def pdf(outgoing: Outgoing) -> Document:
    """The PDF of a letter: the one that is kept, or a new one, kept from now on. Raises WordsErased.

    Not to be called within a transaction: making it takes milliseconds in which nobody else should wait.
    """
    kept = Document.objects.filter(outgoing=outgoing, format=PDF).first()
    if kept is not None:
        return kept
    letter = frozen(outgoing)
    made = pdf_bytes(letter.subject, letter.blocks, letterhead(outgoing))
    document, _ = Document.objects.get_or_create(
        provider_id=outgoing.provider_id, outgoing=outgoing, format=PDF,
        defaults={
            "case_id": outgoing.case_id, "media_type": PDF_TYPE, "content": made.content,
            "sha256": made.sha256, "made_at": now(),
        },
    )  # fmt: skip
    if made.doubts:
        _look_at(outgoing, made.doubts)
    return document


def _look_at(outgoing: Outgoing, doubts: tuple[str, ...]) -> None:
    text = f"Letter {outgoing.key}: {' '.join(doubts)}"
    alarms.raise_all([alarms.alarm(ALARM, outgoing.key, text, RUNBOOK, now(), outgoing.provider_id)])


def frozen(outgoing: Outgoing) -> Letter:
    """The letter in its frozen words. Raises WordsErased."""
    if not outgoing.words:
        raise WordsErased(f"The words of {outgoing.key} have been erased.")
    return letter_from_json(outgoing.words)


def letterhead(outgoing: Outgoing) -> Letterhead:
    """What stands around the words of this letter; it bears the day on which it was decided."""
    return Letterhead(
        provider_name=outgoing.provider.name,
        address=own_address(book_for(outgoing.case).code),
        reference=outgoing.case.reference,
        date=london_date(outgoing.decided_at),
        to=_addressed(outgoing),
        accent=shades(outgoing.provider.accent).light,
    )


def own_address(code: Code | None) -> tuple[str, ...]:
    """The provider's own address as its code gives it for complaints, one line per line; empty where it gives none."""
    points = [p for p in code.contacts if p.channel is Channel.LETTER] if code else []
    first = next((p for p in points if p.purpose == "complaints"), points[0] if points else None)
    return tuple(line.strip() for line in first.value.split("\n") if line.strip()) if first else ()


def _addressed(outgoing: Outgoing) -> tuple[str, ...]:
    """The lines for the window: the postal address under the name, or the name and mailbox of one that goes by mail."""
    name = one_line(outgoing.case.customer_name)
    lines = [line for line in outgoing.to.split("\n") if line.strip()]
    named = outgoing.channel == LETTER and any(one_line(line).lower() == name.lower() for line in lines)
    return tuple(lines) if named or not name else (name, *lines)


def html_page(letter: Letter, head: Letterhead) -> str:
    """The letter as one page to read or print: its words under who wrote it, to whom, when and about which case."""
    top = (
        f"<p><strong>{escape(head.provider_name)}</strong></p>"
        f'<address dir="auto">{"<br>".join(escape(line) for line in head.to)}</address>'
        f"<p>{escape(saying.day(head.date))}<br>Your reference: {escape(head.reference)}</p>"
        f'<h1 dir="auto">{escape(letter.subject)}</h1>'
    )
    return letter.html().replace("<body>\n", f"<body>\n{top}\n", 1)
