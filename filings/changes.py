"""What a change asks for (M13): the differences between the application and the filing in force, item by item.

An item is a key and what it says, as JSON:
    "name", "legal_representative", "person_in_charge"   a text
    "seat"                 {"area": code, "address": text}
    "site:12"              a site of the filing: {"name", "area", "address"}; "site:+34": one that the application adds
    "occupation:CODE"      {"levels": [5, 4], "sites": ["site:12", "site:+34"]}
An item that is not there says None.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from django.db.models import F, Prefetch

from core.reference.models import Area, Occupation
from filings.enums import ApplicationState
from filings.models import Application, ChangeItem, Filing, FilingScope, FilingSite, Site, standing
from regulation.codes import level_range_text

Items = dict[str, Any]

TEXTS: Final[Mapping[str, str]] = MappingProxyType(
    {"name": "机构名称", "legal_representative": "法定代表人", "person_in_charge": "评价工作负责人"}
)
SEAT, SITE, NEW_SITE, OCCUPATION = "seat", "site:", "site:+", "occupation:"
# M13: these are reported within 30 days of the day they changed; everything else is filed before it changes.
REPORTED: Final = frozenset({"name", "legal_representative", SEAT})


def of_filing(filing: Filing, on: datetime.date) -> Items:
    """Return what a filing says on a day."""
    return of_filings([filing], on)[filing.pk]


def of_filings(filings: Iterable[Filing], on: datetime.date) -> dict[int, Items]:
    """Return what each of these filings says on a day, in three queries however many they are."""
    found: dict[int, Items] = {}
    for filing in filings:
        items = found[filing.pk] = {key: getattr(filing, key) for key in TEXTS if getattr(filing, key)}
        items[SEAT] = {"area": filing.area_id, "address": filing.address}
    for site in FilingSite.objects.filter(standing(on), filing__in=found):
        found[site.filing_id][f"{SITE}{site.pk}"] = _site(site)
    held = Prefetch("sites", FilingSite.objects.filter(standing(on)))
    for row in FilingScope.objects.filter(standing(on), filing__in=found).prefetch_related(held):
        held_at = sorted(f"{SITE}{site.pk}" for site in row.sites.all())
        said = {"levels": sorted(row.levels, reverse=True), "sites": held_at}
        found[row.filing_id][f"{OCCUPATION}{row.occupation_id}"] = said
    return found


def of_application(application: Application) -> Items:
    """Return what an application says, in the same keys."""
    items: Items = {key: getattr(application, key) for key in TEXTS if getattr(application, key)}
    items[SEAT] = {"area": application.area_id, "address": application.address}
    keys = {site.pk: _key(site) for site in application.sites.all()}
    for site in application.sites.all():
        items[keys[site.pk]] = _site(site)
    for row in application.scope.prefetch_related("sites"):
        held_at = sorted(keys[site.pk] for site in row.sites.all())
        items[f"{OCCUPATION}{row.occupation_id}"] = {"levels": sorted(row.levels, reverse=True), "sites": held_at}
    return items


def _key(site: Site) -> str:
    return f"{SITE}{site.filing_site_id}" if site.filing_site_id else f"{NEW_SITE}{site.pk}"


def site_number(key: str) -> int:
    """Return the number of the filing's site that a key names."""
    return int(key.removeprefix(SITE))


def _site(site: Site | FilingSite) -> dict[str, Any]:
    return {"name": site.name, "area": site.area_id, "address": site.address}


@dataclass(frozen=True)
class Difference:
    """One thing that the application says otherwise than the filing. before, after: None where it is not there."""

    key: str
    before: Any
    after: Any

    @property
    def reported(self) -> bool:
        """Whether it is reported after it changed (M13), not filed beforehand."""
        return self.key in REPORTED

    @property
    def narrows(self) -> bool:
        """Whether it only leaves something out: an occupation, a level, a site."""
        if self.key.startswith(OCCUPATION) and self.before and self.after:
            return all(set(self.after[part]) <= set(self.before[part]) for part in ("levels", "sites"))
        return self.after is None and (self.key.startswith(OCCUPATION) or self.key.startswith(SITE))


def differences(application: Application, on: datetime.date) -> list[Difference]:
    """Return what a change asks for: all that it says otherwise than its filing on that day, in a fixed order."""
    assert application.filing is not None
    before, after = of_filing(application.filing, on), of_application(application)
    return [
        Difference(key, before.get(key), after.get(key))
        for key in sorted({*before, *after}, key=_order)
        if before.get(key) != after.get(key)
    ]


def _order(key: str) -> tuple[int, str]:
    """Texts and seat, sites, occupations: an occupation names sites that have to be there first."""
    return (2 if key.startswith(OCCUPATION) else 1 if key.startswith(SITE) else 0, key)


def take_down(application: Application, on: datetime.date) -> list[ChangeItem]:
    """Write down what a change asks for, or what a renewal leaves out, as handed in on that day; what was written down
    before is replaced."""
    application.change_items.all().delete()
    return ChangeItem.objects.bulk_create(
        ChangeItem(application=application, key=one.key, before=one.before, after=one.after)
        for one in differences(application, on)
    )


def moved(application: Application, on: datetime.date) -> list[ChangeItem]:
    """Return the items of which the filing now says something else than when they were asked for, and which the agency
    has not confirmed since: they are left out at the decision (M13)."""
    assert application.filing is not None
    now = of_filing(application.filing, on)
    return [item for item in application.change_items.all() if not settled(item, now)]


