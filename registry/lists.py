"""Lists that are published whole, each time one changes: urgent occupations, criteria of assessment, caps."""

import datetime
from collections.abc import Mapping
from typing import Any

from core.publications import register
from core.publications.models import Publication


def items(row: Publication) -> list[dict[str, Any]]:
    """Return the items of a published list, `since` and `until` as days."""
    return [{**item, **_days(item)} for item in row.content["items"]]


def holding(kind: str, on: datetime.date) -> list[dict[str, Any]]:
    """Return what holds on a day of the newest list of a kind ("urgent", "criteria", "caps"); before the first
    nothing."""
    return [item for item in newest(kind, on) if _holds(item, on)]


def newest(kind: str, on: datetime.date) -> list[dict[str, Any]]:
    """Return the items of the newest list of a kind, those of other days too; nothing before the first list."""
    row = register.published(kind, on=on).first()
    return items(row) if row else []


def _holds(item: Mapping[str, Any], on: datetime.date) -> bool:
    return item["since"] <= on and (item["until"] is None or on <= item["until"])


def _days(item: dict[str, Any]) -> dict[str, datetime.date | None]:
    return {name: item[name] and datetime.date.fromisoformat(item[name]) for name in ("since", "until")}
