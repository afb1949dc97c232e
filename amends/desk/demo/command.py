"""`amends demo`: makes the demonstration's own folder, plays it, and with `--serve` opens it on this machine only."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, TextIO

import click

FOLDER = Path.home() / ".amends-demo"
MARK = "demonstration.json"
"""Stands in a folder that this command made: only such a folder is ever played over."""
FIRST_PORT = 8000
PORTS = 50


class NotOurs(Exception):
    """The folder holds a desk that this command did not make, or that another terminal has open; the words say which."""


class Door(NamedTuple):
    """Who has the demonstration: this process, which holds the file, or another, which has it open at an address."""

    held: TextIO | None
    address: str


@click.command(context_settings={"help_option_names": ["--help"]})
@click.option("--serve", is_flag=True, help="Open the desk afterwards, with a worker beside it.")
@click.option("--fresh", is_flag=True, help="Play it anew, in place of the demonstration that is there.")
@click.option(
    "--code",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Play another code file; left out, that of an invented provider.",
)
@click.option("--port", type=click.IntRange(1, 65535), help="The port; else the first free one from 8000 on.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
def _demo(*, serve: bool, fresh: bool, code: Path | None, port: int | None, form: str) -> int:
    r"""Play two months of a provider through the real rooms, up to this moment; everybody in them is invented.

    The demonstration has a folder of its own (AMENDS_HOME, else ~/.amends-demo) and touches no other desk. Its letters
    go into the folder's `outgoing`, never to anybody. Its sign-ins work on this machine only.

    \b
    Examples:
      amends demo
      amends demo --serve
      amends demo --fresh --serve --port 8080
    """
    folder = Path(os.environ.get("AMENDS_HOME") or FOLDER).expanduser().absolute()
    os.environ["AMENDS_HOME"] = str(folder)
    try:
        with _alone(folder) as door:
            if door.held is None and (fresh or code or not door.address):
                where = f"is open at {door.address}" if door.address else "is being played"
                raise NotOurs(f"the demonstration {where} from another terminal: end it there (Ctrl-C) first")
            port = port or _free_port()
            # Known before it is played: its letters name it.
            os.environ["AMENDS_SITE"] = _site(port)
            told = _made(folder, code, fresh=fresh)
            _say(told, form)
            if door.held is None:
                click.echo(
                    f"It is open at {door.address} from another terminal; Ctrl-C there ends it", err=True
                )
                return 0
            return _serve(folder, port, str(told["portal"]), door.held) if serve else 0
    except NotOurs as refused:
        click.echo(f"amends demo: {refused}", err=True)
        return 2


def _made(folder: Path, code: Path | None, *, fresh: bool) -> dict[str, object]:
    """The sign-ins of the demonstration in this folder, played now where there is none yet."""
    mark = folder / MARK
    if os.environ.get("AMENDS_DATABASE_URL"):
        raise NotOurs("the demonstration keeps to its own folder; unset AMENDS_DATABASE_URL")
    if mark.exists() and not fresh and code is None:
        found: dict[str, object] = json.loads(mark.read_text(encoding="utf-8"))
        if "sign_ins" in found:
            return {**found, **_stands_now()}
    if (folder / "db.sqlite3").exists() and not mark.exists():
        raise NotOurs(f"{folder} holds a desk already; name another folder in AMENDS_HOME")
    if mark.exists():
        shutil.rmtree(folder)
    return _play(folder, code)


def _play(folder: Path, code: Path | None) -> dict[str, object]:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # The mark comes first: a play that was broken off may be played over.
    (folder / MARK).write_text("{}", encoding="utf-8")
    from amends.desk.start import ready

    ready()
    from amends.desk.demo.main import CODE, DemoRefused, set_up

    begun = time.monotonic()
    with _telling() as tell:
        try:
            people = set_up(datetime.now(UTC), code or CODE, tell)
        except DemoRefused as refused:
            raise NotOurs(str(refused)) from refused
    told: dict[str, object] = {
        "folder": str(folder),
        **_stands_now(),
        "seconds": round(time.monotonic() - begun, 1),
        "sign_ins": [
            {"username": p.username, "password": p.password, "name": p.name, "role": str(p.role)}
            for p in people
        ],
    }
    kept = folder / MARK
    kept.touch(mode=0o600)
    kept.chmod(0o600)
    kept.write_text(json.dumps(told, indent=1), encoding="utf-8")
    return told


def _stands_now() -> dict[str, object]:
    """What of the demonstration may have changed since it was played: somebody may have worked in it."""
    from amends.desk.start import ready

    ready()
    from amends.desk.models import CaseRow, Provider

    provider = Provider.objects.order_by("created", "pk")[0]
    return {
        "provider": provider.name,
        "portal": f"/portal/{provider.pk}/",
        "cases": CaseRow.objects.filter(provider=provider).count(),
    }


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[Door]:
    """Hold the door of this demonstration, or learn where somebody else has it open.

    It lies beside the folder and not in it, for the folder is removed when it is played anew.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"{folder.name}.lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            yield Door(None, file.read().strip())
            return
        file.truncate(0)
        try:
            yield Door(file, "")
        finally:
            file.truncate(0)


