"""Places (M37): caps per occupation and area, and the year's number of agencies. Checked under one lock at approval."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from core.reference import settings
from core.reference.models import Area
from core.refusals import Reason
from filings.enums import FilingState
from filings.models import Application, Filing, FilingScope, QuotaYear

URBAN = "市区"
CITY = "city"


@dataclass(frozen=True)
class Places:
    """Places of one cap. key: what an override names ("city", or "市区:6-18-02-04")."""

    key: str
    label: str
    cap: int
    taken: int

    @property
    def free(self) -> int:
        return max(self.cap - self.taken, 0)


def lock_year(on: datetime.date) -> QuotaYear | None:
    """Lock the quota-year row in force: every approval takes it, so the last place is never given twice."""
    return QuotaYear.objects.select_for_update().filter(year__lte=on.year).order_by("-year").first()


def city(on: datetime.date) -> Places:
    """Return the city-wide places: the number set for the year (or the default) against active filings."""
    year = QuotaYear.objects.filter(year__lte=on.year).order_by("-year").first()
    cap = year.places if year else settings.value("cap_city", on)
    return Places(CITY, "全市社评机构", cap, Filing.objects.filter(state=FilingState.ACTIVE).count())


def cap_of(quota_area: str, on: datetime.date) -> int:
    """Return the cap for one occupation in a quota area: the urban area, or a county."""
    return settings.value("cap_urban" if quota_area == URBAN else "cap_county", on)


def places(occupation: str, quota_area: str, on: datetime.date) -> Places:
    """Return the places of an occupation in a quota area. Active filings count once, by seat or any of its sites."""
    rows = FilingScope.objects.filter(occupation_id=occupation, until__isnull=True, filing__state=FilingState.ACTIVE)
    seats = set(rows.filter(filing__area__quota_area=quota_area).values_list("filing_id", flat=True))
    by_site = set(
        rows.filter(sites__area__quota_area=quota_area, sites__until__isnull=True).values_list("filing_id", flat=True)
    )
    return Places(
        f"{quota_area}:{occupation}", f"{quota_area} {occupation}", cap_of(quota_area, on), len(seats | by_site)
    )


def areas_of(application: Application, occupation: str) -> set[str]:
    """Return the quota areas in which an occupation of the application would take a place: seat and its sites."""
    codes = {application.area_id} | set(
        application.sites.filter(scope__occupation_id=occupation).values_list("area_id", flat=True)
    )
    return set(Area.objects.filter(code__in=[c for c in codes if c]).values_list("quota_area", flat=True))


def against(application: Application, occupations: Collection[str], on: datetime.date) -> list[Reason]:
    """Return every cap that granting these occupations would pass and that no override covers."""
    overridden = set(application.overrides.values_list("cap", flat=True))
    wanted = [city(on)]
    names = dict(application.scope.values_list("occupation_id", "occupation__name"))
    for code in sorted(occupations):
        wanted.extend(places(code, area, on) for area in sorted(areas_of(application, code)))
    return [
        Reason(
            "cap_reached",
            f"{_name(p, names)}名额已满({p.taken}/{p.cap})。可不同意这一职业,或由市人社局决定超名额并记录理由。",
            field=f"cap:{p.key}",
            citation="M37",
        )
        for p in wanted
        if not p.free and p.key not in overridden
    ]


def _name(places: Places, names: dict[str, str]) -> str:
    area, _, code = places.key.partition(":")
    return f"{area}“{names.get(code, code)}”" if code else places.label
