"""Promises of `amends publish`: a site that works in any folder, in every format, that fetches nothing and harms nobody."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any

import page
import pikepdf
import pytest
from click.testing import CliRunner

from amends.cli import amends
from amends.core.braille import CELLS, LINES, grade1
from amends.core.letters.blocks import Block, Bullets, Details, Link
from amends.core.problems import Severity
from amends.core.publish.as_blocks import blocks
from amends.core.publish.json_schema import json_schema
from amends.core.publish.published import PublishedCode
from amends.core.schemes import Membership
from amends.desk import liblouis, voice
from amends.desk.accent import AA, DARK_PAPERS, LIGHT_PAPERS, contrast
from amends.desk.code_files import FORMS, code_files
from amends.desk.code_pdf import code_pdf, large_print_pdf
from amends.desk.code_site import (
    MANIFEST,
    NotOurFolder,
    Version,
    in_order,
    published,
    read_version,
    site,
    slugs,
    write,
)
from amends.desk.typeset import MadePdf
from tests import html_pages
from tests.braille_reader import flowing
from tests.desk.made import CODES, example
from tests.desk.test_documents import _tags, text
from tests.desk.test_large_print import sizes
from tests.keeps_to import breaches

REAL = ("opus", "netfuse", "netservers", "infinity", "focus-group")
ALL = (*REAL, "example")
TODAY = date(2026, 11, 22)
OMBUDSMAN = (Membership("communications-ombudsman", date(2023, 7, 1)),)


def version(name: str) -> Version:
    return read_version((CODES / f"{name}.yaml").read_text(encoding="utf-8"), name)


def two() -> tuple[Version, ...]:
    return (
        read_version(example("July 2026", "1 July 2026"), "new"),
        read_version(example("2024", "1 March 2024").replace("15 working days", "20 working days"), "old"),
    )


@pytest.fixture(scope="module")
def sites() -> Mapping[str, Mapping[str, bytes]]:
    """The site of every code that comes with the program, and one with two versions and a colour."""
    made = {name: site([version(name)], TODAY) for name in ALL}
    return {**made, "two": site(two(), TODAY, memberships=OMBUDSMAN, accent="#7a2e5d")}


SITES = (*ALL, "two")


def pages(files: Mapping[str, bytes]) -> Iterator[tuple[str, html_pages.Element]]:
    for path, content in files.items():
        if path.endswith(".html"):
            yield path, html_pages.page(content.decode())


# --- Pages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SITES)
def test_every_page_is_well_formed_with_ids_headings_language_and_title(
    sites: Mapping[str, Mapping[str, bytes]], name: str
) -> None:
    found = dict(pages(sites[name]))
    assert {"index.html", "code/index.html", "404.html"} < set(found)
    titles = [next(page_.all("title")).text for path, page_ in found.items() if path.count("/") == 2]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("name", SITES)
def test_every_link_leads_to_a_file_of_the_site_or_plainly_away_from_it(
    sites: Mapping[str, Mapping[str, bytes]], name: str
) -> None:
    files = sites[name]
    ids = {path: {e.get("id") for e in found.all()} for path, found in pages(files)}
    for path, found in pages(files):
        for element in found.all("a", "link", "script"):
            target = element.get("href") or element.get("src")
            if re.match(r"(?:https|http|tel|mailto):", target):
                assert element.name == "a", f"{path} fetches {target}"
                continue
            place, _, anchor = target.partition("#")
            leads = _resolved(path, place) if place else path
            assert leads in files, f"{path}: {target}"
            assert not anchor or anchor in ids[leads], f"{path}: {target}"


def _resolved(path: str, target: str) -> str:
    assert not target.startswith("/"), "a link from the root breaks in a folder"
    parts: list[str] = []
    for part in (PurePosixPath(path).parent / target).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def test_style_sheets_fetch_only_what_lies_beside_them(sites: Mapping[str, Mapping[str, bytes]]) -> None:
    files = sites["two"]
    sheets = {path: content.decode() for path, content in files.items() if path.endswith(".css")}
    assert set(sheets) == {"assets/site.css", "assets/code.css", "assets/accent.css"}
    for path, sheet in sheets.items():
        assert "@import" not in sheet
        for target in re.findall(r"url\(\"?([^)\"]+)\"?\)", sheet):
            assert _resolved(path, target) in files
    script = files["assets/open-now.js"].decode()
    assert not re.search(r"fetch|XMLHttp|import|eval|innerHTML|http", script)
    assert "assets/fonts/OFL.txt" in files, "a font goes with its licence"


@pytest.mark.parametrize("name", REAL)
def test_a_code_that_was_taken_from_a_document_says_so_on_every_page_of_it(
    sites: Mapping[str, Mapping[str, bytes]], name: str
) -> None:
    for path, found in pages(sites[name]):
        assert ("not endorsed by the provider" in next(found.all("main")).text) == (path != "404.html"), path


def test_the_version_in_force_is_the_front_and_each_version_has_its_place(
    sites: Mapping[str, Mapping[str, bytes]],
) -> None:
    found = dict(pages(sites["two"]))
    assert {path for path in found if path.count("/") == 2} == {
        "code/2024-03-01/index.html", "code/2026-07-01/index.html",
    }  # fmt: skip
    assert "Within 15 working days" in found["code/index.html"].text
    assert "Within 20 working days" in found["code/2024-03-01/index.html"].text
    assert (
        "Holds for complaints that we first received up to 30 June 2026"
        in found["code/2024-03-01/index.html"].text
    )
    assert "What changed since the last version" in found["code/index.html"].text
    assert "What changed since" not in found["code/2024-03-01/index.html"].text
    earlier = html_pages.page(site(two(), date(2026, 6, 30))["code/index.html"].decode())
    assert "Within 20 working days" in earlier.text


def test_before_any_version_is_in_force_the_next_one_is_shown_as_coming() -> None:
    found = html_pages.page(site(two(), date(2024, 2, 29))["code/index.html"].decode())
    assert "Comes into force on 1 March 2024" in found.text


def test_versions_of_one_name_have_places_of_their_own() -> None:
    texts = ((CODES / "opus.yaml").read_text(), (CODES / "opus.yaml").read_text() + "# again\n")
    versions = in_order([read_version(text_, "opus") for text_ in texts])
    codes = [published(versions, place, TODAY) for place in range(2)]
    assert len(set(slugs(codes))) == 2
    assert slugs(codes)[0] == "version-1"


def test_the_colour_of_a_provider_is_made_legible(sites: Mapping[str, Mapping[str, bytes]]) -> None:
    assert b"--accent: #7a2e5d" in sites["two"]["assets/accent.css"]
    yellow = site([version("example")], TODAY, accent="#ffff00")["assets/accent.css"].decode()
    assert "--accent: #ffff00" not in yellow.splitlines()[0]


def test_words_can_be_read_on_every_paper_of_the_site() -> None:
    sheet = site([version("example")], TODAY)["assets/site.css"].decode()
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", part))
        for part in sheet.split("color-scheme: dark)")[:2]
    )
    for colours, papers in ((light, LIGHT_PAPERS), (dark, DARK_PAPERS)):
        washes = {colour for name, colour in colours.items() if name.endswith("wash")}
        assert {colours["paper"], colours["sheet"], *washes} == set(papers)
        for name in ("ink", "quiet", "accent"):
            assert min(contrast(colours[name], paper) for paper in papers) >= AA, name
        for name in ("done", "late"):
            assert min(contrast(colours[name], colours[paper]) for paper in ("paper", "sheet")) >= AA, name
        assert contrast(colours["soon"], colours["soon-wash"]) >= AA
        assert contrast(colours["ink"], colours["soon-wash"]) >= AA
        assert contrast(colours["on-accent"], colours["accent"]) >= AA


# --- Every format ---------------------------------------------------------------------------------------------------


def check(pdf: MadePdf, code: str) -> list[str]:
    """The tags of a PDF in reading order, once everything that PDF/UA-1 asks for is found to be there."""
    report = page.validate_pdf_bytes(pdf.content, profile="ua1")
    assert report.is_compliant, [f"{failure.rule_id}: {failure.message}" for failure in report.failures]
    with pikepdf.open(io.BytesIO(pdf.content)) as file:
        assert str(file.Root.Lang) == "en-GB"
        assert bool(file.Root.ViewerPreferences.DisplayDocTitle)
        assert str(file.docinfo["/Title"]) == code
        assert all("/StructParents" in sheet for sheet in file.pages)
        return list(_tags(file.Root.StructTreeRoot.K))


@pytest.mark.parametrize("name", ALL)
def test_print_and_large_print_are_tagged_documents_with_contents_and_every_clause(name: str) -> None:
    code = published((version(name),), 0, TODAY)
    title = code.title if code.provider_name in code.title else f"{code.title}, {code.provider_name}"
    for made in (code_pdf(code), large_print_pdf(code)):
        tags = check(made, title)
        assert tags.count("H1") == 1
        assert tags.index("H1") < tags.index("TOC") < len(tags) - tags[::-1].index("H2")
        words = re.sub(r"\s", "", text(made))
        for clause in code.clauses:
            assert re.sub(r"\s", "", clause.says) in words
        assert made.replaced == ()


@pytest.mark.parametrize("name", ALL)
def test_no_line_of_a_printed_code_stands_upon_another(name: str) -> None:
    """Rows within a clause, a list, a box: whatever comes next begins below it."""
    code = published((version(name),), 0, TODAY)
    for made, size in ((code_pdf(code), 11), (large_print_pdf(code), 18)):
        lines = sorted({(sheet, round(y, 1)) for sheet, _, y, of, _ in sizes(made) if of >= size})
        gaps = [
            low - high for (one, high), (other, low) in pairwise(lines) if one == other and low - high > 1
        ]
        assert min(gaps) >= 1.2 * size


def test_no_line_of_a_printed_code_ends_within_a_telephone_number() -> None:
    """Infinity's number of Ofcom would stand at the end of a line of A4, and in large print others would."""
    code = published((version("infinity"),), 0, TODAY)
    for made in (code_pdf(code), large_print_pdf(code)):
        lines = [words.replace("\u00a0", " ") for _, _, _, _, words in sizes(made)]
        for number in ("020 7981 3000", "020 8249 6363", "0345 450 4600"):
            assert any(number in line for line in lines)
            halves = [(number[:at], number[at + 1 :]) for at, c in enumerate(number) if c == " "]
            assert not any(
                one.rstrip().endswith(f" {end}") and other.startswith(start)
                for one, other in pairwise(lines)
                for end, start in halves
            )


