"""Places (M37): caps per occupation and area, and the year's number of agencies. Checked under one lock at approval."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, Q

from core.reference import settings
from core.reference.models import Occupation
from core.reference.quota_areas import caps, quota_areas
from core.refusals import Reason
from filings import changes, contenders, grants, holders, m7
from filings.enums import ApplicationKind
from filings.grants import Grant
from filings.models import (
    Application,
    ChangeItem,
    QuotaYear,
    ScopeItem,
    SerialBlock,
    Site,
)

CITY = contenders.CITY


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

    @property
    def over(self) -> int:
        """How many hold a place above the cap: overridden, restored, or filed before it was lowered."""
        return max(self.taken - self.cap, 0)


def lock_year(on: datetime.date) -> QuotaYear | None:
    """Lock the quota-year rows and return the one in force: every approval takes them, and whatever else gives or sets
    places, so the last place is never given twice. All of them, in one order: at the turn of a year two acts may bear
    days of different years.

    Before a first number was set, the serial blocks stand for them: no approval goes without one.
    """
    years = list(QuotaYear.objects.select_for_update().order_by("-year"))
    if not years:
        list(SerialBlock.objects.select_for_update().order_by("first"))
    return next((year for year in years if year.year <= on.year), None)


def city(on: datetime.date) -> Places:
    """Return the city-wide places: the number set for the year (or the default) against the filings in force."""
    year = QuotaYear.objects.filter(year__lte=on.year).order_by("-year").first()
    cap = year.places if year else settings.value("cap_city", on)
    return Places(CITY, "全市社评机构", cap, holders.filed(on))


def city_if(cap: int, on: datetime.date) -> Places:
    """Return the city-wide places as they would stand with this number."""
    return replace(city(on), cap=cap)


def places(occupation: str, quota_area: str, on: datetime.date) -> Places:
    """Return the places of an occupation in a quota area. Filings in force count once, by seat or any of its sites."""
    return _each({(occupation, quota_area)}, on)[0]


def areas_of(application: Application, sites: Iterable[Site]) -> set[str]:
    """Return the quota areas in which an occupation at these sites would take a place: the seat's and theirs."""
    return {area.quota_area for area in (application.area, *(site.area for site in sites)) if area}


def wanted(application: Application, granted: Iterable[Grant], on: datetime.date) -> list[Places]:
    """Return the places that granting these would take: the city's, and one for each occupation and area. A renewal
    takes no new place (M37)."""
    if application.kind == ApplicationKind.RENEWAL:
        return []
    granted = list(granted)
    pairs = {(grant.occupation, area) for grant in granted for area in areas_of(application, grant.sites)}
    return [city(on), *_each(pairs, on, {grant.occupation: grant.item.occupation.name for grant in granted})]


def wanted_by_change(application: Application, granted: Iterable[str], on: datetime.date) -> list[Places]:
    """Return the places that a change would newly take: an occupation added, a site or the seat in another area (M37).
    What the filing holds already is not asked again."""
    assert application.filing is not None
    now, granted = changes.of_filing(application.filing, on), set(granted)
    asked = [item for item in application.change_items.all() if item.key in granted]
    return _each(changes.takes(changes.applied(now, asked)) - changes.takes(now), on)


def _each(pairs: Collection[holders.Pair], on: datetime.date, names: Mapping[str, str] | None = None) -> list[Places]:
    """Return the places of these, counted in the same few statements however many they are. names: the occupations',
    where they are known."""
    if not pairs:
        return []
    codes = {code for code, _ in pairs}
    if names is None:
        names = dict(Occupation.objects.filter(pk__in=codes).values_list("code", "name"))
    taken, cap = holders.taken(on, codes), caps((area for _, area in pairs), on)
    return [
        Places(contenders.key(area, code), f"{area}“{names.get(code, code)}”", cap[area], taken[code, area])
        for code, area in sorted(pairs)
    ]


def of_key(key: str, on: datetime.date) -> Places:
    """Return the places that a key names as they stand on a day: "city", or "市区:6-18-02-04"."""
    area, _, code = key.partition(":")
    return places(code, area, on) if code else city(on)


def find(key: str, on: datetime.date) -> Places | None:
    """Return the places that a key from outside names, as they stand on a day; None for a key that names none."""
    area, _, code = key.partition(":")
    known = area in quota_areas() and Occupation.objects.filter(pk=code).exists() if code else key == CITY
    return of_key(key, on) if known else None


def as_applied_for(application: Application, on: datetime.date) -> list[Places]:
    """Return the places that granting everything would take."""
    if application.kind == ApplicationKind.CHANGE:
        return wanted_by_change(application, application.change_items.values_list("key", flat=True), on)
    return wanted(application, grants.as_applied_for(application), on)


def to_request(application: Application, on: datetime.date) -> list[Places]:
    """Return the full caps that stand against the application and that the bureau has not been asked about (M37)."""
    asked = set(application.overrides.values_list("cap", flat=True))
    return [one for one in as_applied_for(application, on) if not one.free and one.key not in asked]


# What can be done about a full cap: where nobody asked the bureau, it has not answered, it said no.
_UNASKED = "可不同意占用这一名额的部分，或请求市人社局决定超名额。"
_WAYS = {None: "已请求超名额，等待市人社局决定。", False: "市人社局不同意超名额。"}


def full(application: Application, wanted: Iterable[Places]) -> list[Reason]:
    """Return every cap that taking these places would pass and that no override covers."""
    answers = {one.cap: one.granted for one in application.overrides.all()}
    return [
        Reason(
            "cap_reached",
            f"{p.label}名额已满（{p.taken}/{p.cap}）。{_WAYS[answers[p.key]] if p.key in answers else _UNASKED}",
            field=f"cap:{p.key}",
            citation="M37",
        )
        for p in wanted
        if not p.free and not answers.get(p.key)
    ]


# -- urgent occupations come first ---------------------------------------------------------------------------------


def urgent(on: datetime.date) -> Q:
    """The applications that ask for an urgent occupation (M37: they come first); of the changes, those that add one."""
    codes = m7.urgent_codes(on)
    asked = ScopeItem.objects.filter(application=OuterRef("pk"), occupation_id__in=codes)
    added = ChangeItem.objects.filter(
        application=OuterRef("pk"), key__in=[f"{changes.OCCUPATION}{code}" for code in codes], before__isnull=True
    )
    change = Q(kind=ApplicationKind.CHANGE)
    return (~change & Exists(asked)) | (change & Exists(added))


def is_urgent(application: Application, on: datetime.date) -> bool:
    """Whether one application asks for an urgent occupation."""
    return Application.objects.filter(urgent(on), pk=application.pk).exists()


def rank(application: Application, on: datetime.date) -> int:
    """Return what an application is ordered by before everything else among competitors: 0 where it is urgent, else 1.
    For one occupation's places all rank alike; for the city's an urgent occupation comes first."""
    return 0 if is_urgent(application, on) else 1
