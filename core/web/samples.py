"""Invented data for the living page /style/. Organisations and people are named by what they are."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders

from core.clock.clock import SHANGHAI
from core.refusals import Reason
from core.web.charts import Chart, chart
from core.web.clock_view import ShownClock
from core.web.pagination import ListPage
from regulation.workdays import Calendar, Unit, add_days, add_workdays, add_years, compute

# The announced arrangement around National Day 2025 and 2026 (the parts that the samples touch).
_HOLIDAYS = {date(2025, 10, day): "国庆节、中秋节" for day in range(1, 9)} | {
    date(2026, 10, day): "国庆节" for day in range(1, 8)
}
_CALENDAR = Calendar(
    holidays=_HOLIDAYS | {date(2026, 9, day): "中秋节" for day in (25, 26, 27)},
    makeup={
        date(2025, 9, 28): "国庆节",
        date(2025, 10, 11): "国庆节",
        date(2026, 9, 20): "国庆节",
        date(2026, 10, 10): "国庆节",
    },
    announced=frozenset({2025, 2026}),
)


def _clock(period: Any, label: str, citation: str, lapse: str = "", **more: Any) -> ShownClock:
    return ShownClock(period=period, label=label, citation=citation, lapse_text=lapse, **more)


def clocks() -> list[dict[str, Any]]:
    """Clock strips in each state: (name, clock, the day it is looked at)."""
    receipt = add_workdays(date(2025, 9, 28), 5, _CALENDAR)
    correction = add_days(date(2025, 9, 5), 30, _CALENDAR, roll=True)
    decision = add_workdays(date(2026, 9, 17), 15, _CALENDAR)
    received = {"start_word": "收到"}
    return [
        {
            "name": "平常",
            "day": date(2025, 9, 29),
            "clock": _clock(receipt, "受理审核", "M10", "逾期视为受理", **received),
        },
        {
            "name": "临近",
            "day": date(2025, 10, 9),
            "clock": _clock(receipt, "受理审核", "M10", "逾期视为受理", **received),
        },
        {
            "name": "假期中",
            "day": date(2025, 10, 3),
            "clock": _clock(receipt, "受理审核", "M10", "逾期视为受理", **received),
        },
        {
            "name": "最后一天",
            "day": date(2025, 10, 11),
            "clock": _clock(receipt, "受理审核", "M10", "逾期视为受理", **received),
        },
        {"name": "长期限", "day": date(2026, 9, 28), "clock": _clock(decision, "备案决定", "M11", start_word="受理")},
        {"name": "逾期", "day": date(2026, 10, 20), "clock": _clock(decision, "备案决定", "M11", start_word="受理")},
        {
            "name": "日历日，最后一日顺延",
            "day": date(2025, 9, 20),
            "clock": _clock(correction, "补正", "M10", "逾期视为放弃申请", start_word="送达"),
        },
        {
            "name": "已办结",
            "day": date(2025, 10, 20),
            "clock": _clock(receipt, "受理审核", "M10", state="done", ended_on=date(2025, 10, 9), **received),
        },
        {
            "name": "暂定",
            "day": date(2026, 12, 28),
            "clock": _clock(compute(date(2026, 12, 25), 5, Unit.WORKDAY, _CALENDAR), "受理审核", "M10", "逾期视为受理"),
        },
        {
            "name": "年度期限",
            "day": date(2026, 11, 23),
            "clock": _clock(add_years(date(2024, 2, 29), 3), "备案有效期", "M14", "期满失效", start_word="决定"),
        },
    ]


REASONS = [
    Reason("material_incomplete", "场地设备设施佐证：需补正", "materials.site", "M8(3)"),
    Reason("material_unseen", "培训评价经历、真实性承诺书：还没有看", "materials.record", "M8(5)"),
    Reason("conflict", "您与该机构有回避关系，请由其他经办人办理", "", ""),
]

MATERIALS: list[dict[str, Any]] = [
    {"label": "机构基本情况", "state": "ok", "facts": "PDF · 3 页", "verdict": "齐全 合规", "url": "#"},
    {"label": "认定工作方案", "state": "ok", "facts": "DOCX · 12 页", "verdict": "齐全 合规", "url": "#"},
    {
        "label": "场地设备设施佐证",
        "state": "no",
        "facts": "PDF · 8 页 · 第 2 版",
        "verdict": "需补正",
        "url": "#",
        "remark": "电工实操场地的视频监控设备清单缺少安装位置，请补附平面图。",
        "versions": [{"label": "第 1 版", "url": "#"}, {"label": "第 2 版", "url": "#", "current": True}],
        "anchor": "id_materials-site",
    },
    {"label": "信用报告", "state": "ok", "facts": "PDF · 5 页", "verdict": "齐全 合规", "url": "#"},
    {
        "label": "培训评价经历",
        "state": "wait",
        "facts": "XLSX · 3 个年度",
        "verdict": "未看",
        "url": "#",
        "note": "焊工近 3 年 2,316 人次，达到；电工近 3 年 1,874 人次，低于 2,000，不在急需紧缺目录",
        "anchor": "id_materials-record",
    },
    {"label": "真实性承诺书", "state": "wait", "facts": "已签署", "verdict": "未看"},
]

STEPS = [
    {"label": "机构与负责人", "url": "#", "state": "done"},
    {"label": "职业、等级与业绩", "url": "#", "state": "done"},
    {"label": "场地、设备与监控", "url": "#", "state": "error", "note": "1 处需修改"},
    {"label": "人员", "url": "#", "state": "now"},
    {"label": "材料", "url": "#", "state": "todo"},
    {"label": "承诺与提交", "url": "#", "state": "todo"},
]

UPLOADS: list[dict[str, Any]] = [
    {"id": "up-credit", "url": "/style/upload/", "label": "信用报告", "accept": ".pdf", "limit_mb": 20},
    {
        "id": "up-site",
        "url": "/style/upload/",
        "label": "场地设备设施佐证",
        "accept": ".pdf,.jpg,.png",
        "limit_mb": 20,
        "hint": "含场地平面图和监控设备位置。",
        "current": {"name": "场地与设备清单.pdf", "facts": "PDF · 8 页 · 2.1 MB", "url": "#"},
        "error": "文件已加密，系统无法打开。请去掉打开密码后重新上传。",
    },
]

COLUMNS: list[dict[str, Any]] = [
    {"key": "name", "label": "机构名称"},
    {"key": "state", "label": "状态"},
    {"key": "area", "label": "区域"},
    {"key": "occupations", "label": "职业（工种）"},
    {"key": "until", "label": "有效期至"},
    {"key": "people", "label": "近 12 个月", "num": True},
]
ROWS = [
    dict(zip((column["key"] for column in COLUMNS), cells, strict=True), url="#")
    for cells in (
        ("林州市某职业培训学校", ("有效", "good"), "林州市", "焊工、电工", "2028年10月21日", "2,316 人次"),
        (
            "文峰区某技工教育中心",
            ("暂停评价", "warn"),
            "文峰区",
            "养老护理员、保育师、中式烹调师",
            "2027年2月28日",
            "1,874 人次",
        ),
        ("滑县某企业培训中心", ("已失效", "mute"), "滑县", "电工", "2025年6月30日", "0 人次"),
        ("汤阴县某护理培训学校", ("终止备案", "bad"), "汤阴县", "养老护理员", "2026年3月1日", "412 人次"),
    )
]

FACTS = [
    {"term": "机构名称", "value": "林州市某职业培训学校", "wide": True},
    {"term": "统一社会信用代码", "value": "52410581MJF0000000"},
    {"term": "备案编码", "value": "S000041050009", "note": "核发后终身使用", "citation": "M12"},
    {"term": "注册地", "value": "林州市"},
    {"term": "法定代表人", "value": "负责人甲"},
    {"term": "有效期", "value": "2025年10月22日至2028年10月21日", "wide": True},
]


def timeline(day: date) -> list[dict[str, Any]]:
    """A short course of events, ending on `day`."""
    start = datetime(day.year, day.month, day.day, 16, 20, tzinfo=SHANGHAI) - timedelta(days=9)
    return [
        {
            "label": "提交申请",
            "actor": "林州市某职业培训学校 · 机构经办",
            "at": start,
            "kind": "person",
            "papers": [{"title": "收件凭证", "number": "安人社职收〔2026〕12号", "url": "#"}],
        },
        {"label": "开始计时：5 个工作日", "actor": "期限时钟", "at": start, "kind": "system", "citation": "M10"},
        {
            "label": "查看材料 4 项",
            "actor": "林州市人社局 · 经办人",
            "at": start + timedelta(days=1, hours=-7),
            "note": "场地设备设施佐证需补正。",
        },
        {
            "label": "期限届满，视为受理",
            "actor": "期限时钟",
            "at": (start + timedelta(days=9)).date(),
            "kind": "lapse",
            "citation": "M10",
            "papers": [{"title": "视为受理告知书", "pending": True}],
        },
    ]


OFFERS = [
    {"name": "request_correction", "label": "补正通知", "url": "#"},
    {"name": "accept", "label": "受理", "reasons": REASONS},
    {"name": "decline", "label": "提议不予受理", "dialog": "sample-dialog"},
    {
        "name": "withdraw",
        "label": "撤回",
        "post_url": "/style/",
        "danger": True,
        "confirm": "确定撤回这件申请？撤回后需要重新申请。",
    },
]

PAGES = [
    ListPage(items=ROWS, count=1234, count_exact=True, number=4, last_number=62),
    ListPage(items=ROWS, count=10_000, count_exact=False, previous_cursor="a", next_cursor="b"),
]


# Progress: not known how far, known, and stopped.
LOADING: list[dict[str, Any]] = [
    {"title": "正在生成《备案回执》", "text": "可以离开本页，做好后在“文书”里。", "url": "#loading"},
    {"title": "正在核对台账", "done": 340, "total": 1200, "unit": "行", "text": "可以离开本页，核对好后发通知。"},
    {
        "title": "《备案回执》没有生成",
        "error": "签名服务没有应答。已经填写和上传的内容都在，没有丢失。",
        "text": "系统每分钟再试一次，也可以现在重试。",
        "retry_url": "/style/",
    },
]

TROUBLE: dict[str, Any] = {
    "status": "409",
    "title": "这件申请刚刚由他人办理",
    "words": "您打开本页之后，申请的状态有变。您填写的内容没有保存到申请里，仍在上一页。",
    "reasons": REASONS,
    "todo": ["返回上一页，刷新后再办理。", "联系本单位的另一位经办人。"],
    "back": "#",
}


def charts() -> list[Chart]:
    """A chart of one series, one of two, and one with nothing to draw yet."""
    areas = [("市区", (9, 4), "#"), ("林州市", (3, 1), "#"), ("滑县", (2, 0), "#"), ("汤阴县", (0, 0), "#")]
    months = [(f"{month}月", (count,)) for month, count in ((6, 12), (7, 31), (8, 7), (9, 18))]
    said = "收到第一件申请之后，按月列在这里。"
    return [
        chart("各区域已占的名额和候选", areas, heading="区域", series=("已占", "候选"), unit="个"),
        chart("每月收到的申请", months, heading="月份", series=("收到",), unit="件"),
        chart("每月收到的申请", [], heading="月份", series=("收到",), unit="件", empty=said),
    ]


def icons() -> list[str]:
    """The names of all symbols in the sprite, as drawn."""
    sprite = finders.find("icons/sprite.svg")
    return re.findall(r'<symbol id="([^"]+)"', Path(str(sprite)).read_text(encoding="utf-8")) if sprite else []


def context(day: date) -> dict[str, Any]:
    """All that templates/style.html shows."""
    return {
        "clocks": clocks(),
        "reasons": REASONS,
        "materials": MATERIALS,
        "steps": STEPS,
        "uploads": UPLOADS,
        "columns": COLUMNS,
        "rows": ROWS,
        "facts": FACTS,
        "entries": timeline(day),
        "offers": OFFERS,
        "pages": PAGES,
        "loading": LOADING,
        "trouble": TROUBLE,
        "charts": charts(),
        "icons": icons(),
        "sorts": [{"label": "最急在前", "value": "", "active": True}, {"label": "最新在前", "value": "-received"}],
        "exports": [{"label": "CSV", "format": "csv"}, {"label": "XLSX", "format": "xlsx"}],
        "desk_title": "县（市、区）人社局",
        "desk_nav": [
            {"label": "待办", "url": "#a", "active": True, "count": 12, "icon": "list"},
            {"label": "本区域机构", "url": "#b", "icon": "building"},
            {"label": "统计", "url": "#c", "icon": "calendar"},
            {"label": "通知", "url": "#d", "count": 3, "icon": "bell"},
        ],
        "positions": [
            {"id": 1, "label": "林州市人社局 · 经办人", "current": True},
            {"id": 2, "label": "林州市人社局 · 检查人员"},
        ],
        "position_url": "/style/",
        "unread_url": "#d",
        "unread_count": 3,
        "crumbs": [("待办", "#"), ("首次备案", "#"), ("2026-0113", "")],
    }
