"""Assignments from elsewhere in the city (调配, M37) as they stand on a day: asked of the dates, nothing waits for a
job."""

import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.reference.models import Area
from filings import holders
from filings.models import Assignment, Filing, FilingScope, in_force, standing


def standing_on(on: datetime.date) -> QuerySet[Assignment]:
    """Return the assignments that stand on a day: made, not ended, the filing in force and its occupation standing."""
    held = FilingScope.objects.filter(standing(on), filing=OuterRef("filing"), occupation=OuterRef("occupation"))
    dates = Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gt=on))
    rows = Assignment.objects.filter(dates, in_force(on, "filing__"), Exists(held))
    return rows.select_related("filing__agency", "filing__area", "occupation")


def stands(assignment: Assignment, on: datetime.date) -> bool:
    """Whether one stands on a day, as the query has it."""
    return standing_on(on).filter(pk=assignment.pk).exists()


def levels_on(assignment: Assignment, on: datetime.date) -> list[int]:
    """Return the levels assigned that the filing still holds on a day."""
    row = assignment.filing.scope.filter(standing(on), occupation_id=assignment.occupation_id).first()
    return [level for level in assignment.levels if row is not None and level in row.levels]


def lost_on(filing: Filing, occupation: str) -> datetime.date | None:
    """Return the first day on which a filing's scope no longer holds an occupation; None where it goes on holding it.

    A renewal granted ahead may have left the occupation out from its first day on.
    """
    ends = list(filing.scope.filter(occupation_id=occupation).values_list("until", flat=True))
    if None in ends or not ends:
        return None
    return max(end for end in ends if end is not None)


def candidates(occupation: str, quota_area: str, on: datetime.date) -> QuerySet[Filing]:
    """Return the filings in force elsewhere in the city that hold the occupation, and could be assigned."""
    held = FilingScope.objects.filter(standing(on), filing=OuterRef("pk"), occupation_id=occupation)
    there = holders.holders(occupation, quota_area, on)
    rows = Filing.objects.filter(in_force(on), Exists(held)).exclude(pk__in=there.values("pk"))
    return rows.select_related("area", "agency").order_by("area_id", "name")


def is_quota_area(name: str) -> bool:
    """Whether places are counted in an area of this name."""
    return Area.objects.filter(quota_area=name).exists()
