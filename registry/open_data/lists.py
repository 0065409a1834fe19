"""The data sets beside filings: places still free, working days, announcements, the urgent list."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.urls import reverse

from core.publications import register
from core.publications.models import Publication
from registry import announcements, calendar, entries, lists, places
from registry.days import EARLIEST
from registry.open_data.table import BOOLEAN, DATE, INTEGER, REQUIRED, STRING, Dataset, Field
from regulation.workdays import DayKind

OCCUPATION = {"required": True, "pattern": r"\d-\d{2}-\d{2}-\d{2}"}
COUNT = {"required": True, "minimum": 0}
DAY_KINDS = {
    DayKind.COUNTED: "工作日",
    DayKind.WEEKEND: "周末",
    DayKind.HOLIDAY: "节假日",
    DayKind.MAKEUP: "调休上班",
}
ONE = datetime.timedelta(days=1)


def free_places(on: datetime.date) -> Iterator[tuple[places.Row, places.Free]]:
    """Yield each occupation in each quota area, by code."""
    for row in sorted(places.table(entries.in_force(on), on), key=lambda row: row.code):
        yield from ((row, cell) for cell in row.cells)


def days(on: datetime.date) -> Iterator[tuple[datetime.date, DayKind, str]]:
    """Yield every day of the years that are announced or confirmed, from the Measure's first year on."""
    known = calendar.published(on)
    for year in sorted(year for year in known.announced if year >= EARLIEST.year):
        day = datetime.date(year, 1, 1)
        while day.year == year:
            yield day, known.kind(day), known.why(day)
            day += ONE


def announced(on: datetime.date) -> Iterator[Publication]:
    """Yield what is published, oldest first."""
    yield from announcements.announced(on).order_by("published_on", "id").iterator()


def urgent(on: datetime.date) -> list[dict[str, Any]]:
    """Return what holds of the published list, by code."""
    return sorted(lists.holding("urgent", on), key=lambda item: (item["occupation"], item["since"]))


def _kind_label(row: Publication) -> str:
    return register.label(row.kind)


def _address(row: Publication) -> str:
    return settings.PORTAL_ADDRESS.rstrip("/") + reverse("registry:announcement", args=[row.pk])


PLACES = Dataset(
    name="places",
    title="名额",
    description="每个可申报的职业在每个名额区域一行：上限、已有、还余几家。提交申请不预留名额。",
    source="备案公示、急需紧缺目录、市内调配、名额上限",
    key=("occupation", "area"),
    rows=free_places,
    fields=(
        Field("occupation", "职业代码", STRING, "国家职业分类的代码。", lambda row: row[0].code, OCCUPATION),
        Field("occupation_name", "职业（工种）", STRING, "职业的名称。", lambda row: row[0].name, REQUIRED),
        Field("area", "名额区域", STRING, "市区，或一个县（市）。", lambda row: row[1].area, REQUIRED),
        Field("cap", "上限", INTEGER, "同一职业在这个区域至多几家。", lambda row: row[1].cap, COUNT),
        Field("taken", "已有", INTEGER, "有效备案占用几个名额。", lambda row: row[1].taken, COUNT),
        Field("free", "还余", INTEGER, "还能备案几家。", lambda row: row[1].free, COUNT),
        Field("urgent", "急需紧缺", BOOLEAN, "是否列入急需紧缺目录。", lambda row: row[0].urgent, REQUIRED),
        Field(
            "assigned_code",
            "调配机构编码",
            STRING,
            "从别处调配来的机构的备案编码，不占名额；没有的为空。",
            lambda row: row[1].assigned.filing_code if row[1].assigned else None,
        ),
    ),
)

CALENDAR = Dataset(
    name="calendar",
    title="工作日历",
    description=f"已公布或已确认的年份逐日一行，{EARLIEST.year} 年起。没有公布的年份不在内。",
    source="国务院办公厅的节假日安排，按门户公布的日历",
    key=("date",),
    rows=days,
    fields=(
        Field("date", "日期", DATE, "哪一天。", lambda row: row[0], {"required": True, "unique": True}),
        Field(
            "workday",
            "是否工作日",
            BOOLEAN,
            "机关在这一天是否上班。",
            lambda row: row[1] in (DayKind.COUNTED, DayKind.MAKEUP),
            REQUIRED,
        ),
        Field(
            "kind",
            "类别",
            STRING,
            "、".join(DAY_KINDS.values()) + "。",
            lambda row: DAY_KINDS[row[1]],
            {"required": True, "enum": list(DAY_KINDS.values())},
        ),
        Field("why", "说明", STRING, "节日的名称，或为哪个节日调休。", lambda row: row[2], REQUIRED),
    ),
)

ANNOUNCEMENTS = Dataset(
    name="announcements",
    title="通知公告",
    description="正在公布的每条公告一行，旧的在前。撤下的、公布期已过的不在内。",
    source="通知公告",
    key=("id",),
    rows=announced,
    fields=(
        Field("id", "编号", INTEGER, "公告的编号，不变。", lambda row: row.pk, {"required": True, "unique": True}),
        Field("kind", "类别代码", STRING, "公告的类别。", lambda row: row.kind, REQUIRED),
        Field("kind_text", "类别", STRING, "类别的中文。", _kind_label, REQUIRED),
        Field("title", "标题", STRING, "公告的标题。", announcements.title, REQUIRED),
        Field("published_on", "公布日期", DATE, "公布的第一日。", lambda row: row.published_on, REQUIRED),
        Field("until", "公布至", DATE, "公布的最后一日；没有期限的为空。", lambda row: row.until),
        Field("url", "网址", STRING, "公告全文的网址。", _address, REQUIRED),
    ),
)

URGENT = Dataset(
    name="urgent",
    title="急需紧缺职业",
    description="截至日期列在急需紧缺职业（工种）目录中的职业，每个一行。",
    source="急需紧缺目录",
    key=("occupation", "since"),
    rows=urgent,
    fields=(
        Field("occupation", "职业代码", STRING, "国家职业分类的代码。", lambda row: row["occupation"], OCCUPATION),
        Field("occupation_name", "职业（工种）", STRING, "职业的名称。", lambda row: row["name"], REQUIRED),
        Field("since", "自", DATE, "列入目录的第一日。", lambda row: row["since"], REQUIRED),
        Field("until", "至", DATE, "列在目录中的最后一日；没有期限的为空。", lambda row: row["until"]),
        Field("source", "公布文件", STRING, "列入目录的依据。", lambda row: row["source"], REQUIRED),
    ),
)