def test_a_web_address_that_a_line_holds_is_printed_on_one() -> None:
    code = published((version("netfuse"),), 0, TODAY)
    for made in (code_pdf(code), large_print_pdf(code)):
        lines = [words for _, _, _, _, words in sizes(made)]
        assert any("www.netfuse.net/privacy" in line for line in lines)
        assert sum("https://www.cedr.com/consumer/cisas/" in line for line in lines) == 2


@pytest.mark.parametrize(("make", "size"), [(code_pdf, 11.5), (large_print_pdf, 20)])
def test_what_stands_over_a_piece_of_the_fault_procedure_is_a_heading(
    make: Callable[[PublishedCode], MadePdf], size: float
) -> None:
    """And so it never stands alone at the foot of a page."""
    lines = list(sizes(make(published((version("netfuse"),), 0, TODAY))))
    for heading in ("How to report it", "What we ask you", "What we do", "By when"):
        (at,) = [n for n, line in enumerate(lines) if line[4].strip() == heading]
        assert lines[at][3] == pytest.approx(size)
        assert lines[at + 1][0] == lines[at][0]


def test_the_items_of_a_list_in_large_print_are_further_apart_than_their_lines() -> None:
    lines = list(sizes(large_print_pdf(published((version("netservers"),), 0, TODAY))))
    down = {words.strip(): y for _, _, y, _, words in lines}
    within = down["resolved"] - down["complaints that the customer has already agreed are"]
    between = down["complaints about fraud"] - down["complaints from businesses with more than 10 people"]
    assert between > 1.1 * within


