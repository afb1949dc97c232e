"""Rows of several tables read side by side in the order of their cases, so that memory does not grow with the desk."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Manager

READ_AT_ONCE = 2_000


class ByCase:
    """The rows of one table, given out case by case in the order of case ids. The first column is the case."""

    def __init__(self, rows: Manager[Any], order: str, *columns: str) -> None:
        query = rows.order_by("case_id", order).values_list(*columns)
        self._groups = groupby(query.iterator(chunk_size=READ_AT_ONCE), key=itemgetter(0))
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
