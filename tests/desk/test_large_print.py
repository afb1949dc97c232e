"""What large print promises: 18 point and more wherever the customer reads, PDF/UA-1, and a window that still works."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pikepdf
import pytest

from amends.core.letters import Bullets, Details, Heading, Letter, Link, Paragraph, Quote, write
from amends.core.letters.blocks import Block
from amends.core.letters.examples import Example, examples
from amends.desk.typeset import WINDOW_LINES, MadePdf, large_print_bytes
from tests.desk.test_documents import ADDRESS, HEAD, SUBJECT, WINDOW, _letters, check, in_window, opened, text
from tests.story import book

EXAMPLES = [pytest.param(e, id=f"{e.letter}, {e.name}") for e in examples(book("example"))]
LARGE = 18.0


def made(*blocks: Block, subject: str = SUBJECT, **head: Any) -> MadePdf:
    return large_print_bytes(subject, blocks, replace(HEAD, **head))


def sizes(pdf: MadePdf) -> list[tuple[int, float, float, float, str]]:
    """Every run of text: page, where it begins from the left and the top, its size in points, its words."""
    found = []
    with opened(pdf) as file:
        for number, sheet in enumerate(file.pages, 1):
            found += [(number, *run) for run in _sized(sheet)]
    return found


def _sized(sheet: pikepdf.Page) -> list[tuple[float, float, float, str]]:
    fonts = {name: _letters(font) for name, font in sheet.Resources.get("/Font", {}).items()}
    height = float(sheet.mediabox[3])
    runs: list[tuple[float, float, float, str]] = []
    matrix, stack, font, size, at = pikepdf.Matrix(), [], {}, 0.0, pikepdf.Matrix()
    for instruction in pikepdf.parse_content_stream(sheet):
        operands, operator = instruction.operands, str(instruction.operator)
        if operator == "q":
            stack.append(matrix)
        elif operator == "Q":
            matrix = stack.pop()
        elif operator == "cm":
            matrix = pikepdf.Matrix(*map(float, operands)) @ matrix
        elif operator == "Tm":
            at = pikepdf.Matrix(*map(float, operands)) @ matrix
        elif operator == "Tf":
            font, size = fonts[str(operands[0])], float(operands[1])
        elif operator in ("Tj", "TJ"):
            parts = operands[0] if operator == "TJ" else [operands[0]]
            raw = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
            words = "".join(font.get(raw[i : i + 2].hex(), "?") for i in range(0, len(raw), 2))
            runs.append((at.e, height - at.f, size * (at.a**2 + at.b**2) ** 0.5, words))
    return runs


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_letter_is_a_tagged_document_and_nothing_but_the_window_is_smaller_than_18_point(
    example: Example,
) -> None:
    letter = write(example.letter, example.matter)
    assert isinstance(letter, Letter)
    pdf = large_print_bytes(letter.subject, letter.blocks, HEAD)
    tags = check(pdf, letter.subject)
    assert [tag for tag in tags if tag == "H1"] == ["H1"]
    assert tags.count("H2") == sum(isinstance(block, Heading) for block in letter.blocks)
    assert pdf.doubts == ()
    left, right, top, bottom = WINDOW
    small = [run for run in sizes(pdf) if round(run[3], 1) < LARGE]
    assert [run[4] for run in small] == list(ADDRESS)
    assert all(page == 1 and left <= x < right and top <= y <= bottom for page, x, y, _, _ in small)


def test_the_cover_bears_the_address_in_the_window_and_the_letter_repeats_it_large() -> None:
    pdf = made(Paragraph("Dear Priya,"))
    assert in_window(pdf) == list(ADDRESS)
    words = [run[4] for run in sizes(pdf) if run[0] == 2]
    place = words.index(ADDRESS[0])
    assert tuple(words[place : place + len(ADDRESS)]) == ADDRESS
    assert "Your letter in large print begins on the next page." in text(pdf)


def test_without_an_address_there_is_no_cover_and_nothing_small() -> None:
    pdf = made(Paragraph("Dear Priya,"), to=())
    check(pdf)
    with opened(pdf) as file:
        assert len(file.pages) == 1
    assert min(size for _, _, _, size, _ in sizes(pdf)) >= LARGE


def test_everything_stands_in_one_column() -> None:
    pdf = made(Details((("Phone", "01632 960001"), ("Post", "4 Mill Lane\nLarkfield"))), to=())
    lines: dict[int, float] = {}
    for _, x, y, _, _ in sizes(pdf):
        lines[round(y)] = min(x, lines.get(round(y), x))
    assert len({round(x) for x in lines.values()}) == 1


@pytest.mark.parametrize("many", range(6, 40, 2))
def test_nobodys_name_stands_alone_on_the_last_page(many: int) -> None:
    """However long the letter is, the reference and the code go over to the next page with the name, not without."""
    words = [Paragraph("A short line.")] * many
    end = Details((("Reference", "LB-1"), ("Access code", "MOSS")))
    with opened(made(*words, end, Paragraph("Yours sincerely,\nTom Ashworth"))) as pdf:
        last = " ".join(run for _, _, _, run in _sized(pdf.pages[-1]))
    assert "Ashworth" in last
    assert "MOSS" in last


def test_lines_are_far_enough_apart() -> None:
    pdf = made(Paragraph("word " * 100), to=())
    tops = sorted({round(y, 1) for _, _, y, _, words in sizes(pdf) if words.startswith("word")})
    gaps = {round(later - one, 1) for one, later in pairwise(tops)}
    assert min(gaps) >= 1.3 * LARGE, "1.3 times the size and more, as readers of large print need"


def test_an_address_of_forty_lines_stands_in_full_within_the_letter() -> None:
    lines = tuple(f"{number} Long Street" for number in range(40))
    pdf = made(Paragraph("Dear Priya,"), to=lines)
    check(pdf)
    assert pdf.address_cut
    assert len(in_window(pdf)) == WINDOW_LINES
    assert all(line in text(pdf) for line in lines)


HOSTILE: list[tuple[str, tuple[Block, ...]]] = [
    ("markup", (Paragraph('#import "x": * $ x^2 $ \\ <script>alert(1)</script> #read("/etc/passwd")'),)),
    ("right to left", (Paragraph("مرحبا بكم في خدمتنا"), Quote("שלום עולם"), Bullets(("עברית",)))),
    ("emoji and rare", (Paragraph("😀 李雷 Жук \U0001f9ff \U00012345 \ue000"),)),
    ("two thousand words", (Quote(" ".join(f"word{n}" for n in range(2000))),)),
    ("one long word", (Paragraph("x" * 3000), Link("y" * 300, "https://x.example/" + "z" * 900))),
    ("nothing", (Paragraph(""), Bullets(()), Details(()), Quote(""))),
]


@pytest.mark.parametrize(("name", "blocks"), HOSTILE, ids=[name for name, _ in HOSTILE])
def test_whatever_anybody_typed_is_right_or_harmless(name: str, blocks: tuple[Block, ...]) -> None:
    pdf = made(*blocks)
    check(pdf)
    shown = re.sub(r"\s", "", text(pdf))
    if name == "markup":
        assert '#import"x":*$x^2$\\<script>' in shown
    if name == "emoji and rare":
        assert pdf.replaced == ("[U+E000]", "[U+12345]")
        assert "[U+12345]" in shown
    if name == "two thousand words":
        assert "word1999" in shown
    right_edge = 210 * 72 / 25.4
    assert all(0 <= x < right_edge for _, x, _, _, _ in sizes(pdf))
