"""What docs/going-live.md tells an engineer to do: its files name commands that exist, its backup can be restored."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import click
import psycopg
import pytest

from amends.cli import amends
from amends.desk import settings as desk_settings
from tests.commands import AMENDS, CODES, ROOT, Desk
from tests.desk.mails import mail

EXAMPLES = ROOT / "docs" / "examples"
PAGE = (ROOT / "docs" / "going-live.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
AT = "opus-telecoms"
URL = os.environ.get("AMENDS_DATABASE_URL", "")


def example(name: str) -> str:
    return (EXAMPLES / name).read_text(encoding="utf-8")


def refusal(words: list[str]) -> str:
    """Why a line that begins with `amends` cannot be typed; empty where it can. Nothing is run."""
    command: click.Command = amends
    context = click.Context(amends, info_name="amends")
    while isinstance(command, click.Group):
        name, found, words = command.resolve_command(context, words)
        assert found is not None, name
        command, context = found, click.Context(found, info_name=name, parent=context)
    try:
        command.make_context(str(command.name), words)
    except click.UsageError as wrong:
        return wrong.format_message()
    return ""


def typed() -> list[str]:
    """Every `amends …` that the page and the README say in a block of commands."""
    blocks = re.findall(r"```\n(.+?)```", PAGE + README, re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    found = [re.sub(r"\s+#.*", "", line).strip() for line in lines]
    whole = [part.strip() for line in found for part in line.split("&&")]
    return [re.sub(r"^\.venv/bin/", "", line) for line in whole if re.match(r"(\.venv/bin/)?amends ", line)]


def test_every_command_of_the_page_can_be_typed() -> None:
    commands = typed()
    assert len(commands) > 12
    assert {line: refusal(shlex.split(line)[1:]) for line in commands} == dict.fromkeys(commands, "")


@pytest.mark.parametrize("unit", ["amends-web.service", "amends-work.service", "amends-doctor.service"])
def test_every_unit_starts_a_command_that_exists_and_writes_where_it_may(unit: str) -> None:
    words = example(unit)
    (line,) = re.findall(r"^ExecStart=/opt/amends/\.venv/bin/(amends .+)$", words, re.MULTILINE)
    assert refusal(shlex.split(line)[1:]) == ""
    assert "EnvironmentFile=/etc/amends/amends.env" in words
    assert f"ReadWritePaths={re.findall('AMENDS_HOME=(.+)', example('amends.env'))[0]}" in words


def test_systemd_reads_the_units(tmp_path: Path) -> None:
    judge = shutil.which("systemd-analyze")
    units = sorted(EXAMPLES.glob("amends-*.*er*"))
    assert len(units) == 4
    for unit in units:
        (tmp_path / unit.name).write_text(
            unit.read_text().replace("/opt/amends/.venv/bin/amends", "/bin/true")
        )
    if judge is None:
        return  # where there is no systemd nobody installs its units
    done = subprocess.run(
        [judge, "verify", *(str(tmp_path / unit.name) for unit in units)], capture_output=True, text=True, check=False
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "amends" in line]
    assert ours == []


def test_every_setting_that_is_named_is_one_that_the_desk_reads() -> None:
    assert desk_settings.__doc__ is not None
    known = set(re.findall(r"^\| `(AMENDS_\w+)`", desk_settings.__doc__, re.MULTILINE))
    everywhere = PAGE + README + "".join(path.read_text() for path in EXAMPLES.iterdir())
    named = set(re.findall(r"AMENDS_[A-Z_]+[A-Z]", everywhere)) - {"AMENDS_CLOCK"}
    assert named <= known
    assert {"AMENDS_HOSTS", "AMENDS_SITE", "AMENDS_PROXIES"} <= named


def test_every_file_that_the_page_names_is_there_and_every_one_is_named() -> None:
    named = set(re.findall(r"\(examples/([\w.-]+)\)", PAGE))
    assert named == {path.name for path in EXAMPLES.iterdir()}


def test_both_proxies_pass_the_host_on_and_take_more_than_the_desk_does() -> None:
    inner = example("nginx-amends-proxy.conf")
    assert "proxy_set_header Host $host;" in inner
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in inner
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in inner, "what a visitor wrote is replaced"
    limits = re.findall(r"client_max_body_size (\d+)m", example("nginx.conf"))
    limits += re.findall(r"max_size (\d+)MB", example("Caddyfile"))
    assert len(limits) == 4
    assert all(int(limit) * 1000**2 > desk_settings.DATA_UPLOAD_MAX_MEMORY_SIZE for limit in limits)
    for words in (example("nginx.conf"), example("Caddyfile")):
        assert words.count("{") == words.count("}")
        assert "/portal/our-slug/" in words


# --- served behind a proxy -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def adopted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("live") / "home"
    assert Desk(folder)("adopt", str(CODES / "opus.yaml"), "--as-published").status == 0
    return folder


def asked(port: int, host: str) -> str:
    """The answer to a request for the sign-in under this name, as a proxy makes it."""
    for _ in range(200):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
                head = (
                    f"GET /sign-in HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-Proto: https\r\nConnection: close"
                )
                line.sendall(f"{head}\r\n\r\n".encode())
                return b"".join(iter(lambda: line.recv(65536), b"")).decode()
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise AssertionError("nobody ever served")


def test_served_behind_a_proxy_it_names_the_address_that_works(adopted: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = int(found.getsockname()[1])
    names = {"AMENDS_SITE": "https://complaints.example.net", "HOME": str(tmp_path)}
    desk = Desk(adopted, AMENDS_HOSTS="complaints.example.net,desk.example.net", **names)
    server = desk.start("serve", "--port", str(port))
    try:
        assert " 200 " in asked(port, "desk.example.net").splitlines()[0]
        whole = asked(port, "complaints.example.net")
        assert "Strict-Transport-Security: max-age" in whole
        strange = asked(port, f"127.0.0.1:{port}")
        assert " 400 " in strange.splitlines()[0]
        assert "This desk does not answer to that name" in strange
    finally:
        server.send_signal(signal.SIGTERM)
        _, err = server.communicate(timeout=60)
    said = err.decode()
    assert f"http://127.0.0.1:{port}/" not in said, "it would answer 400"
    assert "people open https://complaints.example.net/" in said
    assert (
        "The portal of opus-telecoms for its customers: https://complaints.example.net/portal/opus-telecoms/"
        in said
    )
    assert "Traceback" not in said
    assert said.count("Invalid HTTP_HOST header") == 1
    assert list(tmp_path.iterdir()) == [], "nothing is put beside the desk's folder"


def test_a_site_that_would_answer_400_and_proxies_that_are_none_are_told(adopted: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = int(found.getsockname()[1])
    odd = Desk(adopted, AMENDS_PROXIES="our proxy")("serve", "--port", str(port))
    assert odd.status == 2
    assert odd.says.startswith("AMENDS_PROXIES: our proxy: ")
    desk = Desk(adopted, AMENDS_SITE="https://complaints.example.net", AMENDS_HOSTS="desk.example.net")
    server = desk.start("serve", "--port", str(port))
    asked(port, "desk.example.net")
    server.send_signal(signal.SIGTERM)
    _, err = server.communicate(timeout=60)
    assert "warning: letters name https://complaints.example.net (AMENDS_SITE)" in err.decode()


# --- backup and restore --------------------------------------------------------------------------------------


def script(name: str, *words: str, **environment: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AMENDS_")}
    done = subprocess.run(
        ["sh", str(EXAMPLES / name), *words], env={**kept, "AMENDS": str(AMENDS), **environment}, capture_output=True,
        text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def filled(desk: Desk) -> tuple[str, str]:
    """A desk with a case; its reference and the head of its evidence."""
    assert desk("adopt", str(CODES / "opus.yaml"), "--as-published").status == 0
    taken = desk(
        "receive", "--provider", AT, "--now", "2026-11-02T09:00", stdin=mail("My line is dead.")
    ).json
    desk("mail", "set", AT, "--address", "us@opus.example", "--smtp-host", "127.0.0.1", "--smtp-tls", "none",
         "--smtp-password", "stdin", stdin=b"sesame\n")  # fmt: skip
    assert desk("tick").status == 0
    return taken["case"], desk("verify", "--format", "json").json["head"]


def is_the_same(desk: Desk, home: Path, reference: str, head: str) -> None:
    found = desk("verify", "--format", "json").json
    assert (found["whole"], found["cases"], found["head"]) == (True, 1, head)
    assert desk("case", reference, "--format", "json").json["outgoing"][0]["state"] == "held"
    assert [path.read_text() for path in (home / "secrets").iterdir()] == ["sesame"]


def test_a_copy_of_sqlite_taken_while_the_desk_runs_is_a_desk(tmp_path: Path) -> None:
    home, copy = tmp_path / "home", tmp_path / "copy"
    desk = Desk(home, AMENDS_DATABASE_URL="")
    reference, head = filled(desk)
    worker = desk.start("work")
    try:
        assert "whole" in script("backup-sqlite.sh", str(home), str(copy))
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=90)
    assert (copy / "secret.key").read_text() == (home / "secret.key").read_text()
    assert copy.stat().st_mode & 0o077 == 0
    is_the_same(Desk(copy, AMENDS_DATABASE_URL=""), copy, reference, head)


def _cannot_dump() -> str:
    """Why PostgreSQL's copy cannot be tried here; empty where it can."""
    if not URL.startswith("postgres"):
        return "the tests run on SQLite"
    program = shutil.which("pg_dump")
    if program is None:
        return "there is no pg_dump"
    version = re.search(
        r"(\d+)", subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    )
    with psycopg.connect(URL) as line:
        server = line.info.server_version // 10000
    assert version is not None
    return "" if int(version[1]) >= server else f"pg_dump {version[1]} is older than the server ({server})"


