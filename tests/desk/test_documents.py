"""What printed letters promise: PDF/UA-1, the address in the window, any script, and nothing that stops one."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import page
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.core.facts import CustomerKnown
from amends.core.letters import Bullets, Details, Heading, Letter, Link, Paragraph, Quote, write
from amends.core.letters.blocks import Block, clean
from amends.core.letters.examples import Example, examples
from amends.desk import documents
from amends.desk.accent import contrast
from amends.desk.models import Alarm, Document, Mail, Outgoing
from amends.desk.typeset import (
    FONTS,
    WINDOW_LINES,
    WINDOW_WIDTH,
    Letterhead,
    MadePdf,
    _ink,
    pdf_bytes,
    window_lines,
)
from tests.desk.made import MONDAY, case, days, look, provider, tell
from tests.story import book

ADDRESS = ("Priya Nair", "7 Mill Lane", "Larkfield", "LK1 2AB")
HEAD = Letterhead(
    provider_name="Larkfield Broadband", address=("4 Mill Lane", "Larkfield", "LK1 2AB"), reference="LB-4F7-2KQ",
    date=date(2026, 12, 16), to=ADDRESS, accent="#7a2e5d",
)  # fmt: skip
SUBJECT = "Your complaint LB-4F7-2KQ: our answer"
MM = 72 / 25.4
WINDOW = (20 * MM, 110 * MM, 50 * MM, 80 * MM)
"""What a DL window shows wherever within its play the sheet lies: left, right, top, bottom, in points."""


def made(*blocks: Block, subject: str = SUBJECT, **head: Any) -> MadePdf:
    return pdf_bytes(subject, blocks, replace(HEAD, **head))


def opened(pdf: MadePdf) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf.content))


def check(pdf: MadePdf, title: str = SUBJECT) -> list[str]:
    """The tags of the document in reading order, once everything that PDF/UA-1 asks for is found to be there."""
    report = page.validate_pdf_bytes(pdf.content, profile="ua1")
    assert report.is_compliant, [f"{failure.rule_id}: {failure.message}" for failure in report.failures]
    with opened(pdf) as file:
        root = file.Root
        assert str(root.Lang) == "en-GB"
        assert bool(root.MarkInfo.Marked)
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert str(file.docinfo["/Title"]) == title
        # What the validator does not see: every page hangs in the tree of tags.
        assert all("/StructParents" in sheet for sheet in file.pages)
        assert "/ParentTree" in root.StructTreeRoot
        return list(_tags(root.StructTreeRoot.K))


def _tags(node: Any) -> list[str]:
    if isinstance(node, pikepdf.Array):
        return [tag for child in node for tag in _tags(child)]
    if isinstance(node, pikepdf.Dictionary) and "/S" in node:
        return [str(node.S)[1:], *(_tags(node.K) if "/K" in node else [])]
    return []


def printed(pdf: MadePdf) -> list[tuple[float, float, str]]:
    """Every run of text with where it begins, in points from the left and the top."""
    found = []
    with opened(pdf) as file:
        for sheet in file.pages:
            found += _runs(sheet)
    return found


def _runs(sheet: pikepdf.Page) -> list[tuple[float, float, str]]:
    fonts = {name: _letters(font) for name, font in sheet.Resources.get("/Font", {}).items()}
    height = float(sheet.mediabox[3])
    runs: list[tuple[float, float, str]] = []
    matrix, stack, font = pikepdf.Matrix(), [], {}
    at = pikepdf.Matrix()
    for instruction in pikepdf.parse_content_stream(sheet):
        operands, operator = instruction.operands, instruction.operator
        match str(operator):
            case "q":
                stack.append(matrix)
            case "Q":
                matrix = stack.pop()
            case "cm":
                matrix = pikepdf.Matrix(*map(float, operands)) @ matrix
            case "Tm":
                at = pikepdf.Matrix(*map(float, operands)) @ matrix
            case "Tf":
                font = fonts[str(operands[0])]
            case "Tj" | "TJ":
                parts = operands[0] if str(operator) == "TJ" else [operands[0]]
                raw = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
                codes = [raw[i : i + 2].hex() for i in range(0, len(raw), 2)]
                runs.append((at.e, height - at.f, "".join(font.get(code, "?") for code in codes)))
    return runs


def _letters(font: Any) -> dict[str, str]:
    """What each code of a font stands for, by its ToUnicode map."""
    table = bytes(font.ToUnicode.read_bytes()).decode("ascii")
    found: dict[str, str] = {}
    for section in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, letters in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", section):
            found[code.lower()] = bytes.fromhex(letters).decode("utf-16-be")
    return found


def text(pdf: MadePdf) -> str:
    """All words of the document on one line, in the order in which they are printed."""
    return " ".join(" ".join(run for _, _, run in printed(pdf)).split())


# --- Every letter --------------------------------------------------------------------------------------------------

EXAMPLES = [pytest.param(e, id=f"{e.letter}, {e.name}") for e in examples(book("example"))]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_letter_is_a_tagged_document_with_its_language_and_title(example: Example) -> None:
    letter = write(example.letter, example.matter)
    assert isinstance(letter, Letter)
    pdf = pdf_bytes(letter.subject, letter.blocks, HEAD)
    tags = check(pdf, letter.subject)
    assert tags[0] == "Document"
    assert [tag for tag in tags if tag == "H1"] == ["H1"]
    assert tags.count("H2") == sum(isinstance(block, Heading) for block in letter.blocks)
    assert (pdf.replaced, pdf.address_cut, pdf.doubts) == ((), False, ())


def test_what_stands_at_the_top_is_read_before_the_letter_and_headings_in_their_order() -> None:
    tags = check(
        made(
            Paragraph("Dear Priya,"), Heading("One"), Bullets(("a", "b")), Quote("c"), Details((("d", "e"),))
        )
    )
    order = [tag for tag in tags if tag in ("P", "H1", "H2", "L", "LI", "BlockQuote")]
    assert order[:5] == ["P", "P", "P", "P", "P"], (
        "provider, its address, the customer, the date, the reference"
    )
    assert order[5:] == ["H1", "P", "H2", "L", "LI", "P", "LI", "P", "BlockQuote", "P", "L", "LI"]


def test_a_link_of_ours_can_be_followed_and_another_cannot() -> None:
    with opened(made(Link("Your complaint", "https://amends.example/in/abc"))) as file:
        assert [str(a.A.URI) for a in file.pages[0].Annots] == ["https://amends.example/in/abc"]
    with opened(made(Link("Your complaint", "javascript:alert(1)"))) as file:
        assert "/Annots" not in file.pages[0]


def test_the_same_words_give_the_same_bytes() -> None:
    assert made(Paragraph("a")) == made(Paragraph("a"))
    assert made(Paragraph("a")).sha256 != made(Paragraph("b")).sha256


def test_it_is_a4() -> None:
    with opened(made(Paragraph("a"))) as file:
        assert [round(float(edge) / MM) for edge in file.pages[0].mediabox] == [0, 0, 210, 297]


def test_a_provider_s_colour_gives_way_where_it_cannot_be_read() -> None:
    assert all(
        contrast(_ink(colour), "#ffffff") >= 4.5 for colour in ("#ffff00", "#7a2e5d", "", "red", "#fffffff")
    )
    assert _ink("#7a2e5d") == "#7a2e5d"
    check(made(Paragraph("a"), accent="#ffff00"))


# --- The window ----------------------------------------------------------------------------------------------------


def in_window(pdf: MadePdf) -> list[str]:
    left, right, top, bottom = WINDOW
    with opened(pdf) as file:
        runs = _runs(file.pages[0])
    return [words for x, y, words in runs if left <= x < right and top <= y <= bottom]


@pytest.mark.parametrize(
    "address",
    [
        ADDRESS,
        ("Jo",),
        ("Priya Nair", "Nair and Daughters", "Unit 4", "Mill Lane", "Larkfield", "Kent", "LK1 2AB"),
    ],
)
def test_the_window_shows_the_whole_address_and_nothing_else(address: tuple[str, ...]) -> None:
    pdf = made(Paragraph("Dear Priya,"), to=address)
    assert in_window(pdf) == list(address)
    assert not pdf.address_cut


def test_nothing_else_stands_near_the_window() -> None:
    others = [(x, y) for x, y, words in printed(made(Paragraph("a"))) if words not in ADDRESS]
    assert not any(x < 112 * MM and 42 * MM < y < 87 * MM for x, y in others)


def test_an_address_of_forty_lines_is_cut_in_the_window_and_stands_in_full_in_the_letter() -> None:
    lines = tuple(f"Line {number} of a long address, Building {number}" for number in range(1, 41))
    pdf = made(Paragraph("Dear all,"), to=lines)
    check(pdf)
    shown = in_window(pdf)
    assert len(shown) == WINDOW_LINES
    assert (shown[0], shown[-1]) == (lines[0], lines[-1])
    assert pdf.address_cut
    assert "longer than the window" in " ".join(pdf.doubts)
    words = text(pdf)
    assert "Address in full" in words
    assert all(line in words for line in lines)


@pytest.mark.parametrize(
    "line", ["derek.sallow30@example.org", "Llanfairpwllgwyngyllgogerych", "x" * WINDOW_WIDTH, "W" * 30]
)
def test_a_long_word_that_a_line_can_hold_stands_whole_in_the_window(line: str) -> None:
    assert window_lines(("Derek Sallow", f"c/o {line}"[-WINDOW_WIDTH:])) == (
        ("Derek Sallow", f"c/o {line}"[-WINDOW_WIDTH:]), False,
    )  # fmt: skip
    shown = in_window(made(Paragraph("Hello."), to=("Derek Sallow", line)))
    assert "".join(shown).replace("\u200b", "") == f"Derek Sallow{line}"


def test_a_mailbox_is_printed_as_one_word() -> None:
    pdf = made(Paragraph("Hello."), to=("Derek Sallow", "derek.sallow30@example.org"))
    assert " " not in "".join(in_window(pdf)).removeprefix("Derek Sallow")
    shown = [(x, y) for x, y, words in printed(pdf) if "derek" in words or "e.org" in words]
    assert len({y for _, y in shown}) == 1


def test_no_line_ends_within_the_reference_of_a_case() -> None:
    reference = "LB-HF3A-TZXF"
    lines = tuple(Paragraph(f"{'word ' * 12}{'x' * n} {reference} and {reference}.") for n in range(1, 24))
    pdf = made(*lines, subject=f"Your case CO-118204: our case file, our reference {reference}")
    runs = [run for _, _, run in printed(pdf)]
    assert sum(run.count(reference) for run in runs) == 2 * len(lines) + 1
    check(pdf, f"Your case CO-118204: our case file, our reference {reference}")


def test_short_lines_share_a_row_before_anything_is_cut() -> None:
    lines = (
        "Dr Priya Nair",
        "Flat 3",
        "Rose House",
        "12",
        "Mill Lane",
        "Larkfield",
        "Kent",
        "Hundred of Hoo",
        "LK1 2AB",
    )
    shown, cut = window_lines(lines)
    assert not cut
    assert shown[0] == "Dr Priya Nair"
    assert ", ".join(shown).split(", ") == list(lines)


@given(st.lists(st.text(max_size=90), max_size=45))
def test_the_window_never_holds_more_than_it_shows(lines: list[str]) -> None:
    shown, cut = window_lines(lines)
    assert len(shown) <= WINDOW_LINES
    assert all(len(line) <= WINDOW_WIDTH for line in shown)
    if not cut:
        assert re.sub(r"[\s,]", "", "".join(shown)) == re.sub(r"[\s,]", "", "".join(map(clean, lines)))


# --- Whatever anybody typed ----------------------------------------------------------------------------------------


def everywhere(words: str) -> tuple[Block, ...]:
    return (
        Paragraph(words), Heading(words), Details(((words, words),)), Bullets((words,)), Quote(words),
        Link(words, "https://x.example/"),
    )  # fmt: skip


MARKUP = (
    '#import "/etc/passwd": *',
    '#read("/etc/passwd")',
    '#panic("stop") #eval("1+1") #{while true {}}',
    "= Title $x^2$ *bold* _it_ `raw` ```typ #a``` <label> @ref // c /* d */ \\u{41} ~ --- [x]",
    "<script>alert(1)</script> {{7*7}} ${7*7} %s {0}",
)


@pytest.mark.parametrize("words", MARKUP)
def test_markup_is_printed_as_it_was_typed(words: str) -> None:
    pdf = made(*everywhere(words), subject=words, provider_name=words, to=(words[:40],))
    check(pdf, " ".join(words.split()))
    assert text(pdf).replace(" ", "").count(words.replace(" ", "")) >= 7
    assert "root:" not in text(pdf)


SCRIPTS = {
    "Polish": "Zażółć gęślą jaźń", "Vietnamese": "Tiếng Việt", "Greek": "Ελλάδα", "Russian": "Привет",
    "Hebrew": "שלום עולם", "Arabic": "السلام عليكم", "Urdu": "اردو زبان", "Persian": "می\u200cخواهم", "Hindi": "हिन्दी",
    "Punjabi": "ਪੰਜਾਬੀ", "Gujarati": "ગુજરાતી", "Bengali": "বাংলা", "Tamil": "தமிழ்", "Telugu": "తెలుగు",
    "Kannada": "ಕನ್ನಡ", "Malayalam": "മലയാളം", "Sinhala": "සිංහල", "Odia": "ଓଡ଼ିଆ", "Thai": "ไทย", "Lao": "ລາວ",
    "Khmer": "ខ្មែរ", "Burmese": "မြန်မာ", "Armenian": "Հայերեն", "Georgian": "ქართული", "Amharic": "አማርኛ",
    "Syriac": "ܣܘܪܝܝܐ", "Dhivehi": "ދިވެހި", "Tibetan": "བོད་", "Chinese": "简体中文繁體", "Japanese": "日本語かなカナ",
    "Korean": "한국어", "signs": "✓ → ½ € ™ ☎", "mathematics": "∑ ∀ ≠", "an emoji": "😡 👍🏽 👨\u200d👩\u200d👧 🇬🇧 ❤\ufe0f",
}  # fmt: skip


@pytest.mark.parametrize("words", SCRIPTS.values(), ids=SCRIPTS)
def test_words_in_any_script_come_out(words: str) -> None:
    pdf = made(*everywhere(f"{words} (12)."), subject=words, to=(words, "LK1 2AB"), provider_name=words)
    check(pdf, words)
    assert pdf.replaced == ()


def test_text_that_runs_from_right_to_left_stands_at_the_right() -> None:
    left = [x for x, _, words in printed(made(Paragraph("Hello"))) if "Hello" in words]
    right = [x for x, _, words in printed(made(Paragraph("שלום"))) if set("שלום") & set(words)]
    assert left
    assert right
    assert min(right) > max(left) + 100


UNKNOWN = "\U00013000"  # an Egyptian hieroglyph
PRIVATE = "\ue000"


def test_a_character_that_no_font_has_is_printed_as_its_number_and_told() -> None:
    name = f"A{UNKNOWN}b{PRIVATE}"
    pdf = made(
        *everywhere(name), subject=name, to=(name,), provider_name=name, reference=name, address=(name,)
    )
    check(pdf, "A[U+13000]b[U+E000]")
    assert pdf.replaced == ("[U+E000]", "[U+13000]")
    assert pdf.doubts == ("No font has [U+E000] and [U+13000]: printed as numbers.",)
    assert text(pdf).count("A[U+13000]b[U+E000]") >= 9


def test_beside_it_every_character_that_has_a_font_is_itself() -> None:
    assert made(Paragraph(f"שלום {UNKNOWN} Ελλάδα 中文")).replaced == ("[U+13000]",)


@given(st.lists(st.text(max_size=60).map(clean), min_size=1, max_size=4))
@settings(max_examples=60)
def test_nothing_that_can_be_typed_stops_a_letter(words: list[str]) -> None:
    pdf = made(*(block for each in words for block in everywhere(each)), subject=words[0], to=tuple(words))
    assert pdf.content.startswith(b"%PDF-")


def test_two_thousand_words_run_over_pages_that_say_which_they_are() -> None:
    outcome = "\n\n".join(" ".join(f"word{n}" for n in range(200)) for _ in range(10))
    pdf = made(Paragraph("Dear Priya,"), Quote(outcome))
    check(pdf)
    with opened(pdf) as file:
        pages = len(file.pages)
    assert pages >= 4
    words = text(pdf)
    assert words.count("word199") == 10
    assert all(f"Page {number} of {pages}" in words for number in range(1, pages + 1))


def test_a_word_without_end_stays_on_the_page() -> None:
    pdf = made(*everywhere("x" * 600), subject="y" * 300, provider_name="z" * 200, reference="R" * 200)
    runs = printed(pdf)
    assert runs
    assert all(x + 3 * len(words) < 210 * MM for x, _, words in runs)


def test_empty_words_are_left_out() -> None:
    check(made(Paragraph(""), Heading(""), Bullets(()), Details(()), Quote(""), subject=""), "LB-4F7-2KQ")
    check(made(subject="", reference="", provider_name="", address=(), to=()), "Letter")


def test_the_fonts_are_here_with_their_licences_and_not_too_heavy() -> None:
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
    told = (FONTS / "README.md").read_text(encoding="utf-8")
    families = {re.split(r"-|\.ttf", path.name)[0] for path in FONTS.glob("*.ttf")}
    assert {f for f in families if not f.startswith("NotoSans") and f not in told} == set()
    assert sum(path.stat().st_size for path in FONTS.iterdir()) < 30_000_000


# --- Kept in the desk ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_pdf_of_a_letter_is_made_once_and_kept() -> None:
    row = case(provider("opus", mail=Mail.LIVE, scheme="communications-ombudsman"))
    outgoing = Outgoing.objects.select_related("provider", "case").get(case=row)
    kept = documents.pdf(outgoing)
    assert (kept.format, kept.media_type, kept.case_id, kept.provider_id) == (
        "pdf",
        "application/pdf",
        row.pk,
        "opus-telecoms",
    )
    again = documents.pdf(outgoing)
    assert again.pk == kept.pk
    outgoing.words = {}
    assert documents.pdf(outgoing).pk == kept.pk, "what is kept is not made again from the words"
    assert Document.objects.count() == 1
    assert not Alarm.objects.filter(kind=documents.ALARM).exists()
    pdf = MadePdf(bytes(kept.content), kept.sha256, ())
    check(pdf, outgoing.subject)
    words = text(pdf)
    for said in (
        "Opus Telecoms",
        "50 Windsor Avenue",
        "Ann Archer",
        "ann@example.org",
        row.reference,
        "Monday 2 November 2026",
    ):
        assert said in words


@pytest.mark.django_db
def test_an_adr_letter_that_goes_by_post_has_the_postal_address_in_its_window() -> None:
    customer = {"name": "Ann Archer", "address": "1 High Street\nSmalltown\nSM1 1AA"}
    row = case(provider("opus", mail=Mail.LIVE), MONDAY, customer, channel="letter")
    row = look(row, MONDAY + days(42))
    outgoing = Outgoing.objects.select_related("provider", "case").get(case=row, letter="adr-letter")
    pdf = MadePdf(bytes(documents.pdf(outgoing).content), "", ())
    assert in_window(pdf) == ["Ann Archer", "1 High Street", "Smalltown", "SM1 1AA"]


@pytest.mark.django_db
def test_a_letter_that_a_person_should_look_at_raises_an_alarm() -> None:
    row = case(provider("opus"), MONDAY, {"name": f"Ann {UNKNOWN}", "email": "ann@example.org"})
    outgoing = Outgoing.objects.select_related("provider", "case").get(case=row)
    documents.pdf(outgoing)
    alarm = Alarm.objects.get(kind=documents.ALARM)
    assert "[U+13000]" in alarm.text
    assert row.reference in alarm.text
    assert alarm.provider_id == outgoing.provider_id


@pytest.mark.django_db
def test_a_case_without_a_code_has_a_letterhead_without_an_address() -> None:
    at = provider("opus")
    row = case(at)
    row.code = None
    outgoing = Outgoing.objects.select_related("provider").get(case=row)
    outgoing.case = row
    assert documents.letterhead(outgoing).address == ()


@pytest.mark.django_db
def test_erased_words_cannot_be_printed() -> None:
    row = case(provider("opus"))
    Outgoing.objects.filter(case=row).update(words={})
    with pytest.raises(documents.WordsErased, match="erased"):
        documents.pdf(Outgoing.objects.select_related("provider", "case").get(case=row))


@pytest.mark.django_db
def test_the_page_of_a_letter_shows_whom_it_is_from_and_escapes_everything() -> None:
    row = tell(case(provider("opus")), MONDAY, CustomerKnown, name="<img src=x onerror=alert(1)>")
    outgoing = Outgoing.objects.select_related("provider", "case").get(case=row)
    html = documents.html_page(documents.frozen(outgoing), documents.letterhead(outgoing))
    assert "<img" not in html
    assert html.count("<h1") == 1
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    assert "Monday 2 November 2026" in html


def test_the_template_never_evaluates_what_it_is_given() -> None:
    template = (Path(documents.__file__).parent / "typst" / "letter.typ").read_text(encoding="utf-8")
    assert "eval(" not in template
    assert "json(bytes(sys.inputs.letter))" in template
