"""Which places the applications in assessment want (M37): those that stand beside each other on the day of decision."""

import datetime

from core.reference.models import Area
from filings import changes
from filings.enums import ApplicationKind, ApplicationState
from filings.models import Application

CITY = "city"


def key(quota_area: str, occupation: str) -> str:
    """Return how a place of an occupation in a quota area is called: "市区:6-18-02-04"."""
    return f"{quota_area}:{occupation}"


def wanted(on: datetime.date) -> dict[int, set[str]]:
    """Return {application in assessment: the keys of the places that granting it whole would newly take}."""
    return {application.pk: keys for application, keys in standing(on)}


def standing(on: datetime.date) -> list[tuple[Application, set[str]]]:
    """Return the applications in assessment, each with the keys of the places that granting it whole would newly take.

    A handful of queries, however many there are. A renewal takes no new place; a change those it adds to its filing.
    """
    area_of = dict(Area.objects.values_list("code", "quota_area"))
    rows = Application.objects.filter(state=ApplicationState.ASSESSING).select_related("agency", "area")
    found = []
    for application in rows.filter(kind=ApplicationKind.INITIAL).prefetch_related("scope__sites"):
        keys = {
            key(area_of[area], item.occupation_id)
            for item in application.scope.all()
            for area in {application.area_id, *(site.area_id for site in item.sites.all())}
            if area
        }
        found.append((application, keys | {CITY}))
    asked = list(
        rows.filter(kind=ApplicationKind.CHANGE, filing__isnull=False)
        .select_related("filing", "agency", "area")
        .prefetch_related("change_items")
    )
    held = changes.of_filings((change.filing for change in asked if change.filing), on) if asked else {}
    for change in asked:
        assert change.filing is not None
        now = held[change.filing.pk]
        new = changes.takes(changes.applied(now, change.change_items.all()), area_of) - changes.takes(now, area_of)
        found.append((change, {key(area, code) for code, area in new}))
    return found
