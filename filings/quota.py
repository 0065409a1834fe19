"""Places (M37): caps per occupation and area, and the year's number of agencies. Checked under one lock at approval."""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from core.reference import settings
from core.reference.models import Area, Occupation
from core.refusals import Reason
from filings import changes, contenders, grants
from filings.enums import ApplicationKind
from filings.grants import Grant
from filings.models import (
    Application,
    Filing,
    FilingScope,
    QuotaYear,
    SerialBlock,
    Site,
    UrgentOccupation,
    in_force,
    standing,
)

URBAN = "市区"
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


def lock_year(on: datetime.date) -> QuotaYear | None:
    """Lock the quota-year row in force: every approval takes it, so the last place is never given twice.

    Before a first number was set, the serial blocks stand for it: no approval goes without one.
    """
    year = QuotaYear.objects.select_for_update().filter(year__lte=on.year).order_by("-year").first()
    if year is None:
        list(SerialBlock.objects.select_for_update().order_by("first"))
    return year


def city(on: datetime.date) -> Places:
    """Return the city-wide places: the number set for the year (or the default) against the filings in force."""
    year = QuotaYear.objects.filter(year__lte=on.year).order_by("-year").first()
    cap = year.places if year else settings.value("cap_city", on)
    return Places(CITY, "全市社评机构", cap, Filing.objects.filter(in_force(on)).count())


def cap_of(quota_area: str, on: datetime.date) -> int:
    """Return the cap for one occupation in a quota area: the urban area, or a county."""
    return settings.value("cap_urban" if quota_area == URBAN else "cap_county", on)


def places(occupation: str, quota_area: str, on: datetime.date) -> Places:
    """Return the places of an occupation in a quota area. Filings in force count once, by seat or any of its sites."""
    rows = FilingScope.objects.filter(in_force(on, "filing__"), standing(on), occupation_id=occupation)
    seats = set(rows.filter(filing__area__quota_area=quota_area).values_list("filing_id", flat=True))
    by_site = set(
        rows.filter(standing(on, "sites__"), sites__area__quota_area=quota_area).values_list("filing_id", flat=True)
    )
    return Places(
        f"{quota_area}:{occupation}", f"{quota_area} {occupation}", cap_of(quota_area, on), len(seats | by_site)
    )


def areas_of(application: Application, sites: Iterable[Site]) -> set[str]:
    """Return the quota areas in which an occupation at these sites would take a place: the seat's and theirs."""
    codes = {application.area_id, *(site.area_id for site in sites)}
    return set(Area.objects.filter(code__in=[c for c in codes if c]).values_list("quota_area", flat=True))


def wanted(application: Application, granted: Iterable[Grant], on: datetime.date) -> list[Places]:
    """Return the places that granting these would take: the city's, and one for each occupation and area. A renewal
    takes no new place (M37)."""
    if application.kind == ApplicationKind.RENEWAL:
        return []
    pairs = {(grant.occupation, area) for grant in granted for area in areas_of(application, grant.sites)}
    return [city(on), *_each(pairs, on)]


def wanted_by_change(application: Application, granted: Iterable[str], on: datetime.date) -> list[Places]:
    """Return the places that a change would newly take: an occupation added, a site or the seat in another area (M37).
    What the filing holds already is not asked again."""
    assert application.filing is not None
    held = changes.takes(changes.of_filing(application.filing, on))
    return _each(changes.takes(changes.outcome(application, granted, on)) - held, on)


def _each(pairs: Iterable[tuple[str, str]], on: datetime.date) -> list[Places]:
    names = dict(Occupation.objects.filter(pk__in={code for code, _ in pairs}).values_list("code", "name"))
    return [replace(places(code, area, on), label=f"{area}“{names[code]}”") for code, area in sorted(pairs)]


def of_key(key: str, on: datetime.date) -> Places:
    """Return the places that a key names as they stand on a day: "city", or "市区:6-18-02-04"."""
    area, _, code = key.partition(":")
    if not code:
        return city(on)
    name = Occupation.objects.filter(pk=code).values_list("name", flat=True).first()
    return replace(places(code, area, on), label=f"{area}“{name or code}”")


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


