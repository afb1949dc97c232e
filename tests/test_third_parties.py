"""What is marked as another person's in words about one person, and what is taken out of them (DP-11)."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.third_parties import Known, Sort, find, telephone, without

KNOWN = Known(
    names=frozenset({"Ann Archer"}), emails=frozenset({"ann@example.org"}), phones=frozenset({"01632960001"}),
    postcodes=frozenset({"LK12AB"}), streets=frozenset({"7 mill lane"}), numbers=frozenset({"12345678"}),
    staff=frozenset({"Tom Ashworth"}), others=frozenset({"Bo Bell"}), chosen=frozenset({"the yellow house"}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "sort", "words"),
    [
        ("Ask bo.bell@mail.example about it.", Sort.EMAIL, "bo.bell@mail.example"),
        ("Ring 07700 900123 after six.", Sort.PHONE, "07700 900123"),
        ("Ring +44 7700 900123.", Sort.PHONE, "+44 7700 900123"),
        ("Ring +44 (0)7700 900123.", Sort.PHONE, "+44 (0)7700 900123"),
        ("Ring 7700 (900) 123456.", Sort.PHONE, "7700 (900) 123456"),
        ("Fibre 500 (07700 900123).", Sort.PHONE, "(07700 900123"),
        ("They live at 12 Sandy Close, there.", Sort.ADDRESS, "12 Sandy Close"),
        ("Send it to LK9 9ZZ.", Sort.ADDRESS, "LK9 9ZZ"),
        ("Mrs Carver let us in.", Sort.NAME, "Mrs Carver"),
        ("my neighbour Dee Dunn has it too", Sort.NAME, "Dee Dunn"),
        ("My husband, Edgar, called.", Sort.NAME, "Edgar"),
        ("bo bell is her brother", Sort.NAME, "bo bell"),
        ("TOM  ASHWORTH called", Sort.STAFF, "TOM  ASHWORTH"),
        ("She lives in the yellow house.", Sort.CHOSEN, "the yellow house"),
        ("Card 4929 1234 5678 9012 was used", Sort.NUMBER, "4929 1234 5678 9012"),
        ("To 20-30-40 87654321 please", Sort.NUMBER, "20-30-40 87654321"),
    ],
)
def test_what_may_be_somebody_elses_is_marked(text: str, sort: Sort, words: str) -> None:
    found = find(text, KNOWN)
    assert [(m.sort, m.words) for m in found] == [(sort, words)]
    assert text[found[0].start : found[0].end] == words
    assert words not in without(text, found)
    assert str(sort) in without(text, found)


@pytest.mark.parametrize(
    "text",
    [
        "Ann Archer wrote from Ann@Example.org.", "Ms Archer called from 01632 960001.", "+44 1632 960001 is hers.",
        "7 Mill Lane, LK1 2AB", "Account 12345678", "On 2 November 2026 at 09:15 the line failed.", "It cost £1,234.56.",
        "Fibre 500 (01632 960001)", "", "My line is dead.", "The engineer came at 10.",
    ],
)  # fmt: skip
def test_what_is_their_own_or_nobodys_is_not(text: str) -> None:
    assert find(text, KNOWN) == ()


def test_the_same_words_are_one_question_however_they_are_written() -> None:
    one, two = find("07700 900123", KNOWN)[0], find("+44 (7700) 900-123", KNOWN)[0]
    assert one.key == two.key
    assert find("Mrs Carver", KNOWN)[0].key == find("MRS  CARVER".title(), KNOWN)[0].key


@given(st.text(max_size=300))
def test_marks_never_meet_and_what_is_left_is_the_text_between_them(text: str) -> None:
    marks = find(text, KNOWN)
    assert all(one.end <= two.start for one, two in pairwise(marks))
    left = without(text, marks, "")
    assert len(left) == len(text) - sum(m.end - m.start for m in marks)


@pytest.mark.parametrize(
    "text", ["a" * 40_000, "a.b@c.example " * 4_000, "12 " * 20_000, "Flat 1 " * 8_000, " " * 40_000]
)
def test_hostile_words_are_read_in_a_moment(text: str) -> None:
    before = time.process_time()
    find(text, KNOWN)
    assert time.process_time() - before < 2


@pytest.mark.parametrize(
    "number",
    [
        "01632 960002",
        "(01632) 960002",
        "+44 (0)1632 960002",
        "+44 (0) 1632 960002",
        "+44 (1632) 960002",
        "0044 1632-960-002",
    ],
)
def test_a_number_in_brackets_is_one_number_and_what_stands_before_is_none_of_it(number: str) -> None:
    for words in (f"We paid 500 ({number}) twice.", f"On line 12 ({number}, all day)."):
        (mark,) = (m for m in find(words, KNOWN) if m.sort is Sort.PHONE)
        assert telephone(mark.words) == "01632960002"
        assert "500" not in mark.words
        assert "12" not in mark.words
