"""What an officer sees of an application: materials and marks, conditions, clocks, papers, proposals, the course."""

import datetime
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.urls import reverse
from django_fsm import has_transition_perm

from core.accounts.actors import Actor
from core.accounts.models import OrganisationKind
from core.audit.matters import key as matter_key
from core.clock.words import in_words
from core.deadlines import clocks
from core.deadlines.models import Clock, ClockState
from core.documents.models import DocumentState, OfficialDocument, Upload
from core.workflow import proposals
from core.workflow.models import Proposal
from core.workflow.offers import Offer, offers
from core.workflow.spec import spec_for
from filings import conditions, corrections, grants, m7, permissions, quota, timeline
from filings.enums import ApplicationState, Requester
from filings.models import Application, Material, PartMark, Request, ScopeItem
from filings.part_contents import Change, changes_of
from filings.parts import PARTS
from filings.views import previews, sheets
from filings.views.common import MATTER, FileLink, file_link
from filings.views.queue import STATE_TONES
from filings.workflow import serving
from regulation.codes import level_range_text

S = ApplicationState

# The step that a page explains when it is still closed: "现在还不能受理".
NEXT_STEP: dict[str, tuple[str, ...]] = {
    S.SUBMITTED: ("accept",),
    S.CORRECTING: ("extend_correction",),
    S.ACCEPTED: ("recommend", "start_assessment"),
    S.RECOMMENDED: ("start_assessment",),
    S.ASSESSING: ("approve",),
}
PRIMARY = {S.SUBMITTED: "accept", S.ACCEPTED: "recommend", S.RECOMMENDED: "start_assessment", S.ASSESSING: "approve"}

# What the last handing in was, at a material that it touched, and at a part that it changed.
TOUCHED = {Requester.CORRECTION: "本次补正改动过", Requester.SUPPLEMENT: "本次补充时改动过"}
CHANGED = {Requester.CORRECTION: "补正时的改动", Requester.SUPPLEMENT: "补充时的改动"}

# Evidence for an item of M7, by the material that shows it.
EVIDENCE = {1: "profile", 2: "venue", 3: "profile", 4: "work_plan", 5: "profile", 6: "work_plan", 7: "record"}

RESULTS = {
    m7.Result.MET: ("符合", "good"),
    m7.Result.UNMET: ("不符合", "bad"),
    m7.Result.DEPARTS: ("已说明理由", "warn"),
    m7.Result.RELAXABLE: ("可放宽", "warn"),
    m7.Result.JUDGE: ("需判断", "mute"),
}


@dataclass(frozen=True)
class MaterialRow:
    """A material with its evidence and its mark."""

    material: Material
    number: int
    label: str
    state: str
    verdict: str
    tone: str
    file: FileLink | None
    earlier: list[FileLink]
    notes: list[str]
    mark_url: str
    touched: str = ""  # what the agency last handed it in anew for, in words

    @property
    def anchor(self) -> str:
        return f"id_material-{self.material.key}"


@dataclass
class CheckRow:
    """A condition of M7 with its result, for each occupation where it is checked so."""

    label: str
    citation: str
    results: list[tuple[str, str, str, str]] = field(default_factory=list)  # occupation, words, tone, detail

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """(words, tone, detail): occupations with the same result stand on one line."""
        grouped: dict[tuple[str, str], list[str]] = {}
        for occupation, words, tone, detail in self.results:
            said = f"{occupation}：{detail}" if occupation and detail else detail
            grouped.setdefault((words, tone), []).append("" if tone == "mute" else said)
        return [(words, tone, "；".join(filter(None, said))) for (words, tone), said in grouped.items()]


@dataclass(frozen=True)
class PartRow:
    """A part of the form with its mark, and what has changed in it since a notice last named it."""

    key: str
    label: str
    citation: str
    mark: PartMark | None
    state: str
    verdict: str
    tone: str
    changed: str
    changes: list[Change]
    mark_url: str

    @property
    def anchor(self) -> str:
        return f"id_part-{self.key}"


def _part_verdict(mark: PartMark | None) -> tuple[str, str, str]:
    """(state, words, tone) of the mark; nothing is said where nobody has said anything."""
    if mark is None or mark.correct is None:
        return "wait", "改后未看" if mark and mark.touched else "", "warn"
    return ("ok", "无误", "good") if mark.good else ("no", "需补正", "bad")


