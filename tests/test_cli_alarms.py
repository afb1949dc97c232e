"""`amends alarms` keeps its word: ways are set, tried, shown and dropped; what cannot be used is refused in one line."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.commands import CODES, ROOT, Desk
from tests.desk.hook import hook
from tests.desk.mails import mail
from tests.desk.peer import peer

NOW = "2026-11-02T09:00"
AT = "opus-telecoms"
SECRET = b"a secret of the hook\n"
DOCS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def opus_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("opus") / "home"
    assert Desk(folder)("adopt", str(CODES / "opus.yaml"), "--as-published").status == 0
    return folder


@pytest.fixture
def opus(opus_folder: Path, tmp_path: Path) -> Desk:
    """A desk with the Opus code in force and one alarm: nobody has recorded the scheme."""
    shutil.copytree(opus_folder, tmp_path / "home")
    desk = Desk(tmp_path / "home")
    assert desk("tick", "--now", NOW).status == 0
    return desk


def mailbox(desk: Desk, port: int) -> None:
    assert desk("mail", "set", AT, "--address", "complaints@opus.example", "--smtp-host", "127.0.0.1", "--smtp-port",
                str(port), "--smtp-tls", "none").status == 0  # fmt: skip


def documented(name: str) -> Any:
    section = re.split(rf"^## `{name}`$", DOCS, flags=re.MULTILINE)[1]
    block = re.search(r"```json\n(.+?)```", section, re.DOTALL)
    assert block is not None
    return json.loads(block[1])


def test_from_setting_to_telling_to_dropping(opus: Desk) -> None:
    assert "nothing leaves the house: amends alarms set" in opus("alarms", "show").out
    assert "nothing leaves the house yet" in opus("alarms", "test", AT).says
    with peer() as server, hook() as heard:
        mailbox(opus, server.port)
        url = f"http://127.0.0.1:{heard.port}/hook"
        assert opus("alarms", "set", AT, "--mail", "it@opus.example", "--before", "4").status == 0
        assert opus("alarms", "set", AT, "--webhook", url, "--secret", "stdin", stdin=SECRET).status == 0
        assert opus("alarms", "set", AT, "--ping", f"{url}/ping").status == 0

        tried = opus("alarms", "test", AT, "--format", "json")
        assert tried.status == 0
        assert [(each["by"], each["arrived"], each["why"]) for each in tried.json] == [
            ("mail", True, ""), ("webhook", True, ""), ("ping", True, ""),
        ]  # fmt: skip
        assert list(tried.json[0]) == list(documented("amends alarms test")[0])
        assert "This is a trial: nothing is wrong" in server.taken[0].mail["Subject"]
        assert [call.method for call in heard.calls] == ["POST", "GET"]

        told = opus("tick", "--now", "2026-11-02T09:01", "--format", "json").json
        assert told["told"] == 3
        assert opus("tick", "--now", "2026-11-02T09:02", "--format", "json").json["told"] == 0
        said = json.loads(heard.calls[2].body)
        assert [alarm["kind"] for alarm in said["new"]] == ["scheme unknown"]
        assert list(said) == list(_body_in_the_docs())
        assert list(said["new"][0]) == list(_body_in_the_docs()["new"][0])

        shown = opus("alarms", "show", "--format", "json").json
        (promised,) = documented("amends alarms show")
        assert [list(shown[0]), list(shown[0]["ways"][0])] == [list(promised), list(promised["ways"][0])]
        assert (shown[0]["before_hours"], len(shown[0]["ways"])) == (4, 3)
        assert shown[0]["ways"][0]["last_told"] == "2026-11-02T09:01:00+00:00"
        assert "a secret" not in opus("alarms", "show").out
        assert (
            "mail to it@opus.example: last arrived Monday 2 November 2026, 9:01 am"
            in opus("alarms", "show").out
        )
        assert opus("alarms", "drop", AT, url).status == 0
    failed = opus("alarms", "test", AT)
    assert failed.status == 1
    assert "ConnectionRefused" in failed.out


def _body_in_the_docs() -> Any:
    found = re.search(r"POST /amends HTTP/1\.1\n.+?\n\n(\{.+?\n\})\n```", DOCS, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def test_a_timer_tells_of_a_worker_that_is_asleep(opus: Desk) -> None:
    with peer() as server, hook() as heard:
        mailbox(opus, server.port)
        opus("alarms", "set", AT, "--mail", "it@opus.example", "--ping", f"http://127.0.0.1:{heard.port}/")
        later = opus("receive", "--provider", AT, "--now", "2026-11-02T10:00", stdin=mail())
        assert later.status == 0
        assert opus("doctor").status == 1
        assert server.taken == [], "the exit code alone, unless it is told to tell"
        assert opus("doctor", "--tell").status == 1
        (taken,) = server.taken
        assert "The worker is asleep: ticker" in str(taken.mail.get_content())
        assert heard.calls == [], "whoever looks from outside does not say that the desk lives"
        opus("doctor", "--tell")
        assert len(server.taken) == 1


def test_the_worker_tells_and_pings(opus: Desk) -> None:
    with peer() as server, hook() as heard:
        mailbox(opus, server.port)
        opus("alarms", "set", AT, "--mail", "it@opus.example", "--ping", f"http://127.0.0.1:{heard.port}/")
        assert opus("work", "--once").status == 0
        assert (len(server.taken), len(heard.calls)) == (1, 1)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "say where to"),
        (["--mail", "nobody"], "no email address"),
        (["--mail", "complaints@opus.example"], "would be a new complaint"),
        (["--mail", "Complaints+alarms@opus.example"], "would be a new complaint"),
        (["--webhook", "http://hooks.example.net/", "--secret", "env:X"], "use https://"),
        (["--webhook", "https://hooks.example.net/"], "give --secret"),
        (["--webhook", "https://hooks.example.net/", "--secret", "open"], "env:NAME"),
        (["--ping", "ftp://x"], "begins with https://"),
        (["--before", "999"], "is not in the range"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_one_line_and_nothing_is_set(opus: Desk, words: list[str], says: str) -> None:
    mailbox(opus, 25)
    ran = opus("alarms", "set", AT, *words)
    assert ran.status == 2
    assert says in ran.says
    assert opus("alarms", "show", "--format", "json").json[0]["ways"] == []


def test_a_short_secret_is_refused_and_a_missing_one_warned_of(opus: Desk, tmp_path: Path) -> None:
    url = ("--webhook", "https://hooks.example.net/")
    assert "shorter than 16" in opus("alarms", "set", AT, *url, "--secret", "stdin", stdin=b"short\n").says
    assert "warning: HOOK is not set" in opus("alarms", "set", AT, *url, "--secret", "env:HOOK").err
    assert opus("alarms", "set", AT, *url, "--secret", "stdin", stdin=SECRET).status == 0
    (kept,) = (tmp_path / "home" / "secrets").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert "no alarms are told to 'x'" in opus("alarms", "drop", AT, "x").says
