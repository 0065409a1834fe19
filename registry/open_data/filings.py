"""The data sets of filings: agencies, their scope, their sites; one filing a record, as it stands on the day."""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from registry.directory import Agency, as_listed
from registry.entries import in_effect
from registry.open_data.table import BOOLEAN, DATE, INTEGER, REQUIRED, STRING, Dataset, Field
from registry.records import Record, ScopeItem, Site
from registry.standing import LABELS, OF_AGENCIES
from regulation.codes import LEVELS

CODE = {"required": True, "pattern": r"S\d{12}"}


def agencies(on: datetime.date) -> Iterator[Agency]:
    """Yield every agency that has been published by that day, by filing code, those too that have ended."""
    for entry in in_effect(on).filter(published_on__lte=on).order_by("code").iterator():
        yield as_listed(entry, on)


@dataclass(frozen=True)
class Part:
    """An occupation or a site of a filing, with its number among them."""

    record: Record
    number: int
    item: Any


def scope(on: datetime.date) -> Iterator[Part]:
    """Yield the occupations of each agency."""
    for agency in agencies(on):
        items: list[ScopeItem] = sorted(agency.current.scope, key=lambda item: item.code)
        yield from (Part(agency.current, number, item) for number, item in enumerate(items, 1))


def sites(on: datetime.date) -> Iterator[Part]:
    """Yield the sites of each agency."""
    for agency in agencies(on):
        items: list[Site] = sorted(agency.current.sites, key=lambda site: (site.name, site.address))
        yield from (Part(agency.current, number, item) for number, item in enumerate(items, 1))


def _granted(level: int) -> Callable[[Part], bool]:
    return lambda row: level in row.item.levels


_FILING = (
    Field("code", "备案编码", STRING, "机构的备案编码，13 位。", lambda row: row.record.code, CODE),
    Field("name", "机构名称", STRING, "机构的名称。", lambda row: row.record.name, REQUIRED),
)

AGENCIES = Dataset(
    name="agencies",
    title="备案机构",
    description="每个备案编码一行，按截至日期的状况。已失效、终止、注销、撤销的也在内，并注明状态。",
    source="备案公示",
    key=("code",),
    rows=agencies,
    fields=(
        Field("code", "备案编码", STRING, "机构的备案编码，13 位。", lambda row: row.code, CODE | {"unique": True}),
        Field("name", "机构名称", STRING, "现行公示记录中的名称。", lambda row: row.current.name, REQUIRED),
        Field("credit_code", "统一社会信用代码", STRING, "18 位。", lambda row: row.current.credit_code, REQUIRED),
        Field("area_code", "区域代码", STRING, "注册地所在县（市、区）的代码。", lambda row: row.current.area_code),
        Field("area", "区域", STRING, "注册地所在县（市、区）的名称。", lambda row: row.current.area, REQUIRED),
        Field("address", "地址", STRING, "注册地址。", lambda row: row.current.address, REQUIRED),
        Field(
            "status",
            "状态代码",
            STRING,
            "截至日期的状态：" + "，".join(f"{key.value} {LABELS[key][0]}" for key in OF_AGENCIES) + "。",
            lambda row: row.finding.standing.value,
            {"required": True, "enum": [key.value for key in OF_AGENCIES]},
        ),
        Field("status_text", "状态", STRING, "状态的中文。", lambda row: row.finding.label, REQUIRED),
        Field("status_reason", "状态说明", STRING, "为什么是这个状态。", lambda row: row.finding.why, REQUIRED),
        Field("first_valid_from", "首次备案日期", DATE, "用这个编码备案的第一日。", lambda row: row.first_valid_from),
        Field("valid_from", "有效期自", DATE, "现行备案的第一日。", lambda row: row.current.valid_from, REQUIRED),
        Field(
            "valid_until",
            "有效期至",
            DATE,
            "现行备案的最后一日，含当日。",
            lambda row: row.current.valid_until,
            REQUIRED,
        ),
        Field("receipt", "回执文号", STRING, "现行备案回执的文号。", lambda row: row.current.receipt, REQUIRED),
        Field(
            "verification_code",
            "回执核验码",
            STRING,
            "可在核验页面核验回执。",
            lambda row: row.current.verification,
            REQUIRED,
        ),
        Field(
            "published_on", "公布日期", DATE, "现行公示记录的公布日期。", lambda row: row.current.published_on, REQUIRED
        ),
    ),
)

SCOPE = Dataset(
    name="scope",
    title="职业和等级",
    description="每家机构的每个职业（工种）一行，五个等级各一列。",
    source="备案公示",
    key=("code", "occupation"),
    belongs_to="agencies",
    rows=scope,
    fields=(
        *_FILING,
        Field("occupation", "职业代码", STRING, "国家职业分类的代码。", lambda row: row.item.code, REQUIRED),
        Field("occupation_name", "职业（工种）", STRING, "职业的名称。", lambda row: row.item.occupation, REQUIRED),
        *(
            Field(f"level_{level}", f"{level}级（{name}）", BOOLEAN, f"能否评价{name}。", _granted(level), REQUIRED)
            for level, name in LEVELS.items()
        ),
        Field("levels_text", "等级", STRING, "能评价的等级，连写。", lambda row: row.item.levels_text, REQUIRED),
        Field("sites", "考评场地", STRING, "在哪些场地评价，用分号隔开。", lambda row: "；".join(row.item.sites)),
    ),
)

SITES = Dataset(
    name="sites",
    title="考评场地",
    description="每家机构的每处考评场地一行。",
    source="备案公示",
    key=("code", "number"),
    belongs_to="agencies",
    rows=sites,
    fields=(
        *_FILING,
        Field(
            "number", "序号", INTEGER, "在这家机构的场地中的序号。", lambda row: row.number, REQUIRED | {"minimum": 1}
        ),
        Field("site", "场地", STRING, "场地的名称。", lambda row: row.item.name, REQUIRED),
        Field("area_code", "区域代码", STRING, "场地所在县（市、区）的代码。", lambda row: row.item.area_code),
        Field("area", "区域", STRING, "场地所在县（市、区）的名称。", lambda row: row.item.area, REQUIRED),
        Field("address", "地址", STRING, "场地的地址。", lambda row: row.item.address, REQUIRED),
    ),
)
