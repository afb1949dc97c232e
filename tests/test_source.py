"""A code file is read as located text: nothing is guessed, nothing is lost, nothing hostile costs anything."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.problems import Severity
from amends.core.source import DEEPEST, LARGEST, MappingNode, ScalarNode, SequenceNode, read, scalars

HEAVY = 2.0
"""Seconds that no file may take to read, however it is made."""


def mapping(text: str) -> MappingNode:
    node, problems = read(text, "code.yaml")
    assert problems == ()
    assert isinstance(node, MappingNode)
    return node


def scalar(text: str, key: str) -> ScalarNode:
    value = mapping(text).get(key)
    assert isinstance(value, ScalarNode)
    return value


@pytest.mark.parametrize(
    "written", ["17:30", "0330", "no", "1_000", "0x1F", "1e3", "null", "~", "2026-04-08", "+44 20", ".5"]
)
def test_a_value_stays_the_words_that_were_written(written: str) -> None:
    assert scalar(f"key: {written}\n", "key").text == written


def test_every_value_knows_its_line_and_column() -> None:
    node = mapping("a: one\nb:\n  - two\n  - {c: three}\n")
    places = {value.text: (value.where.line, value.where.column) for _, value in scalars(node)}
    assert places == {"one": (1, 4), "two": (3, 5), "three": (4, 9)}
    key = node.key("b")
    assert key is not None
    assert (key.where.line, key.where.column) == (2, 1)


@pytest.mark.parametrize(
    ("text", "words", "place"),
    [
        ("says: after eight weeks\n", "eight weeks", (1, 13)),
        ("says: |\n  one\n  after eight weeks\n", "eight weeks", (3, 9)),
        ("says: >-\n  after eight\n  weeks\n", "eight weeks", (2, 9)),
        ('says: "first eight\n  weeks"\n', "eight weeks", (1, 14)),
        ("says:\n  plain text for\n  eight weeks\n", "eight weeks", (3, 3)),
    ],
)
def test_words_inside_a_long_text_are_found_at_their_own_line(
    text: str, words: str, place: tuple[int, int]
) -> None:
    value = scalar(text, "says")
    start = value.text.index(words)
    where = value.at(start, start + len(words))
    assert (where.line, where.column) == place


def test_the_second_of_two_equal_words_is_found_at_its_own_place() -> None:
    value = scalar("says: |\n  8 weeks here\n  8 weeks there\n", "says")
    second = value.text.rindex("8 weeks")
    assert value.at(second, second + 7).line == 3


def test_a_key_written_twice_names_both_places_and_keeps_the_first() -> None:
    node, (problem,) = read("weeks: 6\nnote: x\nweeks: 8\n", "code.yaml")
    assert problem.rule == "DUPLICATE_KEY"
    assert "line 1, column 1" in problem.message
    assert "line 3, column 1" in problem.message
    assert isinstance(node, MappingNode)
    assert isinstance(first := node.get("weeks"), ScalarNode)
    assert first.text == "6"


def test_every_mistake_of_shape_is_told_at_once() -> None:
    _, problems = read("a: &x 1\nb: *x\nc: !t 2\na: 3\n<<: 4\nd: \x07\n", "code.yaml")
    assert sorted(problem.rule for problem in problems) == [
        "DUPLICATE_KEY", "NOT_PLAIN", "NOT_PLAIN", "NOT_PLAIN", "NOT_PLAIN", "UNPRINTABLE",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("a: [1\nb: 2", "SYNTAX", 1),
        ("a: 1\n\tb: 2", "SYNTAX", 2),
        ("a: 'open\n\n\n", "SYNTAX", 1),
        ("a: b: c", "SYNTAX", 1),
        ("a: @b", "SYNTAX", 1),
        ('a: "\\q"', "SYNTAX", 1),
        ('a: "\\U99999999"', "SYNTAX", 1),
        ("a: 1\n---\nb: 2", "NOT_PLAIN", 2),
        ("%YAML 1.1\n---\na: 1", "NOT_PLAIN", 1),
        ("? {a: 1}\n: 2", "NOT_PLAIN", 1),
        ('a: "x\\0y"', "UNPRINTABLE", 1),
        ("a: x\u202ey", "UNPRINTABLE", 1),
        ("a: x\ud800y", "UNPRINTABLE", 1),
        ("", "EMPTY_FILE", 1),
        ("# nothing\n", "EMPTY_FILE", 1),
        ("x" * (LARGEST + 1), "FILE_TOO_LARGE", 1),
    ],
)
def test_what_cannot_be_read_is_a_located_problem_and_no_exception(text: str, rule: str, line: int) -> None:
    _, problems = read(text, "code.yaml")
    assert [(problem.rule, problem.where.line, problem.severity) for problem in problems] == [
        (rule, line, Severity.BROKEN)
    ]


def _laughs() -> str:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30)]
    return "\n".join(["l0: &l0 [ha]", *levels])


@pytest.mark.parametrize(
    "text",
    [
        _laughs(),
        "[" * 100_000,
        "{" * 100_000,
        "- " * 100_000,
        "? " * 100_000,
        "a: &a [*a]",
        "a: " + "x " * 100_000,
        "\n".join(f"k{n}: v" for n in range(15_000)),
        "'" * 99_999,
        "!" * 100_000,
    ],
    ids=["laughs", "brackets", "braces", "dashes", "questions", "itself", "words", "keys", "quotes", "tags"],
)
def test_a_hostile_file_costs_no_time(text: str) -> None:
    began = time.process_time()
    read(text, "code.yaml")
    assert time.process_time() - began < HEAVY


def test_lists_may_stand_inside_each_other_so_deep_and_no_deeper() -> None:
    assert read("[" * DEEPEST + "]" * DEEPEST, "f")[1] == ()
    assert [p.rule for p in read("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "f")[1]] == ["NOT_PLAIN"]


@given(st.text(alphabet=st.sampled_from("ab:-[]{}\"'&*!|>#%@`,?\\ \n\t\r\x00\ufeff\u2028~<=0U"), max_size=60))
def test_no_text_makes_the_reader_raise(text: str) -> None:
    node, problems = read(text, "code.yaml")
    assert node is not None or problems
    for problem in problems:
        assert problem.where.line >= 1
        assert problem.message
        assert problem.mend


@given(st.lists(st.text(alphabet="abcdefgh 0123456789", min_size=1).map(str.strip).filter(bool), min_size=1))
def test_quoted_text_comes_back_as_it_was(values: list[str]) -> None:
    text = "\n".join(f'- "{value}"' for value in values)
    node, problems = read(text, "code.yaml")
    assert problems == ()
    assert isinstance(node, SequenceNode)
    assert [item.text for item in node.items if isinstance(item, ScalarNode)] == values


def test_windows_and_old_mac_line_ends_count_lines_alike() -> None:
    for end in ("\n", "\r\n", "\r"):
        value = scalar(end.join(["\ufeffa: 1", "b: 2", "c: 3"]), "c")
        assert (value.text, value.where.line) == ("3", 3)
