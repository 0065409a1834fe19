"""Who holds places and who waits for them (M37), counted by the database: one statement whatever the city has filed."""

import datetime
from collections import Counter
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from filings import contenders
from filings.models import Application, Filing, FilingScope, FilingSite, in_force, standing

# (occupation, quota area)
Pair = tuple[str, str]


def taken(on: datetime.date, *, occupation: str = "", quota_area: str = "") -> dict[Pair, int]:
    """Return how many filings in force hold a place, by occupation and quota area: each once, in the area of its seat
    and of each site where the occupation is evaluated. An assignment from elsewhere takes none."""
    rows = _places(on)
    if occupation:
        rows = [part.filter(occupation_id=occupation) for part in rows]
    if quota_area:
        rows = [part.filter(place=quota_area) for part in rows]
    sql, parameters = rows[0].union(rows[1]).query.sql_with_params()
    # Only what the ORM itself wrote stands inside; it cannot count over a union.
    count = f"SELECT occupation_id, place, COUNT(*) FROM ({sql}) AS held GROUP BY occupation_id, place"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(count, parameters)
        return {(code, area): number for code, area, number in cursor.fetchall()}


def _places(on: datetime.date) -> list[QuerySet[FilingScope, dict[str, Any]]]:
    """The places held by seat, and by site: rows of occupation, filing and quota area."""
    rows = FilingScope.objects.filter(in_force(on, "filing__"), standing(on)).order_by()
    return [
        rows.values("occupation_id", "filing_id", place=F("filing__area__quota_area")),
        rows.filter(standing(on, "sites__")).values("occupation_id", "filing_id", place=F("sites__area__quota_area")),
    ]


def holders(occupation: str, quota_area: str, on: datetime.date) -> QuerySet[Filing]:
    """Return the filings that `taken` counts there, the one that runs out first in front."""
    there = FilingSite.objects.filter(standing(on), scope=OuterRef("pk"), area__quota_area=quota_area)
    rows = FilingScope.objects.filter(standing(on), filing=OuterRef("pk"), occupation_id=occupation)
    holds = rows.filter(Q(filing__area__quota_area=quota_area) | Exists(there))
    return Filing.objects.filter(in_force(on), Exists(holds)).select_related("area").order_by("valid_until", "id")


def of_place(key: str, on: datetime.date) -> QuerySet[Filing]:
    """Return the filings in force that hold the places a key names: "city" all of them, "市区:6-18-02-04" as
    `holders`."""
    area, _, code = key.partition(":")
    if code:
        return holders(code, area, on)
    return Filing.objects.filter(in_force(on)).select_related("area").order_by("valid_until", "id")


def waiting(on: datetime.date) -> Counter[Pair]:
    """Return how many applications in assessment wait for a place, by occupation and quota area: competitors are those
    alone (DOMAIN.md), each for what granting it whole would newly take."""
    counted: Counter[Pair] = Counter()
    for keys in contenders.wanted(on).values():
        counted.update((code, area) for area, _, code in (key.partition(":") for key in keys) if code)
    return counted


def waiting_for(occupation: str, quota_area: str, on: datetime.date) -> list[Application]:
    """Return the applications that `waiting` counts there, the first accepted in front."""
    place = contenders.key(quota_area, occupation)
    found = [pk for pk, keys in contenders.wanted(on).items() if place in keys]
    return list(Application.objects.filter(pk__in=found).select_related("agency", "area").order_by("accepted_on", "id"))
