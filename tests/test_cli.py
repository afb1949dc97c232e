"""The commands keep their word: JSON as documented, one line when they cannot go on, and a story in a folder of its own."""

from __future__ import annotations

import json
import re
import shutil
import signal
import smtplib
import socket
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from amends.cli import amends, main
from amends.core.problems import Severity
from tests.commands import CODES, ROOT, Desk
from tests.desk.made import MONDAY
from tests.desk.mailbox_server import Box, mailbox_server
from tests.desk.mails import mail
from tests.desk.peer import peer

DOCS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
PROBLEM = ["file", "line", "column", "rule", "severity", "message", "why", "mend"]
NOW = "2026-11-02T09:00"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "home")


@pytest.fixture(scope="module")
def opus_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the Opus code in force, made once; each test has its own copy."""
    folder = tmp_path_factory.mktemp("opus") / "home"
    assert Desk(folder)("adopt", str(CODES / "opus.yaml"), "--as-published").status == 0
    return folder


@pytest.fixture
def opus(opus_folder: Path, tmp_path: Path) -> Desk:
    """A desk with the Opus code in force."""
    shutil.copytree(opus_folder, tmp_path / "home")
    return Desk(tmp_path / "home")


@pytest.fixture
def check(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs `amends check` here and now; its status, stdout and stderr."""

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["amends", "check", *map(str, arguments)])
        status = main()
        said = capfdbinary.readouterr()
        return status, said.out.decode(), said.err.decode()

    return run


# --- check -------------------------------------------------------------------------------------------------


def test_the_model_code_passes_with_nothing_to_say(check: Any) -> None:
    status, out, err = check(CODES / "example.yaml", "--on", "2026-11-22", "--format", "json")
    assert (status, json.loads(out), err) == (0, [], "")
    assert check(CODES / "example.yaml", "--on", "2026-11-22")[1] == "nothing to say\n"


def test_problems_of_many_files_are_one_list_with_the_promised_keys(check: Any) -> None:
    files = [CODES / f"{name}.yaml" for name in ("opus", "netfuse", "focus-group")]
    status, out, _ = check(*files, "--on", "2026-11-22", "--format", "json")
    found = json.loads(out)
    assert status == 1
    assert {problem["file"] for problem in found} == {str(file) for file in files}
    for problem in found:
        assert list(problem) == PROBLEM
        assert isinstance(problem["line"], int)
        assert problem["line"] >= 1
        assert problem["severity"] in [str(grade) for grade in Severity]
        assert problem["message"]
        assert problem["mend"]


def test_a_code_is_judged_by_the_day_that_is_named(check: Any) -> None:
    def stale(day: str) -> bool:
        return "STALE_THRESHOLD" in check(CODES / "opus.yaml", "--on", day, "--format", "json")[1]

    assert not stale("2026-04-07")
    assert stale("2026-04-08")


def test_text_names_place_rule_reason_and_mend(check: Any) -> None:
    _, out, _ = check(CODES / "opus.yaml", "--on", "2026-11-22")
    assert re.search(r"opus\.yaml:\d+:\d+: error STALE_THRESHOLD: ", out)
    assert "\n    why:  " in out
    assert "\n    mend: Write 6 weeks." in out
    assert re.search(r"\n\d+ errors; \d+ warnings\n$", out)


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "No such file"), (b"\xff\xfe\x00", "not UTF-8 text"), (b"", "no text"), (b" \n\n", "no text"),
     (b"x" * 5_000_000, "longer than 4 MB")],
)  # fmt: skip
def test_a_file_without_text_is_one_line_and_the_others_are_judged(
    check: Any, tmp_path: Path, content: bytes | None, says: str
) -> None:
    file = tmp_path / "odd.yaml"
    if content is not None:
        file.write_bytes(content)
    status, out, err = check(file, CODES / "opus.yaml", "--format", "json")
    assert status == 2
    assert json.loads(out)
    assert err.startswith(str(file))
    assert says in err
    assert err.count("\n") == 1


