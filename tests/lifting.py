"""Append-only tables in tests: `lifted()` for a test that tampers, and for the flush after a transactional test."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations

from core.audit.append_only import guard_sql, release_sql

_GUARDED = {
    "postgresql": "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "WHERE t.tgname = c.relname || '_append_only'",
    "sqlite": "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name = tbl_name || "
    "'_append_only_update'",
}


@contextmanager
def lifted() -> Iterator[None]:
    """Take the guards off every append-only table, and put them back."""
    vendor = connection.vendor
    with connection.cursor() as cursor:
        cursor.execute(_GUARDED[vendor])
        tables = [row[0] for row in cursor.fetchall()]
        _settle_constraints(cursor)
        for table in tables:
            for statement in release_sql(table, vendor):
                cursor.execute(statement)
        yield
        _settle_constraints(cursor)
        for table in tables:
            for statement in guard_sql(table, vendor):
                cursor.execute(statement)


def _settle_constraints(cursor) -> None:
    """PostgreSQL alters no table that still has deferred checks to make."""
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.fixture(autouse=True, scope="session")
def _flush_empties_guarded_tables() -> Iterator[None]:
    flush = BaseDatabaseOperations.execute_sql_flush

    def lifted_flush(self: BaseDatabaseOperations, statements: list[str]) -> None:
        with lifted():
            flush(self, statements)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", lifted_flush)
        yield
