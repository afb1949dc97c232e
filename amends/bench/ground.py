"""A desk of its own for each benchmark: an empty folder and database, gone afterwards, and processes that work there.

SQLite in the folder; or, with AMENDS_DATABASE_URL, a database made for the benchmark on that server and dropped in the
end. No desk that this shell may be set up for is ever touched.
"""

from __future__ import annotations

import multiprocessing
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.synchronize import Barrier
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

DATABASE = "AMENDS_DATABASE_URL"
PATIENCE = 600.0
"""Seconds that processes wait for each other before they begin together."""
_SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Ground:
    """Where one benchmark works: the environment of its processes."""

    environment: dict[str, str]

    def call(self, task: str, *arguments: object) -> Any:  # noqa: ANN401 - what the task gives
        """Run `module:function` of `inside` with these arguments in a process of its own, and give its answer."""
        return self.together(task, [arguments])[0]

    def together(self, task: str, arguments: Sequence[Sequence[object]]) -> list[Any]:
        """Run it in a process for each list of arguments; `together_now` holds them until all are there."""
        barrier = _SPAWN.Barrier(len(arguments))
        with ProcessPoolExecutor(
            len(arguments), mp_context=_SPAWN, initializer=_enter, initargs=(self.environment, barrier)
        ) as processes:
            return list(processes.map(_run, [task] * len(arguments), arguments))


@contextmanager
def ground() -> Iterator[Ground]:
    """An empty desk."""
    with tempfile.TemporaryDirectory(prefix="amends-bench-") as home, _database() as url:
        yield Ground({"AMENDS_HOME": home, DATABASE: url})


@contextmanager
def _database() -> Iterator[str]:
    """The address of an empty database on the server that is named, "" where none is."""
    server = os.environ.get(DATABASE, "")
    if not server:
        yield ""
        return
    name = f"amends_bench_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'create database "{name}"')
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.execute(f'drop database "{name}" with (force)')


# --- inside the processes -------------------------------------------------------------------------------

_barrier: Barrier | None = None


def _enter(environment: dict[str, str], barrier: Barrier) -> None:
    """Make the desk ready in a new process: the environment first, for Django reads it once."""
    global _barrier  # noqa: PLW0603 - a pool hands its barrier to a process in no other way
    _barrier = barrier
    os.environ.update(environment)
    from amends.desk.start import ready  # noqa: PLC0415 - reads the environment

    ready()


def _run(task: str, arguments: Sequence[object]) -> Any:  # noqa: ANN401 - what the task gives
    module, _, name = task.partition(":")
    function: Callable[..., Any] = getattr(import_module(f"amends.bench.inside.{module}"), name)
    return function(*arguments)


def together_now() -> None:
    """Wait until the other processes of this benchmark are as far."""
    assert _barrier is not None
    _barrier.wait(PATIENCE)


def database() -> str:
    """What the desk of this process keeps its rows in, with what decides how safe a commit is."""
    from django.db import connection  # noqa: PLC0415 - needs the desk to be ready

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sqlite_version()")
            (version,) = cursor.fetchone()
            cursor.execute("PRAGMA synchronous")
            (level,) = cursor.fetchone()
            return f"SQLite {version}, WAL, synchronous {('OFF', 'NORMAL', 'FULL', 'EXTRA')[level]}"
        shown = []
        for name in ("server_version", "fsync", "synchronous_commit"):
            cursor.execute(f"SHOW {name}")
            shown.append(cursor.fetchone()[0])
        return f"PostgreSQL {shown[0]}, fsync {shown[1]}, synchronous_commit {shown[2]}"
