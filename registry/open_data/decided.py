"""The data sets of what the offices decide: assignments, the numbers and caps, the criteria of assessment."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from core.reference.quota_areas import CAPS, COUNTY, URBAN
from registry import entries, figures, lists, places
from registry.days import EARLIEST
from registry.open_data.filings import CODE
from registry.open_data.lists import COUNT, OCCUPATION
from registry.open_data.table import BOOLEAN, DATE, INTEGER, REQUIRED, STRING, Dataset, Field
from regulation.settings import SETTINGS

CITY = "全市"
ONE = datetime.timedelta(days=1)


def assignments(on: datetime.date) -> Iterator[tuple[places.Assigned, bool]]:
    """Yield every assignment ever published and whether it stands, the oldest first."""
    held = dict(entries.in_force(on).values_list("code", "places"))
    for one in reversed(places.assigned(on)):
        yield one, one.stands(held, on)


@dataclass(frozen=True)
class Limit:
    """How many agencies there may be at most in an area, and on which days."""

    area: str
    number: int
    since: datetime.date
    until: datetime.date | None
    source: str | None = None


def limits(on: datetime.date) -> Iterator[Limit]:
    """Yield every number for the city and every cap for one occupation that is published, the Measure's own first."""
    yield from _city(on)
    published = lists.newest("caps", on)
    if not published:
        yield from (Limit(area, SETTINGS[key].default, EARLIEST, None) for area, key in CAPS.items())
    yield from (Limit(one["area"], one["cap"], one["since"], one["until"]) for one in published)


def _city(on: datetime.date) -> Iterator[Limit]:
    years = figures.numbers(on)
    begun: list[tuple[datetime.date, int, str | None]] = [(EARLIEST, SETTINGS["cap_city"].default, None)]
    begun += [(datetime.date(year, 1, 1), one["places"], one["source"]) for year, one in sorted(years.items())]
    ends = [after[0] - ONE for _, after in pairwise(begun)]
    for (since, number, source), until in zip(begun, [*ends, None], strict=True):
        if until is None or since <= until:
            yield Limit(CITY, number, since, until, source)


def criteria(on: datetime.date) -> Iterator[tuple[Mapping[str, Any], int]]:
    """Yield the criteria that hold together, each with the sum of their full marks."""
    held = lists.holding("criteria", on)
    full = sum(item["full_marks"] for item in held)
    yield from ((item, full) for item in held)


ASSIGNMENTS = Dataset(
    name="assignments",
    title="市内调配",
    description="每次调配一行，旧的在前，已经结束的也在内。调配不占当地名额。",
    source="市内调配的公告",
    key=("number",),
    rows=assignments,
    fields=(
        Field("number", "通知书文号", STRING, "调配通知书的文号。", lambda row: row[0].number, REQUIRED),
        Field("code", "备案编码", STRING, "调配来的机构的备案编码，13 位。", lambda row: row[0].filing_code, CODE),
        Field("name", "机构名称", STRING, "公布时的名称。", lambda row: row[0].name, REQUIRED),
        Field("occupation", "职业代码", STRING, "国家职业分类的代码。", lambda row: row[0].occupation, OCCUPATION),
        Field("occupation_name", "职业（工种）", STRING, "职业的名称。", lambda row: row[0].occupation_name, REQUIRED),
        Field("levels_text", "等级", STRING, "调配的等级，连写。", lambda row: row[0].levels_text, REQUIRED),
        Field("area", "调配到", STRING, "哪个名额区域。", lambda row: row[0].quota_area, REQUIRED),
        Field("site", "评价地点", STRING, "在那里的什么地方评价。", lambda row: row[0].site, REQUIRED),
        Field("since", "自", DATE, "调配的第一日。", lambda row: row[0].since, REQUIRED),
        Field("until", "不再有效的第一日", DATE, "调配结束的日期；没有结束的为空。", lambda row: row[0].until),
        Field(
            "stands",
            "是否有效",
            BOOLEAN,
            "截至日期调配是否有效；机构的备案失效，或不再备案这一职业，调配也不再有效。",
            lambda row: row[1],
            REQUIRED,
        ),
        Field("reason", "理由", STRING, "调配的理由；结束的，结束的理由。", lambda row: row[0].reason, REQUIRED),
    ),
)

QUOTA = Dataset(
    name="quota",
    title="数量和上限",
    description="全市社评机构的预设数量，市区、县（市）同一职业的上限，各按起止日期一行；没有另行公布的，按管理办法。",
    source="年度名额、名额上限的公告，以及管理办法",
    key=("area", "since"),
    rows=limits,
    fields=(
        Field(
            "area",
            "范围",
            STRING,
            f"{CITY}为社评机构的总数，{URBAN}、{COUNTY}为同一职业的家数。",
            lambda row: row.area,
            {"required": True, "enum": [CITY, *CAPS]},
        ),
        Field("number", "数量", INTEGER, "至多几家。", lambda row: row.number, COUNT),
        Field("since", "自", DATE, "从哪一天起；年度名额从当年 1 月 1 日起。", lambda row: row.since, REQUIRED),
        Field("until", "至", DATE, "最后一日；还没有新的数量的为空。", lambda row: row.until),
        Field("source", "依据", STRING, "年度名额的公布文件；上限和管理办法原定的为空。", lambda row: row.source),
    ),
)

CRITERIA = Dataset(
    name="criteria",
    title="评估标准",
    description="截至日期适用的技术评估标准，每项一行。一项的权重是它的满分占总分的比例。",
    source="评估标准的公告",
    key=("key",),
    rows=criteria,
    fields=(
        Field("key", "标准代码", STRING, "标准的代码，不同版本相同。", lambda row: row[0]["key"], REQUIRED),
        Field("label", "标准", STRING, "标准的名称。", lambda row: row[0]["label"], REQUIRED),
        Field("full_marks", "满分", INTEGER, "这一项的满分。", lambda row: row[0]["full_marks"], COUNT),
        Field("total", "总分", INTEGER, "一同适用的各项标准的满分之和。", lambda row: row[1], COUNT),
        Field("since", "自", DATE, "从哪一天起适用。", lambda row: row[0]["since"], REQUIRED),
        Field("until", "至", DATE, "适用的最后一日；没有期限的为空。", lambda row: row[0]["until"]),
    ),
)
