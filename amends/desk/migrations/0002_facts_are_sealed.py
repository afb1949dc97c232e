"""The database itself refuses to change or delete a fact, a checkpoint or an adopted code."""

from typing import Any

from django.db import migrations

SEALED = ("desk_factrow", "desk_checkpoint", "desk_adoptedcode")

_SQLITE = """
CREATE TRIGGER {table}_{what} BEFORE {what} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is evidence: its rows are never changed, only followed by others'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION desk_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is evidence: its rows are never changed, only followed by others', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
_POSTGRESQL = """
CREATE TRIGGER {table}_sealed BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION desk_refuse()
"""


def seal(vendor: str) -> list[str]:
    """The statements that seal the tables. A later migration that makes one of them anew seals it again."""
    if vendor == "sqlite":
        return [_SQLITE.format(table=t, what=w) for t in SEALED for w in ("UPDATE", "DELETE")]
    return [_POSTGRESQL_FUNCTION, *(_POSTGRESQL.format(table=table) for table in SEALED)]


def unseal(vendor: str) -> list[str]:
    """The statements that take the seals off: for going back a migration, and for tests that empty tables."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {t}_{w}" for t in SEALED for w in ("UPDATE", "DELETE")]
    return [f"DROP TRIGGER IF EXISTS {table}_sealed ON {table}" for table in SEALED]


def _run(statements: list[str], editor: Any) -> None:
    for statement in statements:
        editor.execute(statement, None)  # no values: a per cent sign means itself


def forwards(_apps: Any, editor: Any) -> None:
    _run(seal(editor.connection.vendor), editor)


def backwards(_apps: Any, editor: Any) -> None:
    _run(unseal(editor.connection.vendor), editor)


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
