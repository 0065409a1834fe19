"""By what an answer of the look-up can be narrowed, each with how many would be left: exact to 10,000."""

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, F, IntegerField, OuterRef, Subquery, Value, When
from django.db.models.expressions import RawSQL
from django.http import QueryDict

from core.counting import EXACT
from core.statements import Statement, answer, written
from registry.models import Entry, Offer, level_bits
from registry.search import NOTHING, STATUS_CHOICES, Found, Parts, Query, in_order, matching, standing
from registry.standing import OF_AGENCIES
from regulation.codes import LEVELS, level_text

# Part of a query -> what it is without.
EMPTY: Mapping[str, Any] = {"area": "", "occupation": "", "level": None, "status": ""}
SIZE = "size"
FIRST = "first"
MOST_FIRST = 101  # a page of the API, and one more
# What is read of an entry that fits: its order, and what its status and levels follow from.
SEEN = ("pk", "code", "levels", "last_day", "ended_as", "ended_on")
# How each part is counted among what fits: hit(id, code, …, place), told(id, code, status, levels, rank).
_COUNTED = {
    "area": "SELECT 'area', area, COUNT(*) FROM hit JOIN registry_locality ON entry_id = hit.id GROUP BY area",
    "occupation": "SELECT 'occupation', occupation, COUNT(*) FROM hit JOIN registry_offer ON entry_id = hit.id "
    "GROUP BY occupation",
    "level": " UNION ALL ".join(
        f"SELECT 'level', '{level}', COUNT(*) FROM told WHERE levels & {level_bits([level])} <> 0"  # noqa: S608
        for level in LEVELS
    ),
    "status": "SELECT 'status', status, COUNT(*) FROM told GROUP BY status",
    SIZE: "SELECT 'size', CAST(rank AS VARCHAR(9)), COUNT(*) FROM told GROUP BY rank",
    # No count: where each of the first ones stands.
    FIRST: "SELECT 'first', CAST(id AS VARCHAR(20)), ROW_NUMBER() OVER (ORDER BY rank, code) FROM "  # noqa: S608
    f"(SELECT id, rank, code FROM told ORDER BY rank, code LIMIT {MOST_FIRST}) one",
}
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
    """{part: {value: how many fit}}, each part counted as if it were not asked for itself; sizes: how many fit the
    whole query, by the parts of the answer's order; first: the ids of the first entries."""

    by: Mapping[str, Mapping[str, int]]
    sizes: Sequence[int]
    first: Sequence[int]


NONE = Counts(defaultdict(dict), (), ())


def look_up(query: Query, on: datetime.date, known: datetime.date) -> tuple[Found, Counts]:
    """Return what `search` finds, and the counts of what it can be narrowed by."""
    found, counts = NOTHING, NONE
    for slips in query.attempts:
        fitting = matching(query, on, known, slips=slips)
        counts = _count(query, fitting, on, known, slips)
        found = Found(in_order(fitting, on), slips=slips, sizes=counts.sizes, first=counts.first)
        if sum(counts.sizes):
            break
    return found, counts


def _count(query: Query, fitting: Parts, on: datetime.date, known: datetime.date, slips: int) -> Counts:
    """Count what fits. One statement, and one more for each part that is asked for."""
    asked = [part for part, empty in EMPTY.items() if getattr(query, part) != empty]
    found: dict[str, dict[str, int]] = defaultdict(dict)
    counted = _counted(query, fitting, [SIZE, FIRST, *(part for part in EMPTY if part not in asked)], on)
    for part in asked:
        without = replace(query, **{part: EMPTY[part]})
        counted += _counted(without, matching(without, on, known, slips=slips), [part], on)
    for part, value, many in counted:
        found[part][value] = many
    sizes = [found[SIZE].get(str(place), 0) for place in range(2 * len(fitting))]
    # Of more than are counted, the first ones seen are not the first ones there are.
    first = sorted(found[FIRST], key=found[FIRST].__getitem__) if sum(sizes) <= EXACT else []
    return Counts(found, sizes, [int(pk) for pk in first])


def _counted(query: Query, fitting: Parts, parts: Sequence[str], on: datetime.date) -> list[tuple[str, str, int]]:
    """Count at most EXACT + 1 of what fits: one part of the answer after the other, and no more is read."""
    hits, params = [], []
    for place, rows in enumerate(fitting):
        try:
            sql, values = written(rows.order_by().values_list(*SEEN))
        except EmptyResultSet:
            continue
        hits.append(f"SELECT part{place}.*, {place} FROM ({sql}) part{place}")  # noqa: S608
        params += values
    if not hits:
        return []
    told, values = _told(query.occupation, on, len(fitting), connection.vendor)
    counted = " UNION ALL ".join(_COUNTED[part] for part in parts)
    hit = f"{' UNION ALL '.join(hits)} LIMIT {EXACT + 1}"
    columns = f"{', '.join(('id', *SEEN[1:]))}, place"
    sql = f"WITH hit({columns}) AS MATERIALIZED ({hit}), told(id, code, status, levels, rank) AS ({told}) {counted}"
    return answer((sql, (*params, *values)))


@lru_cache(maxsize=64)
def _told(occupation: str, on: datetime.date, many: int, vendor: str) -> Statement:
    """Return the statement that tells of each hit its status, the levels that count, and its rank in the answer: what
    is over stands behind what is in force. The same for every query of a day."""
    offered = Offer.objects.filter(entry=OuterRef("pk"), occupation=occupation)
    rows = Entry.objects.values_list(
        "pk",
        "code",
        Case(*(When(standing(one, on), then=Value(one.value)) for one in OF_AGENCIES), default=Value("")),
        Subquery(offered.values("levels")) if occupation else F("levels"),
        RawSQL("place", (), IntegerField()) + Case(When(last_day__lt=on, then=Value(many)), default=Value(0)),
    )
    sql, values = written(rows)
    # Of the hits, not of all entries: they hold what is asked for under the same names.
    table = connection.ops.quote_name(Entry._meta.db_table)
    return sql.replace(f" FROM {table}", f" FROM hit AS {table}"), values


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
    found = [
        Facet(part, label, _choices(query, part, values, counts.by[part], params)) for part, label, values in offered
    ]
    return [facet for facet in found if facet.choices]


def on_map(shown: Sequence[Facet]) -> tuple[dict[str, int], dict[str, str]]:
    """Return of each area how many there are, and where it leads."""
    choices = [choice for facet in shown if facet.part == "area" for choice in facet.choices]
    return {one.value: one.many for one in choices}, {one.value: one.url for one in choices}


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
