"""Where places are counted (M37): the urban area as one, each county for itself; and the cap for one occupation."""

import datetime
from collections.abc import Iterable

from core.reference import settings
from core.reference.models import Area

URBAN = "市区"
COUNTY = "县（市）"  # any county, where a cap is named for all of them
# The setting of each cap.
CAPS = {URBAN: "cap_urban", COUNTY: "cap_county"}


def quota_areas() -> list[str]:
    """Return the quota areas: the urban area first, then the counties by their code."""
    named = list(dict.fromkeys(Area.objects.order_by("code").values_list("quota_area", flat=True)))
    return sorted(named, key=lambda name: name != URBAN)


def cap_of(quota_area: str, on: datetime.date) -> int:
    """Return the cap for one occupation in a quota area: the urban area, or a county."""
    return caps((quota_area,), on)[quota_area]


def caps(areas: Iterable[str], on: datetime.date) -> dict[str, int]:
    """Return the cap of each quota area, in one query."""
    figures = settings.values(CAPS.values(), on)
    return {name: figures[CAPS[kind_of(name)]] for name in areas}


def kind_of(quota_area: str) -> str:
    """Return whose cap holds there: the urban area's, or that of the counties."""
    return URBAN if quota_area == URBAN else COUNTY
