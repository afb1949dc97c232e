"""`amends explain` gives the dates that the law and the five codes make, and says why (the issue's "It must show")."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from amends.cli import main
from tests.commands import CODES

FIVE = ("netfuse", "focus-group", "netservers", "opus", "infinity")


@pytest.fixture
def explain(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs the command; its status, its JSON or text, and what it said beside it."""

    def run(code: str | Path, *arguments: str) -> tuple[int, Any, str]:
        file = code if isinstance(code, Path) else CODES / f"{code}.yaml"
        monkeypatch.setattr("sys.argv", ["amends", "explain", str(file), *arguments])
        status = main()
        said = capfdbinary.readouterr()
        whole = json.loads(said.out) if "json" in arguments and said.out else said.out.decode()
        return status, whole, said.err.decode()

    return run


def clocks(explain: Any, code: str, received: str, *more: str) -> dict[str, dict[str, Any]]:
    status, found, _ = explain(code, "--received", received, "--format", "json", *more)
    assert status == 0
    return {clock["id"]: clock for clock in found}


def test_opus_acknowledges_after_24_working_hours_around_easter(explain: Any) -> None:
    found = clocks(explain, "opus", "2026-04-02T16:00+01:00")
    acknowledgement = found["O-acknowledge"]
    assert acknowledgement["due"] == "2026-04-09T13:00:00+01:00"
    assert acknowledgement["act_from"] == acknowledgement["late_after"] == acknowledgement["due"]
    assert (acknowledgement["kind"], acknowledgement["clause"]) == ("promise", "O-acknowledge")
    assert "Skipped Friday 3 April 2026: bank holiday: Good Friday" in acknowledgement["why"]
    received = datetime.fromisoformat("2026-04-02T16:00+01:00")
    assert datetime.fromisoformat(found["O-handler"]["due"]) == received + timedelta(hours=48)


@pytest.mark.parametrize("code", FIVE)
@pytest.mark.parametrize(("received", "due"), [("2026-04-07", "2026-06-02"), ("2026-04-08", "2026-05-20")])
def test_the_adr_letter_follows_the_day_of_receipt_under_every_code(
    explain: Any, code: str, received: str, due: str
) -> None:
    for moment in (received, f"{received}T23:59"):
        letter = clocks(explain, code, moment)["adr-letter"]
        assert letter["kind"] == "law"
        assert letter["due"] == letter["act_from"] == f"{due}T00:00:00+01:00"
        next_day = datetime.fromisoformat(letter["due"]) + timedelta(days=1)
        assert datetime.fromisoformat(letter["late_after"]) == next_day
        assert any("CH-0" in reason for reason in letter["why"])


@pytest.mark.parametrize("code", [*FIVE, "example"])
def test_every_clock_has_the_promised_keys_and_its_reasons(explain: Any, code: str) -> None:
    for clock in clocks(explain, code, "2026-11-10T10:00").values():
        assert list(clock) == ["id", "kind", "due", "act_from", "late_after", "clause", "why"]
        assert clock["kind"] in ("promise", "law")
        assert clock["why"]
        assert all(isinstance(reason, str) and reason.strip() for reason in clock["why"])
        for key in ("due", "act_from", "late_after"):
            assert datetime.fromisoformat(clock[key]).utcoffset() in (timedelta(0), timedelta(hours=1))


def test_without_an_offset_it_is_londons_time(explain: Any) -> None:
    summer = clocks(explain, "opus", "2026-07-01T10:00")
    assert (
        summer
        == clocks(explain, "opus", "2026-07-01T10:00+01:00")
        == clocks(explain, "opus", "2026-07-01T09:00Z")
    )


def test_a_date_alone_is_its_first_moment(explain: Any) -> None:
    assert clocks(explain, "opus", "2026-04-07") == clocks(explain, "opus", "2026-04-07T00:00")


