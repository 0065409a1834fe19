"""Places still free per occupation and area (M37), and who is assigned from elsewhere: from publications alone."""

import datetime
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from core.publications import register
from core.publications.models import Publication
from core.reference.models import Area, Occupation
from core.reference.quota_areas import CAPS, kind_of, quota_areas
from registry import lists
from registry.directory import Agency
from registry.models import Entry
from regulation.settings import SETTINGS

KIND = "assignment"


@dataclass(frozen=True)
class Assigned:
    """An agency assigned from elsewhere, as it was last published. until: the first day it no longer stands."""

    publication_id: int
    number: str
    paper: str
    name: str
    filing_code: str
    occupation: str
    occupation_name: str
    levels_text: str
    quota_area: str
    site: str
    since: datetime.date
    until: datetime.date | None
    reason: str

    def dated(self, on: datetime.date) -> bool:
        """Whether its own dates hold on a day; it also needs its filing and occupation."""
        return self.since <= on and (self.until is None or on < self.until)

    def stands(self, held: Mapping[str, Collection[str]], on: datetime.date) -> bool:
        """Whether it stands on a day. held: the occupations of what is in force then, by filing code."""
        return self.dated(on) and self.occupation in held.get(self.filing_code, ())


def read(row: Publication) -> Assigned:
    """Return what a publication says of an assignment."""
    content: Mapping[str, Any] = row.content
    days = {name: content[name] and datetime.date.fromisoformat(content[name]) for name in ("since", "until")}
    words = (
        "number", "paper", "name", "filing_code", "occupation", "occupation_name", "levels_text", "quota_area", "site",
        "reason",
    )  # fmt: skip
    return Assigned(publication_id=row.pk, **{name: content[name] for name in words}, **days)


def assigned(on: datetime.date) -> list[Assigned]:
    """Return every assignment ever published, each as it was last, the newest in front. One query."""
    newest: dict[str, Assigned] = {}
    for row in register.published(KIND, on=on):
        one = read(row)
        newest.setdefault(one.number, one)
    return sorted(newest.values(), key=lambda one: (one.since, one.publication_id), reverse=True)


def of_agency(agency: Agency, on: datetime.date) -> list[tuple[Assigned, bool]]:
    """Return an agency's assignments, each with whether it stands on that day."""
    held = {agency.code: {item.code for item in agency.current.scope}} if agency.finding.in_force else {}
    return [(one, one.stands(held, on)) for one in assigned(on) if one.filing_code == agency.code]


@dataclass(frozen=True)
class Free:
    """One occupation in one quota area: the cap, how many hold a place, who is assigned."""

    area: str
    cap: int
    taken: int
    assigned: Assigned | None = None

    @property
    def free(self) -> int:
        """How many more could be filed."""
        return max(self.cap - self.taken, 0)

    @property
    def tone(self) -> str:
        """The shade of the cell: the fuller, the darker; the words say the same."""
        return "q3" if not self.free else "q1" if self.taken else "q0"


@dataclass(frozen=True)
class Row:
    """One occupation with its areas."""

    code: str
    name: str
    urgent: bool
    cells: list[Free]

    @property
    def telling(self) -> bool:
        """Whether there is more to say than that every place is free."""
        return self.urgent or any(cell.taken or cell.assigned for cell in self.cells)


def table(
    in_force: QuerySet[Entry],
    on: datetime.date,
    *,
    text: str = "",
    area: str = "",
    urgent_only: bool = False,
    free_only: bool = False,
) -> list[Row]:
    """Return the places of every occupation that can be applied for; a filing in force counts once in the area of its
    seat and of each site where the occupation is evaluated, an assignment from elsewhere not at all."""
    held = dict(in_force.values_list("code", "places"))
    shown = [name for name in quota_areas() if not area or name == area]
    taken = _taken(held.values())
    standing = {(one.occupation, one.quota_area): one for one in assigned(on) if one.stands(held, on)}
    limits = caps(shown, on)
    urgent = {item["occupation"] for item in lists.holding("urgent", on)}
    rows = [
        Row(
            one.code,
            one.name,
            one.code in urgent,
            [Free(name, limits[name], taken[one.code, name], standing.get((one.code, name))) for name in shown],
        )
        for one in Occupation.objects.filter(active=True)
        if text in one.name or one.code.startswith(text)
    ]
    rows = [row for row in rows if not free_only or any(cell.free for cell in row.cells)]
    rows = [row for row in rows if not urgent_only or row.urgent]
    return sorted(rows, key=lambda row: (not row.urgent, row.code))


def caps(areas: Iterable[str], on: datetime.date) -> dict[str, int]:
    """Return the cap for one occupation in each quota area as it is published, else the Measure's own."""
    held = {item["area"]: item["cap"] for item in lists.holding("caps", on)}
    return {area: held.get(kind_of(area), SETTINGS[CAPS[kind_of(area)]].default) for area in areas}


def _taken(held: Iterable[Mapping[str, list[str]]]) -> Counter[tuple[str, str]]:
    quota_area = dict(Area.objects.values_list("code", "quota_area"))
    counted: Counter[tuple[str, str]] = Counter()
    for places in held:
        counted.update(
            {(code, quota_area[area]) for code, areas in places.items() for area in areas if area in quota_area}
        )
    return counted
