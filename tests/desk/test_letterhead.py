"""What a letterhead promises: safe logos only, dates that hold, a window kept clear; and own words by their versions."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import date

import page
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader

from amends.core.letters import Paragraph
from amends.desk import documents, stationery
from amends.desk.logo import PNG, SVG, Logo, judged
from amends.desk.models import AdoptedWords, AuditEntry, FactRow, LetterheadVersion, Mail, Outgoing, Provider
from amends.desk.opened import read
from amends.desk.stationery import AdoptedOwn, adopt_words, set_letterhead
from amends.desk.typeset import Letterhead
from tests.desk.made import MONDAY, case, days, london, provider
from tests.desk.office import Office
from tests.desk.test_documents import ADDRESS, check, in_window, made
from tests.test_letter_words import GOOD

pytestmark = pytest.mark.django_db

SHAPE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><path d="M0 0h40v20H0z" fill="#1b4f72"/></svg>'


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int = 4, height: int = 2, extra: bytes = b"", after: bytes = b"") -> bytes:
    rows = b"".join(b"\0" + b"\x1b\x4f\x72" * width for _ in range(height)) if width * height < 10**6 else b""
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + extra
        + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"") + after
    )  # fmt: skip


def svg(inside: str, head: str = "", attributes: str = "") -> bytes:
    return f'{head}<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" {attributes}>{inside}</svg>'.encode()


GRADIENT = (
    '<defs><linearGradient id="a"><stop offset="0" stop-color="red"/></linearGradient></defs>'
    '<rect width="9" height="9" fill="url(#a)"/>'
)


@pytest.mark.parametrize(
    "content", [SHAPE, svg(GRADIENT), svg("<title>Larkfield</title>", '<?xml version="1.0"?>')]
)
def test_a_plain_svg_is_kept_as_it_is(content: bytes) -> None:
    assert judged(content) == Logo(content, SVG)


@pytest.mark.parametrize(
    "content",
    [
        svg("<script>alert(1)</script>"),
        svg("", attributes='onload="alert(1)"'),
        svg('<image href="https://evil.example/x.png"/>'),
        svg('<image href="file:///etc/passwd"/>'),
        svg('<use href="#a"/>'),
        svg('<a href="javascript:alert(1)"><path d="M0 0"/></a>'),
        svg("<foreignObject><p>x</p></foreignObject>"),
        svg("<style>@import url(https://evil.example)</style>"),
        svg('<path d="M0 0" style="fill:url(https://evil.example)"/>'),
        svg('<path d="M0 0" fill="url(https://evil.example/#a)"/>'),
        svg('<path d="M0 0" fill="URL( https://evil.example )"/>'),
        svg('<rect xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="data:text/html,x"/>'),
        svg("<text>words</text>"),
        svg("<animate attributeName='x'/>"),
        svg("&a;", '<!DOCTYPE svg [<!ENTITY a "aaaa">]>'),
        svg("&a;", '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
        svg("", '<?xml-stylesheet href="https://evil.example"?>'),
        svg("<g>" * 400 + "</g>" * 400),
        svg("<path/>" * 2000),
        svg("<path d='" + "M0 0" * 20000 + "'/>"),
        b"<svg><path/></svg>",
        b'<svg xmlns="http://www.w3.org/2000/svg"><path></svg>',
        svg("<path/>").decode().encode("utf-16"),
        png()[:-6],
        png(after=b"<script>"),
        png(100_000, 100_000),
        png(0, 4),
        b"\x89PNG\r\n\x1a\n",
        png().replace(b"IDAT", b"IDAX"),
        b"GIF89a",
        b"",
    ],
)
def test_a_hostile_or_broken_logo_is_refused_in_words(content: bytes) -> None:
    assert isinstance(judged(content), str)


def test_a_png_keeps_its_picture_and_loses_what_else_it_carried() -> None:
    found = judged(png(extra=chunk(b"tEXt", b"Author\0Secret of Ann")))
    assert found == Logo(png(), PNG)


def _set(
    at: Provider,
    since: date,
    *,
    address: str = "",
    signature: str = "",
    logo: bytes = b"",
    logo_type: str = "",
) -> LetterheadVersion:
    made = set_letterhead(
        at,
        since=since,
        address=address,
        signature=signature,
        logo=logo,
        logo_type=logo_type,
        by="7",
        now=MONDAY,
    )
    assert isinstance(made, LetterheadVersion), made
    return made


@pytest.mark.parametrize("logo", [Logo(SHAPE, SVG), Logo(png(), PNG)], ids=["svg", "png"])
@pytest.mark.parametrize("wanted", ["pdf", "large-print"])
def test_a_letter_bears_it_and_is_still_read_by_everybody(logo: Logo, wanted: str) -> None:
    at = provider(mail=Mail.FOLDER)
    _set(
        at,
        MONDAY.date(),
        address="PO Box 7\nLarkfield\nLK1 1AA",
        logo=logo.content,
        logo_type=logo.media_type,
    )
    home = {"name": "Bo Bell", "address": "7 Mill Lane\nLarkfield\nLK1 2AB"}
    letter = Outgoing.objects.get(case=case(at, MONDAY, home, channel="letter"))
    content = bytes(documents.document(letter, documents.KINDS[wanted]).content)
    assert page.validate_pdf_bytes(content, profile="ua1").is_compliant
    words = " ".join(PdfReader(io.BytesIO(content)).pages[0].extract_text().split())
    assert "Return to: Larkfield Broadband, PO Box 7, Larkfield, LK1 1AA" in words
    assert "7 Mill Lane" in words


def test_the_return_line_names_the_provider_once_although_its_address_begins_with_the_name() -> None:
    at = provider(mail=Mail.FOLDER)
    version = _set(at, MONDAY.date(), address=f"{at.name}\nPO Box 7\nLarkfield LK1 1AA")
    plain = Letterhead(provider_name=at.name, address=(), reference="R", date=MONDAY.date(), to=())
    assert documents.with_stationery(plain, version).returns_to == f"{at.name}, PO Box 7, Larkfield LK1 1AA"


def test_the_window_holds_the_return_line_and_then_the_whole_address() -> None:
    pdf = made(Paragraph("a"), returns_to="Larkfield Broadband, PO Box 7", logo=SHAPE, logo_type=SVG)
    check(pdf)
    assert in_window(pdf) == ["Return to: Larkfield Broadband, PO Box 7", *ADDRESS]
    seven = ("Priya Nair", "Nair and Daughters", "Unit 4", "Mill Lane", "Larkfield", "Kent", "LK1 2AB")
    shared = in_window(made(Paragraph("a"), to=seven, returns_to="Larkfield Broadband, PO Box 7"))
    assert len(shared) <= 7
    assert shared[-1].endswith("LK1 2AB")


def test_a_long_address_leaves_room_for_the_return_line_in_the_window() -> None:
    at = provider(mail=Mail.FOLDER)
    _set(at, MONDAY.date(), address="PO Box 7\nLarkfield")
    lines = "\n".join(f"Line number {n} of a long address" for n in range(1, 8))
    letter = Outgoing.objects.get(case=case(at, MONDAY, {"name": "Bo", "address": lines}, channel="letter"))
    head = documents.letterhead(letter)
    assert head.returns_to.startswith("Larkfield Broadband, PO Box 7")
    assert documents.pdf(letter).content


def test_it_is_in_use_from_its_day_and_changes_nothing_before() -> None:
    at = provider(mail=Mail.FOLDER)
    before = Outgoing.objects.get(case=case(at))
    _set(at, date(2026, 11, 9), signature="Jo Price, Head of Customer Care", address="PO Box 7\nLarkfield")
    after = Outgoing.objects.get(case=case(at, london("2026-11-09 09:00")))
    assert "Jo Price" not in before.text
    assert "Yours sincerely,\nJo Price, Head of Customer Care\nLarkfield Broadband" in after.text
    assert "PO Box 7" not in documents.letterhead(before).address
    assert documents.letterhead(after).address == ("PO Box 7", "Larkfield")
    refused = set_letterhead(
        at, since=date(2026, 11, 1), address="", signature="", logo=b"", logo_type="", by="7", now=MONDAY
    )
    assert "That day is past" in str(refused)
    assert AuditEntry.objects.get(what="letterhead set").detail["since"] == "2026-11-09"


def test_a_manager_makes_one_with_a_look_before_and_a_hostile_logo_is_told_at_its_box(office: Office) -> None:
    mia, at = office.visitor("manager"), office.at("provider/letterhead")
    assert "None has been made" in mia.get(at).main
    said = {
        "csrfmiddlewaretoken": mia.client.cookies["csrftoken"].value, "since": "2026-11-02",
        "address": "PO Box 7\nLarkfield", "signature": "Jo Price",
    }  # fmt: skip
    bad = mia.client.post(at, {**said, "logo": SimpleUploadedFile("x.svg", svg("<script/>"))})
    assert bad.status_code == 422
    assert "which is no plain shape" in bad.content.decode()
    look = mia.client.post(at, {**said, "step": "look", "logo": SimpleUploadedFile("x.svg", SHAPE)})
    assert look.getvalue()[:5] == b"%PDF-"
    assert not LetterheadVersion.objects.exists(), "a look keeps nothing"
    mia.client.post(at, {**said, "logo": SimpleUploadedFile("x.svg", SHAPE)})
    made = LetterheadVersion.objects.get()
    assert (bytes(made.logo), made.signature, made.position) == (SHAPE, "Jo Price", 1)
    assert mia.get(office.at("provider/letterhead/1")).content[:5] == b"%PDF-"
    mia.client.post(at, {**said, "signature": "Sam"})
    assert bytes(LetterheadVersion.objects.get(position=2).logo) == SHAPE, (
        "the logo stays until another is given"
    )
    assert "In use today" in mia.get(at).main


# --- own words at the desk ---------------------------------------------------------------------------------------


def words(at: Provider, text: str = GOOD) -> str:
    return text.replace("provider: larkfield", f"provider: {at.pk}")


def test_own_words_are_in_force_from_their_day_and_each_letter_says_which_version(office: Office) -> None:
    at = office.provider
    adopted = adopt_words(words(at), "w.yaml", by="7", now=MONDAY)
    assert isinstance(adopted, AdoptedOwn), adopted
    early = Outgoing.objects.get(case=case(at, london("2026-11-30 23:00")))
    late = Outgoing.objects.get(case=case(at, london("2026-12-01 00:30")))
    assert "We are a small team" not in early.text
    assert "We are a small team" in late.text
    fact = read(late.case).facts[-1]
    row = FactRow.objects.get(case=late.case, kind="letter decided")
    kept = AdoptedWords.objects.get()
    assert (
        row.open["own_words"] == late.words["own words"] == f"larkfield-letters 1 ({kept.fingerprint[:12]})"
    )
    assert fact is not None
    assert "larkfield-letters 1" in office.visitor("manager").get(office.at("provider/letterhead")).main


def test_a_faulty_file_is_refused_whole_and_the_same_file_twice_is_one(office: Office) -> None:
    at = office.provider
    refused = adopt_words(
        words(at).replace("Please take care.", "Go to CISAS."), "w.yaml", by="7", now=MONDAY
    )
    assert not isinstance(refused, AdoptedOwn)
    assert [p.rule for p in refused] == ["WORDS_NAME_A_SCHEME"]
    late = adopt_words(words(at), "w.yaml", by="7", now=london("2026-12-02 09:00"))
    assert not isinstance(late, AdoptedOwn)
    assert "is past" in late[0].message
    nobody = adopt_words(GOOD.replace("larkfield\n", "nobody\n", 1), "w.yaml", by="7", now=MONDAY)
    assert not isinstance(nobody, AdoptedOwn)
    assert not AdoptedWords.objects.exists()
    for again in (False, True):
        answer = adopt_words(words(at), "w.yaml", by="7", now=MONDAY + days(1))
        assert isinstance(answer, AdoptedOwn)
        assert answer.again is again
    assert AdoptedWords.objects.count() == 1
    assert stationery.words_and_signature(at.pk, date(2026, 11, 30)) == (None, "")
