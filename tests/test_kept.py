"""The list of promises says of each where it stands and which test plays it, and cannot say what is not so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from amends import kept
from amends.codes import FOLDER

PAGE = (kept.ROOT / "docs" / "clauses.md").read_text("utf-8")
BEFORE = """# Promises
| id | promise | |
| --- | --- | --- |
| O-acknowledge | an answer within 24 working hours | does: clock |
| O-laws | does its utmost | says |

| id | promise |
| --- | --- |
| A-why | every date can say why |
"""

SOURCE = """O_CALL = 'O-call'


@mark('O-letter')
def test_a() -> None:
    'O-copy-of'


def other():
    'O-form'
"""


def test_each_promise_has_its_line_its_anchor_and_its_tests() -> None:
    made = kept.page(BEFORE)
    row = next(line for line in made.splitlines() if line.startswith("| O-acknowledge"))
    line = int(re.search(r"opus\.yaml#L(\d+)", row)[1])  # type: ignore[index]  # it is there, or the test fails
    around = (FOLDER / "opus.yaml").read_text("utf-8").splitlines()[line - 2 : line + 1]
    assert any("O-acknowledge" in each for each in around)
    assert "`/code/#O-acknowledge`" in row
    tests = kept.citations()["O-acknowledge"]
    assert "[test_24_working_hours_around_easter](../tests/test_clocks.py)" in tests
    assert f"| {tests[0]}, " in row


def test_what_people_wrote_stays_and_the_page_can_be_made_again_and_again() -> None:
    made = kept.page(BEFORE)
    assert kept.page(made) == made
    assert "| O-laws | does its utmost | says |" in made
    assert [
        line for line in made.splitlines() if line.startswith(("#", "| A-why | every date can say why |"))
    ]
    assert kept.acted_on(made) == kept.acted_on(BEFORE) == ("O-acknowledge", "A-why")


def test_a_promise_that_stands_in_no_code_file_is_found() -> None:
    with pytest.raises(AssertionError, match=r"O-nothing stands in no clause of opus\.yaml"):
        kept.page(BEFORE.replace("O-laws", "O-nothing"))


def test_only_a_test_cites_and_only_by_the_whole_id(tmp_path: Path) -> None:
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "test_one.py").write_text(SOURCE)
    assert kept.citations(folder) == {
        "O-letter": ["[test_a](../tests/test_one.py)"],
        "O-copy-of": ["[test_a](../tests/test_one.py)"],
    }


def test_the_list_of_promises_knows_every_one_that_is_acted_on() -> None:
    assert len(kept.acted_on(PAGE)) > 120


NOT_PLAYED_AND_WHY: dict[str, str] = {}
"""Promises that the list says are acted on, and that no test plays: the only ones, each with what is missing."""


def test_a_promise_that_has_its_test_keeps_it() -> None:
    cited = kept.citations()
    without = {promise for promise in kept.acted_on(PAGE) if not cited.get(promise)}
    assert without == set(NOT_PLAYED_AND_WHY)


def test_a_promise_that_is_acted_on_is_played_at_the_real_desk_and_not_in_one_room_alone() -> None:
    """On both databases: every test of that folder that asks for a database runs on PostgreSQL too."""
    cited = kept.citations()
    without = {p for p in kept.acted_on(PAGE) if not any(kept.is_story(test) for test in cited.get(p, ()))}
    assert without == set(NOT_PLAYED_AND_WHY)


def test_stories_are_named_before_other_tests(tmp_path: Path) -> None:
    for name in ("tests/test_one.py", "tests/desk/test_two.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SOURCE)
    assert kept.citations(tmp_path / "tests")["O-letter"] == [
        "[test_a](../tests/desk/test_two.py)",
        "[test_a](../tests/test_one.py)",
    ]