def test_a_folder_is_no_file(check: Any, tmp_path: Path) -> None:
    status, out, err = check(tmp_path, "--format", "json")
    assert (status, json.loads(out), err.count("\n")) == (2, [], 1)


def test_a_byte_order_mark_is_no_text(check: Any, tmp_path: Path) -> None:
    file = tmp_path / "marked.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + (CODES / "example.yaml").read_bytes())
    assert check(file, "--on", "2026-11-22", "--format", "json")[:2] == (0, "[]\n")


@pytest.mark.parametrize("arguments", [[], ["--on", "soon", "x.yaml"], ["--zonk"]])
def test_wrong_words_are_one_line(check: Any, arguments: list[str]) -> None:
    status, out, err = check(*arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)


def test_check_and_explain_need_no_desk_and_make_none(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "never", AMENDS_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert desk("check", str(CODES / "example.yaml"), "--on", "2026-11-22").status == 0
    assert desk("explain", str(CODES / "opus.yaml"), "--received", "2026-04-08").status == 0
    assert not (tmp_path / "never").exists()


def test_a_file_can_come_through_a_pipe(desk: Desk) -> None:
    ran = desk("check", "-", "--on", "2026-11-22", stdin=(CODES / "example.yaml").read_bytes())
    assert (ran.status, ran.out) == (0, "nothing to say\n")


def test_whoever_stops_reading_is_no_error(desk: Desk) -> None:
    process = desk.start("check", *[str(CODES / "opus.yaml")] * 200, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr is not None
    with process.stderr as said:
        assert said.read() == b""
    assert process.wait(60) == 1


# --- the folder --------------------------------------------------------------------------------------------


def test_a_story_from_the_first_mail_to_the_adr_letter(opus: Desk) -> None:
    raw = mail("It is down.", date=None, message_id="one@customer.example")
    first = opus("receive", "--provider", "opus-telecoms", "--now", "2026-04-02T16:00+01:00", stdin=raw).json
    assert (first["new"], first["state"]) == (True, "filed")
    again = opus("receive", "--provider", "opus-telecoms", stdin=raw).json
    assert (again["case"], again["new"], again["message"]) == (first["case"], False, first["message"])

    case = opus("case", first["case"], "--format", "json").json
    assert [(x["letter"], x["channel"], x["state"]) for x in case["outgoing"]] == [
        ("acknowledgement", "email", "held")
    ]
    clocks = {clock["id"]: clock for clock in case["clocks"]}
    assert clocks["O-acknowledge"]["due"] == "2026-04-09T13:00:00+01:00"
    assert clocks["adr-letter"]["due"] == "2026-05-28T00:00:00+01:00"

    assert opus("mail", "on", "opus-telecoms", "--folder", "--yes").status == 0
    assert opus("mail", "release", "opus-telecoms", "--send", "acknowledgement", "--yes").status == 0
    assert opus("tick", "--now", "2026-04-03T09:00", "--format", "json").json["sent"] == 1
    assert opus("tick", "--now", "2026-05-27T23:59", "--format", "json").json["sent"] == 0
    assert opus("tick", "--now", "2026-05-28T00:00", "--format", "json").json["sent"] == 1

    case = opus("case", first["case"].lower(), "--format", "json").json
    assert case["state"] == "ADR letter sent"
    assert [(x["letter"], x["state"]) for x in case["outgoing"]] == [
        ("acknowledgement", "sent"),
        ("adr-letter", "sent"),
    ]
    assert case["outgoing"][1]["at"] == "2026-05-28T00:00:00+01:00"
    assert {c["id"]: c["standing"] for c in case["clocks"]}["adr-letter"] == "kept"
    assert opus("verify", "--format", "json").json["whole"]
    assert opus("refold", "--check", "--format", "json").json["wrong"] == []
    text = opus("case", first["case"]).out
    assert "ADR letter sent" in text
    assert "adr-letter by email: sent" in text


def test_a_code_with_faults_is_refused_with_every_problem_unless_taken_as_published(desk: Desk) -> None:
    refused = desk("adopt", str(CODES / "netfuse.yaml"))
    assert refused.status == 1
    assert refused.json["refused"]
    assert all(list(problem) == PROBLEM for problem in refused.json["refused"])
    assert "STALE" in refused.err
    assert desk("provider", "list", "--format", "json").json == []
    taken = desk(
        "adopt", str(CODES / "netfuse.yaml"), "--as-published", "--scheme", "cisas", "--since", "2024-01-01"
    )
    assert taken.status == 0
    assert list(taken.json) == ["provider", "code", "version", "in_force_from"]
    (provider,) = desk("provider", "list", "--format", "json").json
    assert provider["schemes"] == [{"scheme": "cisas", "since": "2024-01-01", "until": None}]


def test_a_broken_code_is_refused_however_it_is_taken(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text((CODES / "opus.yaml").read_text().replace("nation: england-and-wales", "nation: narnia"))
    ran = desk("adopt", str(file), "--as-published")
    assert ran.status == 1
    assert "narnia" in ran.err


@pytest.mark.parametrize(
    "arguments",
    [["no-such-file.yaml"], [str(CODES / "opus.yaml"), "--since", "soon"], ["a.yaml", "b.yaml"]],
)
def test_what_cannot_be_adopted_is_one_line(desk: Desk, arguments: list[str]) -> None:
    ran = desk("adopt", *arguments)
    assert ran.status == 2
    assert ran.says


def test_receive_answers_75_when_it_cannot_keep(opus: Desk, tmp_path: Path) -> None:
    unknown = opus("receive", "--provider", "nobody", stdin=mail())
    assert (unknown.status, unknown.says) == (75, "no provider is called 'nobody'; there are: opus-telecoms")
    away = opus(
        "receive",
        "--provider",
        "opus-telecoms",
        stdin=mail(),
        AMENDS_DATABASE_URL="postgresql://x@127.0.0.1:1/x",
    )
    assert away.status == 75
    assert "Connection refused" in away.says
    (tmp_path / "file").write_text("")
    nowhere = opus(
        "receive", "--provider", "opus-telecoms", stdin=mail(), AMENDS_HOME=str(tmp_path / "file" / "x")
    )
    assert nowhere.status == 75
    mistyped = opus("receive", "--provider", "opus-telecoms", "--no-such-option", stdin=mail())
    assert mistyped.status == 75, "a mail server bounces what any other status refuses"
    assert "--no-such-option" in mistyped.says
    unclear = opus("receive", "--provider", "opus-telecoms", stdin=mail(), AMENDS_CLOCK="by hand")
    assert (unclear.status, "AMENDS_CLOCK is 'by hand'" in unclear.says) == (75, True)


@pytest.mark.parametrize("raw", [b"", b"\n", b"\0\0", b"Message-ID: <a@b.example>\r\n\r\n"])
def test_a_message_with_nothing_in_it_waits_for_a_person_and_opens_nothing(opus: Desk, raw: bytes) -> None:
    ran = opus("receive", "--provider", "opus-telecoms", stdin=raw)
    assert (ran.status, ran.json["case"], ran.json["state"]) == (0, None, "quarantined")
    assert "there is nothing in it" in ran.json["reason"]


def test_what_always_prints_json_may_be_told_so(opus: Desk) -> None:
    adopted = opus("adopt", str(CODES / "opus.yaml"), "--as-published", "--format", "json")
    assert (adopted.status, adopted.json["provider"]) == (0, "opus-telecoms")
    received = opus("receive", "--format", "json", "--provider", "opus-telecoms", stdin=mail())
    assert (received.status, received.json["new"]) == (0, True)


@pytest.mark.parametrize(("name", "state"), [("out-of-office", "machine"), ("not-a-mail", "filed")])
def test_receive_answers_0_for_whatever_it_kept(opus: Desk, name: str, state: str) -> None:
    ran = opus(
        "receive", "--provider", "opus-telecoms", stdin=(ROOT / "tests" / "mail" / f"{name}.eml").read_bytes()
    )
    assert ran.status == 0
    assert ran.json["state"] == state
    assert (ran.json["case"] is None) == (state != "filed")
    assert ran.json["reason"]


def test_many_mail_servers_at_once_lose_nothing_and_file_each_message_once(opus: Desk) -> None:
    mails = [mail(f"Number {number}.", sender=f"a{number}@example.org") for number in range(4)]
    answers: list[dict[str, Any]] = []

    def pipe(raw: bytes) -> None:
        answers.append(opus("receive", "--provider", "opus-telecoms", stdin=raw).json)

    pipes = [threading.Thread(target=pipe, args=(raw,)) for raw in mails * 2]
    for each in pipes:
        each.start()
    for each in pipes:
        each.join()
    assert len(answers) == 8
    assert sorted(answer["state"] for answer in answers) == ["duplicate"] * 4 + ["filed"] * 4
    assert len({answer["case"] for answer in answers}) == 4


def test_the_time_can_be_said_only_to_a_clock_that_is_set_by_hand(opus: Desk) -> None:
    for arguments in (["tick"], ["case", "X"]):
        ran = opus(*arguments, "--now", NOW, AMENDS_CLOCK="")
        assert ran.status == 2
        assert "AMENDS_CLOCK=manual" in ran.says
    ran = opus("receive", "--provider", "opus-telecoms", "--now", NOW, stdin=mail(), AMENDS_CLOCK="")
    assert ran.status == 75
    assert "AMENDS_CLOCK=manual" in ran.says


def test_time_said_never_goes_back_and_the_latest_holds(opus: Desk) -> None:
    assert opus("tick", "--now", NOW).status == 0
    back = opus("tick", "--now", "2026-11-02T08:59")
    assert back.status == 2
    assert "does not go back" in back.says
    first = opus("receive", "--provider", "opus-telecoms", stdin=mail()).json
    shown = opus("case", first["case"], "--format", "json").json
    assert shown["first_received"] == "2026-11-02T09:00:00+00:00"


def test_a_played_clock_is_refused_where_people_would_get_the_letters(opus: Desk) -> None:
    set_up = opus(
        "mail", "set", "opus-telecoms", "--address", "us@opus.example", "--smtp-host", "mail.opus.example",
        "--smtp-user", "us", "--smtp-password", "env:OPUS",
    )  # fmt: skip
    assert set_up.status == 0
    assert "AMENDS_CLOCK" in opus("mail", "on", "opus-telecoms", "--live", "--yes").err
    assert opus("mail", "on", "opus-telecoms", "--live", "--yes", AMENDS_CLOCK="").status == 0
    for arguments in (["tick"], ["case", "X"], ["work", "--once"]):
        ran = opus(*arguments)
        assert ran.status == 2
        assert "must not write to people" in ran.says
    assert opus("receive", "--provider", "opus-telecoms", stdin=mail()).status == 75


def test_passwords_and_open_lines_are_guarded(opus: Desk, tmp_path: Path) -> None:
    where = ("mail", "set", "opus-telecoms", "--address", "us@opus.example")
    assert "encrypted" in opus(*where, "--smtp-host", "mail.opus.example", "--smtp-tls", "none").says
    assert "encrypted" in opus(*where, "--imap-host", "mail.opus.example", "--no-imap-tls").says
    assert "env:NAME" in opus(*where, "--smtp-password", "hunter2").says
    assert (
        opus(
            *where, "--smtp-host", "mail.opus.example", "--smtp-password", "stdin", stdin=b"hunter2\n"
        ).status
        == 0
    )
    shown = opus("mail", "show", "opus-telecoms", "--format", "json")
    assert "hunter2" not in shown.out + opus("mail", "show").out
    secret = next((tmp_path / "home" / "secrets").iterdir())
    assert secret.read_text() == "hunter2"
    assert secret.stat().st_mode & 0o777 == 0o600


def test_switching_mail_on_shows_what_is_held_and_asks(opus: Desk) -> None:
    opus("receive", "--provider", "opus-telecoms", "--now", NOW, stdin=mail())
    asked = opus("mail", "on", "opus-telecoms", "--folder")
    assert asked.status == 2
    assert "held: 1 acknowledgement by email, decided Monday 2 November 2026, 9 am" in asked.out
    assert "add --yes" in asked.err
    assert opus("mail", "show", "opus-telecoms", "--format", "json").json[0]["mail"] == "off"
    assert opus("mail", "on", "opus-telecoms", "--folder", "--yes").status == 0
    assert opus("tick", "--format", "json").json["sent"] == 0, "what was held stays held"
    dropped = opus("mail", "release", "opus-telecoms", "--drop", "adr-letter", "--why", "x", "--yes")
    assert dropped.status == 2
    assert "CH-12" in dropped.err


def test_only_a_letter_in_doubt_goes_again(opus: Desk) -> None:
    reference = opus("receive", "--provider", "opus-telecoms", "--now", NOW, stdin=mail()).json["case"]
    key = f"{reference}/acknowledgement/1"
    assert opus("mail", "again", "opus-telecoms", key).says.startswith(f"opus-telecoms: '{key}' is held")
    assert "is no letter" in opus("mail", "again", "opus-telecoms", "nothing").says


def test_a_database_that_fails_midway_is_one_line(opus: Desk, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "home" / "db.sqlite3") as database:
        database.execute("DROP TABLE desk_heartbeat")
    ran = opus("tick")
    assert ran.status == 2
    assert "desk_heartbeat" in ran.says


def test_a_person_is_added_with_a_password_and_a_role(opus: Desk) -> None:
    add = (
        "person",
        "add",
        "hana",
        "--provider",
        "opus-telecoms",
        "--role",
        "handler",
        "--name",
        "Hana Price",
    )
    assert "--password-stdin" in opus(*add).says
    assert "password" in opus(*add, "--password-stdin", stdin=b"short\n").says
    assert opus(*add, "--password-stdin", stdin=b"a long enough pass phrase\n").status == 0
    (person,) = opus("person", "list", "--format", "json").json
    assert (person["username"], person["role"], person["name"]) == ("hana", "handler", "Hana Price")


def test_people_are_helped_to_sign_in_from_the_command_line(opus: Desk) -> None:
    at = ("--provider", "opus-telecoms")
    add = ("person", "add", "hana", *at, "--role", "handler", "--sign-on-email", "Hana@work.example")
    assert opus(*add, "--password-stdin", stdin=b"a long enough pass phrase\n").status == 0
    refused = opus(
        "person",
        "add",
        "ola",
        *at,
        "--role",
        "agent",
        "--no-password",
        "--sign-on-email",
        "hana@work.example",
    )
    assert "Somebody else is linked" in refused.says
    made = opus("person", "reset-password", "hana").out.strip()
    assert re.fullmatch(r"([0-9a-f]{4}-){4}[0-9a-f]{4}", made)
    assert opus("person", "reset-second-factor", "hana").out.startswith("hana: 0 second factor(s)")
    for command in ("reset-password", "reset-second-factor"):
        assert opus("person", command, "nobody").says == "nobody signs in as 'nobody'"
    need = ("person", "require-second-factor", *at)
    assert opus(*need).out.strip() == "opus-telecoms: a second factor is needed by nobody"
    assert opus(*need, "--role", "manager", "--everybody").status == 2
    said = opus(*need, "--role", "administrator", "--role", "manager", "--format", "json").json
    assert said == {
        "provider": "opus-telecoms", "second_factor_roles": ["manager", "administrator"], "idle_minutes": 60,
    }  # fmt: skip
    assert shape(said) == documented("amends person require-second-factor")
    assert opus(*need, "--nobody", "--format", "json").json["second_factor_roles"] == []
    assert opus("person", "sign-ins", "--format", "json").json == []


def test_single_sign_on_is_set_up_shown_and_taken_away_and_its_secret_is_no_row(
    opus: Desk, tmp_path: Path
) -> None:
    command = ("provider", "sign-on", "opus-telecoms")
    assert opus(*command).out.strip() == "opus-telecoms: no single sign-on"
    google = (
        *command,
        "--name",
        "Google",
        "--issuer",
        "https://accounts.google.com",
        "--client-id",
        "the-desk",
    )
    assert "--client-secret" in opus(*google).says
    assert "nothing is kept as env:NOT_THERE" in opus(*google, "--client-secret", "env:NOT_THERE").says
    assert (
        "is no https address" in opus(*command, "--issuer", "http://login.example", "--client-id", "x").says
    )
    secret = b"the secret of Google\n"
    shown = opus(*google, "--client-secret-stdin", "--format", "json", stdin=secret).json
    assert shape(shown) == documented("amends provider sign-on")
    assert shown["client_secret"] == "file:opus-telecoms-sign-on"
    kept = tmp_path / "home" / "secrets" / "opus-telecoms-sign-on"
    assert kept.read_bytes() == secret.strip()
    assert secret.strip() not in (tmp_path / "home" / "db.sqlite3").read_bytes()
    assert opus(*command, "--off", "--format", "json").json is None


def test_a_reference_of_two_providers_asks_which(desk: Desk, tmp_path: Path) -> None:
    assert desk("provider", "add", "one", "--name", "One").status == 0
    assert desk("provider", "add", "two", "--name", "One").status == 0
    assert "already exists" in desk("provider", "add", "two", "--name", "Two").says
    assert "'Not an id!'" in desk("provider", "add", "Not an id!", "--name", "Two").says
    assert desk("case", "ON-0000-0000").says == "no case is called 'ON-0000-0000'"
    cases = [
        desk("receive", "--provider", at, "--now", NOW, stdin=mail()).json["case"] for at in ("one", "two")
    ]
    with sqlite3.connect(tmp_path / "home" / "db.sqlite3") as database:
        database.execute("UPDATE desk_caserow SET reference = ?", [cases[0]])
    assert desk("case", cases[0]).says == f"{cases[0]!r} is a case at one, two: add --provider"
    assert desk("case", cases[0], "--provider", "two", "--format", "json").json["provider"] == "two"


def test_doctor_tells_what_stands_and_where_to_read(opus: Desk) -> None:
    opus("tick", "--now", NOW)
    ran = opus("doctor", "--format", "json")
    assert ran.status == 1
    assert [alarm["kind"] for alarm in ran.json["alarms"]] == ["scheme unknown"]
    assert "docs/runbook.md: The scheme is not known" in opus("doctor").out
    assert opus("provider", "scheme", "opus-telecoms", "cisas", "--since", "2024-01-01").status == 0
    well = opus("doctor", "--format", "json")
    assert (well.status, well.json) == (0, {"well": True, "alarms": [], "passwords": []})


def test_a_changed_fact_is_found(opus: Desk, tmp_path: Path) -> None:
    opus("receive", "--provider", "opus-telecoms", "--now", NOW, stdin=mail())
    with sqlite3.connect(tmp_path / "home" / "db.sqlite3") as database:
        database.execute("DROP TRIGGER desk_factrow_UPDATE")
        database.execute("UPDATE desk_factrow SET by = 'somebody' WHERE seq = 2")
    ran = opus("verify", "--format", "json")
    assert ran.status == 1
    assert not ran.json["whole"]
    assert "fact 2" in ran.json["faults"][0]["where"]


def test_a_wrong_hint_is_found_and_mended(opus: Desk, tmp_path: Path) -> None:
    opus("receive", "--provider", "opus-telecoms", "--now", NOW, stdin=mail())
    with sqlite3.connect(tmp_path / "home" / "db.sqlite3") as database:
        database.execute("UPDATE desk_caserow SET due_hint = NULL, subject = 'changed'")
    found = opus("refold", "--check", "--format", "json")
    assert found.status == 1
    assert {wrong["column"] for wrong in found.json["wrong"]} == {"due_hint", "subject"}
    assert opus("refold", "--format", "json").json["mended"]
    assert opus("refold", "--check").status == 0


# --- work --------------------------------------------------------------------------------------------------


@pytest.fixture
def box() -> Iterator[Box]:
    with mailbox_server(Box()) as served:
        yield served


def test_a_worker_takes_mail_from_imap_and_lmtp_answers_it_and_ends_when_told(opus: Desk, box: Box) -> None:
    box.put(mail("By IMAP.", sender="imap@example.org"), MONDAY)
    with peer() as server:
        assert opus(
            "mail", "set", "opus-telecoms", "--address", "complaints@opus.example", "--smtp-host", "127.0.0.1",
            "--smtp-port", str(server.port), "--smtp-tls", "none", "--imap-host", "127.0.0.1", "--imap-port",
            str(box.port), "--no-imap-tls", "--imap-user", "us", "--imap-password", "stdin", "--since", "2020-01-01",
            stdin=b"secret\n",
        ).status == 0  # fmt: skip
        assert opus("mail", "on", "opus-telecoms", "--live", "--yes").status == 0
        port = free_port()
        worker = opus.start("work", "--lmtp", f"127.0.0.1:{port}", AMENDS_CLOCK="")
        try:
            by_lmtp(port, mail("By LMTP.", sender="lmtp@example.org"))
            until(lambda: len(server.taken) == 2, worker)
        finally:
            worker.send_signal(signal.SIGTERM)
            _, said = worker.communicate(timeout=90)
    assert worker.returncode == 0, said
    assert {taken.recipient for taken in server.taken} == {"imap@example.org", "lmtp@example.org"}
    assert {taken.mail["Auto-Submitted"] for taken in server.taken} == {"auto-replied"}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def by_lmtp(port: int, raw: bytes) -> None:
    """Hand a mail over as soon as the listener is there."""
    for _ in range(200):
        try:
            with smtplib.LMTP("127.0.0.1", port) as server:
                assert server.sendmail("lmtp@example.org", ["complaints@opus.example"], raw) == {}
                return
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise AssertionError("the listener never came")


def until(true: Any, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if true():
            return
        assert process.poll() is None, "the worker ended by itself"
        time.sleep(0.1)
    raise AssertionError("it never came to that")


@pytest.mark.parametrize("said", ["8024", "host:", ":8024", "127.0.0.1:99999", "127.0.0.1:x"])
def test_a_place_for_lmtp_that_is_none_is_one_line(desk: Desk, said: str) -> None:
    assert "HOST:PORT" in desk("work", "--lmtp", said).says


def test_the_desk_is_served_at_the_address_that_is_printed(opus: Desk) -> None:
    port = free_port()
    server = opus.start("serve", "--port", str(port))
    assert server.stderr is not None
    try:
        assert f"http://127.0.0.1:{port}/" in server.stderr.readline().decode()
        assert answers(port).startswith(b"HTTP/1.1 ")
        taken = opus("serve", "--port", str(port))
        assert taken.status == 2
        assert f"127.0.0.1:{port} cannot be listened at" in taken.says
    finally:
        server.terminate()
        server.wait(60)
        server.stderr.close()


def answers(port: int) -> bytes:
    """The first line that the web server answers, once it is there."""
    for _ in range(200):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
                line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                return line.recv(100)
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise AssertionError("nobody ever served")


# --- the words ---------------------------------------------------------------------------------------------


def every_command(group: click.Group = amends, path: str = "amends") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from every_command(command, f"{path} {name}")


COMMANDS = dict(every_command())
SECTIONS = dict(
    zip(
        re.findall(r"^## `(.+)`$", DOCS, re.MULTILINE),
        re.split(r"^## `.+`$", DOCS, flags=re.MULTILINE)[1:],
        strict=True,
    )
)


def test_every_command_is_documented_and_nothing_else_is() -> None:
    assert set(SECTIONS) == set(COMMANDS)


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"amends demo"}))
def test_every_option_is_documented_and_nothing_else_is(name: str) -> None:
    options = {
        flag for parameter in COMMANDS[name].params if isinstance(parameter, click.Option)
        for flag in (*parameter.opts, *parameter.secondary_opts)
    }  # fmt: skip
    cells = re.findall(r"^\| (`--.+?) \|", SECTIONS[name], re.MULTILINE)
    assert {flag for cell in cells for flag in re.findall(r"`(--[a-z-]+)`", cell)} == options


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_helps_with_an_example(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    if not isinstance(command, click.Group):
        assert f"  {name}" in command.help, "an example that can be typed"
    assert command.short_help is None or command.short_help.endswith(".")


def test_help_is_whole_and_a_command_that_is_none_is_one_line(desk: Desk) -> None:
    ran = desk("--help")
    assert (ran.status, "Commands:" in ran.out) == (0, True)
    assert desk("zonk").says == "amends: No such command 'zonk'."
    assert desk("demo", "--help").status == 0
    assert desk("--version").out.startswith("amends, version ")


def shape(value: Any) -> Any:
    """The keys of a JSON value, all the way down; of a list those of its first entry."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return None


def documented(name: str) -> Any:
    block = re.search(r"```json\n(.+?)```", SECTIONS[name], re.DOTALL)
    assert block is not None
    return shape(json.loads(block[1]))


def test_the_json_is_what_is_documented(opus: Desk, tmp_path: Path) -> None:
    code, at = str(CODES / "opus.yaml"), "opus-telecoms"
    assert shape(opus("check", code, "--format", "json").json) == documented("amends check")
    explained = opus("explain", code, "--received", "2026-04-02T16:00", "--format", "json").json
    assert shape(explained) == shape([{**explained[0]}]) == documented("amends explain")
    assert shape(opus("adopt", code, "--as-published").json) == documented("amends adopt")
    received = opus("receive", "--provider", at, "--now", NOW, stdin=mail()).json
    assert shape(received) == documented("amends receive")
    case = opus("case", received["case"], "--format", "json").json
    decided = [fact for fact in case["facts"] if fact["kind"] == "letter decided"]
    assert shape({**case, "facts": decided}) == documented("amends case")
    opus("provider", "scheme", at, "cisas", "--since", "2024-01-01")
    opus(
        "person",
        "add",
        "hana",
        "--provider",
        at,
        "--role",
        "agent",
        "--password-stdin",
        stdin=b"a long pass phrase\n",
    )
    opus("mail", "set", at, "--address", "us@opus.example", "--smtp-host", "127.0.0.1", "--smtp-tls", "none")
    for name in (
        "tick",
        "verify",
        "refold",
        "mail show",
        "provider list",
        "person list",
        "retention show",
    ):
        found, promised = opus(*name.split(), "--format", "json").json, documented(f"amends {name}")
        for empty in ("faults", "wrong"):
            if empty in found:
                assert found[empty] == []
                promised[empty] = []
        assert shape(found) == promised, name
    assert shape(opus("mail", "check", at, "--format", "json").json) == documented("amends mail check")
    opus("mail", "set", at, "--address", "us@opus.example", "--smtp-password", "env:NOT_THERE")
    assert shape(opus("doctor", "--format", "json").json) == documented("amends doctor")
