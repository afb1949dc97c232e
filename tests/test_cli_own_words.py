"""`amends words` keeps its word: files are checked, adopted, listed; a faulty one is refused whole and says where."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from tests.commands import CODES, Desk
from tests.test_letter_words import GOOD

NOW = "2026-11-02T09:00"
BAD = GOOD.replace("Please take care.", "Go to CISAS within 3 days.")


@pytest.fixture(scope="module")
def larkfield_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("larkfield") / "home"
    desk = Desk(folder)
    assert desk("adopt", str(CODES / "example.yaml")).status == 0
    assert desk("tick", "--now", NOW).status == 0
    return folder


@pytest.fixture
def larkfield(larkfield_folder: Path, tmp_path: Path) -> Desk:
    """A desk with the model code in force, on Monday 2 November 2026."""
    shutil.copytree(larkfield_folder, tmp_path / "home")
    return Desk(tmp_path / "home")


def file_of(folder: Path, text: str) -> str:
    file = folder / "letters.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_a_good_file_is_checked_adopted_once_and_listed(larkfield: Desk, tmp_path: Path) -> None:
    file = file_of(tmp_path, GOOD)
    checked = larkfield("words", "check", file)
    assert (checked.status, checked.err) == (0, "")
    assert "larkfield-letters 1, words for acknowledgement, adr-letter" in checked.out
    assert larkfield("words", "check", file, "--format", "json").json == []
    assert larkfield("words", "list").out == ""
    assert larkfield("words", "list", "--format", "json").json == []
    first = larkfield("words", "adopt", file)
    assert (first.status, first.err) == (0, "")
    again = larkfield("words", "adopt", file)
    assert again.status == 0
    assert first.json == again.json == {
        "provider": "larkfield", "words": "larkfield-letters", "version": "1", "in_force_from": "2026-12-01",
        "letters": ["acknowledgement", "adr-letter"],
    }  # fmt: skip
    (row,) = larkfield("words", "list", "--format", "json").json
    assert (row["provider"], row["words"], row["version"], row["in_force_from"]) == (
        "larkfield", "larkfield-letters", "1", "2026-12-01",
    )  # fmt: skip
    assert row["fingerprint"] == hashlib.sha256(GOOD.encode()).hexdigest()
    assert row["adopted_by"] == "command line"
    assert "larkfield: larkfield-letters 1, in force from 2026-12-01" in larkfield("words", "list").out


def test_a_faulty_file_is_told_at_its_lines_and_never_loads(larkfield: Desk, tmp_path: Path) -> None:
    file = file_of(tmp_path, BAD)
    line = BAD[: BAD.index("Go to CISAS")].count("\n") + 1
    checked = larkfield("words", "check", file)
    assert checked.status == 1
    assert f"{file}:{line}:" in checked.err
    assert "WORDS_NAME_A_SCHEME" in checked.err
    found = larkfield("words", "check", file, "--format", "json")
    assert found.status == 1
    rules = {problem["rule"] for problem in found.json}
    assert {"WORDS_NAME_A_SCHEME", "WORDS_PROMISE_A_TIME"} <= rules
    assert all(problem["line"] == line for problem in found.json)
    refused = larkfield("words", "adopt", file)
    assert refused.status == 1
    assert {problem["rule"] for problem in refused.json["refused"]} == rules
    assert larkfield("words", "list", "--format", "json").json == [], "refused whole"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD.replace("1 December 2026", "1 November 2026"), "2026-11-01 is past"),
        (GOOD.replace("provider: larkfield", "provider: nobody"), "nobody"),
        (GOOD.replace("acknowledgement:", "acknowledgment:"), "acknowledgement"),
        (GOOD.replace("      thanks:", "      when:"), "thanks"),
    ],
    ids=[
        "a day that is past",
        "a provider that is not here",
        "a letter that is none",
        "a sentence that is locked",
    ],
)
def test_what_cannot_be_put_in_force_is_refused_with_its_reason(
    larkfield: Desk, tmp_path: Path, text: str, says: str
) -> None:
    refused = larkfield("words", "adopt", file_of(tmp_path, text))
    assert refused.status == 1
    assert any(says in f"{p['message']} {p['mend']}" for p in refused.json["refused"]), refused.out
    assert says in refused.err
    assert larkfield("words", "list", "--format", "json").json == []


def test_unusable_input_is_one_line_and_exit_2(larkfield: Desk, tmp_path: Path) -> None:
    for command in ("check", "adopt"):
        gone = larkfield("words", command, str(tmp_path / "none.yaml"))
        assert gone.status == 2
        assert "none.yaml" in gone.says
        assert larkfield("words", command).status == 2
    assert larkfield("words", "check", file_of(tmp_path, " \n")).says.endswith("there is no text in it")


def test_the_places_name_every_letter_and_every_sentence_that_may_be_said_otherwise(tmp_path: Path) -> None:
    """It needs no desk: whoever writes the file may not have one."""
    places = Desk(tmp_path / "nothing")("words", "places")
    assert places.status == 0
    assert "adr-letter: after the greeting, before how to reach us, before the end" in places.out
    assert "  instead of, thanks: Thank you for telling us." in places.out
    assert "access-link" not in places.out
    assert not (tmp_path / "nothing").exists()
