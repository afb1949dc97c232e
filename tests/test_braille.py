"""What Braille promises: the rules of UEB, pages as embossers take them, and nothing lost, whatever anybody typed."""

from __future__ import annotations

import string
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from amends.core.braille import CELLS, LINES, as_bytes, brf, grade1, spelt, told_in_words
from amends.core.braille.signs import SIGNS, known
from amends.core.letters import Bullets, Details, Heading, Letter, Link, Paragraph, Quote, write
from amends.core.letters.blocks import Block, clean, one_line
from amends.core.letters.examples import Example, examples
from tests.braille_reader import flowing, lines, normal, read
from tests.story import FIVE, book

EXAMPLES = [
    pytest.param(e, id=f"{name}: {e.letter}, {e.name}")
    for name in ("example", *FIVE)
    for e in examples(book(name))
]


def words(title: str, blocks: tuple[Block, ...]) -> str:
    """Everything that blocks say, on one line, as it stands in Braille."""
    said = [title]
    for block in blocks:
        match block:
            case Paragraph(text) | Heading(text) | Quote(text):
                said.append(text)
            case Bullets(items):
                said += [f"• {item}" for item in items]
            case Details(rows):
                said += [f"{label}: {value}" for label, value in rows]
            case Link(text, address):
                said += [f"{text}:", address]
    return normal(" ".join(" ".join(said).split()))


# --- The rules of UEB ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("Dear Priya", ",DEAR ,PRIYA"),
        ("a letter from BT today", "A LETTER FROM ,,BT TODAY"),
        ("BTs and PhD, McDonald", ",,BT,'S AND ,PH,D1 ,MC,DONALD"),
        ("O'NEILL", ",O',,NEILL"),
        ("THIS IS ALL IN CAPITALS, but not this", ",,,THIS IS ALL IN CAPITALS1,' BUT NOT THIS"),
        ("BT AND not", ",,BT ,,AND NOT"),
        ("REF 12 LB-4F7 TODAY ok", ",,,REF #AB LB-#D;F#G TODAY,' OK"),
        ("£31.19", "@L#CA4AI"),
        ("€5, $6 and ¥7", "@E#E1 @S#F AND @Y#G"),
        ("16% of £1,200", "#AF.0 OF @L#A1BJJ"),
        ("#1 & a@b * + =", '_?#A @& A@AB "9 "6 "7'),
        (".5 and v.5", "#4E AND V4#E"),
        ("42. 42, (42) 5-4", '#DB4 #DB1 "<#DB"> #E-#D'),
        ("4a 4k 4A 3rd 10am", "#D;A #DK #D,A #CRD #AJ;AM"),
        ("8:30 on 12/10/2026", "#H3#CJ ON #AB_/#AJ_/#BJBF"),
        ("020 8545 8200", '#JBJ"HEDE"HBJJ'),
        ("+44 20 8545 8200", '"6#DD"BJ"HEDE"HBJJ'),
        ("LK1 2AB", ",,LK#A #B,,AB"),
        ("Why? ?no (?) a?b", ',WHY8 ;8NO "<;8"> A8B'),
        ("“Hello,” she said. ‘It’s fine’", "8,HELLO10 SHE SAID4 ,8,IT'S FINE,0"),
        ('a "word" here, the customers’ own', "A 8WORD0 HERE1 THE CUSTOMERS' OWN"),
        ("a – b — c… [d] {e} <f>", "A ,- B ,- C444 .<D.> _<E_> @<F@>"),
        ("a/b a\\b a_b a|b a~b a^b", "A_/B A_*B A.-B A_\\B A@9B A@5B"),
        ("café Éire ÉCOLE naïve Łódź", "CAF^/E ,^/EIRE ,,^/ECOLE NA^3IVE ,@*L^/OD^/Z"),
        ("ŵ ŷ Ŵy â", "^%W ^%Y ,^%WY ^%A"),
        ("Æsop œuvre Straße", ",A^6,ESOP O^6EUVRE ,STRA.!E"),
        ("½ 2½ x² 20°C π", "#A/B #B#A/B X;9#B #BJ^J,C .P"),
        ("™ © ® § • 5′", "^T ^C ^R ^S _4 #E7"),
    ],
)  # fmt: skip
def test_text_is_written_by_the_rules_of_unified_english_braille(text: str, cells: str) -> None:
    assert grade1(text) == cells
    assert read(cells) == normal(text)


