"""Documents of letters: made once, outside every transaction, and kept: the PDF, and the letter in its customer's format.

A letter is printed from its frozen words, with the letterhead of the code that governs its case; so are its large
print, its Braille, its recording and its plain text. What a person should look at before it is posted (a character that
no font has, an address longer than the window) raises an alarm.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from html import escape
from typing import Final

from amends.core import braille, saying, spoken
from amends.core.calendar import london_date
from amends.core.code import Channel, Code
from amends.core.formats import Format
from amends.core.letters import Block, Details, Heading, Letter, Paragraph, letter_from_json
from amends.core.letters.blocks import one_line
from amends.core.letters.sentences.phrases import ACCESS_CODE
from amends.core.publish.as_blocks import blocks, title
from amends.core.publish.published import PublishedCode
from amends.core.ways import LETTER
from amends.desk import alarms, code_pages, liblouis, voice
from amends.desk.accent import shades
from amends.desk.books import book_for
from amends.desk.code_files import AS_BRAILLE, AS_LARGE_PRINT, AS_PDF, AS_PLAIN_TEXT, Form
from amends.desk.enclosed import CODE_TOO, LETTER_TOO
from amends.desk.models import Document, LetterheadVersion, Outgoing
from amends.desk.now import now
from amends.desk.stationery import letterhead_on
from amends.desk.typeset import Letterhead, MadePdf, large_print_bytes, pdf_bytes

UTF_8 = "utf-8-sig"
"""With the mark by which a program that would guess knows it."""
KEPT_BACK: Final = "left out: it opens the case to the customer alone"
PDF = "pdf"
PDF_TYPE = "application/pdf"
ALARM = "letter to look at"
RUNBOOK = "A letter to look at before it is posted"


class WordsErased(LookupError):
    """The words of a letter have been erased: there is nothing to print."""


class NoVoice(Exception):
    """No recording could be made: no voice is installed, or the letter is too long to be read by one."""


class NothingEnclosed(LookupError):
    """A letter that goes alone was asked for the code that it encloses."""


@dataclass(frozen=True, slots=True)
class Made:
    """A document as it was made, with what a person should look at."""

    content: bytes
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: its name among the documents of a letter, its media type, and the ending of its file."""

    name: str
    media_type: str
    ending: str
    make: Callable[[Letter, Outgoing], Made]


# --- Each kind ----------------------------------------------------------------------------------------------------


def _pdf(letter: Letter, outgoing: Outgoing) -> Made:
    return _printed(pdf_bytes(letter.subject, _whole(letter, outgoing), letterhead(outgoing)))


def _for_scheme(letter: Letter, outgoing: Outgoing) -> Made:
    return _printed(pdf_bytes(letter.subject, without_code(_whole(letter, outgoing)), letterhead(outgoing)))


