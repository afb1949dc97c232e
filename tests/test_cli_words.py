"""What the commands say to a person at a terminal: spoken dates, causes beside numbers, help that can be read."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.commands import CODES, Desk
from tests.desk.mails import mail
from tests.desk.peer import peer

NOW = "2026-11-02T09:00"
AT = "opus-telecoms"
MACHINE_DATE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
CLUMSY = re.compile(r"\(s\)|\b1 (?:alarms|cases|letters|warnings|errors|facts)\b")


@pytest.fixture(scope="module")
def opus_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("opus") / "home"
    assert Desk(folder)("adopt", str(CODES / "opus.yaml"), "--as-published").status == 0
    return folder


@pytest.fixture
def opus(opus_folder: Path, tmp_path: Path) -> Desk:
    """A desk with the Opus code in force."""
    shutil.copytree(opus_folder, tmp_path / "home")
    return Desk(tmp_path / "home")


# --- help --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [[], ["mail"], ["provider"]])
def test_who_types_only_a_name_gets_the_help_as_it_is_laid_out(tmp_path: Path, words: list[str]) -> None:
    desk = Desk(tmp_path / "never")
    ran, helped = desk(*words), desk(*words, "--help")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == helped.out
    assert "\nCommands:\n" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 110
    assert not (tmp_path / "never").exists()


def test_the_help_says_which_commands_need_no_folder(tmp_path: Path) -> None:
    folder = tmp_path / "never"
    desk = Desk(folder)
    said = " ".join(desk("--help").out.split())
    assert "check, explain, publish and schema need none" in said
    desk("schema")
    desk("publish", str(CODES / "example.yaml"), "--out", str(tmp_path / "site"), "--no-speech")
    assert not folder.exists()


# --- check and explain -------------------------------------------------------------------------------------


def test_of_a_file_that_could_not_be_read_nothing_good_is_said(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "never")
    ran = desk("check", "nofile.yaml")
    assert (ran.status, ran.out) == (2, "")
    assert ran.says.startswith("nofile.yaml: ")
    beside = desk("check", "nofile.yaml", str(CODES / "example.yaml"), "--on", "2026-11-22")
    assert (beside.status, beside.out) == (2, "nothing to say of the rest\n")
    assert desk("check", "nofile.yaml", "--format", "json").json == []


def test_problems_are_counted_in_english(tmp_path: Path) -> None:
    out = Desk(tmp_path / "never")("check", str(CODES / "opus.yaml"), "--on", "2026-11-22").out
    assert re.search(r"\n\d+ errors?; \d+ warnings?\n$", out)
    assert not CLUMSY.search(out)


def test_a_day_without_a_time_starts_at_its_start_and_it_is_said_that_the_hour_was_not(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path / "never")
    file = str(CODES / "opus.yaml")
    ran = desk("explain", file, "--received", "2026-11-20")
    assert "Started Friday 20 November 2026, at the start of the day, by email" in ran.out
    assert "midnight" not in ran.out
    assert "write one where hours count, like 2026-11-20T10:30" in ran.out
    with_time = desk("explain", file, "--received", "2026-11-20T00:00")
    assert "No time was given" not in with_time.out
    as_json = desk("explain", file, "--received", "2026-11-20", "--format", "json")
    assert "No time was given" in as_json.err


# --- dates and counts --------------------------------------------------------------------------------------


def test_whatever_is_text_says_dates_and_counts_as_people_do(opus: Desk) -> None:
    first = opus("receive", "--provider", AT, "--now", NOW, stdin=mail()).json
    opus("mail", "set", AT, "--address", "us@opus.example", "--smtp-host", "127.0.0.1", "--smtp-tls", "none")
    said = {
        name: opus(*name.split()).out
        for name in (f"case {first['case']}", "tick", "mail show", "doctor", "verify", "refold", f"mail release {AT}")
    }  # fmt: skip
    for name, out in said.items():
        assert out, name
        assert not MACHINE_DATE.search(out), out
        assert not CLUMSY.search(out), out
    assert "first received Monday 2 November 2026, 9 am" in said[f"case {first['case']}"]
    assert "held: 1 acknowledgement by email, decided Monday 2 November 2026, 9 am\n" in said["mail show"]
    assert "since Monday 2 November 2026, 9 am; docs/runbook.md: Letters are held" in said["doctor"]
    assert "2 alarms stand\n" in said["doctor"]
    assert "1 case, " in said["verify"]
    assert (
        "  by Wednesday 4 November 2026, 9 am: Introduce yourself to the customer (O-handler)\n"
        in said[f"case {first['case']}"]
    )
    opus("tick", "--now", "2026-12-13T09:00")
    later = opus("case", first["case"]).out
    assert "at the start of the day" not in later.partition("Clocks")[0]


# --- a password that is not there --------------------------------------------------------------------------


def test_a_password_that_is_not_there_is_told_at_every_step(opus: Desk) -> None:
    with peer() as server:
        given = (
            "mail", "set", AT, "--address", "us@opus.example", "--smtp-host", "127.0.0.1", "--smtp-port",
            str(server.port), "--smtp-tls", "none", "--smtp-password", "env:OPUS_SMTP",
        )  # fmt: skip
        warned = opus(*given)
        assert warned.status == 0
        assert "warning: us@opus.example names its password as env:OPUS_SMTP" in warned.err
        assert opus(*given, OPUS_SMTP="sesame").err == ""
        assert "warning: us@opus.example" in opus("mail", "on", AT, "--live", "--yes").err
        assert "password env:OPUS_SMTP: not there for this command" in opus("mail", "show").out
        shown = opus("mail", "show", "--format", "json").json
        assert shown[0]["mailboxes"][0]["passwords_missing"] == ["env:OPUS_SMTP"]

        reference = opus("receive", "--provider", AT, "--now", NOW, stdin=mail()).json["case"]
        ticked = opus("tick")
        assert "1 letter put off" in ticked.out
        assert (
            "letters of opus-telecoms wait: no password: OPUS_SMTP is not set where this runs" in ticked.out
        )
        case = opus("case", reference, "--format", "json").json
        (letter,) = case["outgoing"]
        assert letter["state"] == "ready"
        assert "OPUS_SMTP is not set" in letter["why"]
        assert letter["next_try"] == "2026-11-02T09:01:00+00:00"
        assert "OPUS_SMTP is not set" in opus("case", reference).out
        doctor = opus("doctor", "--format", "json")
        assert doctor.status == 1
        assert "letters unsent" in [alarm["kind"] for alarm in doctor.json["alarms"]], "at once"

        worked = opus("tick", "--now", "2026-11-02T09:05", OPUS_SMTP="sesame")
        assert "1 letter sent" in worked.out
        case = opus("case", reference, "--format", "json").json
        assert (case["outgoing"][0]["why"], case["outgoing"][0]["next_try"]) == ("", None)
        kinds = [alarm["kind"] for alarm in opus("doctor", "--format", "json").json["alarms"]]
        assert "letters unsent" not in kinds


def test_doctor_and_mail_check_tell_of_it_also_while_mail_is_off_and_fail_once_letters_leave(
    opus: Desk,
) -> None:
    """`doctor` said "well" of a desk whose first letter would wait for a password that nobody had set."""
    opus("provider", "scheme", AT, "cisas", "--since", "2024-01-01")
    opus("tick")
    given = (
        "mail", "set", AT, "--address", "us@opus.example", "--smtp-host", "127.0.0.1", "--smtp-tls", "none",
        "--smtp-password", "env:OPUS_SMTP", "--imap-host", "mail.opus.example", "--imap-password", "env:OPUS_IMAP",
    )  # fmt: skip
    assert opus(*given).status == 0
    for command in ("doctor", f"mail check {AT}"):
        ran = opus(*command.split())
        assert ran.status == 0, ran.out
        assert (
            "us@opus.example: password for sending (SMTP): remark: OPUS_SMTP is not set where this runs (env:OPUS_SMTP)"
        ) in ran.out
        assert "password for reading (IMAP): remark: OPUS_IMAP is not set" in ran.out
        assert f"amends mail set {AT} --address us@opus.example --smtp-password stdin" in ran.out
        assert "do not leave by SMTP yet: until they do, this is no failure" in ran.out
        there = opus(*command.split(), OPUS_SMTP="sesame", OPUS_IMAP="sesame")
        assert "password for" not in there.out
        assert (there.status, "sesame" in there.out + there.err) == (0, False)
    assert opus("doctor").out.endswith("\nwell\n")
    assert opus("mail", "on", AT, "--live", "--yes").status == 0
    for command in ("doctor", f"mail check {AT}"):
        ran = opus(*command.split())
        assert ran.status == 1, command
        assert "password for sending (SMTP): NOT WELL: OPUS_SMTP is not set" in ran.out
        told = opus(*command.split(), "--format", "json", OPUS_IMAP="sesame")
        assert told.status == 1
        [smtp] = told.json["passwords"]
        assert (smtp["provider"], smtp["mailbox"], smtp["for"]) == (AT, "us@opus.example", "sending (SMTP)")
        assert (smtp["named"], smtp["fails"]) == ("env:OPUS_SMTP", True)
        assert opus(*command.split(), OPUS_SMTP="sesame", OPUS_IMAP="sesame").status == 0
    assert opus("doctor").out.endswith("\n2 passwords are missing\n")
    assert opus("doctor", "--format", "json").json["well"] is False


def test_the_worker_writes_down_why_letters_wait(opus: Desk) -> None:
    opus("mail", "set", AT, "--address", "us@opus.example", "--smtp-host", "127.0.0.1", "--smtp-tls", "none",
         "--smtp-password", "env:OPUS_SMTP")  # fmt: skip
    opus("mail", "on", AT, "--live", "--yes")
    opus("receive", "--provider", AT, "--now", NOW, stdin=mail())
    said = opus("work", "--once").err
    assert "letters of opus-telecoms wait: no password: OPUS_SMTP is not set where this runs" in said
