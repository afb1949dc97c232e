"""Counts every night what stands in SQLite's indexes, so that it takes the shortest way to a row; PostgreSQL does so itself.

Uncounted, SQLite believes that every provider has a handful of cases: to fetch six of them by their ids it walked along all
hundred thousand of their provider. Counting looks at the beginning of each index only and takes a second on such a desk.
"""

from __future__ import annotations

from typing import Final

from django.db import connection

LOOKED_AT: Final = 1000
"""Entries of each index that are looked at: the database's own documents name 100 to 1,000 as enough."""


def count() -> None:
    """Count the indexes again, on SQLite; what is counted stands in the database, for every process that opens it."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit = {LOOKED_AT}")
        cursor.execute("ANALYZE")