def added_occupations(application: Application, on: datetime.date) -> set[str]:
    """Return the codes of the occupations that a change asks to add: of a draft as it stands, else as handed in."""
    asked: Iterable[Difference | ChangeItem] = application.change_items.all()
    if application.state == ApplicationState.DRAFT:
        asked = differences(application, on)
    return {one.key.removeprefix(OCCUPATION) for one in asked if one.key.startswith(OCCUPATION) and one.before is None}


def settled(item: ChangeItem, now: Items) -> bool:
    """Whether an item can be applied to what the filing says now: it says what it said, or what is asked for, or what
    the agency has confirmed."""
    current = now.get(item.key)
    return current in (item.before, item.after) or (item.confirmed and current == item.seen)


def outcome(application: Application, granted: Iterable[str], on: datetime.date) -> Items:
    """Return what the filing will say once these items are granted; nothing is written."""
    assert application.filing is not None
    wanted = set(granted)
    asked = [item for item in application.change_items.all() if item.key in wanted]
    return applied(of_filing(application.filing, on), asked)


def applied(items: Items, asked: Iterable[ChangeItem]) -> Items:
    """Return what a filing that says `items` says once these are granted."""
    items = dict(items)
    for item in asked:
        items.pop(item.key, None)
        if item.after is not None:
            items[item.key] = item.after
    return items


def takes(items: Items, area_of: Mapping[str, str] | None = None) -> set[tuple[str, str]]:
    """Return the places that such a filing takes (M37): (occupation, quota area) of the seat and of each site.

    area_of: the quota area of each area, where it has been read already."""
    area_of = area_of or dict(Area.objects.values_list("code", "quota_area"))
    seat = items[SEAT]["area"]
    found = set()
    for key, value in items.items():
        if key.startswith(OCCUPATION):
            areas = {seat, *(items[site]["area"] for site in value["sites"] if site in items)}
            found |= {(key.removeprefix(OCCUPATION), area_of[area]) for area in areas if area}
    return found


def apply(filing: Filing, items: Iterable[ChangeItem], on: datetime.date) -> None:
    """Apply granted items to the filing from that day on: what ends keeps its row with its last day, what differs gets
    a row of its own. Saves the filing."""
    made: dict[str, FilingSite] = {}
    for item in sorted(items, key=lambda one: _order(one.key)):
        if item.key in TEXTS:
            setattr(filing, item.key, item.after or "")
        elif item.key == SEAT:
            filing.area_id, filing.address = item.after["area"], item.after["address"]
        elif item.key.startswith(SITE):
            _apply_site(filing, item, made, on)
        else:
            _apply_occupation(filing, item, made, on)
    filing.save()


def _apply_site(filing: Filing, item: ChangeItem, made: dict[str, FilingSite], on: datetime.date) -> None:
    old = None if item.key.startswith(NEW_SITE) else filing.sites.get(pk=site_number(item.key))
    # A renewal granted ahead may have left the site out from the new term on.
    ends = old.until if old is not None else None
    if old is not None:
        old.until = on
        old.save(update_fields=["until"])
    if item.after is None:
        return
    new = FilingSite.objects.create(
        filing=filing,
        name=item.after["name"],
        area_id=item.after["area"],
        address=item.after["address"],
        since=on,
        until=ends,
    )
    made[item.key] = item.made = new
    item.save(update_fields=["made"])
    # Occupations that stay as they are move along with a site that changed, those of a term to come too.
    for row in old.scope.exclude(until__lte=on) if old is not None else ():
        new.scope.add(row)


def _apply_occupation(filing: Filing, item: ChangeItem, made: dict[str, FilingSite], on: datetime.date) -> None:
    code = item.key.removeprefix(OCCUPATION)
    old = filing.scope.filter(standing(on), occupation_id=code).first()
    to_come = filing.scope.filter(since__gt=on, occupation_id=code)
    # A renewal granted ahead may have left the occupation out from the new term on; what it narrowed is asked anew.
    ends = old.until if old is not None and not to_come.exists() else None
    filing.scope.filter(standing(on), occupation_id=code).update(until=on)
    to_come.update(until=F("since"))
    if item.after is None:
        return
    row = FilingScope.objects.create(
        filing=filing, occupation_id=code, levels=item.after["levels"], since=on, until=ends
    )
    for key in item.after["sites"]:
        if site := made.get(key) or _standing_site(filing, key, on):
            site.scope.add(row)


def _standing_site(filing: Filing, key: str, on: datetime.date) -> FilingSite | None:
    if key.startswith(NEW_SITE):
        return None
    return filing.sites.filter(standing(on), pk=site_number(key)).first()


def label(key: str) -> str:
    """Return what an item is called: "机构名称", "考评场地", "职业（工种）“焊工”"."""
    if key in TEXTS:
        return TEXTS[key]
    if key == SEAT:
        return "地址"
    if key.startswith(SITE):
        return "考评场地"
    name = Occupation.objects.filter(pk=key.removeprefix(OCCUPATION)).values_list("name", flat=True).first()
    return f"职业（工种）“{name or key.removeprefix(OCCUPATION)}”"


def words(key: str, value: Any, names: Mapping[str, Any] = MappingProxyType({})) -> str:
    """Return what an item says, for people; "无" where it is not there. names: {site key: what that site says}."""
    if value is None:
        return "无"
    if key in TEXTS:
        return str(value)
    if key.startswith(OCCUPATION):
        at = "、".join(str(names.get(site, {}).get("name", "")) for site in value["sites"]).strip("、")
        return level_range_text(value["levels"]) + (f"（{at}）" if at else "")
    area = Area.objects.filter(pk=value["area"]).values_list("name", flat=True).first() or ""
    return "，".join(text for text in (value.get("name", ""), f"{area}{value['address']}") if text)