def test_what_has_no_sign_is_told_by_its_code_points_and_nothing_is_lost() -> None:
    assert spelt("李雷 😀 Жук ½") == "[U+674E U+96F7] [U+1F600 grinning face] [U+0416 U+0443 U+043A] ½"
    assert read(grade1("Dear 李雷,")) == "Dear [U+674E U+96F7],"
    assert spelt("Ａﬁ\u00a0b\u200dc\ufe0f") == "Afi bc", (
        "compatibility forms are the letters that they stand for"
    )
    assert told_in_words("Dear 李雷, [U+0041] 😀 李雷") == ("[U+674E U+96F7]", "[U+1F600 grinning face]")
    assert told_in_words("Dear Priya, £5 – yes") == ()


def test_no_two_signs_that_read_alike_are_written_alike() -> None:
    alike = {"‐", "‑", "‒", "—", "“", "”", "…", "’"}
    cells = [cells for sign, cells in SIGNS.items() if sign not in alike]
    assert len(cells) == len(set(cells))


PLAIN = "".join(c for c in SIGNS if known(c) and c not in "½¼¾⅓⅔⅛⅜⅝⅞⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉→←↑↓?‘’“”\"'")
ALPHABET = string.ascii_letters + string.digits + " éÈâñüçłøßŵźăåæ" + "£€%.,;:-()/&@"


@given(st.text(alphabet=ALPHABET, max_size=60))
@example("A B C d")
@example("1,2.3a 4.b")
@example("0..0 1.,2...3")
def test_every_plain_text_can_be_read_back(text: str) -> None:
    assert read(grade1(normal(text))) == normal(text)


@given(st.text(alphabet=ALPHABET + PLAIN, max_size=40), st.text(max_size=40))
@settings(max_examples=300)
def test_any_text_at_all_gives_cells_and_as_many_words_as_it_has(one: str, other: str) -> None:
    cells = grade1(one + other)
    assert all(" " <= cell <= "_" for cell in cells)
    assert len(cells.split()) == len(spelt(one + other).split())


# --- Pages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_letter_reads_back_word_for_word_from_its_pages(example: Example) -> None:
    letter = write(example.letter, example.matter)
    assert isinstance(letter, Letter)
    pages = brf(letter.subject, letter.blocks)
    assert read(flowing(pages)) == words(letter.subject, letter.blocks)
    assert as_bytes(pages).count(b"\r\n") == pages.count("\n")
    for page, following in pairwise(pages.split("\f")):
        assert not following.startswith("\n"), "no page begins with an empty line"
        last = [line for line in page.split("\n")[: LINES - 1] if line][-1]
        assert read(last) not in {h.text for h in letter.blocks if isinstance(h, Heading)}, (
            "no heading ends a page"
        )


