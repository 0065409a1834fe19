"""A migration operation that guards a table: rows can be added, never changed or removed."""

from collections.abc import Callable
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

_FUNCTION = """
CREATE OR REPLACE FUNCTION portal_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'append-only table: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
_EACH_ROW = """
CREATE TRIGGER "{table}_append_only" BEFORE UPDATE OR DELETE ON "{table}"
    FOR EACH ROW EXECUTE FUNCTION portal_append_only()
"""
_WHOLE_TABLE = """
CREATE TRIGGER "{table}_append_only_whole" BEFORE TRUNCATE ON "{table}"
    FOR EACH STATEMENT EXECUTE FUNCTION portal_append_only()
"""
_SQLITE = """
CREATE TRIGGER "{table}_append_only_%s" BEFORE %s ON "{table}"
    BEGIN SELECT RAISE(ABORT, 'append-only table: {table}'); END
"""
_CREATE = {
    "postgresql": (_FUNCTION, _EACH_ROW, _WHOLE_TABLE),
    "sqlite": (_SQLITE % ("update", "UPDATE"), _SQLITE % ("delete", "DELETE")),
}
_DROP = {
    "postgresql": (
        'DROP TRIGGER IF EXISTS "{table}_append_only" ON "{table}"',
        'DROP TRIGGER IF EXISTS "{table}_append_only_whole" ON "{table}"',
    ),
    "sqlite": (
        'DROP TRIGGER IF EXISTS "{table}_append_only_update"',
        'DROP TRIGGER IF EXISTS "{table}_append_only_delete"',
    ),
}


def guard_sql(table: str, vendor: str) -> list[str]:
    """Return the statements that guard the table: UPDATE, DELETE and TRUNCATE raise IntegrityError from then on."""
    return [statement.strip().replace("{table}", table) for statement in _CREATE[vendor]]


def release_sql(table: str, vendor: str) -> list[str]:
    """Return the statements that end it: a migration backward, or a test that tampers."""
    return [statement.replace("{table}", table) for statement in _DROP[vendor]]


class AppendOnly(Operation):
    """`AppendOnly("audit_event")` in a migration's operations, after the table's CreateModel.

    On SQLite a later AlterField rebuilds the table and loses its triggers: name the operation again after it.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str) -> None:
        self.table = table

    def state_forwards(self, app_label: str, state: Any) -> None:
        """No model changes."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Create the triggers."""
        self._run(guard_sql, schema_editor)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drop the triggers."""
        self._run(release_sql, schema_editor)

    def _run(self, statements: Callable[[str, str], list[str]], editor: BaseDatabaseSchemaEditor) -> None:
        for statement in statements(self.table, editor.connection.vendor):
            # No parameters: the text holds a per cent sign that is none of the driver's.
            editor.execute(statement, params=None)

    def describe(self) -> str:
        """Say what it does, for `migrate --plan`."""
        return f"Guard {self.table}: rows are only added"

    @property
    def migration_name_fragment(self) -> str:
        """Name a migration that holds nothing else."""
        return f"append_only_{self.table}"