def test_large_print_is_large_everywhere() -> None:
    made = large_print_pdf(published(two(), 0, TODAY, OMBUDSMAN))
    with pikepdf.open(io.BytesIO(made.content)) as file:
        sizes = {float(size) for sheet in file.pages for size in _sizes(sheet)}
    assert min(sizes) >= 18


def _sizes(sheet: pikepdf.Page) -> Iterator[Any]:
    for instruction in pikepdf.parse_content_stream(sheet):
        if str(instruction.operator) == "Tf":
            yield instruction.operands[1]


@pytest.mark.parametrize("name", SITES)
def test_braille_keeps_to_its_cells_and_lines(sites: Mapping[str, Mapping[str, bytes]], name: str) -> None:
    files = [content for path, content in sites[name].items() if path.endswith(".brf")]
    assert files
    for content in files:
        assert all(b in b"\r\n\f" or 32 <= b <= 95 for b in content)
        sheets = content.decode("ascii").replace("\r\n", "\n").split("\f")
        assert len(sheets) > 3
        for sheet in sheets:
            lines = sheet.removesuffix("\n").split("\n")
            assert len(lines) <= LINES
            assert max(map(len, lines)) <= CELLS


@pytest.mark.parametrize("name", SITES)
def test_data_and_text_stand_beside_each_version(sites: Mapping[str, Mapping[str, bytes]], name: str) -> None:
    files = sites[name]
    schema = json.loads(files["published-code.schema.json"])
    assert schema == json_schema()
    for path in files:
        if re.fullmatch(r"code/[^/]+/index\.html", path):
            folder = path.removesuffix("index.html")
            beside = sorted(other for other in files if other.startswith(folder) and other != path)
            assert [p[len(folder) :].partition("-to-")[0] for p in beside]
            assert len(beside) == len(FORMS)
            assert breaches(json.loads(next(files[p] for p in beside if p.endswith(".json"))), schema) == []
            plain = next(files[p] for p in beside if p.endswith(".txt") and "read-aloud" not in p)
            assert plain.startswith(b"\xef\xbb\xbf")
            assert max(map(len, plain.decode("utf-8-sig").splitlines())) <= 100


