"""The description of an edition: a Frictionless Data Package that names every file with its schema, size and hash."""

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from core.web.navigation import HOST, OPERATOR
from registry.open_data import table_schema
from registry.open_data.datasets import DATASETS
from registry.open_data.files import CSV, FORMATS, JSON, Format
from registry.open_data.models import Edition, EditionFile
from registry.open_data.table import Dataset

NAME = "datapackage.json"
LICENCE = "可以免费复制、传播、改编，用于任何合法用途，包括商业用途；须注明来源和数据的截至日期。"


def content(edition: Edition, files: Sequence[EditionFile]) -> bytes:
    """Return the package of an edition with these files: nothing in it but what follows from the day and the data."""
    home = settings.PORTAL_ADDRESS.rstrip("/") + reverse("open_data:home")
    by_name = {one.name: one for one in files}
    described = {
        "profile": "data-package",
        "name": "anyang-sep",
        "title": "安阳市社评机构备案开放数据",
        "description": f"{HOST}公布的社评机构备案信息，每天一版；数据截至 {edition.as_of}。",
        "homepage": home,
        "version": edition.version,
        "created": f"{edition.as_of}T00:00:00+08:00",
        "as_of": edition.as_of.isoformat(),
        "last_change": edition.last_change,
        "licenses": [{"title": LICENCE, "path": f"{home}#licence"}],
        "sources": [{"title": f"{HOST}，{OPERATOR}", "path": home}],
        "resources": [
            _resource(dataset, kind, by_name[file_name(dataset, kind)]) for dataset in DATASETS for kind in FORMATS
        ],
    }
    return (json.dumps(described, ensure_ascii=False, indent=2) + "\n").encode()


def file_name(dataset: Dataset, kind: Format) -> str:
    """agencies.csv"""
    return f"{dataset.name}.{kind.key}"


def _resource(dataset: Dataset, kind: Format, file: EditionFile) -> dict[str, Any]:
    within = f"{dataset.belongs_to}-{kind.key}" if dataset.belongs_to else ""
    described: dict[str, Any] = {
        "name": f"{dataset.name}-{kind.key}",
        "title": dataset.title,
        "description": dataset.description,
        "path": file.name,
        "format": kind.key,
        "mediatype": kind.media_type.partition(";")[0],
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "schema": table_schema.schema(dataset, titles=kind.titles, resource=within),
    }
    if kind.key in (CSV, JSON):
        described["encoding"] = "utf-8"
    if kind.key == CSV:
        # Not said of JSON: the reference validator counts no bytes of JSON that it reads as a table.
        described["profile"] = "tabular-data-resource"
        described["dialect"] = {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\r\n"}
    return described
