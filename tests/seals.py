"""Lets tests empty the tables that the database seals: SQLite empties with DELETE, which the seals refuse."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.db.backends.sqlite3.base import DatabaseWrapper

DatabaseOperations = DatabaseWrapper.ops_class
seals = import_module("amends.desk.migrations.0002_facts_are_sealed")


def lift_when_emptied() -> None:
    """Take the seals off before the flush between two tests, and put them on again after it."""
    flush = DatabaseOperations.sql_flush

    def sql_flush(self: Any, *args: Any, **options: Any) -> list[str]:
        return [*seals.unseal("sqlite"), *flush(self, *args, **options), *seals.seal("sqlite")]

    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign]  # for the tests' own flush only