def without_code(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The words of a letter for somebody who is not its customer: what opens the case in the portal is left out."""
    return tuple(
        Details(tuple((name, KEPT_BACK if name == ACCESS_CODE else said) for name, said in block.rows))
        if isinstance(block, Details)
        else block
        for block in blocks
    )


def holds_code(outgoing: Outgoing) -> bool:
    """Whether a letter, or one that it encloses, gives the code that opens the case; of erased words nothing is known."""
    try:
        blocks = _whole(frozen(outgoing), outgoing)
    except WordsErased:
        return False
    return without_code(blocks) != blocks


def _large_print(letter: Letter, outgoing: Outgoing) -> Made:
    """With a cover sheet for the window only where it goes by post."""
    head = letterhead(outgoing)
    to = head.to if outgoing.channel == LETTER else ()
    return _printed(large_print_bytes(letter.subject, _whole(letter, outgoing), replace(head, to=to)))


def _printed(made: MadePdf) -> Made:
    return Made(made.content, made.doubts)


def _brf(letter: Letter, outgoing: Outgoing) -> Made:
    pages = braille.brf(letter.subject, _headed(letter, outgoing), table=liblouis.best())
    whole = Letter(letter.letter, letter.subject, _whole(letter, outgoing))
    strange = braille.told_in_words(f"{whole.subject}\n{whole.text()}")
    doubts = (f"Braille has no sign for {saying.listed(strange)}: told in words.",) if strange else ()
    return Made(braille.as_bytes(pages), doubts)


def _audio(letter: Letter, outgoing: Outgoing) -> Made:
    recording = voice.spoken(_script(letter, outgoing))
    if recording is None:
        raise NoVoice(f"{outgoing.key} could not be read aloud on this machine.")
    return Made(recording)


def _to_read(letter: Letter, outgoing: Outgoing) -> Made:
    return Made(_script(letter, outgoing).encode(UTF_8))


def _script(letter: Letter, outgoing: Outgoing) -> str:
    return spoken.script(letter.subject, _headed(letter, outgoing))


def _plain_text(letter: Letter, outgoing: Outgoing) -> Made:
    whole = Letter(letter.letter, letter.subject, tuple(_headed(letter, outgoing)))
    return Made(f"{letter.subject}\n\n{whole.text()}".encode(UTF_8))


def _headed(letter: Letter, outgoing: Outgoing) -> list[Block]:
    """The words under what a letterhead says: who writes, when, about which case."""
    head = letterhead(outgoing)
    rows = (("Date", saying.day(head.date)), ("Your reference", head.reference))
    return [Paragraph(head.provider_name), Details(rows), *_whole(letter, outgoing)]


def _whole(letter: Letter, outgoing: Outgoing) -> tuple[Block, ...]:
    """The words of a letter, and after them what it encloses: printed, embossed and read out as one."""
    kind, _, what = letter.encloses.partition(" ")
    if kind == LETTER_TOO:
        earlier = Outgoing.objects.select_related("provider", "case").get(
            provider=outgoing.provider_id, case=outgoing.case_id, key=what
        )
        words = frozen(earlier)
        return (*letter.blocks, Heading(words.subject), *_whole(words, earlier))
    code = _enclosed(letter, outgoing)
    return letter.blocks if code is None else (*letter.blocks, Heading(title(code)), *blocks(code))


def _enclosed(letter: Letter, outgoing: Outgoing) -> PublishedCode | None:
    kind, _, fingerprint = letter.encloses.partition(" ")
    if kind != CODE_TOO:
        return None
    return code_pages.edition(outgoing.provider, outgoing.decided_at, fingerprint)


def _code_alone(form: Form) -> Callable[[Letter, Outgoing], Made]:
    """The maker of the code that a letter encloses, as a file that goes with an email."""

    def make(letter: Letter, outgoing: Outgoing) -> Made:
        code = _enclosed(letter, outgoing)
        if code is None:
            raise NothingEnclosed(f"{outgoing.key} encloses no code.")
        content = form.make(code, outgoing.provider.accent)
        assert content is not None, "only speech cannot be made on some machine"
        return Made(content)

    return make


A4 = Kind(PDF, PDF_TYPE, ".pdf", _pdf)
FOR_SCHEME = Kind("for-scheme", PDF_TYPE, "-for-the-scheme.pdf", _for_scheme)
"""As every letter is, but without the code by which its customer alone opens the case."""
LARGE = Kind("large-print", PDF_TYPE, "-large-print.pdf", _large_print)
BRF = Kind("brf", "application/x-brf", ".brf", _brf)
RECORDING = Kind("audio", "audio/wav", ".wav", _audio)
SCRIPT = Kind("script", "text/plain", "-to-read-aloud.txt", _to_read)
TEXT = Kind("txt", "text/plain", ".txt", _plain_text)
CODE_PDF = Kind("code-pdf", PDF_TYPE, "-code.pdf", _code_alone(AS_PDF))
CODE_LARGE = Kind("code-large-print", PDF_TYPE, "-code-large-print.pdf", _code_alone(AS_LARGE_PRINT))
CODE_BRF = Kind("code-brf", "application/x-brf", "-code.brf", _code_alone(AS_BRAILLE))
CODE_TEXT = Kind("code-txt", "text/plain", "-code.txt", _code_alone(AS_PLAIN_TEXT))
CODE_IN_FORMAT = {
    Format.LARGE_PRINT: CODE_LARGE,
    Format.BRAILLE: CODE_BRF,
    Format.PLAIN_TEXT: CODE_TEXT,
}
"""As what a code goes with an email for a customer who needs a format; as a PDF for everybody else."""
CODE_NAMES = frozenset({CODE_PDF.name, *(kind.name for kind in CODE_IN_FORMAT.values())})
KINDS = {
    kind.name: kind
    for kind in (
        A4,
        FOR_SCHEME,
        LARGE,
        BRF,
        RECORDING,
        SCRIPT,
        TEXT,
        CODE_PDF,
        CODE_LARGE,
        CODE_BRF,
        CODE_TEXT,
    )
}

IN_FORMAT = {
    Format.LARGE_PRINT: LARGE,
    Format.BRAILLE: BRF,
    Format.AUDIO: RECORDING,
    Format.PLAIN_TEXT: TEXT,
}
"""What is made of a letter for a customer who needs a format; nothing is made of it for one who needs sign language."""


# --- Making and keeping -------------------------------------------------------------------------------------------


def pdf(outgoing: Outgoing) -> Document:
    """The PDF of a letter: the one that is kept, or a new one, kept from now on. Raises WordsErased."""
    return document(outgoing, A4)


def document(outgoing: Outgoing, kind: Kind) -> Document:
    """The document of a letter: the one that is kept, or a new one, kept from now on. Raises WordsErased, NoVoice.

    Not to be called within a transaction: making it takes milliseconds in which nobody else should wait.
    """
    kept = Document.objects.filter(outgoing=outgoing, format=kind.name).first()
    if kept is not None:
        return kept
    made = kind.make(frozen(outgoing), outgoing)
    document, _ = Document.objects.get_or_create(
        provider_id=outgoing.provider_id, outgoing=outgoing, format=kind.name,
        defaults={
            "case_id": outgoing.case_id, "media_type": kind.media_type, "content": made.content,
            "sha256": hashlib.sha256(made.content).hexdigest(), "made_at": now(),
        },
    )  # fmt: skip
    if made.doubts:
        _look_at(outgoing, made.doubts)
    return document


def to_print(outgoing: Outgoing) -> Document:
    """What a person prints and posts: the letter in large print for a customer who needs it, else as every letter is."""
    return document(outgoing, LARGE if outgoing.format == Format.LARGE_PRINT else A4)


def preview(outgoing: Outgoing) -> bytes:
    """The pages of a letter that is not decided yet, as `to_print` would make them; kept nowhere."""
    kind = LARGE if outgoing.format == Format.LARGE_PRINT else A4
    return kind.make(frozen(outgoing), outgoing).content


def in_format(outgoing: Outgoing) -> Document | None:
    """The letter in its customer's format, or what a person needs to make it: the script of a recording.

    None where the format is the standard one, or one of which no machine makes anything. Raises WordsErased.
    """
    kind = IN_FORMAT.get(Format(outgoing.format))
    if kind is None:
        return None
    try:
        return document(outgoing, kind)
    except NoVoice:
        return document(outgoing, SCRIPT)


def file_name(outgoing: Outgoing, document: Document) -> str:
    """What the file of a document is called where it is saved or attached."""
    reference, _, rest = outgoing.key.partition("/")
    number = rest.rpartition("/")[2]
    # The first of its kind needs no number; a second must not take its place in somebody's folder.
    return f"{outgoing.letter}-{reference}{f'-{number}' if number not in ('', '1') else ''}{KINDS[document.format].ending}"


def told(document: Document) -> str:
    """The content type by which a document is told to a browser: its media type, and how its letters are written."""
    text = document.media_type.startswith("text/")
    return f"{document.media_type}; charset=utf-8" if text else document.media_type


def _look_at(outgoing: Outgoing, doubts: tuple[str, ...]) -> None:
    text = f"A letter of {outgoing.case.reference}: {' '.join(doubts)}"
    alarms.raise_all([alarms.alarm(ALARM, outgoing.key, text, RUNBOOK, now(), outgoing.provider_id)])


def frozen(outgoing: Outgoing) -> Letter:
    """The letter in its frozen words. Raises WordsErased."""
    if not outgoing.words:
        raise WordsErased(f"The words of {outgoing.key} have been erased.")
    return letter_from_json(outgoing.words)


def letterhead(outgoing: Outgoing) -> Letterhead:
    """What stands around the words of this letter; it bears the day on which it was decided."""
    plain = Letterhead(
        provider_name=outgoing.provider.name,
        address=own_address(book_for(outgoing.case).code),
        reference=outgoing.case.reference,
        date=london_date(outgoing.decided_at),
        to=addressed(outgoing),
        accent=shades(outgoing.provider.accent).light,
    )
    return with_stationery(plain, letterhead_on(outgoing.provider_id, plain.date))


def with_stationery(plain: Letterhead, version: LetterheadVersion | None) -> Letterhead:
    """The letterhead with the provider's own logo and return address, where it has made one."""
    if version is None:
        return plain
    address = tuple(version.address.split("\n")) if version.address else ()
    name = () if address[:1] == (plain.provider_name,) else (plain.provider_name,)
    return replace(
        plain, address=address or plain.address, returns_to=", ".join((*name, *address)) if address else "",
        logo=bytes(version.logo), logo_type=version.logo_type,
    )  # fmt: skip


def own_address(code: Code | None) -> tuple[str, ...]:
    """The provider's own address as its code gives it for complaints, one line per line; empty where it gives none."""
    points = [p for p in code.contacts if p.channel is Channel.LETTER] if code else []
    first = next((p for p in points if p.purpose == "complaints"), points[0] if points else None)
    return tuple(line.strip() for line in first.value.split("\n") if line.strip()) if first else ()


def addressed(outgoing: Outgoing) -> tuple[str, ...]:
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
