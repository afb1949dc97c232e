"""A desk that is really served: a folder and SQLite of its own, `amends serve` in front, and a hand behind the scenes."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

from tests.commands import AMENDS, ROOT

Asked = ParamSpec("Asked")
Given = TypeVar("Given")

SLUG: Final = "larkfield"
"""The provider of the model code, as it stands in addresses."""
PATIENCE: Final = 180.0
"""Seconds for the server, or for what is done behind the scenes, on a busy machine."""
_SPAWN = multiprocessing.get_context("spawn")


class Served:
    """Where the desk is, and how a story does behind the scenes what no browser does: time, mail, the ticker."""

    def __init__(self, home: Path, port: int, hand: ProcessPoolExecutor) -> None:
        self.home = home
        self.site = f"http://localhost:{port}"
        self._hand = hand

    def do(self, act: Callable[Asked, Given], *arguments: Asked.args, **named: Asked.kwargs) -> Given:
        """What this function gives, called in a process of this desk; see tests/browser/hands.py."""
        return self._hand.submit(act, *arguments, **named).result(timeout=PATIENCE)


@contextmanager
def folder_hand(home: Path, site: str = "") -> Iterator[ProcessPoolExecutor]:
    """A process in which this folder is the desk and time is what it is told."""
    environment = {"AMENDS_HOME": str(home), "AMENDS_CLOCK": "manual", "AMENDS_SITE": site}
    with ProcessPoolExecutor(1, mp_context=_SPAWN, initializer=_enter, initargs=(environment,)) as hand:
        yield hand


@contextmanager
def serve(template: Path, home: Path) -> Iterator[Served]:
    """A copy of a desk, served on a free port of this machine until the block ends."""
    shutil.copytree(template, home, dirs_exist_ok=True)
    port = _free_port()
    site = f"http://localhost:{port}"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AMENDS_")},
        "AMENDS_HOME": str(home), "AMENDS_CLOCK": "manual", "AMENDS_SITE": site,
    }  # fmt: skip
    command = [str(AMENDS), "serve", "--port", str(port), "--threads", "8"]
    with (home / "served.log").open("w") as log, folder_hand(home, site) as hand:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            _wait(server, port, Path(log.name))
            yield Served(home, port, hand)
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _enter(environment: dict[str, str]) -> None:
    """Make the desk ready in a new process: the environment first, for Django reads it once."""
    os.environ.pop("AMENDS_DATABASE_URL", None)
    os.environ.update({name: value for name, value in environment.items() if value})
    from amends.desk.start import ready

    ready()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"the web server did not start:\n{log.read_text()}")
