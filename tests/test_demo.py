"""The demonstration, as somebody who has just found the project meets it: one command, an open desk, sign-ins."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from datetime import UTC, date, datetime
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from amends.codes import FOLDER
from amends.core.calendar import in_london
from amends.core.care.kinds import KINDS
from amends.desk.demo.play import Play

AMENDS = [sys.executable, "-m", "amends", "demo"]


def _environment(home: Path) -> dict[str, str]:
    left_out = ("AMENDS_DATABASE_URL", "AMENDS_CLOCK", "DJANGO_SETTINGS_MODULE")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**kept, "AMENDS_HOME": str(home)}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """A demonstration that has been played, and what the command told."""
    home = tmp_path_factory.mktemp("demo") / "home"
    told = subprocess.run(
        [*AMENDS, "--format", "json", "--port", "8123"],
        env=_environment(home),
        capture_output=True,
        check=True,
        timeout=600,
    )
    return home, json.loads(told.stdout)


AT_THE_SCHEME = {
    "scheme referred", "case file due", "case file made", "case file sent", "scheme decided", "scheme answered",
    "lesson noted",
}  # fmt: skip
"""What happens to a complaint that goes to its scheme and comes back."""


def test_two_months_are_played_without_anything_being_refused(played: tuple[Path, dict[str, object]]) -> None:
    _, told = played
    assert told["provider"] == "Larkfield Broadband"
    assert isinstance(told["cases"], int)
    assert told["cases"] > 40
    roles = {person["role"] for person in told["sign_ins"]}  # type: ignore[attr-defined]  # each sign-in is an object
    assert {"agent", "handler", "manager"} <= roles


def test_its_letters_lie_in_its_own_folder(played: tuple[Path, dict[str, object]]) -> None:
    home, _ = played
    letters = list((home / "outgoing").rglob("*.eml"))
    assert len(letters) > 40
    assert any(b"application/pdf" in letter.read_bytes() for letter in letters)


def test_its_letters_name_the_address_at_which_it_opens(played: tuple[Path, dict[str, object]]) -> None:
    with sqlite3.connect(played[0] / "db.sqlite3") as desk:
        texts = [text for (text,) in desk.execute("SELECT text FROM desk_outgoing")]
    named = {found for text in texts for found in re.findall(r"http://127\.0\.0\.1:\d+", text)}
    assert named == {"http://127.0.0.1:8123"}


def test_its_evidence_is_whole(played: tuple[Path, dict[str, object]]) -> None:
    home, _ = played
    amends = [sys.executable, "-m", "amends"]
    for words in (["verify"], ["refold", "--check"]):
        done = subprocess.run(
            [*amends, *words], env=_environment(home), capture_output=True, check=False, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_asked_again_it_is_the_same_and_another_desk_is_never_touched(
    played: tuple[Path, dict[str, object]], tmp_path: Path
) -> None:
    home, told = played
    again = subprocess.run(
        [*AMENDS, "--format", "json"], env=_environment(home), capture_output=True, check=True, timeout=120
    )
    assert json.loads(again.stdout) == told
    (tmp_path / "db.sqlite3").write_bytes(b"somebody's desk")
    for more in ([], ["--fresh"]):
        refused = subprocess.run(
            [*AMENDS, *more], env=_environment(tmp_path), capture_output=True, check=False, timeout=120
        )
        assert refused.returncode == 2
        assert b"holds a desk already" in refused.stderr
    assert (tmp_path / "db.sqlite3").read_bytes() == b"somebody's desk"


def test_every_kind_of_case_is_in_it_some_done_and_some_under_way(
    played: tuple[Path, dict[str, object]],
) -> None:
    with sqlite3.connect(played[0] / "db.sqlite3") as desk:
        rows = list(desk.execute("SELECT kind, is_open FROM desk_casetally"))
    assert {kind for kind, _ in rows} >= {str(kind) for kind in KINDS}
    assert {bool(is_open) for kind, is_open in rows if kind == "fault"} == {True, False}


def test_both_sides_ask_in_it_and_some_of_it_still_waits(played: tuple[Path, dict[str, object]]) -> None:
    """Questions to customers answered, waiting and asked again; copies of the code, comments on it, and personal data."""
    with sqlite3.connect(played[0] / "db.sqlite3") as desk:
        asked = [kind for (kind,) in desk.execute("SELECT kind FROM desk_factrow")]
        sent = [kind for (kind,) in desk.execute("SELECT letter FROM desk_outgoing")]
        considered = [bool(at) for (at,) in desk.execute("SELECT considered_at FROM desk_codecomment")]
        to_look_at = {
            what for (what,) in desk.execute("SELECT what FROM desk_dutyrow WHERE duty LIKE 'question:%'")
        }
    assert asked.count("question asked") > asked.count("question settled") > 0
    assert "personal data found" in asked
    assert sent.count("copy-of-code") >= 2
    assert "question-again" in sent
    assert sorted(considered) == [False, True]
    assert to_look_at == {
        "No answer has come to our question: go on with what we have",
        "The customer has been in touch since we asked: does it answer our question?",
    }


def test_a_code_that_names_fewer_stages_and_promises_is_played_to_its_end_too(tmp_path: Path) -> None:
    """As its provider published it: three stages, one of which is only offered, and no period for an outcome."""
    told = subprocess.run(
        [*AMENDS, "--format", "json", "--code", str(FOLDER / "netservers.yaml")],
        env=_environment(tmp_path / "home"), capture_output=True, check=True, timeout=600,
    )  # fmt: skip
    assert json.loads(told.stdout)["cases"] > 40
    with sqlite3.connect(tmp_path / "home" / "db.sqlite3") as database:
        kinds = {kind for (kind,) in database.execute("SELECT DISTINCT kind FROM desk_factrow")}
    assert kinds >= AT_THE_SCHEME


@pytest.mark.parametrize("told_to_end", [signal.SIGINT, signal.SIGTERM])
def test_served_it_opens_and_a_handler_signs_in_and_what_ends_it_ends_its_parts(
    played: tuple[Path, dict[str, object]], told_to_end: signal.Signals
) -> None:
    home, told = played
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*AMENDS, "--serve", "--port", str(port)]
    with subprocess.Popen(command, env=_environment(home), stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        try:
            for line in served.stdout:
                if "is open at" in line:
                    break
            else:
                pytest.fail("it never opened")
            hana = next(p for p in told["sign_ins"] if p["username"] == "hana")  # type: ignore[attr-defined]  # each sign-in is an object
            page = _sign_in(f"http://127.0.0.1:{port}", "hana", hana["password"])
            assert "My day" in page
            assert "Hana Price" in page
        finally:
            served.send_signal(told_to_end)
            ended = served.wait(timeout=60)
        assert ended == 0
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5)


def _sign_in(site: str, username: str, password: str) -> str:
    """Sign in as a browser would; the page that opens."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    form = browser.open(f"{site}/", timeout=30).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token is not None
    fields = {"csrfmiddlewaretoken": token[1], "username": username, "password": password}
    action = re.search(r'<form[^>]* action="([^"]+)"', form)
    request = urllib.request.Request(  # noqa: S310 - the desk on this machine
        urllib.parse.urljoin(f"{site}/sign-in", action[1] if action else ""),
        urllib.parse.urlencode(fields).encode(),
        headers={"Referer": f"{site}/sign-in", "Origin": site},
    )
    opened: str = browser.open(request, timeout=30).read().decode()
    return opened