if not _cannot_dump():

    @pytest.mark.django_db
    def test_a_dump_of_postgresql_is_restored_into_an_empty_database(tmp_path: Path) -> None:
        parts = urlsplit(URL)
        first, second = (parts._replace(path=f"/copy_{name}_{os.getpid()}").geturl() for name in "ab")
        with psycopg.connect(URL, autocommit=True) as line:
            for url in (first, second):
                line.execute(f"CREATE DATABASE {urlsplit(url).path[1:]}".encode())
        home, copy, new = tmp_path / "home", tmp_path / "copy", tmp_path / "new"
        try:
            desk = Desk(home, AMENDS_DATABASE_URL=first)
            reference, head = filled(desk)
            script("backup-postgresql.sh", str(home), str(copy), AMENDS_DATABASE_URL=first)
            assert "whole" in script("restore-postgresql.sh", str(copy), str(new), AMENDS_DATABASE_URL=second)
            is_the_same(Desk(new, AMENDS_DATABASE_URL=second), new, reference, head)
        finally:
            with psycopg.connect(URL, autocommit=True) as line:
                for url in (first, second):
                    line.execute(f"DROP DATABASE {urlsplit(url).path[1:]} WITH (FORCE)".encode())


def test_the_python_beside_the_command_is_the_one_that_the_copy_asks_for() -> None:
    assert (AMENDS.parent / "python").exists()
    assert Path(sys.executable).parent == AMENDS.parent