def test_speech_is_offered_where_a_voice_is_and_left_out_where_none_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code = published((version("focus-group"),), 0, TODAY)
    heard: list[str] = []

    def reads(script: str) -> bytes:
        heard.append(script)
        return b"RIFF"

    monkeypatch.setattr(voice, "spoken", reads)
    assert [file.form.label for file in code_files(code, "f", aloud=True)][-1] == "Speech"
    assert "zero one" in heard[0] or "0 3 3 0" in heard[0] or "zero three" in heard[0]
    assert len(code_files(code, "f")) == len(FORMS), "not unless it is asked for"
    monkeypatch.setattr(voice, "spoken", lambda _: None)
    assert "Speech" not in [file.form.label for file in code_files(code, "f", aloud=True)]


def test_braille_names_its_grade_and_only_the_uncontracted_is_on_every_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code = published((version("focus-group"),), 0, TODAY)
    always = code_files(code, "f")
    assert [file.name for file in always if file.name.endswith(".brf")] == ["f-grade-1.brf"]
    monkeypatch.setattr(liblouis, "grade2", lambda: None)
    assert code_files(code, "f", contracted=True) == always, "no liblouis here: nothing else is offered"
    monkeypatch.setattr(liblouis, "grade2", lambda: lambda text: grade1(text).replace("THE", "!"))
    both = {file.name: file.content for file in code_files(code, "f", contracted=True)}
    assert [name for name in both if name.endswith(".brf")] == ["f-grade-2.brf", "f-grade-1.brf"]
    assert both["f-grade-1.brf"] == next(file.content for file in always if file.name == "f-grade-1.brf")
    assert b" ! " in both["f-grade-2.brf"]


@pytest.mark.skipif(not liblouis.there(), reason="liblouis is not installed (run.py install --system)")
@pytest.mark.parametrize("name", ALL)
def test_contracted_braille_of_a_code_reads_back_word_for_word(name: str) -> None:
    code = published((version(name),), 0, TODAY)
    made = next(f.content for f in code_files(code, "f", contracted=True) if f.name == "f-grade-2.brf")
    pages_ = made.decode("ascii").replace("\r\n", "\n")
    said = liblouis.back_translated(flowing(pages_))
    # The library reads two signs of its own otherwise: the colon of an address, and "enough", which stands for itself.
    read = _letters(re.sub(r"\b(https?)cc//", r"\1://", said).replace(" en ", " enough "))
    whole = [b for block in blocks(code) for b in _texts(block)]
    missed = [said for said in whole if _letters(said) not in read]
    assert missed == []


