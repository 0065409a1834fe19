"""The board of places (M37): every occupation × quota area, who holds them, who waits, who is assigned."""

import datetime
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Q

from core.reference.models import Occupation
from core.reference.quota_areas import COUNTY, URBAN, caps, quota_areas
from filings import assignments, holders, m7, quota
from filings.enums import ApplicationKind, ApplicationState
from filings.holders import Pair
from filings.models import Application, Assignment
from filings.quota import Places


@dataclass(frozen=True)
class Cell:
    """One occupation in one quota area: places, who holds them, who is in assessment for them, who is assigned.

    tone: q0 none there, q1 some, q2 one left below the cap, q3 full, qx more waiting than free.
    """

    places: Places
    waiting: int
    assigned: Assignment | None = None

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
        """What the figures mean: over the cap or full, how many wait (and selection on merit where they are more than
        the places), assigned from elsewhere."""
        full = f"超 {self.places.over}" if self.places.over else "" if self.places.free else "满"
        choice = " 择优" if self.waiting > self.places.free else ""
        assigned = "调配" if self.assigned else ""
        return "，".join(filter(None, (full, f"候 {self.waiting}{choice}" if self.waiting else "", assigned)))


@dataclass(frozen=True)
class Row:
    """One occupation of the board, with a cell for each quota area shown."""

    occupation: Occupation
    urgent: bool
    cells: list[Cell] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        """How many wait in these areas."""
        return sum(cell.waiting for cell in self.cells)

    @property
    def taken(self) -> int:
        """How many places are held in these areas."""
        return sum(cell.places.taken for cell in self.cells)


# What the rows can be narrowed to: those with such a cell, or such an occupation.
SHOWN: Final[Mapping[str, tuple[str, Callable[[Row], bool]]]] = {
    "waiting": ("有候选", lambda row: row.waiting > 0),
    "contested": ("候选多于空额", lambda row: any(cell.waiting > cell.places.free for cell in row.cells)),
    "full": ("已满或超出", lambda row: any(not cell.places.free for cell in row.cells)),
    "vacant": ("有区域没有机构", lambda row: any(not cell.places.taken for cell in row.cells)),
    "assigned": ("有调配", lambda row: any(cell.assigned for cell in row.cells)),
    "urgent": ("急需紧缺", lambda row: row.urgent),
}
EVERY = "all"
SORTS: Final[Mapping[str, tuple[str, Callable[[Row], Any]]]] = {
    "": ("按代码", lambda row: row.occupation.pk),
    "urgent": ("急需在前", lambda row: (not row.urgent, row.occupation.pk)),
    "waiting": ("候选多的在前", lambda row: (-row.waiting, row.occupation.pk)),
    "taken": ("机构多的在前", lambda row: (-row.taken, row.occupation.pk)),
}


def board(on: datetime.date, *, text: str = "", area: str = "", show: str = "", sort: str = "") -> dict[str, Any]:
    """Return the board: every occupation that is filed, applied for, assigned or urgent × quota area, in a handful of
    statements whatever the city has filed.

    text: part of an occupation's name or code; area: one quota area alone; show: a key of SHOWN, or every occupation
    that can be applied for; sort: a key of SORTS.
    """
    every = quota_areas()
    areas = [name for name in every if name == area] or every
    taken, waiting, urgent = holders.taken(on), holders.waiting(on), m7.urgent_codes(on)
    assigned = {(one.occupation_id, one.quota_area): one for one in assignments.standing_on(on)}
    occupations = Occupation.objects.filter(active=True)
    if show != EVERY:
        occupations = Occupation.objects.filter(code__in={code for code, _ in (*taken, *waiting, *assigned)} | urgent)
    if text:
        occupations = occupations.filter(Q(name__icontains=text) | Q(code__startswith=text))
    limits = caps([*areas, URBAN, COUNTY], on)
    rows = [
        Row(one, one.pk in urgent, [_cell(one, name, limits[name], taken, waiting, assigned) for name in areas])
        for one in occupations
    ]
    if show in SHOWN:
        rows = [row for row in rows if SHOWN[show][1](row)]
    return {
        "areas": areas,
        "every_area": every,
        "rows": sorted(rows, key=SORTS.get(sort, SORTS[""])[1]),
        "city": quota.city(on),
        "city_waiting": for_the_city().count(),
        "cap_urban": limits[URBAN],
        "cap_county": limits[COUNTY],
        "text": text,
    }


def _cell(
    occupation: Occupation,
    area: str,
    cap: int,
    taken: Mapping[Pair, int],
    waiting: Counter[Pair],
    assigned: Mapping[Pair, Assignment],
) -> Cell:
    pair = (occupation.pk, area)
    places = Places(f"{area}:{occupation.pk}", f"{area} {occupation.name}", cap, taken.get(pair, 0))
    return Cell(places, waiting[pair], assigned.get(pair))


def for_the_city() -> Any:
    """The applications in assessment for one of the year's places: initial ones."""
    return Application.objects.filter(state=ApplicationState.ASSESSING, kind=ApplicationKind.INITIAL)


def place(key: str, on: datetime.date) -> dict[str, Any] | None:
    """Return what stands behind the figures of a place ("city", or "市区:6-18-02-04"): who holds it, who waits for it
    (for one of the year's places urgent occupations first, M37; else the first accepted), who is assigned; None for a
    key that names none."""
    places = quota.find(key, on)
    if places is None:
        return None
    area, _, code = key.partition(":")
    standing = assignments.standing_on(on).filter(occupation=code, quota_area=area)
    return {
        "places": places,
        "area": area if code else "",
        "occupation": Occupation.objects.get(pk=code) if code else None,
        "urgent": code in m7.urgent_codes(on),
        "holders": holders.of_place(key, on),
        "waiting": holders.waiting_for(code, area, on) if code else _waiting_for_the_city(on),
        "assigned": standing.first() if code else None,
    }


def _waiting_for_the_city(on: datetime.date) -> list[Application]:
    rows = for_the_city().select_related("agency", "area").order_by("accepted_on", "id")
    urgent = set(for_the_city().filter(quota.urgent(on)).values_list("pk", flat=True))
    return sorted(rows, key=lambda row: row.pk not in urgent)
