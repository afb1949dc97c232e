"""Which way the database takes to the rows of a question, as it would on a desk whose indexes nobody has counted yet."""

from __future__ import annotations

from django.db import connection


def steps(sql: str) -> list[str]:
    """The steps of SQLite's plan, in its own words. Tables of a test are small, so what was counted of them is forgotten."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name = 'sqlite_stat1'")
        if cursor.fetchone():
            cursor.execute("DELETE FROM sqlite_stat1")
            cursor.execute("ANALYZE sqlite_master")
    return steps_as_counted(sql)


def steps_as_counted(sql: str) -> list[str]:
    """The steps of SQLite's plan by what it knows of its indexes now."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return [str(line[3]) for line in cursor.fetchall()]
