"""Questions that every mail or docket asks: composed by the ORM once in a process, then asked again with other values.

Composing costs the ORM several times what the database needs to answer. A question that few ask is better off without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from django.db import connection
from django.db.models import QuerySet


class Asked:
    """A question in a few values, each a text or a whole number just as its column holds it; the answer is its rows.

    `ask` gets stand-ins for the values and makes a queryset of `values_list`; it is called once. Its lookups must take
    each value as it is and at least once: one that escapes or folds it (`contains`, or `iexact` on SQLite) is refused.
    """

    def __init__(self, ask: Callable[..., QuerySet[Any, Any]], *kinds: type[str | int]) -> None:
        self._ask = ask
        self._kinds = kinds
        self._composed: _Composed | None = None

    def __call__(self, *values: str | int) -> list[tuple[Any, ...]]:
        """The rows for these values, which stand in the order of their kinds."""
        if self._composed is None:
            self._composed = self._compose()
        statement, places, read = self._composed
        with connection.cursor() as cursor:
            cursor.execute(statement, [values[p.number] if type(p) is _Place else p for p in places])
            return [tuple(row) for row in read(cursor.fetchall())]

    def _compose(self) -> _Composed:
        stand_ins = [_stand_in(kind, number) for number, kind in enumerate(self._kinds)]
        compiler = self._ask(*stand_ins).query.get_compiler(connection=connection)
        statement, given = compiler.as_sql()
        places = tuple(_Place(stand_ins.index(p)) if p in stand_ins else p for p in given)
        assert {p.number for p in places if type(p) is _Place} == set(range(len(stand_ins))), (
            f"a value of {statement} is changed on its way, or not used"
        )
        converters = compiler.get_converters(column for column, _, _ in compiler.select)
        return _Composed(statement, places, lambda rows: compiler.apply_converters(rows, converters))


class _Place(NamedTuple):
    """Where a value goes among the parameters of a statement."""

    number: int


class _Composed(NamedTuple):
    statement: str
    places: tuple[Any, ...]
    read: Callable[[Iterable[Any]], Iterable[Any]]


_NUMBER: Final = 7_212_960_411_850_000_000


def _stand_in(kind: type[str | int], number: int) -> str | int:
    """A value that nobody has, and that whoever escapes or folds a text would change."""
    return _NUMBER + number if kind is int else f"\x01place {number}: _%\\ Aa\x01"
