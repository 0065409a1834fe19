"""PostgreSQL's trigram indexes over what the look-up searches; SQLite, which is for few agencies, reads it all."""

from typing import Any

from django.db.migrations.operations.base import Operation

TABLE = "registry_entry"
INDEXED = {"entry_called": "called", "entry_words": "words"}


class SearchedByTrigram(Operation):
    """Make the extension and the indexes. The extension is a trusted one: the database's owner may make it."""

    reduces_to_sql = False
    reversible = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing that Django's models know of."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make them."""
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            for name, column in INDEXED.items():
                schema_editor.execute(f'CREATE INDEX {name} ON "{TABLE}" USING gin ("{column}" gin_trgm_ops)')

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Remove the indexes; others may use the extension."""
        if schema_editor.connection.vendor == "postgresql":
            for name in INDEXED:
                schema_editor.execute(f"DROP INDEX IF EXISTS {name}")

    def describe(self) -> str:
        """In a word."""
        return "Search entries by trigram"