def part_rows(application: Application, requests: list[Request]) -> dict[str, PartRow]:
    """Return the parts of the form as the reviewer marks them. requests: all of them, with their items."""
    marks = {mark.key: mark for mark in application.part_marks.all()}
    last = {item.part: (item, request) for request in requests for item in request.items.all() if item.part}
    rows = {}
    for key, part in PARTS.items():
        state, verdict, tone = _part_verdict(marks.get(key))
        item, request = last.get(key, (None, None))
        rows[key] = PartRow(
            key=key,
            label=part.label,
            citation=part.citation.code,
            mark=marks.get(key),
            state=state,
            verdict=verdict,
            tone=tone,
            changed=CHANGED[request.kind] if request and request.answered_on else "机构正在修改，还没有提交",
            changes=changes_of(item) if item else [],
            mark_url=reverse("filings:mark-part", args=[application.pk, key]),
        )
    return rows


def _verdict(material: Material) -> tuple[str, str, str]:
    """(state, words, tone) of the mark."""
    if material.good:
        return "ok", "齐全 合规", "good"
    if material.bad:
        return (
            "no",
            "、".join(
                word
                for word, bad in (("不齐全", material.complete is False), ("不合规", material.compliant is False))
                if bad
            ),
            "bad",
        )
    return "wait", "未看", "mute"


def materials(
    application: Application, checks: list[m7.Check], names: dict[str, str], *, with_marks: bool = True
) -> list[MaterialRow]:
    """Return the six materials with their files, and what the portal reckons beside them; an expert sees no marks."""
    matter_type, matter_id = matter_key(application)
    uploads: dict[str, list[Upload]] = {}
    for upload in Upload.objects.filter(matter_type=matter_type, matter_id=matter_id).order_by("version"):
        uploads.setdefault(upload.slot, []).append(upload)
    record = [f"{names.get(c.occupation, '')}{c.said}" for c in checks if c.condition.key == "person_times"]
    handed_in = TOUCHED[answered.kind] if (answered := corrections.last_answered(application)) else ""
    rows = []
    for number, material in enumerate(application.materials.select_related("upload"), 1):
        state, verdict, tone = _verdict(material) if with_marks else ("file", "", "mute")
        older = [upload for upload in uploads.get(material.key, []) if upload.pk != material.upload_id]
        rows.append(
            MaterialRow(
                material=material,
                number=number,
                label=material.rule.label,
                state=state,
                verdict=verdict,
                tone=tone,
                file=file_link(material.upload) if material.upload else None,
                earlier=[file_link(upload, current=False) for upload in older] if with_marks else [],
                notes=record if material.key == "record" else [],
                mark_url=reverse("filings:mark", args=[application.pk, material.key]),
                touched=handed_in if with_marks and material.touched else "",
            )
        )
    return rows


def condition_rows(checks: list[m7.Check], names: dict[str, str]) -> list[dict[str, Any]]:
    """Return M7 item by item: what the portal checked, and what a person has to judge, with the evidence's key."""
    items = []
    for item, group in groupby(checks, key=lambda check: check.condition.item):
        rows: dict[str, CheckRow] = {}
        for check in group:
            row = rows.setdefault(check.condition.key, CheckRow(check.condition.label, check.condition.citation.code))
            words, tone = RESULTS[check.result]
            if check.warning and check.holds:
                words, tone = f"{words}，请核对", "warn"
            row.results.append((names.get(check.occupation, ""), words, tone, check.said))
        items.append({"item": item, "citation": f"M7({item})", "rows": list(rows.values()), "material": EVIDENCE[item]})
    return items


def papers(application: Application, actor: Actor) -> list[dict[str, Any]]:
    """Return the papers of the matter that this side reads, each with its service, newest first."""
    matter_type, matter_id = matter_key(application)
    rows = (
        OfficialDocument.objects.filter(matter_type=matter_type, matter_id=matter_id)
        .select_related("service", "service__proof")
        .order_by("-id")
    )
    listed = []
    for paper in rows:
        if not permissions.reads_part(actor, paper.series):
            continue
        service = getattr(paper, "service", None)
        to_agency = paper.addressee_id == application.agency_id
        listed.append(
            {
                "paper": paper,
                "url": reverse("documents:paper", args=[paper.code]),
                "pending": paper.state != DocumentState.ISSUED,
                "service": service,
                "proof": file_link(service.proof) if service and service.proof else None,
                "unserved": to_agency and service is None,
                "may_serve": to_agency and service is None and serving.may_record_service(actor, application, paper),
                "service_url": reverse("filings:service", args=[application.pk, paper.pk]),
            }
        )
    return listed


