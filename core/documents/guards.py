"""Triggers on the papers' table: nothing that bore a number is removed, and an issued paper never changes."""

from typing import Any

from django.db.migrations.operations.base import Operation

TABLE = "documents_officialdocument"
# What the deciding transaction fixed; the job only adds the PDF.
FIXED = (
    '"series", "number", "title", "issuer_id", "addressee_id", "issuer_name", "addressee_name", "matter_type", '
    '"matter_id", "key", "content", "content_hash", "code", "on", "supersedes_id", "public", "created_at"'
)

_ISSUED = f'CREATE TRIGGER paper_issued BEFORE UPDATE ON "{TABLE}"'
_FIXED = f'CREATE TRIGGER paper_fixed BEFORE UPDATE OF {FIXED} ON "{TABLE}"'
_KEPT = f'CREATE TRIGGER paper_kept BEFORE DELETE ON "{TABLE}"'
_MESSAGE = "an official paper never changes"
_FUNCTION = f"""CREATE OR REPLACE FUNCTION portal_paper_fixed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION '{_MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$"""
_CALL = "EXECUTE FUNCTION portal_paper_fixed()"
_ABORT = f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
_CREATE = {
    "postgresql": (
        _FUNCTION,
        f"{_ISSUED} FOR EACH ROW WHEN (OLD.state = 'issued') {_CALL}",
        f"{_FIXED} FOR EACH ROW {_CALL}",
        f"{_KEPT} FOR EACH ROW {_CALL}",
    ),
    # SQLite has no other way to empty a table than row by row: there, removal is left to the foreign keys.
    "sqlite": (f"{_ISSUED} WHEN OLD.state = 'issued' {_ABORT}", f"{_FIXED} {_ABORT}"),
}
_DROP = {
    "postgresql": tuple(
        f'DROP TRIGGER IF EXISTS {name} ON "{TABLE}"' for name in ("paper_issued", "paper_fixed", "paper_kept")
    ),
    "sqlite": ("DROP TRIGGER IF EXISTS paper_issued", "DROP TRIGGER IF EXISTS paper_fixed"),
}


class PapersNeverChange(Operation):
    """Creates the triggers, after the table. On SQLite a later AlterField rebuilds the table: name it again then."""

    reversible = True
    reduces_to_sql = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """No model changes."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Create the triggers."""
        for statement in _CREATE[schema_editor.connection.vendor]:
            schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drop the triggers."""
        for statement in _DROP[schema_editor.connection.vendor]:
            schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        """Say what it does, for `migrate --plan`."""
        return "Guard the papers: numbered ones stay, issued ones never change"
