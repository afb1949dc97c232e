"""Rows of one table written by one prepared statement: what the ORM's own does, without composing the SQL each time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from django.db import connection
from django.db.models import (
    BooleanField,
    CharField,
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
