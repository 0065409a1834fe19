"""Which places the applications in assessment want (M37): those that stand beside each other on the day of decision."""

import datetime
from collections.abc import Collection

from core.reference.models import Area
from filings import changes
from filings.enums import ApplicationKind, ApplicationState
from filings.models import Application

CITY = "city"


def key(quota_area: str, occupation: str) -> str:
    """Return how a place of an occupation in a quota area is called: "市区:6-18-02-04"."""
    return f"{quota_area}:{occupation}"


def wanted(on: datetime.date) -> dict[int, set[str]]:
    """Return {application in assessment: the keys of the places that granting it whole would newly take}.

    A handful of queries, however many there are. A renewal takes no new place; a change those it adds to its filing.
    """
    found: dict[int, set[str]] = {}
    changing = set()
    rows = Application.objects.filter(state=ApplicationState.ASSESSING).exclude(kind=ApplicationKind.RENEWAL)
    for pk, kind, code, *areas in rows.order_by().values_list(
        "pk", "kind", "scope__occupation", "area__quota_area", "scope__sites__area__quota_area"
    ):
        if kind == ApplicationKind.CHANGE:
            changing.add(pk)
        else:
            found.setdefault(pk, {CITY}).update(key(area, code) for area in areas if area and code)
    return found | _wanted_by_changes(changing, on)


def _wanted_by_changes(changing: Collection[int], on: datetime.date) -> dict[int, set[str]]:
    if not changing:
        return {}
    rows = Application.objects.filter(pk__in=changing, filing__isnull=False).select_related("filing")
    asked = list(rows.prefetch_related("change_items"))
    area_of = dict(Area.objects.values_list("code", "quota_area"))
    held = changes.of_filings((change.filing for change in asked if change.filing), on)
    found = {}
    for change in asked:
        assert change.filing is not None
        now = held[change.filing.pk]
        new = changes.takes(changes.applied(now, change.change_items.all()), area_of) - changes.takes(now, area_of)
        found[change.pk] = {key(area, code) for code, area in new}
    return found