def facts(application: Application, *, contacts: bool = True) -> list[dict[str, Any]]:
    """Return the agency and the people in charge, as it handed them in; `contacts` for those who deal with it."""
    people = [
        {"term": "法定代表人", "value": application.legal_representative},
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
        {"term": "专门机构", "value": application.unit_name or "未填写", "citation": "M7(3)"},
        {"term": "培训评价自", "value": _day(application.training_since), "citation": "M7(7)"},
        {"term": "接受监督", "value": "已承诺" if application.accepts_supervision else "未承诺", "citation": "M7(5)"},
        {"term": "不以营利为目的", "value": "已承诺" if application.not_for_profit else "未承诺", "citation": "M7(6)"},
        {"term": "经费保障", "value": application.funding or "未填写", "wide": True},
        {"term": "管理制度", "value": application.rules_note or "见机构基本情况材料", "wide": True},
    ]


def _day(day: datetime.date | None) -> str:
    return in_words(day) if day else "未填写"


def scope_words(scope: list[ScopeItem], levels: list[int] | None = None) -> str:
    """Return "焊工（五—三级）、电工（五—四级）". levels: these, not those applied for."""
    named = [(item.occupation.name, item.levels if levels is None else levels) for item in scope]
    return "、".join(f"{name}（{level_range_text(of)}）" if of else name for name, of in named)


def running(application: Application) -> list[Clock]:
    """Return the clocks that run, the nearest first."""
    return list(clocks.of(application).filter(state=ClockState.RUNNING).order_by("due_on", "id"))


def entries(application: Application, actor: Actor) -> list[dict[str, Any]]:
    """Return the timeline as the template prints it, newest first."""
    listed = []
    for entry in timeline.entries(application, actor):
        papers = entry.papers
        listed.append(
            {
                "label": entry.label,
                "actor": entry.actor,
                "at": entry.at if entry.kind != "lapse" else entry.on or entry.at,
                "note": entry.note,
                "kind": entry.kind,
                "citation": entry.citation,
                "document": papers[0] if papers else None,
            }
        )
    return listed


def context(application: Application, actor: Actor, on: datetime.date) -> dict[str, Any]:
    """Return what every officer's page of an application shows."""
    scope = list(application.scope.select_related("occupation").prefetch_related("sites", "left_out__site"))
    names = {item.occupation_id: item.occupation.name for item in scope}
    checks = m7.checks(application, on)
    rows = materials(application, checks, names)
    offered = offers(application, actor, on)
    requests = list(application.requests.select_related("document").prefetch_related("items__request__application"))
    return {
        "application": application,
        "title": application.name or application.agency.name,
        "scope": scope,
        "scope_words": scope_words(scope),
        "state_tone": STATE_TONES.get(application.state, "mute"),
        "clocks": running(application),
        "materials": rows,
        "seen": sum(1 for row in rows if row.state != "wait"),
        "may_mark": permissions.may_mark(actor, application),
        "conditions": condition_rows(checks, names),
        "unmet": sum(1 for check in checks if not check.holds),
        "facts": facts(application),
        "parts": part_rows(application, requests),
        "full_names": True,
        "sites": list(application.sites.select_related("area")),
        "staff": list(application.staff.prefetch_related("occupations")),
        "records": list(application.records.select_related("occupation")),
        "requests": requests,
        "opinions": list(application.opinions.select_related("document")),
        "papers": papers(application, actor),
        "to_record": serving.to_record(application),
        "consents": conditions.consents(application, on),
        "offers": offered,
        "action_base": reverse("filings:application", args=[application.pk]) + "transitions/",
        "primary": PRIMARY.get(application.state, ""),
        "closed": closed(application, offered),
        "proposal": proposal_row(application, actor, on),
        "entries": entries(application, actor),
        "crumbs": [
            ("申请", reverse("filings:applications")),
            (application.get_kind_display(), ""),
            (application.number, ""),
        ],
    }


