"""Lists that are published whole, each time one changes: the urgent occupations, the criteria of assessment."""

import datetime
from typing import Any

from core.publications import register
from core.publications.models import Publication


def items(row: Publication) -> list[dict[str, Any]]:
    """Return the items of a published list, `since` and `until` as days."""
    return [{**item, **_days(item)} for item in row.content["items"]]


def holding(kind: str, on: datetime.date) -> list[dict[str, Any]]:
    """Return what holds on a day of the newest list of a kind ("urgent", "criteria"); nothing before the first."""
    newest = register.published(kind, on=on).first()
    found = items(newest) if newest else []
    return [item for item in found if item["since"] <= on and (item["until"] is None or item["until"] >= on)]


def _days(item: dict[str, Any]) -> dict[str, datetime.date | None]:
    return {name: item[name] and datetime.date.fromisoformat(item[name]) for name in ("since", "until")}
