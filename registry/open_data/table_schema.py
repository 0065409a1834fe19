"""The published schema: Table Schema for each data set, and its history."""

import datetime
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from registry.open_data.datasets import DATASETS
from registry.open_data.table import Dataset, Field

CHANGELOG = Path(__file__).with_name("changelog.json")


def schema(dataset: Dataset, *, titles: bool = False, resource: str = "") -> dict[str, Any]:
    """Return a data set's Table Schema.

    titles: for a file whose headings are the titles. resource: the resource that a row's first key refers to.
    """
    called = {column.name: column.title if titles else column.name for column in dataset.columns}
    described: dict[str, Any] = {
        "fields": [_field(column, called[column.name]) for column in dataset.columns],
        "primaryKey": [called[name] for name in dataset.key],
        "missingValues": [""],
    }
    if resource:
        key = [called[dataset.key[0]]]
        described["foreignKeys"] = [{"fields": key, "reference": {"resource": resource, "fields": key}}]
    return described


def _field(column: Field, name: str) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": name,
        "title": column.title,
        "type": column.type,
        "description": column.description,
    }
    if column.constraints:
        described["constraints"] = dict(column.constraints)
    return described


def fingerprint() -> str:
    """Return the hash of all that the schema promises: names, types, order, what each field says."""
    promised = {one.name: {"title": one.title, "belongs_to": one.belongs_to, **schema(one)} for one in DATASETS}
    return hashlib.sha256(json.dumps(promised, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Version:
    """A version of the schema: since when, what changed, the hash of the whole."""

    version: str
    on: datetime.date
    changes: tuple[str, ...]
    sha256: str


@cache
def changelog() -> tuple[Version, ...]:
    """Return the versions of the schema, the newest first."""
    return tuple(
        Version(one["version"], datetime.date.fromisoformat(one["on"]), tuple(one["changes"]), one["schema_sha256"])
        for one in json.loads(CHANGELOG.read_text(encoding="utf-8"))
    )


def version() -> str:
    """Return the version that holds."""
    return changelog()[0].version