def against(application: Application, granted: Iterable[Grant], on: datetime.date) -> list[Reason]:
    """Return every cap that granting these would pass and that no override covers."""
    return _full(application, wanted(application, granted, on))


def against_change(application: Application, granted: Iterable[str], on: datetime.date) -> list[Reason]:
    """Return every cap that granting these items of a change would pass and that no override covers."""
    return _full(application, wanted_by_change(application, granted, on))


def _full(application: Application, wanted: Iterable[Places]) -> list[Reason]:
    answers = dict(application.overrides.values_list("cap", "granted"))
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


@dataclass(frozen=True)
class Cell:
    """One occupation in one quota area: places, who holds them, who is in assessment for them.

    tone: q0 none there, q1 some, q2 one left below the cap, q3 full, qx more waiting than free.
    """

    places: Places
    waiting: int

    @property
    def area(self) -> str:
        """The quota area."""
        return self.places.key.partition(":")[0]

    @property
    def tone(self) -> str:
        """The shade of the cell; the figures beside it say the same."""
        taken, cap = self.places.taken, self.places.cap
        if self.waiting > self.places.free:
            return "qx"
        if taken >= cap:
            return "q3"
        return "q0" if not taken else "q2" if cap - taken == 1 and taken > 1 else "q1"

    @property
    def note(self) -> str:
        """What the figures mean: full, how many wait, and selection on merit where they are more than the places."""
        full = "" if self.places.free else "满"
        choice = " 择优" if self.waiting > self.places.free else ""
        return "，".join(filter(None, (full, f"候 {self.waiting}{choice}" if self.waiting else "")))


def quota_areas() -> list[str]:
    """Return the quota areas: the urban area first, then the counties by their code."""
    named = list(dict.fromkeys(Area.objects.order_by("code").values_list("quota_area", flat=True)))
    return sorted(named, key=lambda name: name != URBAN)


def board(on: datetime.date, *, text: str = "") -> dict[str, Any]:
    """Return the board: every occupation that is filed or applied for × quota area, in a handful of queries.

    text: part of an occupation's name or code. Competitors are the applications in assessment (DOMAIN.md, M37).
    """
    areas = quota_areas()
    area_of = dict(Area.objects.values_list("code", "quota_area"))
    taken: dict[tuple[str, str], set[int]] = {}
    filed = FilingScope.objects.filter(in_force(on, "filing__"), standing(on))
    for occupation, filing, seat in filed.values_list("occupation_id", "filing_id", "filing__area_id"):
        taken.setdefault((occupation, area_of[seat]), set()).add(filing)
    at_sites = filed.filter(standing(on, "sites__"))
    for occupation, filing, area in at_sites.values_list("occupation_id", "filing_id", "sites__area_id"):
        taken.setdefault((occupation, area_of[area]), set()).add(filing)
    waiting = Counter(key for keys in contenders.wanted(on).values() for key in keys)
    del waiting[CITY]
    urgent = set(
        UrgentOccupation.objects.filter(since__lte=on).exclude(until__lt=on).values_list("occupation_id", flat=True)
    )
    applied_for = {key.partition(":")[2] for key in waiting}
    shown = Occupation.objects.filter(code__in={code for code, _ in taken} | applied_for | urgent)
    if text:
        shown = shown.filter(Q(name__icontains=text) | Q(code__startswith=text))
    caps = {area: cap_of(area, on) for area in areas}
    rows = [
        {
            "occupation": one,
            "urgent": one.pk in urgent,
            "cells": [
                Cell(
                    Places(f"{area}:{one.pk}", f"{area} {one.name}", caps[area], len(taken.get((one.pk, area), ()))),
                    waiting[contenders.key(area, one.pk)],
                )
                for area in areas
            ],
        }
        for one in shown.order_by("code")
    ]
    return {
        "areas": areas,
        "rows": rows,
        "city": city(on),
        "cap_urban": cap_of(URBAN, on),
        "cap_county": settings.value("cap_county", on),
        "text": text,
    }
