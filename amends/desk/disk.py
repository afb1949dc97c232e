"""Which commit waits for the disk: each does, but one whose writer commits again at once, or writes what lives for minutes.

Commits reach the disk in their order, so the next one that waits takes those before it along. A program that dies in
between loses nothing; a machine whose power fails loses what nobody has been told of.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

_WORDS = {
    "sqlite": ("PRAGMA synchronous = NORMAL", "PRAGMA synchronous = FULL"),
    "postgresql": ("SET synchronous_commit = off", "RESET synchronous_commit"),
}
"""How each database is told not to wait, and to wait again."""


@contextmanager
def with_next_commit() -> Iterator[None]:
    """Let commits within go to the disk with the next one after them, which the caller must make before it answers.

    Inside a transaction that is open already it changes nothing.
    """
    with unwaited():
        yield


@contextmanager
def unwaited() -> Iterator[None]:
    """Let commits within go to the disk when they may: for what nobody misses when a machine's power fails.

    Inside a transaction that is open already it changes nothing.
    """
    if connection.in_atomic_block:
        yield
        return
    later, firm = _WORDS[connection.vendor]
    _say(later)
    try:
        yield
    finally:
        try:
            _say(firm)
        except DatabaseError:
            # The connection is broken: a new one waits for the disk from its first commit.
            connection.close()


def _say(words: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(words)
