"""Rows of one table written by one prepared statement: what the ORM's own does, without composing the SQL each time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from django.db import connection
from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    Field,
    ForeignKey,
    Model,
    OneToOneField,
    PositiveBigIntegerField,
    PositiveIntegerField,
    PositiveSmallIntegerField,
    TextField,
)


def insert(rows: Sequence[Model], *, with_key: bool = False, unless_there: bool = False) -> None:
    """Insert rows of one model whose ids the database gives; the rows do not learn them. Call it in a transaction.

    `with_key` is for rows that bring their primary key along; with `unless_there` a row that a unique key forbids is
    left out.
    """
    if rows:
        statement, fields = _insert(type(rows[0]), with_key)
        if unless_there:
            statement += " ON CONFLICT DO NOTHING"
        _run(statement, fields, rows)


def update(rows: Sequence[Model], columns: tuple[str, ...]) -> None:
    """Write these columns of rows that are there, each told by its id. Call it in a transaction that has locked them."""
    if rows:
        statement, fields = _update(type(rows[0]), columns)
        _run(statement, fields, rows)


def put(rows: Sequence[Model]) -> None:
    """Write rows that bring their primary key along: a row that is there already becomes this one."""
    if rows:
        statement, fields = _insert(type(rows[0]), with_key=True)
        _run(statement + _instead(type(rows[0])), fields, rows)


def keep(
    model: type[Model],
    columns: tuple[str, ...],
    wanted: Mapping[int, Sequence[Line]],
    fresh: frozenset[int] = frozenset(),
) -> None:
    """Have exactly these rows stand for each case; what stands already is left as it is, and nothing is written for it.

    A row is given by the values of these columns; `fresh` are the ids of cases that can have none yet. Call it in a
    transaction that has locked the cases.
    """
    table = _table(model, columns)
    stands = _standing(table, [case for case in wanted if case not in fresh])
    new: list[list[Any]] = []
    over: list[int] = []
    for case, lines in wanted.items():
        there = stands.get(case, {})
        for line in lines:
            same = there.get(_comparable(line))
            if same:
                same.pop()
            else:
                new.append([case, *map(_prepared, table.fields, line)])
        over += [pk for same in there.values() for pk in same]
    with connection.cursor() as cursor:
        for some in _some(over):
            cursor.execute(table.delete + _places(some), some)
        if new:
            cursor.executemany(table.insert, new)


Line = tuple[Any, ...]
"""The values of a row, in the order of its columns."""
_AT_ONCE: Final = 500


class _Table(NamedTuple):
    """A table of rows that belong to cases, with the statements that read and write these columns of it."""

    fields: tuple[Field[Any, Any], ...]
    select: str
    insert: str
    delete: str


@cache
def _table(model: type[Model], columns: tuple[str, ...]) -> _Table:
    named = {f.attname: f for f in model._meta.concrete_fields}
    fields = tuple(named[column] for column in columns)
    rest = [f.attname for f in named.values() if f.attname not in {"id", "case_id", *columns}]
    assert not rest, f"columns of {model.__name__} that nobody would write: {rest}"
    table, own = _quoted(model._meta.db_table), ", ".join(_quoted(f.column) for f in fields)
    return _Table(
        fields,
        f"SELECT id, case_id, {own} FROM {table} WHERE case_id IN ",  # noqa: S608 - names of our own models
        f"INSERT INTO {table} (case_id, {own}) VALUES ({', '.join(['%s'] * (len(fields) + 1))})",  # noqa: S608 - names of our own models
        f"DELETE FROM {table} WHERE id IN ",  # noqa: S608 - names of our own models
    )


def _standing(table: _Table, cases: Sequence[int]) -> dict[int, dict[Line, list[int]]]:
    """The rows that stand: for each case the ids of those that say the same."""
    found: dict[int, dict[Line, list[int]]] = defaultdict(dict)
    with connection.cursor() as cursor:
        for some in _some(cases):
            cursor.execute(table.select + _places(some), some)
            for pk, case, *line in cursor.fetchall():
                found[case].setdefault(_comparable(line), []).append(pk)
    return found


def _some(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE)]


def _places(ids: Sequence[int]) -> str:
    return f"({', '.join(['%s'] * len(ids))})"


def _comparable(line: Sequence[Any]) -> Line:
    """The line with its moments in one form: one driver gives them in some zone, another in UTC without saying so."""
    return tuple(_utc(v) if type(v) is datetime and v.tzinfo is not None else v for v in line)


@lru_cache(maxsize=4096)
def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _run(statement: str, fields: tuple[Field[Any, Any], ...], rows: Sequence[Model]) -> None:
    values = [[_prepared(field, getattr(row, field.attname)) for field in fields] for row in rows]
    with connection.cursor() as cursor:
        if len(values) == 1:
            cursor.execute(statement, values[0])
        else:
            cursor.executemany(statement, values)


def _prepared(field: Field[Any, Any], value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    """The value as the driver takes it; most are what their column holds, and need not be asked about."""
    if value is None or type(value) is _HOLDS.get(type(field)):
        return value
    if type(field) in _KEYS and type(value) in (int, str):
        return value
    if type(field) is DateTimeField and type(value) is datetime and value.tzinfo is not None:
        return _moment(field, value)
    return field.get_db_prep_save(value, connection)


@lru_cache(maxsize=4096)
def _moment(field: DateTimeField[Any, Any], value: datetime) -> Any:  # noqa: ANN401 - as in `_prepared`
    """A moment as the driver takes it. The same few stand in row after row of a docket."""
    return field.get_db_prep_save(value, connection)


_HOLDS: dict[type[Field[Any, Any]], type] = {
    CharField: str, TextField: str, BooleanField: bool, PositiveIntegerField: int, PositiveSmallIntegerField: int,
    PositiveBigIntegerField: int,
}  # fmt: skip
"""What a column of this kind holds: exactly this type, for a subclass such as an enum is another thing to a driver."""

_KEYS: Final = frozenset({ForeignKey, OneToOneField})
"""Columns that hold the key of another row: our keys are numbers and slugs."""


@cache
def _insert(model: type[Model], with_key: bool) -> tuple[str, tuple[Field[Any, Any], ...]]:  # noqa: FBT001 - a key of the cache
    fields = tuple(f for f in model._meta.concrete_fields if with_key or not f.primary_key)
    names = ", ".join(_quoted(f.column) for f in fields)
    places = ", ".join("%s" for _ in fields)
    return f"INSERT INTO {_quoted(model._meta.db_table)} ({names}) VALUES ({places})", fields  # noqa: S608 - names of our own models


@cache
def _instead(model: type[Model]) -> str:
    """What has an insert change the row that is there already."""
    key = model._meta.pk
    assert key is not None
    others = [_quoted(f.column) for f in model._meta.concrete_fields if not f.primary_key]
    sets = ", ".join(f"{name} = excluded.{name}" for name in others)
    return f" ON CONFLICT ({_quoted(key.column)}) DO UPDATE SET {sets}"


@cache
def _update(model: type[Model], columns: tuple[str, ...]) -> tuple[str, tuple[Field[Any, Any], ...]]:
    fields = tuple(_field(model, name) for name in columns)
    sets = ", ".join(f"{_quoted(f.column)} = %s" for f in fields)
    key = _field(model, "id")
    return f"UPDATE {_quoted(model._meta.db_table)} SET {sets} WHERE id = %s", (*fields, key)  # noqa: S608 - names of our own models


def _field(model: type[Model], name: str) -> Field[Any, Any]:
    field = model._meta.get_field(name)
    assert isinstance(field, Field)
    return field


def _quoted(name: str | None) -> str:
    assert name is not None
    return connection.ops.quote_name(name)
