"""What the home page counts, from publications alone; what is not published yet is left out."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from core.publications import register
from core.reference.models import Area
from registry import entries
from registry.announcements import announced
from registry.entries import Tally
from registry.models import Entry
from regulation.settings import SETTINGS

# Short names for the map, where the official one is too long.
SHORT = {"410571": "高新区"}

# The schematic map: code -> (x, y, width, height) in a view of 420 x 236. Neighbours lie as on the ground; sizes mean
# nothing. An area without a place here is left to the list.
MAP_SIZE = (420, 236)
PLACES: Mapping[str, tuple[int, int, int, int]] = {
    "410581": (4, 4, 92, 118),
    "410505": (98, 4, 92, 58),
    "410503": (192, 4, 92, 58),
    "410522": (286, 4, 92, 58),
    "410506": (98, 64, 92, 58),
    "410502": (192, 64, 92, 58),
    "410571": (286, 64, 60, 58),
    "410527": (348, 64, 68, 106),
    "410523": (192, 124, 92, 58),
    "410526": (286, 172, 130, 60),
}


@dataclass(frozen=True)
class Tile:
    """An area on the map: its rectangle, name, words under it, and how dark it is (0 none to 3 most)."""

    code: str
    name: str
    full_name: str
    words: str
    shade: int
    x: int
    y: int
    width: int
    height: int
    url: str = ""

    @property
    def middle(self) -> int:
        """Where its words are centred."""
        return self.x + self.width // 2

    @property
    def name_y(self) -> int:
        """The base line of the name."""
        return self.y + self.height // 2 - 3

    @property
    def count_y(self) -> int:
        """The base line of the count."""
        return self.name_y + 20


def city_map(counts: Mapping[str, int], urls: Mapping[str, str] | None = None) -> list[Tile]:
    """Return the areas with how many filings have their seat or a site there, in reading order. urls: where each leads
    that leads elsewhere than to its agencies."""
    areas = list(Area.objects.filter(code__in=PLACES))
    most = max((counts.get(area.code, 0) for area in areas), default=0)
    said = {area.code: counts.get(area.code, 0) for area in areas}
    return _tiles(areas, {code: (f"{many} 家", _shade(many, most)) for code, many in said.items()}, urls)


SEAT, SITE, NEITHER = ("注册地", 3), ("考评场地", 2), ("", 0)


def agency_map(seat: str, sites: Iterable[str]) -> list[Tile]:
    """Return the areas with where an agency has its seat and its sites (areas by name), in reading order."""
    areas, lie = list(Area.objects.filter(code__in=PLACES)), set(sites)
    said = {area.code: SEAT if area.name == seat else SITE if area.name in lie else NEITHER for area in areas}
    return _tiles(areas, said)


def _tiles(
    areas: Iterable[Area], said: Mapping[str, tuple[str, int]], urls: Mapping[str, str] | None = None
) -> list[Tile]:
    agencies = reverse("registry:agencies")
    tiles = [
        Tile(
            area.code,
            SHORT.get(area.code, area.name),
            area.name,
            *said[area.code],
            *PLACES[area.code],
            (urls or {}).get(area.code) or f"{agencies}?area={area.code}&status=valid",
        )
        for area in areas
    ]
    return sorted(tiles, key=lambda tile: (tile.y, tile.x))


def _shade(count: int, most: int) -> int:
    """0 for none, then by thirds of the largest count."""
    return 1 + 3 * (count - 1) // most if count else 0


@dataclass(frozen=True)
class Figures:
    """The counts of the home page. places: the number set for the city, in `places_year` where one was published."""

    filed: int
    places: int
    places_year: int | None
    occupations: int
    receipts: int
    receipts_recent: int
    announced: int


def figures(tally: Tally, on: datetime.date) -> Figures:
    """Count what is in force, its occupations and receipts, and this month's announcements."""
    number, year = places(on)
    recent = on - datetime.timedelta(days=365)
    issued = Entry.objects.filter(
        code__in=entries.in_force(on).values("code"), published_on__range=(recent + datetime.timedelta(days=1), on)
    )
    return Figures(
        filed=tally.filed,
        places=number,
        places_year=year,
        occupations=len(tally.occupations),
        receipts=tally.receipts,
        receipts_recent=issued.values("verification").distinct().count(),
        announced=announced(on).filter(published_on__gte=on.replace(day=1)).count(),
    )


def places(on: datetime.date) -> tuple[int, int | None]:
    """The number of agencies set for the city (M37): the year's published one, else the Measure's own."""
    begun = {year: content for year, content in numbers(on).items() if year <= on.year}
    if begun:
        newest = max(begun)  # it holds until replaced
        return begun[newest]["places"], newest
    return SETTINGS["cap_city"].default, None


def numbers(on: datetime.date) -> dict[int, dict[str, Any]]:
    """Return what was published of each year's number: of several for one year, the one published last."""
    found: dict[int, dict[str, Any]] = {}
    for row in register.published("quota", on=on):
        found.setdefault(row.content["year"], row.content)
    return found
