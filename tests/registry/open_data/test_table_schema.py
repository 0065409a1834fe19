"""The published schema changes with an entry in its changelog, and only so."""

import json

import pytest

from core.web import exports
from registry.open_data import table_schema
from registry.open_data.datasets import DATASETS

pytestmark = pytest.mark.any_engine


def test_the_newest_entry_of_the_changelog_is_about_the_schema_as_it_is():
    newest = table_schema.changelog()[0]
    assert newest.sha256 == table_schema.fingerprint(), (
        "The schema of the open data has changed: add an entry to registry/open_data/changelog.json that tells its"
        f' users, with "schema_sha256": "{table_schema.fingerprint()}"'
    )
    versions = table_schema.changelog()
    assert all(one.changes for one in versions)
    assert [one.on for one in versions] == sorted((one.on for one in versions), reverse=True)
    assert len({one.version for one in versions}) == len(versions)


def test_another_name_another_type_or_another_meaning_is_another_schema():
    before = table_schema.fingerprint()
    column = DATASETS[0].fields[-1]
    for name, other in (("name", "phone"), ("type", "integer"), ("description", "另一种说法。")):
        kept = getattr(column, name)
        object.__setattr__(column, name, other)
        try:
            assert table_schema.fingerprint() != before, name
        finally:
            object.__setattr__(column, name, kept)
    assert table_schema.fingerprint() == before


def test_every_field_is_explained_and_named_once():
    for dataset in DATASETS:
        described = table_schema.schema(dataset)
        json.dumps(described)
        names = [column.name for column in dataset.columns]
        titles = [column.title for column in dataset.columns]
        assert len(set(names)) == len(names)
        assert len(set(titles)) == len(titles)
        assert set(dataset.key) <= set(names)
        assert all(column.description.endswith("。") for column in dataset.columns)
        assert len(dataset.title) <= 31
        assert not any(name.startswith(exports.FORMULA) for name in (*names, *titles))
