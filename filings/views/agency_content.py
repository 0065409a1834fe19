"""The content of an application for reading: facts, occupations, sites, people, materials; as officers will see it."""

from collections import Counter
from typing import Any

from django.urls import reverse

from core.accounts.actors import Actor
from core.crypto import mask
from filings.enums import LEVELS, StaffKind
from filings.models import Application
from filings.views import agency_common as common
from filings.views.common import file_facts
from regulation.codes import level_range_text
from regulation.materials import MATERIALS

_LEVELS = dict(LEVELS)


def facts(application: Application) -> list[dict[str, Any]]:
    """The agency and its people in charge; personal numbers masked."""
    a = application
    return [
        {"term": "机构名称", "value": a.name or None, "wide": True},
        {"term": "统一社会信用代码", "value": a.credit_code or None},
        {"term": "法人类型", "value": a.get_legal_form_display() or None},
        {"term": "注册地", "value": a.area.name if a.area else None},
        {"term": "注册地址", "value": a.address or None},
        {"term": "登记日期", "value": _day(a.registered_on)},
        {"term": "法定代表人", "value": a.legal_representative or None, "note": mask(a.legal_representative_id or "")},
        {"term": "联系人", "value": a.contact or None, "note": mask(a.contact_phone or "")},
        {"term": "专门机构", "value": a.unit_name or None},
        {"term": "开展培训评价自", "value": _day(a.training_since)},
        {"term": "自愿接受监督", "value": "是" if a.accepts_supervision else "未承诺"},
        {"term": "不以评价营利", "value": "是" if a.not_for_profit else "未承诺"},
        {"term": "经费保障", "value": a.funding or None, "wide": True},
        {"term": "管理制度", "value": a.rules_note or None, "wide": True},
        {"term": "承诺书签署日期", "value": _day(a.pledge_signed_on)},
    ]


def _day(value: Any) -> str | None:
    return f"{value.year}年{value.month}月{value.day}日" if value else None


def content(application: Application, actor: Actor) -> dict[str, Any]:
    """All that is in an application, for templates/filings/agency/content.html."""
    records = list(application.records.all())
    scope = [
        {
            "item": item,
            "levels": level_range_text(item.levels) if item.levels else "",
            "sites": [site.name for site in item.sites.all()],
            "records": [record for record in records if record.occupation_id == item.occupation_id],
        }
        for item in application.scope.select_related("occupation").prefetch_related("sites")
    ]
    people = list(application.staff.prefetch_related("occupations").order_by("kind", "id"))
    counts = Counter(person.kind for person in people)
    return {
        "facts": facts(application),
        "scope": scope,
        "sites": list(application.sites.select_related("area")),
        "people": people,
        "people_counts": [(kind.label, counts[kind.value]) for kind in StaffKind],
        "materials": materials(application),
    }


def materials(application: Application) -> list[dict[str, Any]]:
    """The six materials as components/material.html shows them to the agency: there or not, no officer's mark."""
    there = {material.key: material.upload for material in application.materials.select_related("upload")}
    return [
        {
            "label": rule.label,
            "state": "ok" if there.get(key) else "wait",
            "verdict": "已上传" if there.get(key) else "未上传",
            "facts": file_facts(there[key]) if there.get(key) else "",
            "url": reverse("documents:upload", args=[there[key].pk]) if there.get(key) else "",
            "inline": bool(there.get(key) and common.shown(there[key])["inline"]),
        }
        for key, rule in MATERIALS.items()
    ]