def _letters(words: str) -> str:
    """Letters and digits alone: how Braille tells signs of punctuation apart is shown elsewhere."""
    return "".join(c for c in words.lower() if c.isascii() and c.isalnum())


def _texts(block: Block) -> list[str]:
    match block:
        case Bullets(items):
            return list(items)
        case Details(rows):
            return [part for row in rows for text_ in row for part in text_.split("\n")]
        case Link(text_, address):
            return [text_, address]
        case _:
            return block.text.split("\n")


def test_the_same_versions_on_the_same_day_give_the_same_bytes(
    sites: Mapping[str, Mapping[str, bytes]],
) -> None:
    again = site(tuple(reversed(two())), TODAY, memberships=OMBUDSMAN, accent="#7a2e5d")
    assert {path: hashlib.sha256(c).hexdigest() for path, c in again.items()} == {
        path: hashlib.sha256(c).hexdigest() for path, c in sites["two"].items()
    }
    manifest = json.loads(again[MANIFEST])
    assert manifest["files"] == {p: hashlib.sha256(c).hexdigest() for p, c in again.items() if p != MANIFEST}


# --- Text can do no harm --------------------------------------------------------------------------------------------

NASTY = '<script>alert(1)</script> #import "x.typ" #{1/0} $x$ \\u{7} `r` *b* _i_ <!-- ]]> {{ g }} 李 \U0001f600 مرحبا'


def test_markup_in_a_code_is_harmless_in_every_format() -> None:
    quoted = NASTY.replace("\\", "\\\\").replace('"', '\\"')
    text_ = (
        example()
        .replace("Larkfield Broadband complaints code", "x")
        .replace("title: x", f'title: "{quoted}"')
    )
    text_ = text_.replace("provider name: Larkfield Broadband", f'provider name: "{quoted}"')
    text_ = text_.replace("role: Operations Director", f'role: "{quoted}"').replace(
        "version: July 2026", f'version: "{quoted}"'
    )
    text_ = text_.replace(
        "says: We answer a letter within 5 working days of its arrival.", f'says: "{quoted}"'
    )
    text_ = text_.replace("email: complaints@larkfield.example", f'email: "{quoted}"')
    files = site([read_version(text_, "nasty")], TODAY, accent="#000000")
    for path, found in pages(files):
        assert [e.get("src") for e in found.all("script")] == [
            f"{'../' * path.count('/')}assets/open-now.js"
        ], "only our own"
        assert not list(found.all("iframe", "img", "style", "object"))
    code = published((read_version(text_, "nasty"),), 0, TODAY)
    for made in (code_pdf(code), large_print_pdf(code)):
        assert page.validate_pdf_bytes(made.content, profile="ua1").is_compliant
        assert "#import" in text(made)
    assert all(re.fullmatch(r"[\w./-]+", path) for path in files), "a name of a file is plain"
    assert all(
        32 <= b <= 95 or b in b"\r\n\f" for path in files if path.endswith(".brf") for b in files[path]
    )


def test_a_character_that_no_font_has_is_printed_as_its_number() -> None:
    text_ = example().replace("says: We answer a letter", "says: \U000132f9 \ue123 We answer a letter")
    made = code_pdf(published((read_version(text_, "signs"),), 0, TODAY))
    assert made.replaced == ("[U+E123]", "[U+132F9]")


def test_a_very_long_clause_and_a_word_without_end_are_set() -> None:
    long_ = " ".join(["Words that go on and on."] * 140)
    text_ = example().replace(
        "says: We answer a letter within 5 working days of its arrival.", f"says: {long_} {'x' * 300}"
    )
    code = published((read_version(text_, "long"),), 0, TODAY)
    assert page.validate_pdf_bytes(code_pdf(code).content, profile="ua1").is_compliant
    assert page.validate_pdf_bytes(large_print_pdf(code).content, profile="ua1").is_compliant


