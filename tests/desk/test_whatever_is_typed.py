"""Whatever somebody types comes out right, or harmless, in every format in which the same letter leaves the house."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import page as pages
import pytest
from lxml import html
from pypdf import PdfReader

from amends.core.braille import grade1
from amends.desk import documents, liblouis
from amends.desk.actions import Actor
from amends.desk.batches import make, printed
from amends.desk.models import Alarm, Mail, Outgoing
from tests.braille_reader import flowing, normal, read
from tests.desk.made import MONDAY, case, provider
from tests.desk.test_formats import TUESDAY, write

pytestmark = pytest.mark.django_db

FORTY_LINES = "\n".join(f"{n} Long Street" for n in range(40))
LONG = " ".join(f"word{n}" for n in range(2000))


@dataclass(frozen=True)
class Typed:
    """What was typed, what the eye and a screen reader find of it, and what a reader of Braille reads instead."""

    words: str
    seen: str
    on_paper: str = ""
    in_braille: str = ""


TYPED = {
    "markup": Typed(
        words := '#import "x": * $x^2$ <script>alert(1)</script> {{ secret }} %(x)s =sum(A1)', words
    ),
    "right to left": Typed(
        "مرحبا بكم (12) שלום", "مرحبا بكم (12) שלום", "שלום", "[U+05E9 U+05DC U+05D5 U+05DD]"
    ),
    "emoji": Typed(
        "Thanks 👍🏽 😀", "Thanks 👍🏽 😀", "Thanks", "Thanks [U+1F44D U+1F3FD] [U+1F600 grinning face]"
    ),
    "unknown": Typed(
        "a\U00013000b\ue000c\x07d", "a\U00013000b\ue000cd", "a[U+13000]b[U+E000]cd", "a[U+13000"
    ),
    "two thousand words": Typed(LONG, LONG),
}


def letter(words: str) -> Outgoing:
    """An update with these words, to be posted to an address of forty lines."""
    at = provider(mail=Mail.FOLDER)
    row = case(
        at, MONDAY, {"name": "Ann Archer", "address": FORTY_LINES, "prefers": "letter"}, channel="letter"
    )
    return write(row, words=words)


def in_kind(outgoing: Outgoing, kind: documents.Kind) -> bytes:
    return bytes(documents.document(outgoing, kind).content)


def flat(text: str) -> str:
    """The words without their breaks: a printed page may part them anywhere."""
    return re.sub(r"\s+", "", text)


def stands_in(words: str, said: str) -> bool:
    """Whether the words stand there in their order: heads and numbers of pages may come between."""
    found = 0
    for word in words.split():
        found = said.find(word, found) + len(word)
        if found < len(word):
            return False
    return True


def words_of(pdf: bytes) -> str:
    return flat("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
def test_on_paper_plain_and_large_and_in_a_batch(typed: Typed) -> None:
    outgoing = letter(typed.words)
    for kind in (documents.A4, documents.LARGE):
        content = in_kind(outgoing, kind)
        assert pages.validate_pdf_bytes(content, profile="ua1").is_compliant, kind.name
        said = words_of(content)
        # What runs from right to left is drawn in its own order, which a reader of PDF gives back in either.
        wanted = typed.on_paper or typed.seen
        assert stands_in(wanted, said) or stands_in(wanted[::-1], said), kind.name
    batch = make(outgoing.provider, Actor("7", "Hana", "handler"), TUESDAY)
    assert batch is not None
    kept = PdfReader(io.BytesIO(in_kind(outgoing, documents.A4))).pages
    whole = PdfReader(io.BytesIO(printed(batch).content)).pages
    own = [page.extract_text() for page in kept]
    told = [page.extract_text() for page in whole]
    assert any(told[n : n + len(own)] == own for n in range(len(told))), (
        "a batch holds the letter's own pages"
    )


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
def test_as_plain_text_as_html_and_as_a_script_to_read_aloud(typed: Typed) -> None:
    outgoing = letter(typed.words)
    assert flat(typed.seen) in flat(in_kind(outgoing, documents.TEXT).decode())
    page = html.fromstring(outgoing.html)
    assert flat(typed.seen) in flat(page.text_content())
    assert page.xpath("//script | //img | //iframe | //object | //*[@onclick]") == []
    script = in_kind(outgoing, documents.SCRIPT).decode()
    letters = re.findall(r"[a-z]{4,}", typed.seen)
    assert [word for word in letters if word not in script] == []
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", script)


@pytest.fixture
def uncontracted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without liblouis: what is built in can be read back by a reader of our own."""
    monkeypatch.setattr(liblouis, "best", lambda: grade1)


def embossed(outgoing: Outgoing) -> str:
    return in_kind(outgoing, documents.BRF).decode("ascii").replace("\r\n", "\n")


@pytest.mark.usefixtures("uncontracted")
@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
def test_in_braille_it_reads_back_or_is_told_by_its_number(typed: Typed) -> None:
    said = flat(normal(read(flowing(embossed(letter(typed.words))))))
    assert flat(normal(typed.in_braille or typed.seen)) in said


def test_what_no_font_has_is_a_duty_for_a_person_and_stops_nothing() -> None:
    outgoing = letter(TYPED["unknown"].words)
    in_kind(outgoing, documents.A4)
    (alarm,) = Alarm.objects.filter(kind=documents.ALARM, cleared=None)
    assert "[U+13000]" in alarm.text
    assert outgoing.key in alarm.key
    assert outgoing.state == "to post"


@pytest.mark.usefixtures("uncontracted")
def test_an_address_of_forty_lines_leaves_the_window_whole_and_stands_in_full_in_the_letter() -> None:
    at = provider()
    case(at, MONDAY, {"name": "Ann Archer", "address": FORTY_LINES, "prefers": "letter"}, channel="letter")
    outgoing = Outgoing.objects.get(letter="acknowledgement")
    for kind in (documents.A4, documents.LARGE):
        assert "39LongStreet" in words_of(in_kind(outgoing, kind)), kind.name
    assert "39 Long Street" in in_kind(outgoing, documents.TEXT).decode()
    assert "39 Long Street" in html.fromstring(outgoing.html).text_content()
    assert "39 Long Street" in read(flowing(embossed(outgoing)))
