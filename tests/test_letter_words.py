"""What a provider's own words can do to a letter, and what they can never do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.core.letters import LETTERS, Letter, Paragraph, letter_from_json, write
from amends.core.letters.blocks import Block
from amends.core.letters.examples import Example, examples
from amends.core.letters.own import LetterWords, OwnWords, Place
from amends.core.letters.registry import kind_of
from amends.core.letters.words_file import read_words
from tests.story import book

GOOD = """\
words: larkfield-letters
provider: larkfield
version: "1"
in force from: 1 December 2026
letters:
  acknowledgement:
    after the greeting: We are a small team, and we read every message ourselves.
    instead of:
      thanks: Thank you for taking the trouble to write.
  adr-letter:
    before the end:
      - Whatever you decide, we are glad to talk.
      - Please take care.
"""
EXAMPLES = examples(book("example"))


def written(example: Example, own: OwnWords | None = None) -> Letter:
    made = write(example.letter, replace(example.matter, own=own))
    assert isinstance(made, Letter), made
    return made


def first(letter: str) -> Example:
    return next(e for e in EXAMPLES if e.letter == letter)


def test_a_file_says_which_words_stand_in_which_letter_and_each_letter_which_version() -> None:
    own, problems = read_words(GOOD, "words.yaml")
    assert problems == ()
    assert own is not None
    assert (own.id, own.version, own.in_force_from) == ("larkfield-letters", "1", date(2026, 12, 1))
    letter = written(first("acknowledgement"), own)
    assert letter.blocks[1] == Paragraph("We are a small team, and we read every message ourselves.")
    assert "Thank you for taking the trouble to write." in letter.text()
    assert "Thank you for telling us." not in letter.text()
    assert letter.own_words == own.name == f"larkfield-letters 1 ({own.fingerprint[:12]})"
    assert letter_from_json(letter.to_json()) == letter
    adr = written(first("adr-letter"), own)
    assert [b.text for b in adr.blocks[-3:-1] if isinstance(b, Paragraph)] == [
        "Whatever you decide, we are glad to talk.", "Please take care.",
    ]  # fmt: skip
    assert written(first("update"), own).own_words == "", "no own words stand in it"


def test_every_sentence_that_may_be_said_otherwise_stands_in_an_example_of_its_letter() -> None:
    for kind in LETTERS:
        for name, sentence in kind.optional.items():
            said = [
                b.text
                for e in EXAMPLES
                if e.letter == kind.id
                for b in written(e).blocks
                if isinstance(b, Paragraph)
            ]
            assert any(sentence in text for text in said), f"{kind.id}: {name}"


WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)


@st.composite
def anything(draw: st.DrawFn, letter: str) -> OwnWords:
    added = draw(st.dictionaries(st.sampled_from(list(Place)), st.lists(WORDS, max_size=3).map(tuple)))
    names = list(kind_of(letter).optional)
    instead = draw(st.dictionaries(st.sampled_from(names), WORDS)) if names else {}
    return OwnWords("w", "p", "1", date(2026, 1, 1), "f" * 64, {letter: LetterWords(added, instead)})


def locked(letter: str, blocks: tuple[Block, ...]) -> Iterator[str]:
    """What must stay: every block, and of paragraphs what stands around the sentences that may be replaced."""
    for block in blocks:
        pieces = [str(block.to_json())]
        if isinstance(block, Paragraph):
            pieces = [block.text]
            for sentence in kind_of(letter).optional.values():
                pieces = [part for piece in pieces for part in piece.split(sentence)]
        yield from (piece.strip() for piece in pieces if piece.strip())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e.letter}, {e.name}")
@given(data=st.data())
@settings(max_examples=15)
def test_whatever_the_own_words_every_required_part_stays_in_its_order(
    example: Example, data: st.DataObject
) -> None:
    own = data.draw(anything(example.letter))
    plain, said = written(example), written(example, own)
    whole = "\n".join(b.text if isinstance(b, Paragraph) else str(b.to_json()) for b in said.blocks)
    at = 0
    for piece in locked(example.letter, plain.blocks):
        found = whole.find(piece, at)
        assert found >= 0, f"{piece!r} is gone or has moved"
        at = found + len(piece)
    assert said.subject == plain.subject
    assert said.lane == plain.lane


def test_what_a_person_typed_is_not_said_otherwise() -> None:
    own = OwnWords(
        "w", "p", "1", date(2026, 1, 1), "f" * 64,
        {"contact-time": LetterWords({}, {"another time": "Tell us if it does not suit."})},
    )  # fmt: skip
    typed = kind_of("contact-time").optional["another time"]
    example = first("contact-time")
    letter = write("contact-time", replace(example.matter, own=own, free_text=f"As we said: {typed}"))
    assert isinstance(letter, Letter)
    assert f"As we said: {typed}" in " ".join(letter.text().split())


FAULTS = [
    ("instead of:\n      thanks", "instead of:\n      scheme", "LOCKED", (9, 7)),
    ("  acknowledgement:", "  love-letter:", "UNKNOWN_LETTER", (6, 3)),
    ("  acknowledgement:", "  access-link:", "UNKNOWN_LETTER", (6, 3)),
    ("after the greeting", "over the greeting", "UNKNOWN_KEY", (7, 5)),
    ("1 December 2026", "soon", "BAD_DATE", (4, 16)),
    ('version: "1"\n', "", "MISSING_KEY", (1, 1)),
    ("provider: larkfield", "provider: Larkfield!", "BAD_NAME", (2, 11)),
    ("read every message ourselves", "answer within 8 weeks", "WORDS_PROMISE_A_TIME", (7, 67)),
    ("Please take care.", "You need not go to the Ombudsman.", "WORDS_NAME_A_SCHEME", (13, 32)),
    ("Please take care.", "You are our #1 customer.", "WORDS_CUT_OFF", (13, 9)),
    ("Thank you for taking", "Thank you # for taking", "WORDS_CUT_OFF", (9, 15)),
    ("Please take care.", "Dear {name}.", "WORDS_WITH_A_GAP", (13, 14)),
    ("Please take care.", "x" * 1300, "WORDS_TOO_LONG", (12, 7)),
    ("Please take care.", "''", "EMPTY_VALUE", (13, 9)),
    ("      thanks: Thank you for taking the trouble to write.", "      - thanks", "WRONG_SHAPE", (9, 7)),
    ("letters:", "letters: none\nmore:", "UNKNOWN_KEY", (6, 1)),
    (GOOD, "", "EMPTY_FILE", (1, 1)),
    (GOOD, "- a list", "NOT_A_FILE_OF_WORDS", (1, 1)),
    ("version", "words", "DUPLICATE_KEY", (3, 1)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("good", "bad", "rule", "at"), FAULTS, ids=[f"{rule} {n}" for n, (_, _, rule, _) in enumerate(FAULTS)]
)
def test_a_faulty_file_never_loads_and_says_where(
    good: str, bad: str, rule: str, at: tuple[int, int]
) -> None:
    assert good in GOOD
    own, problems = read_words(GOOD.replace(good, bad, 1), "words.yaml")
    assert own is None
    found = {p.rule: (p.where.line, p.where.column) for p in reversed(problems)}
    assert found.get(rule) == at, problems
    assert all(p.why and p.mend for p in problems)


@given(st.text(max_size=400))
@settings(max_examples=100)
def test_any_text_at_all_is_read_without_an_exception(text: str) -> None:
    own, problems = read_words(text, "x")
    assert own is not None or problems


def test_every_letter_but_the_sign_in_link_takes_own_words() -> None:
    assert [kind.id for kind in LETTERS if not kind.takes_own_words] == ["access-link"]
