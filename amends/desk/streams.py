"""Rows of several tables read side by side in the order of their cases, so that memory does not grow with the desk."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from django.db.models import Manager, QuerySet

READ_AT_ONCE = 2_000


BYTES_AT_ONCE = 100


def _with_digests(
    read: Iterable[tuple[Any, ...]], rows: Manager[Any] | QuerySet[Any], content: str
) -> Iterator[tuple[Any, ...]]:
    """The rows with the SHA-256 of their bytes, which are read beside them: they are never sorted, nor held together."""
    rest = iter(read)
    while batch := list(islice(rest, BYTES_AT_ONCE)):
        found = rows.filter(pk__in=[row[1] for row in batch]).order_by().values_list("pk", content)
        digests = {pk: digest(held) for pk, held in found.iterator(chunk_size=2)}
        yield from ((*row, digests[row[1]]) for row in batch)


def digest(held: bytes | memoryview | None) -> str:
    """SHA-256 of bytes; empty where there is nothing, not even no bytes."""
    return hashlib.sha256(held).hexdigest() if held is not None else ""


class ByCase:
    """The rows of one table, given out case by case in the order of case ids. The first column is the case."""

    def __init__(
        self, rows: Manager[Any] | QuerySet[Any], order: str, *columns: str, content: str = ""
    ) -> None:
        """With `content`, the second column is the row's own key, and the digest of that column of bytes stands last."""
        query = rows.order_by("case_id", order).values_list(*columns)
        read: Iterable[tuple[Any, ...]] = query.iterator(chunk_size=READ_AT_ONCE)
        if content:
            read = _with_digests(read, rows, content)
        self._groups = groupby(read, key=itemgetter(0))
        self._left: set[int] = set()
        self._next: tuple[int, Iterator[tuple[Any, ...]]] | None = next(self._groups, None)

    def take(self, case: int) -> list[tuple[Any, ...]]:
        """The rows of this case; cases are asked for in rising order."""
        while self._next is not None and self._next[0] < case:
            self._skip()
        if self._next is None or self._next[0] != case:
            return []
        found = list(self._next[1])
        self._next = next(self._groups, None)
        return found

    def rest(self) -> set[int]:
        """The cases of rows for which nobody asked."""
        while self._next is not None:
            self._skip()
        return self._left

    def _skip(self) -> None:
        assert self._next is not None
        self._left.add(self._next[0])
        self._next = next(self._groups, None)
