"""What contracted Braille promises: it reads back as the words that were written, and the built-in one agrees with it."""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from amends.core.braille import brf, grade1, spelt
from amends.core.braille.signs import SIGNS
from amends.core.letters import Letter, write
from amends.core.letters.examples import Example, examples
from amends.desk import liblouis
from amends.desk.liblouis import GRADE_1, GRADE_2, back_translated, translated
from tests.braille_reader import flowing, lines, normal
from tests.story import FIVE, book
from tests.test_braille import words

pytestmark = pytest.mark.skipif(
    not (liblouis.there(GRADE_1) and liblouis.there(GRADE_2)),
    reason="liblouis is not installed (run.py install --system)",
)

EXAMPLES = [
    pytest.param(e, id=f"{name}: {e.letter}, {e.name}")
    for name in ("example", *FIVE)
    for e in examples(book(name))
]

GROUPS = re.compile(r'(?<=[A-J])"(?=[A-J])')
"""The space within a number: liblouis writes it between any two numbers, which reads the same."""


def read_back(cells: str, table: str) -> str:
    text = normal(back_translated(cells, table))
    # Read back, "https:" comes out as "httpscc": the library takes the colon for a contraction, in either grade.
    return text.replace("httpscc//", "https://").replace('"', "'")


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_letter_in_contracted_braille_reads_back_as_it_was_written(example: Example) -> None:
    letter = write(example.letter, example.matter)
    assert isinstance(letter, Letter)
    pages = brf(letter.subject, letter.blocks, table=translated)
    wanted = words(letter.subject, letter.blocks).replace('"', "'")
    assert read_back(flowing(pages), GRADE_2) == wanted
    assert len(lines(pages)) <= len(lines(brf(letter.subject, letter.blocks))), (
        "contracted is no longer than not"
    )


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_letter_in_the_built_in_braille_is_read_by_liblouis(example: Example) -> None:
    letter = write(example.letter, example.matter)
    assert isinstance(letter, Letter)
    pages = brf(letter.subject, letter.blocks)
    wanted = words(letter.subject, letter.blocks).replace('"', "'")
    assert read_back(flowing(pages), GRADE_1) == wanted


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_built_in_braille_is_what_liblouis_writes_without_contractions(example: Example) -> None:
    letter = write(example.letter, example.matter)
    assert isinstance(letter, Letter)
    said = f"{letter.subject}\n{letter.text()}".split("\n")
    differ = [
        line for line in said if _groups_apart(grade1(line)) != _groups_apart(translated(line, GRADE_1))
    ]
    assert differ == []


def _groups_apart(cells: str) -> str:
    return GROUPS.sub(" #", cells)


def test_whatever_has_a_sign_here_has_one_in_liblouis() -> None:
    for sign in SIGNS:
        assert "\\X" not in translated(f"a {sign} b", GRADE_2), sign
    cells = translated("Dear 李雷 😀 éŵłß ‒ x⁴", GRADE_2)
    assert "\\X" not in cells
    assert grade1(spelt("李雷")) in cells, "the words of a code point, which no contraction touches"


@pytest.mark.parametrize(
    "text", ["FLAT 4B LONG ROAD now", "SEE LB-4F7-2KQ AND 3A OR 4J", "UNIT 4B", "flat 4b"]
)
def test_a_letter_after_a_number_is_never_read_as_a_digit(text: str) -> None:
    assert read_back(translated(text), GRADE_2).lower() == text.lower()


def test_threads_may_translate_at_once() -> None:
    said = [
        "Dear Priya, we have looked into it.",
        "£31.19 on Thursday 9 April 2026",
        "knowledge " * 40,
        "李雷 😀",
    ] * 60
    alone = [translated(text) for text in said]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(translated, said)) == alone


def test_a_long_letter_is_translated_whole() -> None:
    text = " ".join(f"word{n}" for n in range(2000))
    assert normal(back_translated(translated(text), GRADE_2)) == text


def test_without_liblouis_braille_is_uncontracted() -> None:
    """In a process of its own, for the library is looked for once."""
    program = (
        "import ctypes.util\nctypes.util.find_library = lambda name: None\n"
        "from amends.desk import liblouis\n"
        "from amends.core.braille import grade1\n"
        "assert liblouis.grade2() is None and liblouis.best() is grade1\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