def test_a_second_one_says_where_the_first_is_open_and_counts_the_cases_of_now(
    played: tuple[Path, dict[str, object]], tmp_path: Path
) -> None:
    first, told = played
    home = tmp_path / "home"
    shutil.copytree(first, home)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    site = f"http://127.0.0.1:{port}"
    command = [*AMENDS, "--serve", "--port", str(port)]
    with subprocess.Popen(command, env=_environment(home), stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        try:
            for line in served.stdout:
                if "portal" in line:
                    break
            assert line.strip() == f"Its customers' portal is at {site}/portal/larkfield/"
            portal = urllib.request.build_opener().open(line.split()[-1], timeout=30)
            assert "Larkfield" in portal.read().decode()
            again = subprocess.run(
                [*AMENDS, "--serve"], env=_environment(home), capture_output=True, text=True, check=False, timeout=120
            )  # fmt: skip
            assert again.returncode == 0
            assert f"It is open at {site}/ from another terminal" in again.stderr
            anew = subprocess.run(
                [*AMENDS, "--fresh"], env=_environment(home), capture_output=True, text=True, check=False, timeout=120
            )  # fmt: skip
            assert anew.returncode == 2
            assert f"is open at {site}/ from another terminal" in anew.stderr
        finally:
            served.send_signal(signal.SIGINT)
            served.wait(timeout=60)
    mail = b"From: Zed <zed@example.org>\nTo: complaints@larkfield.example\nSubject: Dead line\n\nIt is dead."
    subprocess.run(
        [sys.executable, "-m", "amends", "receive", "--provider", "larkfield"], env=_environment(home), input=mail,
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    now = subprocess.run(
        [*AMENDS, "--format", "json"], env=_environment(home), capture_output=True, check=True, timeout=120
    )
    assert json.loads(now.stdout)["cases"] == told["cases"] + 1  # type: ignore[operator]  # a number


def test_people_take_their_time_and_call_when_they_are_at_work(
    played: tuple[Path, dict[str, object]],
) -> None:
    home, _ = played
    with sqlite3.connect(home / "db.sqlite3") as database:
        facts = database.execute(
            "SELECT case_id, kind, at, open FROM desk_factrow WHERE by NOT IN ('system', '') ORDER BY case_id, seq"
        ).fetchall()
        complaints = {
            case for (case,) in database.execute("SELECT case_id FROM desk_casetally WHERE kind = ''")
        }
    minutes: dict[int, list[str]] = {}
    for case, _kind, at, _open in facts:
        minutes.setdefault(case, []).append(at[:16])
    # A case of another kind is opened, and each of its steps taken, at one press that says several things.
    worked = [times for case, times in minutes.items() if len(times) > 5 and case in complaints]
    assert len(worked) > 15
    for times in worked:
        assert len(set(times)) > len(times) / 2, "one thing after another"
        assert len({at[14:16] for at in times}) > 2, "not all at one minute of the hour"
    agreed = [json.loads(said)["starts"] for _, kind, _, said in facts if kind == "contact time agreed"]
    assert agreed
    assert [at for at in agreed if datetime.fromisoformat(at).weekday() > 4] == []
    assert all(at <= datetime.now(UTC).isoformat(sep=" ") for times in minutes.values() for at in times)


def test_it_shows_what_a_desk_meets_in_a_day(played: tuple[Path, dict[str, object]]) -> None:
    home, _ = played
    with sqlite3.connect(home / "db.sqlite3") as database:
        told = database.execute("SELECT DISTINCT kind FROM desk_factrow").fetchall()
        waiting = database.execute("SELECT count(*) FROM desk_approvalrow WHERE answered IS NULL").fetchone()[
            0
        ]
        whose = [row[0] for row in database.execute("SELECT customer FROM desk_caserow")]
        chased = database.execute("SELECT count(*) FROM desk_supplierrow").fetchone()[0]
        known = database.execute("SELECT name FROM desk_customerrow").fetchall()
        used = database.execute("SELECT count(DISTINCT customer_id) FROM desk_service").fetchone()[0]
        needs = database.execute("SELECT kind FROM desk_recordedneed").fetchall()
        times = database.execute("SELECT starts FROM desk_appointmentrow").fetchall()
    kinds = {kind for (kind,) in told}
    assert {"case merged into", "case merged from", "customer linked", "supplier asked"} <= kinds
    assert kinds >= AT_THE_SCHEME
    assert waiting >= 2, "a decision over a limit and a case that climbed wait"
    assert chased >= 2
    assert sum(1 for customer in whose if customer) > len(whose) / 2
    assert used == len(known) > 10
    assert {"telecare", "format", "understanding"} <= {kind for (kind,) in needs}
    day = _next_working_day(datetime.now(UTC))
    assert [at for (at,) in times if in_london(datetime.fromisoformat(f"{at}+00:00")).date() == day]


def _next_working_day(at: datetime) -> date:
    """Today in London where people of the desk work, or their next day."""
    return in_london(Play.at_work(at)).date()
