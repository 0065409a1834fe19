"""By what an answer of the look-up can be narrowed, each with how many would be left: exact to 10,000."""

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.http import QueryDict

from core.counting import EXACT
from registry.models import Offer, level_bits
from registry.search import STATUS_CHOICES, Query, matching, standing
from registry.standing import OF_AGENCIES
from regulation.codes import LEVELS, level_text

# Part of a query -> what it is without, how it is counted among the entries that fit (id, status, levels).
EMPTY: Mapping[str, Any] = {"area": "", "occupation": "", "level": None, "status": ""}
_COUNTED = {
    "area": "SELECT 'area', area, COUNT(*) FROM hit JOIN registry_locality ON entry_id = hit.id GROUP BY area",
    "occupation": "SELECT 'occupation', occupation, COUNT(*) FROM hit JOIN registry_offer ON entry_id = hit.id "
    "GROUP BY occupation",
    "level": " UNION ALL ".join(
        f"SELECT 'level', '{level}', COUNT(*) FROM hit WHERE levels & {level_bits([level])} <> 0"  # noqa: S608
        for level in LEVELS
    ),
    "status": "SELECT 'status', status, COUNT(*) FROM hit GROUP BY status",
    "all": "SELECT 'all', '', COUNT(*) FROM hit",
}
ALL = "all"
AT_ONCE = ("status", "area")


@dataclass(frozen=True)
class Choice:
    """One value that a part of the query can have; many: how many entries fit with it (EXACT + 1: more than EXACT);
    url: of the answer with it, or without it where it is chosen."""

    value: str
    label: str
    many: int
    chosen: bool
    url: str


@dataclass(frozen=True)
class Facet:
    """A part of the query, and what it can be."""

    part: str
    label: str
    choices: Sequence[Choice]

    @property
    def chosen(self) -> Choice | None:
        """What it is."""
        return next((one for one in self.choices if one.chosen), None)

    @property
    def open(self) -> bool:
        """Whether its values are seen at once: the short lists, and what is chosen."""
        return self.part in AT_ONCE or self.chosen is not None


@dataclass(frozen=True)
class Counts:
    """{part: {value: how many fit}}, each part counted as if it were not asked for itself; all: how many fit."""

    by: Mapping[str, Mapping[str, int]]
    all: int


NONE = Counts(defaultdict(dict), 0)


def count(query: Query, on: datetime.date, known: datetime.date, *, alike: bool = False) -> Counts:
    """Count the entries that fit. One statement, and one more for each part that is asked for."""
    asked = [part for part, empty in EMPTY.items() if getattr(query, part) != empty]
    wholes = [(query, [ALL, *(part for part in EMPTY if part not in asked)])]
    wholes += [(replace(query, **{part: EMPTY[part]}), [part]) for part in asked]
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for whole, parts in wholes:
        for part, value, many in _counted(whole, parts, on, known, alike):
            found[part][value] = many
    return Counts(found, found[ALL][""])


def _counted(query: Query, parts: Sequence[str], on: datetime.date, known: datetime.date, alike: bool) -> Any:
    offered = Offer.objects.filter(entry=OuterRef("pk"), occupation=query.occupation)
    rows = matching(query, on, known, alike=alike).annotate(
        status=Case(*(When(standing(one, on), then=Value(one.value)) for one in OF_AGENCIES), default=Value("")),
        at=Subquery(offered.values("levels")) if query.occupation else F("levels"),
    )
    sql, params = rows.order_by().values_list("pk", "status", "at")[: EXACT + 1].query.sql_with_params()
    counted = " UNION ALL ".join(_COUNTED[part] for part in parts)
    with connection.cursor() as cursor:
        cursor.execute(f"WITH hit(id, status, levels) AS MATERIALIZED ({sql}) {counted}", params)
        return cursor.fetchall()


def facets(query: Query, counts: Counts, params: QueryDict) -> list[Facet]:
    """Return the parts with what they can be, as a person reads them: areas, levels and statuses in their own order,
    occupations by how many there are. params: of the answer's address."""
    occupations = sorted(query.names.occupations, key=lambda one: -counts.by["occupation"].get(one[0], 0))
    offered: list[tuple[str, str, Sequence[tuple[str, str]]]] = [
        ("status", "状态", STATUS_CHOICES),
        ("area", "区域", query.names.areas),
        ("occupation", "职业（工种）", occupations),
        ("level", "等级", [(str(level), level_text(level)) for level in LEVELS]),
    ]
    return [
        Facet(part, label, _choices(query, part, values, counts.by[part], params)) for part, label, values in offered
    ]


def _choices(
    query: Query, part: str, values: Sequence[tuple[str, str]], many: Mapping[str, int], params: QueryDict
) -> list[Choice]:
    """What is left with something, and what is chosen."""
    chosen = str(getattr(query, part) or "")
    return [
        Choice(value, label, many.get(value, 0), value == chosen, _url(params, part, "" if value == chosen else value))
        for value, label in values
        if many.get(value) or value == chosen
    ]


def _url(params: QueryDict, part: str, value: str) -> str:
    asked = params.copy()
    asked.pop("cursor", None)
    asked[part] = value
    return "?" + urlencode([(name, text) for name, text in asked.items() if text])