@pytest.mark.parametrize(
    ("received", "says"),
    [
        ("2026-03-29T01:30", "does not exist in London"),
        ("2026-10-25T01:30", "exists twice in London"),
        ("yesterday", "is no moment"),
        ("2026-13-01", "is no moment"),
        ("0001-01-01T00:00", "outside the years"),
        ("9999-12-31T23:59-12:00", "outside the years"),
        ("1999-12-31", "not known"),
    ],
)
def test_a_moment_that_cannot_be_meant_is_refused_in_one_line(explain: Any, received: str, says: str) -> None:
    status, out, err = explain("opus", "--received", received)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert says in err
    assert err.startswith("--received")


def test_the_hour_that_exists_twice_is_told_apart_by_its_offset(explain: Any) -> None:
    first, second = (clocks(explain, "opus", f"2026-10-25T01:30{offset}") for offset in ("+01:00", "+00:00"))
    assert first["O-handler"]["due"] == "2026-10-27T00:30:00+00:00"
    assert second["O-handler"]["due"] == "2026-10-27T01:30:00+00:00"


def test_a_date_past_the_known_bank_holidays_is_null_and_says_why_and_the_law_goes_on(explain: Any) -> None:
    found = clocks(explain, "opus", "2035-05-01T10:00")
    acknowledgement = found["O-acknowledge"]
    assert acknowledgement["due"] is acknowledgement["act_from"] is acknowledgement["late_after"] is None
    assert any("known from 2012-01-01 to" in reason for reason in acknowledgement["why"])
    assert found["adr-letter"]["due"] == "2035-06-12T00:00:00+01:00"


def test_a_business_of_more_than_ten_has_no_clock_of_the_law_and_is_told_why(explain: Any) -> None:
    status, found, err = explain(
        "opus", "--received", "2026-04-08", "--customer", "business", "--format", "json"
    )
    assert status == 0
    assert "adr-letter" not in [clock["id"] for clock in found]
    assert "more than 10 people is not covered" in err
    assert "CH-05" in err
    _, text, err = explain("opus", "--received", "2026-04-08", "--customer", "business")
    assert "more than 10 people is not covered" in text
    assert err == ""


def test_a_small_business_is_covered(explain: Any) -> None:
    assert "adr-letter" in clocks(explain, "opus", "2026-04-08", "--customer", "small-business")


def test_the_way_it_came_can_start_other_clocks(explain: Any) -> None:
    calls = set(clocks(explain, "infinity", "2026-04-08T10:00", "--channel", "phone"))
    letters = set(clocks(explain, "infinity", "2026-04-08T10:00", "--channel", "letter"))
    assert calls != letters


def test_text_says_the_date_as_people_say_it(explain: Any) -> None:
    _, text, _ = explain("opus", "--received", "2026-04-02T16:00+01:00")
    assert "O-acknowledge: acknowledgement, due Thursday 9 April 2026, 1 pm (promise)" in text
    assert "adr-letter: ADR letter, due on Thursday 28 May 2026 (law)" in text


def test_a_code_that_is_not_in_force_on_that_day_is_said_beside_the_result(explain: Any) -> None:
    status, found, err = explain("example", "--received", "2020-01-01", "--format", "json")
    assert status == 0
    assert found
    assert "does not govern a complaint first received on 2020-01-01" in err


def test_a_broken_code_cannot_be_played_and_each_break_is_named(explain: Any, tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text((CODES / "opus.yaml").read_text().replace("within: 24 working hours", "within: soonish"))
    status, out, err = explain(file, "--received", "2026-04-08")
    assert (status, out) == (2, "")
    assert "soonish" in err
    assert str(file) in err.splitlines()[-1]


def test_a_file_that_is_not_there_is_one_line(explain: Any, tmp_path: Path) -> None:
    status, out, err = explain(tmp_path / "none.yaml", "--received", "2026-04-08")
    assert (status, out, err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("option", [["--channel", "pigeon"], ["--customer", "cat"], ["--zonk"]])
def test_an_option_that_is_none_is_one_line(explain: Any, option: list[str]) -> None:
    status, out, err = explain("opus", "--received", "2026-04-08", *option)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("amends explain: ")
