"""What the agency handed in, part by part, as its readers see it: each part in a line of words, folded open or shut."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.clock.words import in_words
from filings import m7
from filings.enums import StaffKind
from filings.models import Application, ScopeItem
from filings.parts import mended_in
from filings.views import evidence

UNFILLED = "未填写"


@dataclass(frozen=True)
class Fold:
    """A part of the form in a line; `open` where something in it asks to be looked at."""

    summary: str
    open: bool


def facts(application: Application, *, contacts: bool = True) -> list[dict[str, Any]]:
    """Return the agency and the people in charge, as it handed them in; `contacts` for those who deal with it."""
    people = [
        {"term": "法定代表人", "value": application.legal_representative},
        {"term": "评价工作负责人", "value": application.person_in_charge or UNFILLED},
        {"term": "联系人", "value": application.contact, "note": application.contact_phone},
    ]
    return [
        {"term": "机构名称", "value": application.name or application.agency.name, "wide": True},
        {"term": "信用代码", "value": application.credit_code, "wide": True},
        {"term": "法人类型", "value": application.get_legal_form_display()},
        {"term": "注册地", "value": application.area},
        {"term": "登记日期", "value": _day(application.registered_on)},
        {"term": "注册地址", "value": application.address, "wide": True},
        *(people if contacts else []),
        {"term": "专门机构", "value": application.unit_name or UNFILLED, "citation": "M7(3)"},
        {"term": "培训评价自", "value": _day(application.training_since), "citation": "M7(7)"},
        {"term": "接受监督", "value": "已承诺" if application.accepts_supervision else "未承诺", "citation": "M7(5)"},
        {"term": "不以营利为目的", "value": "已承诺" if application.not_for_profit else "未承诺", "citation": "M7(6)"},
        {"term": "经费保障", "value": application.funding or UNFILLED, "wide": True},
        {"term": "管理制度", "value": application.rules_note or "见机构基本情况材料", "wide": True},
    ]


def context(
    application: Application,
    scope: list[ScopeItem],
    checks: Iterable[m7.Check],
    *,
    rows: Mapping[str, evidence.PartRow] | None = None,
    contacts: bool = True,
    folded: bool = True,
) -> dict[str, Any]:
    """Return what filings/parts/particulars.html prints.

    rows: the reviewer's marks; None for who marks nothing. folded: shut each part in which nothing is marked, changed
    or found wanting.
    """
    handed_in: dict[str, Any] = {
        "facts": facts(application, contacts=contacts),
        "scope": scope,
        "sites": list(application.sites.select_related("area")),
        "staff": list(application.staff.prefetch_related("occupations")),
        "records": list(application.records.select_related("occupation")),
    }
    wanting = {mended_in(check.condition.key) for check in checks if not check.holds}
    marked = {key for key, row in (rows or {}).items() if row.asks}
    folds = {
        key: Fold(summary, not folded or key in wanting | marked) for key, summary in _summaries(handed_in).items()
    }
    return {**handed_in, "parts": rows, "folds": folds}


def _summaries(handed_in: dict[str, Any]) -> dict[str, str]:
    said = {fact["term"]: fact["value"] for fact in handed_in["facts"]}
    sites, staff = handed_in["sites"], Counter(person.kind for person in handed_in["staff"])
    metres, places = (sum(getattr(site, name) or 0 for site in sites) for name in ("square_metres", "places"))
    taught: Counter[str] = Counter()
    for record in handed_in["records"]:
        taught[record.occupation.name] += record.person_times or 0
    kinds = "、".join(f"{kind.label} {staff[kind]}" for kind in StaffKind if staff[kind])
    return {
        "agency": _agency(said),
        "scope": f"{len(handed_in['scope'])} 个：{evidence.scope_words(handed_in['scope'])}"
        if handed_in["scope"]
        else "",
        "sites": f"{len(sites)} 处，{metres:,} ㎡，{places:,} 个工位" if sites else "",
        "staff": f"{sum(staff.values())} 人：{kinds}" if kinds else "",
        "records": "、".join(f"{name} {count:,} 人次" for name, count in taught.items()),
    }


def _agency(said: dict[str, Any]) -> str:
    registered = "" if said["登记日期"] == UNFILLED else f"{said['登记日期']}登记"
    missing = "、".join(term for term, value in said.items() if value == UNFILLED)
    known = [str(said["法人类型"] or ""), str(said["注册地"] or ""), registered]
    return "，".join(filter(None, [*known, f"未填写：{missing}" if missing else ""]))


def _day(day: datetime.date | None) -> str:
    return in_words(day) if day else UNFILLED
