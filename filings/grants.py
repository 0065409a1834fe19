"""What an approval grants and what it leaves out (M11): a filing covers occupations, each with levels and sites.

A payload names the occupations granted, and each part left out of what was applied for: {occupation, level, site,
reason, basis}. One that names neither level nor site is the whole occupation; everything else stays as applied for.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects

from core.refusals import Reason
from filings.enums import LEVELS
from filings.models import Application, LeftOut, ScopeItem, Site
from regulation.bases import LEFT_OUT_BASES

Parts = Iterable[Mapping[str, Any]]


@dataclass(frozen=True)
class Grant:
    """An occupation with the levels and sites that it is granted for."""

    item: ScopeItem
    levels: list[int]
    sites: list[Site]

    @property
    def occupation(self) -> str:
        """Its code."""
        return self.item.occupation_id


def _items(application: Application) -> dict[str, ScopeItem]:
    """What was applied for, read once for this instance of the application."""
    prefetch_related_objects([application], "scope__occupation", "scope__sites__area")
    return {item.occupation_id: item for item in application.scope.all()}


def as_applied_for(application: Application) -> list[Grant]:
    """Return everything applied for."""
    return [Grant(item, list(item.levels), list(item.sites.all())) for item in _items(application).values()]


def of(application: Application, granted: Collection[str], left_out: Parts) -> list[Grant]:
    """Return what is granted of what was applied for."""
    levels: dict[str, set[Any]] = {}
    sites: dict[str, set[Any]] = {}
    for part in left_out:
        levels.setdefault(part["occupation"], set()).add(part.get("level"))
        sites.setdefault(part["occupation"], set()).add(part.get("site"))
    return [
        Grant(
            one.item,
            [level for level in one.levels if level not in levels.get(one.occupation, ())],
            [site for site in one.sites if site.pk not in sites.get(one.occupation, ())],
        )
        for one in as_applied_for(application)
        if one.occupation in granted
    ]


def rows(application: Application, left_out: Parts) -> list[LeftOut]:
    """Return the parts left out as rows not saved yet, in the order of the application: occupation, levels, sites.

    A part that was not applied for is none; `against` says so.
    """
    items = _items(application)
    found = []
    for part in left_out:
        item = items.get(part["occupation"])
        site = next((s for s in item.sites.all() if s.pk == part.get("site")), None) if item else None
        if item is not None and (site is None) == (part.get("site") is None):
            found.append(
                LeftOut(item=item, level=part.get("level"), site=site, reason=part["reason"], basis=part["basis"])
            )
    return sorted(found, key=lambda row: (row.item.occupation_id, row.site_id or 0, -(row.level or 9)))


def key(part: Mapping[str, Any]) -> str:
    """Return how a form's fields name a part: "6-18-02-04", "6-18-02-04-level-3", "6-18-02-04-site-7"."""
    named = [f"{kind}-{part[kind]}" for kind in ("level", "site") if part.get(kind) is not None]
    return "-".join([str(part["occupation"]), *named])


def against(application: Application, granted: Collection[str], left_out: Parts) -> list[Reason]:
    """Return what is wrong with the shape of an approval: every part named once, with reason and basis; of an
    occupation granted at least a level and a site remain."""
    left_out = list(left_out)
    items = _items(application)
    reasons = []
    if not granted:
        reasons.append(Reason("nothing_granted", "一项职业也不同意的，应当作出不予备案的决定。", "granted", "M11"))
    for code in sorted({*granted, *(part["occupation"] for part in left_out)} - set(items)):
        reasons.append(Reason("not_applied_for", f"{code} 不在申请范围内。", "granted", "M11"))
    whole = {part["occupation"] for part in left_out if part.get("level") is None and part.get("site") is None}
    for code, item in items.items():
        if code not in granted and code not in whole:
            reasons.append(
                Reason("left_out_reason", f"不同意“{item.occupation.name}”的，请写明理由。", f"left-out-{code}", "M11")
            )
    seen: set[str] = set()
    for part in left_out:
        if part["occupation"] in items:
            reasons.extend(_against_part(part, items[part["occupation"]], granted, twice=key(part) in seen))
            seen.add(key(part))
    for one in of(application, granted, left_out):
        for what, before, now in (
            ("等级", one.item.levels, one.levels),
            ("考评场地", one.item.sites.all(), one.sites),
        ):
            if before and not now:
                text = f"“{one.item.occupation.name}”至少要留一个{what}；都不同意的，请选择不同意这一职业。"
                reasons.append(Reason("nothing_left", text, f"grant-{one.occupation}", "M11"))
    return reasons


def _against_part(part: Mapping[str, Any], item: ScopeItem, granted: Collection[str], *, twice: bool) -> list[Reason]:
    where, level, site = key(part), part.get("level"), part.get("site")
    name = item.occupation.name
    place = next((f"场地“{one.name}”" for one in item.sites.all() if one.pk == site), "")
    words = f"“{name}”{dict(LEVELS).get(level, '') if level is not None else place}"
    found = []
    if level is not None and site is not None:
        found.append(("part_unclear", f"“{name}”：等级和场地请分别列出，各写理由。", f"left-out-{where}"))
    elif level is not None and level not in item.levels:
        found.append(("not_applied_for", f"“{name}”没有申请{dict(LEVELS).get(level, level)}。", f"left-out-{where}"))
    elif site is not None and site not in {one.pk for one in item.sites.all()}:
        found.append(("not_applied_for", f"“{name}”没有申请这处场地（{site}）。", f"left-out-{where}"))
    if (level is None and site is None) == (part["occupation"] in granted):
        text = f"“{name}”：整个不同意的，不列入同意的职业，也不再逐项列出等级和场地。"
        found.append(("part_contradicts", text, f"left-out-{where}"))
    if twice:
        found.append(("part_twice", f"“{name}”：同一部分列了两次。", f"left-out-{where}"))
    if not str(part.get("reason") or "").strip():
        found.append(("left_out_reason", f"不同意{words}的，请写明理由。", f"left-out-{where}"))
    if part.get("basis") not in LEFT_OUT_BASES:
        text = f"不同意{words}的，请写明依据：备案条件的某一项、名额，或择优遴选。"
        found.append(("basis_missing", text, f"basis-{where}"))
    return [Reason(code, text, field, "M11") for code, text, field in found]