def test_a_page_looks_as_readers_expect() -> None:
    blocks = (
        Paragraph("Dear Priya,"),
        Paragraph("We have looked into your complaint about the line that fails."),
        Heading("What we found"),
        Bullets(("The cabinet let in rain, and the joint rusted.", "It is mended.")),
        Details((("Phone", "01632 960001"), ("Post", "4 Mill Lane\nLarkfield"))),
        Quote("It rained in."),
        Link("Your complaint", "https://larkfield.example/my-case"),
    )
    assert lines(brf("Your complaint", blocks))[:21] == [
        "            ,YOUR COMPLAINT",
        "",
        "  ,DEAR ,PRIYA1",
        "  ,WE HAVE LOOKED INTO YOUR COMPLAINT",
        "ABOUT THE LINE THAT FAILS4",
        "",
        "    ,WHAT WE FOUND",
        "_4 ,THE CABINET LET IN RAIN1 AND THE",
        "  JOINT RUSTED4",
        "_4 ,IT IS MENDED4",
        "",
        ',PHONE3 #JAFCB"IFJJJA',
        ",POST3",
        "  #D ,MILL ,LANE",
        "  ,LARKFIELD",
        "",
        "    ,IT RAINED IN4",
        "",
        "  ,YOUR COMPLAINT3",
        "  HTTPS3_/_/LARKFIELD4EXAMPLE_/MY-CASE",
        "",
    ]


def test_a_word_longer_than_a_line_goes_on_after_dot_five_and_tears_no_sign() -> None:
    address = "https://larkfield.example/" + "a-rather-long-way/é4.2/ÀB?c=1&d=£9/" * 12
    pages = brf("t", (Paragraph(f"See {address} now."), Paragraph("é" * 300), Paragraph("_" * 300)))
    assert read(flowing(pages)) == normal(f"t See {address} now. {'é' * 300} {'_' * 300}")
    parted = [line for line in lines(pages) if line.endswith('"')]
    assert len(parted) > 20
    assert all(line[-2] not in '@^.;,#"' for line in parted)


def test_a_heading_goes_over_with_what_follows_it() -> None:
    for before in range(15, 26):
        filling = tuple(Paragraph("word") for _ in range(before))
        pages = brf("", (*filling, Heading("A heading"), Paragraph("What follows.")))
        page = next(page for page in pages.split("\f") if ",A HEADING" in page)
        assert "  ,WHAT FOLLOWS4" in page


def test_an_address_stays_on_one_page() -> None:
    for before in range(15, 26):
        filling = tuple(Paragraph("word") for _ in range(before))
        pages = brf("", (*filling, Paragraph("Yours sincerely,\nTom Ashworth\nLarkfield Broadband")))
        assert any(",YOURS" in page and ",TOM" in page and ",LARKFIELD" in page for page in pages.split("\f"))


def test_what_is_long_odd_or_empty_gives_right_pages_too() -> None:
    odd: tuple[Block, ...] = (
        Paragraph(""), Bullets(()), Details(()), Heading(""), Quote("\n\n"), Heading("h " * 600),
        Details((("", "x"), ("y", ""), ("Address", "\n".join(f"{n} Long Street" for n in range(40))))),
        Paragraph('#import "x" \\ {a} <script> $(rm) \x1b[0m'), Paragraph("مرحبا بكم Ünïcödé 😀👍🏽"),
        Paragraph("w " * 2000),
    )  # fmt: skip
    pages = brf("", odd)
    assert read(flowing(pages)).count("w ") >= 1999
    assert read(flowing(pages)).count("Long Street") == 40
    assert '#import "x" \\ {a} <script> $(rm) [0m' in read(flowing(pages))
    assert brf("", ()) == ""


@given(
    st.text(max_size=30),
    st.lists(
        st.one_of(
            st.builds(Paragraph, st.text(max_size=120)),
            st.builds(Heading, st.text(max_size=80)),
            st.builds(Quote, st.text(max_size=80)),
            st.builds(Bullets, st.lists(st.text(max_size=40), max_size=4).map(tuple)),
            st.builds(
                Details,
                st.lists(st.tuples(st.text(max_size=20), st.text(max_size=60)), max_size=3).map(tuple),
            ),
        ),
        max_size=8,
    ),
)
@settings(max_examples=150)
def test_whatever_a_letter_holds_its_pages_have_the_right_form(title: str, blocks: list[Block]) -> None:
    pages = brf(one_line(clean(title)), tuple(blocks))
    if pages:
        lines(pages)


def test_forty_cells_and_twenty_five_lines() -> None:
    assert (CELLS, LINES) == (40, 25)
