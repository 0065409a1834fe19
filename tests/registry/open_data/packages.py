"""Reads an edition as a stranger would: its description first, then each file that it names, held to its schema."""

import csv
import datetime
import hashlib
import io
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse
from python_calamine import CalamineWorkbook

Row = Mapping[str, Any]


def body(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.status_code
    return b"".join(answer.streaming_content)


def _bool(text: str) -> bool:
    return {"true": True, "false": False}[text]


FROM_TEXT: dict[str, Callable[[str], Any]] = {
    "string": str,
    "integer": int,
    "boolean": _bool,
    "date": datetime.date.fromisoformat,
}
IS: dict[str, type] = {"string": str, "integer": int, "boolean": bool, "date": datetime.date}


def _csv(data: bytes, types: list[str]) -> tuple[list[str], list[list[Any]]]:
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\n")
    heading, *lines = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
    rows = [[FROM_TEXT[kind](cell) if cell else None for kind, cell in zip(types, line, strict=True)] for line in lines]
    return heading, rows


def _json(data: bytes, types: list[str]) -> tuple[list[str], list[list[Any]]]:
    objects = json.loads(data)
    headings = {tuple(one) for one in objects}
    assert len(headings) <= 1
    rows = [
        [
            FROM_TEXT[kind](cell) if kind == "date" and cell else cell
            for kind, cell in zip(types, one.values(), strict=True)
        ]
        for one in objects
    ]
    return list(next(iter(headings), ())), rows


def _xlsx(data: bytes, types: list[str]) -> tuple[list[str], list[list[Any]]]:
    heading, *lines = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    read = {"integer": int, "string": str}
    rows = [
        [
            None if cell == "" else read.get(kind, lambda cell: cell)(cell)
            for kind, cell in zip(types, line, strict=True)
        ]
        for line in lines
    ]
    return heading, rows


READERS = {"csv": _csv, "json": _json, "xlsx": _xlsx}


def tables(client: Any) -> dict[str, list[Row]]:
    """Return every table of the newest edition by its resource's name, having checked all that its package promises."""
    package = json.loads(body(client.get(reverse("open_data:latest", args=["datapackage.json"]))))
    found = {}
    for resource in package["resources"]:
        data = body(client.get(reverse("open_data:latest", args=[resource["path"]])))
        assert len(data) == resource["bytes"]
        assert f"sha256:{hashlib.sha256(data).hexdigest()}" == resource["hash"]
        fields = resource["schema"]["fields"]
        names = [one["name"] for one in fields]
        heading, rows = READERS[resource["format"]](data, [one["type"] for one in fields])
        assert heading == names or not rows, resource["name"]
        found[resource["name"]] = [dict(zip(names, row, strict=True)) for row in rows]
        for row in found[resource["name"]]:
            for one in fields:
                _check(one, row[one["name"]])
        keys = [tuple(row[name] for name in resource["schema"]["primaryKey"]) for row in found[resource["name"]]]
        assert len(keys) == len(set(keys)), resource["name"]
        assert all(None not in key for key in keys)
    for resource in package["resources"]:
        for reference in resource["schema"].get("foreignKeys", ()):
            (here,), (there,) = reference["fields"], reference["reference"]["fields"]
            known = {row[there] for row in found[reference["reference"]["resource"]]}
            assert {row[here] for row in found[resource["name"]]} <= known
    return found


def _check(field: Mapping[str, Any], cell: Any) -> None:
    held = field.get("constraints", {})
    if cell is None:
        assert not held.get("required"), field
        return
    assert isinstance(cell, IS[field["type"]]), (field, cell)
    assert "enum" not in held or cell in held["enum"], (field, cell)
    assert "minimum" not in held or cell >= held["minimum"], (field, cell)
    assert "pattern" not in held or re.fullmatch(held["pattern"], cell), (field, cell)
