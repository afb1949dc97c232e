"""Makes the desk ready: its folder, its database at the shape of this program, Django set up."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.apps import apps
from django.core.files import locks
from django.db import connection

from amends.desk import home

UPGRADE = 0x616D656E6473
"""The name of the lock on PostgreSQL: "amends" in letters."""

COLLECT_AFTER = 50_000
"""Objects made and not let go before the interpreter looks for circles among them. Its own 700 costs a worker a quarter
of its time, for most of what it looks at (codes, law, calendars) stays for ever; a few megabytes wait a little longer."""

_done: set[Path] = set()
"""The folders that this process has made ready."""


def ready() -> None:
    """Make or upgrade the desk's folder and set Django up. Cheap when there is nothing to do."""
    folder = home.make()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amends.desk.settings")
    if not apps.ready:
        django.setup()
    if folder in _done:
        return
    if _behind():
        with _alone(folder):
            _upgrade()
    from amends.desk import holidays  # noqa: PLC0415 - its rows need Django set up

    holidays.refresh()
    if not _done:
        # What is loaded by now lives as long as the process: never looked at again.
        gc.collect()
        gc.freeze()
        gc.set_threshold(COLLECT_AFTER, 20, 20)
    _done.add(folder)


def _upgrade() -> None:
    # Whoever had the lock before may have done it all.
    if _behind():
        from django.core.management import call_command  # noqa: PLC0415 - heavy, and wanted once in a desk's life

        call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until no other process of this desk, on whichever machine, makes or upgrades the database."""
    with (folder / "upgrade.lock").open("a") as file:
        locks.lock(file, locks.LOCK_EX)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [UPGRADE])
        try:
            yield
        finally:
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [UPGRADE])
            locks.unlock(file)


def _behind() -> bool:
    """Whether any migration of this program has not been applied to the database."""
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415 - needs Django set up

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