@contextlib.contextmanager
def _telling() -> Iterator[Callable[[str], None]]:
    """Shows which day is being played, on one line, where somebody watches."""
    shown = sys.stderr.isatty()

    def tell(day: str) -> None:
        if shown:
            click.echo(f"\rPlaying {day}     ", nl=False, err=True)

    yield tell
    if shown:
        click.echo("\r" + " " * 40 + "\r", nl=False, err=True)


def _say(told: dict[str, object], form: str) -> None:
    if form == "json":
        click.echo(json.dumps(told, indent=1))
        return
    click.echo(f"{told['provider']}, played by invented people: {told['cases']} cases in {told['folder']}")
    sign_ins = told["sign_ins"]
    assert isinstance(sign_ins, list)
    for person in sign_ins:
        click.echo(f"  {person['username']:<6} {person['password']}   {person['name']}, {person['role']}")


def _free_port() -> int:
    """The first port from 8000 on at which nothing listens on this machine."""
    for port in range(FIRST_PORT, FIRST_PORT + PORTS):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise NotOurs(f"no port is free between {FIRST_PORT} and {FIRST_PORT + PORTS}; name one with --port")


def _site(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _serve(folder: Path, port: int, portal: str, door: TextIO) -> int:
    """The web and a worker side by side, until Ctrl-C; when one ends, so does the other, and it is said why."""
    site = _site(port)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # told to end, it ends its parts too
    door.write(f"{site}/")
    door.flush()
    log = folder / "demonstration.log"
    with log.open("w", encoding="utf-8") as told:
        parts = [
            subprocess.Popen([sys.executable, "-m", "amends", *words], stdout=told, stderr=told)
            for words in (["work"], ["serve", "--port", str(port)])
        ]
        try:
            if _answers(port, parts):
                click.echo(f"\nAmends is open at {site}/  (Ctrl-C ends it)")
                click.echo(f"Its customers' portal is at {site}{portal}")
            while all(part.poll() is None for part in parts):
                time.sleep(0.5)
        except KeyboardInterrupt:
            return 0
        finally:
            for part in parts:
                with contextlib.suppress(ProcessLookupError):
                    part.send_signal(signal.SIGTERM)
            for part in parts:
                part.wait(timeout=20)
    click.echo(
        f"amends demo: it ended by itself; {log} says:\n{log.read_text(encoding='utf-8')[-2000:]}", err=True
    )
    return 1


def _answers(port: int, parts: list[subprocess.Popen[bytes]]) -> bool:
    """Wait until the web answers; false where one of the two has ended before it did."""
    for _ in range(300):
        if any(part.poll() is not None for part in parts):
            return False
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
        time.sleep(0.1)
    return False


def main(arguments: list[str]) -> int:
    """Run the command with these arguments; its exit code."""
    return int(_demo.main(args=arguments, prog_name="amends demo", standalone_mode=False) or 0)