def closed(application: Application, offered: list[Offer]) -> Offer | None:
    """Return the next step's offer where something stands against it."""
    wanted = NEXT_STEP.get(application.state, ())
    found = (o for o in offered if o.name in wanted and o.concerns)
    return next((o for o in found if any(r.code != "proposal_open" for r in o.reasons)), None)


# -- proposals ---------------------------------------------------------------------------------------------------


def said(proposal: Proposal, application: Application) -> list[dict[str, Any]]:
    """Return a proposal's content in words: what is proposed, on what grounds."""
    payload = proposal.payload
    names = dict(application.scope.values_list("occupation_id", "occupation__name"))
    lines: list[dict[str, Any]] = []
    left_out, granted = payload.get("left_out") or [], payload.get("granted")
    for one in grants.of(application, granted, left_out) if isinstance(granted, list) else []:
        what = f"{scope_words([one.item], one.levels)}：{'、'.join(site.name for site in one.sites) or '未填写场地'}"
        lines.append({"term": "同意", "text": what})
    for part in grants.rows(application, left_out):
        lines.append({"term": f"不予备案：{part.what}", "text": part.reason, "basis": part.basis})
    for code, reason in (payload.get("relaxed") or {}).items():
        lines.append({"term": f"放宽人次：{names.get(code, code)}", "text": reason})
    for number, ground in enumerate(payload.get("grounds") or [], 1):
        lines.append({"term": f"理由 {number}", "text": ground["reason"], "basis": ground["basis"]})
    if isinstance(payload.get("positive"), bool):
        lines.append(
            {"term": "意见", "text": f"{'推荐' if payload['positive'] else '不推荐'}。{payload.get('text', '')}"}
        )
    if cap := payload.get("cap"):
        area, _, code = str(cap).partition(":")
        what = f"{area} {names.get(code, code)}" if code else "全市社评机构"
        word = "同意" if granted else "不同意"
        lines.append({"term": f"{word}超出名额：{what}", "text": payload.get("reason", "")})
    if proposal.reason:
        lines.append({"term": "提议说明", "text": proposal.reason})
    return lines


def proposal_row(application: Application, actor: Actor, on: datetime.date) -> dict[str, Any] | None:
    """Return the open proposal with what this actor can do about it, else None."""
    found = proposals.open_for(application)
    return None if found is None else _proposal_row(found, application, actor)


def _proposal_row(found: Proposal, application: Application, actor: Actor) -> dict[str, Any]:
    rule = spec_for(MATTER).transitions[found.transition]
    own = actor.user is not None and found.proposed_user_id == actor.user.pk
    is_open = found.state == "open"
    bound = proposals.has_proposed(application, actor)
    return {
        "proposal": found,
        "rule": rule,
        "lines": said(found, application),
        "own": own and is_open,
        "decides": is_open and not bound and has_transition_perm(getattr(application, found.transition), actor),
        "papers": previews.papers_of(found.transition, found.payload),
        "preview_url": reverse("filings:proposal-preview", args=[found.pk]),
    }


def proposal_context(found: Proposal, application: Application, actor: Actor, on: datetime.date) -> dict[str, Any]:
    """Return what the page of a proposal shows: the case, the proposal, and what stands against deciding it now."""
    page = context(application, actor, on)
    row = _proposal_row(found, application, actor)
    against = []
    if row["decides"]:
        against = row["rule"].condition(application, actor=actor, on=on, data=found.payload)
    page["crumbs"] = [
        ("申请", reverse("filings:applications")),
        (page["title"], reverse("filings:application", args=[application.pk])),
        (f"提议：{row['rule'].label}", ""),
    ]
    about = {"places": places(application, on)}
    if actor.kind != OrganisationKind.COUNTY:
        about["assessment"] = sheets.assessment_context(application)
    return page | about | {"row": row, "against": against}


# -- places ------------------------------------------------------------------------------------------------------


def places(application: Application, on: datetime.date) -> list[dict[str, Any]]:
    """Return the places that this application would take, city-wide and for each occupation and area, each with what
    the centre asked the bureau about it."""
    asked = {one.cap: one for one in application.overrides.all()}
    wanted = quota.wanted(application, grants.as_applied_for(application), on)
    return [{"places": one, "asked": asked.get(one.key)} for one in wanted]
