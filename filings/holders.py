"""Who holds places and who waits for them (M37): one statement whatever the city has filed."""

import datetime
from collections import Counter
from collections.abc import Collection
from functools import lru_cache

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet

from core.statements import Statement, answer, written
from filings import contenders
from filings.models import Application, Filing, FilingScope, FilingSite, in_force, standing

# (occupation, quota area)
Pair = tuple[str, str]


def filed(on: datetime.date) -> int:
    """Return how many filings are in force on a day: the city's places taken."""
    return len(answer(_filed(on)))


def taken(on: datetime.date, occupations: Collection[str] | None = None) -> Counter[Pair]:
    """Return how many filings in force hold a place, by occupation and quota area: each once, in the area of its seat
    and of each site where the occupation is evaluated. An assignment from elsewhere takes none.

    occupations: count those alone. One statement, whose rows are bounded by what is in force (M37).
    """
    rows = answer(_held(on, None if occupations is None else frozenset(occupations)))
    places = {(code, area, filing) for code, filing, *areas in rows for area in areas if area}
    return Counter((code, area) for code, area, _ in places)


# The two statements under the lock of every approval, written once for a day.
@lru_cache(maxsize=64)
def _filed(on: datetime.date) -> Statement:
    return written(Filing.objects.filter(in_force(on)).values_list("pk").order_by())


@lru_cache(maxsize=256)
def _held(on: datetime.date, occupations: frozenset[str] | None) -> Statement:
    rows = FilingScope.objects.filter(in_force(on, "filing__"), standing(on)).order_by()
    if occupations is not None:
        rows = rows.filter(occupation__in=occupations)
    held_at = FilteredRelation("sites", condition=standing(on, "sites__"))
    return written(
        rows.alias(held_at=held_at).values_list(
            "occupation_id", "filing_id", "filing__area__quota_area", "held_at__area__quota_area"
        )
    )


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
