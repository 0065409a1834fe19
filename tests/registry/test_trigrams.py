"""PostgreSQL finds what the look-up searches by index, and plans it without samples."""

import pytest
from django.db import connection

from registry.models import Entry
from registry.trigrams import FEWEST_SAMPLES, INDEXED

pytestmark = [pytest.mark.django_db, pytest.mark.postgres_only]


def asked(sql: str, *values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def test_no_samples_are_kept_of_what_is_searched():
    kept = "SELECT attname, attstattarget FROM pg_attribute WHERE attrelid = %s::regclass AND attname = ANY(%s)"
    columns = list(INDEXED.values())
    assert dict(asked(kept, Entry._meta.db_table, columns)) == dict.fromkeys(columns, FEWEST_SAMPLES)


def test_each_text_has_its_trigram_index():
    kept = asked("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s", Entry._meta.db_table)
    found = {name: definition for name, definition in kept if name in INDEXED}
    assert sorted(found) == sorted(INDEXED)
    assert all(f"gin ({INDEXED[name]} gin_trgm_ops)" in definition for name, definition in found.items())
