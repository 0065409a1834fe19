"""PostgreSQL's trigram indexes over what the look-up searches; SQLite, which is for few agencies, reads it all."""

from typing import Any

from django.db.migrations.operations.base import Operation

TABLE = "registry_entry"
INDEXED = {"entry_called": "called", "entry_words": "words"}


# PostgreSQL keeps samples of a column and tries each pattern of a search on all of them: that took longer than the
# search, whose indexes are to be used whatever the samples say.
FEWEST_SAMPLES = 1


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


class PlannedWithoutSamples(Operation):
    """Keep no samples of the text that is searched, so that a search is planned quickly."""

    reduces_to_sql = False
    reversible = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing that Django's models know of."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Set it."""
        self._keep(schema_editor, FEWEST_SAMPLES)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """As PostgreSQL does it by itself."""
        self._keep(schema_editor, -1)

    def describe(self) -> str:
        """In a word."""
        return "Plan searches without samples"

    @staticmethod
    def _keep(schema_editor: Any, samples: int) -> None:
        if schema_editor.connection.vendor == "postgresql":
            for column in INDEXED.values():
                schema_editor.execute(f'ALTER TABLE "{TABLE}" ALTER COLUMN "{column}" SET STATISTICS {samples}')