# --- On disk, and the command ---------------------------------------------------------------------------------------


def test_a_folder_is_written_and_written_again_and_what_is_old_goes(tmp_path: Path) -> None:
    out = tmp_path / "site"
    write(site(two(), TODAY), out)
    assert (out / "code" / "2024-03-01" / "index.html").exists()
    (out / "of-mine.txt").write_text("mine")
    write(site(two()[:1], TODAY), out)
    assert not (out / "code" / "2024-03-01").exists()
    assert (out / "of-mine.txt").read_text() == "mine"
    assert (out / "code" / "2026-07-01" / "index.html").exists()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(NotOurFolder, match="not empty"):
        write({"index.html": b"x"}, tmp_path)
    assert (tmp_path / "index.html").read_text() == "mine"


def test_a_manifest_that_names_a_file_elsewhere_takes_nothing_away(tmp_path: Path) -> None:
    out = tmp_path / "site"
    out.mkdir()
    outside = tmp_path / "precious.txt"
    outside.write_text("kept")
    (out / MANIFEST).write_text(
        json.dumps({"made_by": "amends publish", "files": {"../precious.txt": "", "/etc/x": ""}})
    )
    write({"index.html": b"x"}, out)
    assert outside.read_text() == "kept"


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(amends, ["publish", *arguments], standalone_mode=False)
    if done.exception is not None:
        return getattr(done.exception, "exit_code", 99), done.stdout, str(done.exception)
    return done.return_value, done.stdout, done.stderr


EXAMPLE = str(CODES / "example.yaml")


@pytest.mark.parametrize("name", ALL)
def test_publish_makes_a_site_of_each_code(name: str, tmp_path: Path) -> None:
    out = tmp_path / name
    status, said, _ = run(
        str(CODES / f"{name}.yaml"),
        "--out",
        str(out),
        "--on",
        "2026-11-22",
        "--no-speech",
        "--format",
        "json",
    )
    assert status == 0
    told = json.loads(said)
    assert sorted(told["files"]) == sorted(
        p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()
    )
    assert {problem["severity"] for problem in told["problems"]} <= {str(Severity.ERROR)}
    assert bool(told["problems"]) == (name != "example")


def test_publish_says_what_the_law_has_overtaken_and_where(tmp_path: Path) -> None:
    _, said, noted = run(
        str(CODES / "opus.yaml"), "--out", str(tmp_path / "o"), "--on", "2026-11-22", "--no-speech"
    )
    assert "opus.yaml:103:" in said
    assert "STALE_THRESHOLD" in said
    assert "No scheme was given" in noted


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((EXAMPLE, "--on", "soon"), "--on: 'soon' is no date"),
        ((EXAMPLE, "--accent", "red"), "--accent: 'red' is no colour"),
        ((EXAMPLE, "--scheme", "otelo", "--since", "2020-01-01"), "--scheme: 'otelo' is none of"),
        ((EXAMPLE, "--scheme", "cisas"), "--since: say from which day"),
        ((EXAMPLE, EXAMPLE), "the same version stands in two files"),
        ((EXAMPLE, str(CODES / "opus.yaml")), "a site is made of versions of one code"),
        (("nowhere.yaml",), "nowhere.yaml: No such file"),
        (("-",), "made from files"),
    ],
)
def test_unusable_input_is_refused_in_one_line_and_nothing_is_written(
    arguments: tuple[str, ...], says: str, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    status, _, said = run(*arguments, "--out", str(out))
    assert (status, says in said, out.exists()) == (2, True, False), said


def test_a_broken_code_is_not_published(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("code: [\n")
    status, _, said = run(str(broken), "--out", str(tmp_path / "out"))
    assert status == 2
    assert "broken" in said
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_a_file_or_somebody_else_s_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    status, _, said = run(EXAMPLE, "--out", str(tmp_path / "file"), "--no-speech")
    assert (status, "--out" in said) == (2, True)
    status, _, said = run(EXAMPLE, "--out", str(tmp_path), "--no-speech")
    assert (status, "not written by amends publish" in said) == (2, True)
