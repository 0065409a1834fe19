"""What must hold for each transition: every reason at once, each with its field and its article.

Signature: (application, *, actor, on, data) -> list[Reason]. `data` is None when only the buttons are asked for; what
the form brings is then left out.
"""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.accounts.actors import Actor
from core.accounts.models import ServiceConsent
from core.deadlines import clocks
from core.documents import uploads
from core.documents.models import Upload
from core.refusals import Reason
from filings import grants, m7, parts, quota, serials
from filings.corrections import marks, nameable_again, open_parts, unanswered
from filings.enums import AssessmentMethod, OpinionKind, Requester
from filings.models import Application, Material, PartMark, Score, in_force
from regulation.bases import REFUSAL_ARTICLES, UNMENDABLE
from regulation.citations import cite
from regulation.materials import MATERIALS
from regulation.periods import PERIODS

Data = Mapping[str, Any] | None

_NOTHING_SUPPLIED = Reason("unanswered", "请至少答复一项。", "items", "M11")
# The slot of a commissioned assessor's qualification paper.
QUALIFICATION = "qualification"


def nothing(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """No rule beyond state and permission."""
    return []


def _materials(application: Application) -> dict[str, Material]:
    return {material.key: material for material in application.materials.all()}


def _label(key: str) -> str:
    return MATERIALS[key].label


def _m8(key: str) -> str:
    return MATERIALS[key].citation.code


# What a draft needs before it goes off.
_REQUIRED = {
    "name": "请填写机构名称。",
    "credit_code": "请填写统一社会信用代码。",
    "legal_form": "请选择法人类型。",
    "area_id": "请选择注册地所在县（市、区）。",
    "address": "请填写注册地址。",
    "legal_representative": "请填写法定代表人。",
    "legal_representative_id": "请填写法定代表人身份证号。",
    "contact": "请填写联系人。",
    "contact_phone": "请填写联系电话。",
    "pledge_signed_on": "请填写法定代表人签署承诺书的日期。",
}


def _form(application: Application, on: datetime.date) -> dict[str, list[Reason]]:
    """{part: what it lacks to be handed in}. Format alone: M7 blocks neither submission nor acceptance."""
    found: dict[str, list[Reason]] = {key: [] for key in parts.PARTS}
    for name, text in _REQUIRED.items():
        if not getattr(application, name):
            field = name if name in parts.OWN_FIELDS else name.removesuffix("_id")
            found[parts.of_field(name)].append(Reason("required", text, field=field, citation="M9"))
    if application.credit_code and application.credit_code != application.agency.credit_code:
        found["agency"].append(
            Reason(
                "credit_code_differs",
                f"统一社会信用代码与机构注册并核实的代码（{application.agency.credit_code}）不一致，请改正。",
                "credit_code",
                "M7(1)",
            )
        )
    if application.pledge_signed_on and application.pledge_signed_on > on:
        found["pledge_day"].append(
            Reason("pledge_in_future", "承诺书的签署日期不能晚于今天。", "pledge_signed_on", "M8(6)")
        )
    if not application.scope.exists():
        found["scope"].append(Reason("scope_empty", "请至少填写一个申请的职业（工种）。", "scope", "M7(2)"))
    for item in application.scope.select_related("occupation"):
        if not item.levels:
            text = f"请选择“{item.occupation.name}”的等级。"
            found["scope"].append(Reason("levels_empty", text, "scope", "M7(2)"))
    if not application.sites.exists():
        found["sites"].append(Reason("sites_empty", "请至少填写一处考评场地。", "sites", "M7(2)"))
    return found


def _edited_form(application: Application, on: datetime.date) -> list[Reason]:
    """What the parts that the agency may edit now lack; the others are as they were handed in."""
    lacking, open_now = _form(application, on), open_parts(application)
    return [
        Reason(reason.code, reason.text, f"item-{key}", reason.citation)
        for key, reasons in lacking.items()
        if key in open_now
        for reason in reasons
    ]


def submit(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """All six materials there (M8), pledge signed, agency confirmed, for the very code that was confirmed."""
    reasons = [reason for found in _form(application, on).values() for reason in found]
    there = _materials(application)
    for key in MATERIALS:
        if key not in there or there[key].upload_id is None:
            reasons.append(Reason("material_missing", f"请上传“{_label(key)}”。", f"material-{key}", _m8(key)))
    if application.agency.confirmed_on is None:
        reasons.append(
            Reason(
                "agency_unconfirmed",
                "机构身份还没有经县（市、区）人社局核实，核实后才能提交。草稿已保存。",
                "agency",
                "M9",
            )
        )
    return reasons


def request_correction(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """One notice that names everything (M10): every material looked at, each fault with a remark, days within range."""
    if actor.is_system:  # the notice was issued earlier and has now been served
        return []
    reasons = []
    if waiting := unanswered(application, Requester.CORRECTION):
        reasons.append(
            Reason(
                "notice_unserved", f"{waiting.asked_on:%Y-%m-%d} 的补正通知还没有送达，请先登记送达。", "notice", "M10"
            )
        )
    again = nameable_again(application)
    bad = 0
    for mark in marks(application):
        where, label = parts.anchor(mark.key), parts.label(mark.key)
        if not _looked_at(mark):
            reasons.append(Reason("unmarked", f"{label}：还没有看。补正通知应一次列全。", where, "M10"))
        elif mark.bad:
            bad += 1
            if not mark.remark.strip():
                reasons.append(Reason("no_remark", f"{label}：请写明缺什么、怎么补。", where, "M10"))
            if again is not None and mark.key not in again:
                text = f"{label}：上一次补正通知没有提到，这次也没有改动，不能再要求补正。"
                reasons.append(Reason("not_in_last_notice", text, where, "M10"))
    if not bad and not reasons:
        reasons.append(Reason("nothing_wrong", "材料齐全、合规，没有要补正的，可以受理。", "", "M10"))
    if data is not None:
        reasons.extend(_days(data.get("days"), PERIODS["correction"].maximum or 30))
    return reasons


def _looked_at(mark: Material | PartMark) -> bool:
    """Whether nothing is left to look at: each material whole; a part where the agency has changed it, for what nobody
    objected to in the form needs no mark."""
    if isinstance(mark, PartMark):
        return mark.correct is not None or not mark.touched
    return mark.complete is not None and mark.compliant is not None


def _days(days: Any, most: int) -> list[Reason]:
    if not isinstance(days, int) or not 1 <= days <= most:
        return [Reason("days_out_of_range", f"补正期限应为 1 至 {most} 日。", "days", "M10")]
    return []


def extend_correction(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """Once, before the period ends, with a recorded reason, 60 days in all (M10)."""
    reasons = []
    request = unanswered(application, Requester.CORRECTION)
    if request is None:
        return [Reason("no_request", "没有进行中的补正。", "", "M10")]
    if request.extended_to is not None:
        reasons.append(Reason("extended_before", "补正期限已经延长过一次，不能再延长。", "", "M10"))
    if request.extension_asked_on is None:
        reasons.append(Reason("not_asked", "申请机构还没有说明理由申请延长。", "", "M10"))
    if data is not None:
        reasons.extend(_longer(application, request.days or 0, data.get("days")))
        if not str(data.get("reason", "")).strip():
            reasons.append(Reason("reason_missing", "请写明延长的理由。", "reason", "M10"))
    return reasons


def _longer(application: Application, now: int, days: Any) -> list[Reason]:
    """An extension has to move the last day: days that roll forward onto the same working day extend nothing."""
    most = PERIODS["correction"].total_maximum or 60
    if not isinstance(days, int) or not now < days <= most:
        text = f"延长后的总期限应多于 {now} 日，不超过 {most} 日。"
        return [Reason("days_out_of_range", text, "days", "M10")]
    clock = clocks.running(application, "correction")
    if clock is None or clocks.length(clock, days).end > clock.due_on:
        return []
    needed = next((n for n in range(days + 1, most + 1) if clocks.length(clock, n).end > clock.due_on), None)
    text = f"遇节假日顺延，{days} 日的最后一日仍不晚于 {clock.due_on:%Y-%m-%d}，等于没有延长；"
    return [
        Reason(
            "last_day_not_later",
            text + (f"总期限请至少定为 {needed} 日。" if needed else f"{most} 日之内已不能再延长。"),
            "days",
            "M10",
        )
    ]


def resubmit(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """Every item of the notice answered, and what was edited whole again (M10)."""
    request = unanswered(application, Requester.CORRECTION)
    if request is None:
        return [Reason("no_request", "没有进行中的补正。", "", "M10")]
    return [
        Reason("unanswered", f"{item.label}：还没有补正。", f"item-{item.key}", "M10")
        for item in request.items.all()
        if not item.answered
    ] + _edited_form(application, on)


def _review_finished(application: Application, *, bad: str) -> list[Reason]:
    """Every material looked at, and every part of the form that was handed in anew; nothing of them marked wrong."""
    reasons = []
    for mark in marks(application):
        where, label, article = parts.anchor(mark.key), parts.label(mark.key), parts.citation(mark.key)
        if mark.bad:
            code = "part_bad" if mark.key in parts.PARTS else "material_bad"
            reasons.append(Reason(code, f"{label}：{bad}", where, article))
        elif not _looked_at(mark):
            reasons.append(Reason("unmarked", f"{label}：还没有看", where, article))
    return reasons


def accept(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """All six materials marked complete and compliant, nothing of the form marked wrong; no notice under way (M10)."""
    reasons = _review_finished(application, bad="需补正")
    if unanswered(application, Requester.CORRECTION):
        reasons.append(Reason("notice_unserved", "已发出补正通知，等待送达。", "notice", "M10"))
    return reasons


def decline(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """Reasons and basis (M10): only what correction cannot mend, or what stayed wrong after it."""
    if data is None:
        return []
    grounds = data.get("grounds") or []
    reasons = [] if grounds else [Reason("grounds_missing", "请写明不予受理的理由和依据。", "grounds", "M10")]
    stayed_wrong = (nameable_again(application) or frozenset()) & {m.key for m in marks(application) if m.bad}
    for number, ground in enumerate(grounds, 1):
        where = f"grounds-{number}"
        if not str(ground.get("reason", "")).strip():
            reasons.append(Reason("reason_missing", f"第 {number} 条：请写明理由。", where, "M10"))
        if not _citable(ground.get("basis", "")):
            reasons.append(Reason("basis_missing", f"第 {number} 条：请写明依据的条款。", where, "M10"))
        elif ground.get("unmendable") and cite(ground["basis"]).code not in UNMENDABLE:
            known = "、".join(cite(code).full for code in UNMENDABLE)
            reasons.append(
                Reason(
                    "basis_mendable",
                    f"第 {number} 条：这一条的问题能够补正，应当先通知补正；补正解决不了的，依据只能是{known}。",
                    where,
                    "M10",
                )
            )
        if not ground.get("unmendable") and parts.key_of(ground) not in stayed_wrong:
            text = (
                f"第 {number} 条：能够补正的，应当先通知补正；"
                "只有补正后仍不符合的材料或内容，或补正解决不了的问题，才能不予受理。"
            )
            reasons.append(Reason("mendable", text, where, "M10"))
    return reasons


def _citable(text: Any) -> bool:
    try:
        cite(str(text))
    except ValueError:
        return False
    return True


def recommend(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """With an opinion, either way, within the county's period (M6)."""
    if clocks.lapsed(application, "county_recommendation", on):
        return [Reason("recommendation_lapsed", "推荐期限已满，请改为补交逾期意见。", "", "M6")]
    return _opinion(data)


def give_late_opinion(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """After the recommendation period; attached, changes no state."""
    reasons = []
    if not clocks.lapsed(application, "county_recommendation", on):
        reasons.append(Reason("not_late", "推荐期限还没有满，请直接出具推荐意见。", "", "M6"))
    if application.opinions.filter(kind=OpinionKind.LATE).exists():
        reasons.append(Reason("given_before", "已经补交过逾期意见。", "", "M6"))
    return reasons + _opinion(data)


def _opinion(data: Data) -> list[Reason]:
    if data is None:
        return []
    reasons = []
    if not isinstance(data.get("positive"), bool):
        reasons.append(Reason("choice_missing", "请选择推荐或不推荐。", "positive", "M6"))
    if not str(data.get("text", "")).strip():
        reasons.append(Reason("text_missing", "请写明意见。", "text", "M6"))
    return reasons


def start_assessment(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """Methods of M11; from accepted only after the recommendation period lapsed."""
    reasons = []
    if application.state == "accepted" and not clocks.lapsed(application, "county_recommendation", on):
        reasons.append(
            Reason(
                "recommendation_waiting", "县（市、区）的推荐期限还没有满，请等推荐意见或期满后再开始评估。", "", "M6"
            )
        )
    if data is not None:
        methods = data.get("methods") or []
        if not methods or not set(methods) <= set(AssessmentMethod.values):
            reasons.append(Reason("methods_missing", "请至少选择一种评估方式。", "methods", "M11"))
        if AssessmentMethod.COMMISSIONED in methods:
            if not str(data.get("commissioned", "")).strip():
                reasons.append(
                    Reason("commissioned_missing", "委托评估的，请写明受托评估机构的名称。", "commissioned", "M11")
                )
            if qualification(application) is None:
                reasons.append(
                    Reason(
                        "qualification_missing",
                        "委托评估的，受托机构应具有相应资质：请先上传它的资质证明。",
                        "qualification",
                        "M11",
                    )
                )
    return reasons


def qualification(application: Application) -> Upload | None:
    """Return the newest qualification paper of a commissioned assessor (M11)."""
    return uploads.latest(application, QUALIFICATION)


def invite_supplements(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """Named supplements, one invitation at a time; the decision clock runs on."""
    reasons = []
    if unanswered(application, Requester.SUPPLEMENT):
        reasons.append(Reason("invited_before", "上一次的补充要求还没有答复。", "", "M11"))
    if data is not None:
        items = data.get("items") or []
        if not items:
            reasons.append(Reason("items_missing", "请写明要补充的材料或更正的内容。", "items", "M11"))
        for item in items:
            if not parts.key_of(item) or not str(item.get("what", "")).strip():
                reasons.append(Reason("item_incomplete", "每一项都要选择材料或内容，并写明要求。", "items", "M11"))
        keys = [parts.key_of(item) for item in items]
        for key in sorted({key for key in keys if key and keys.count(key) > 1}):
            reasons.append(Reason("item_twice", f"{parts.label(key)}：写了不止一项，请合并。", "items", "M11"))
    return reasons


def supply_supplements(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """At least one item of the invitation answered, and what was edited whole again."""
    request = unanswered(application, Requester.SUPPLEMENT)
    if request is None:
        return [Reason("no_request", "没有等待补充的要求。", "", "M11")]
    reasons = [] if any(item.answered for item in request.items.all()) else [_NOTHING_SUPPLIED]
    return reasons + _edited_form(application, on)


def request_override(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """For a cap that is full for this application, once (M37): what the bureau answered stands."""
    open_to = {one.key for one in quota.to_request(application, on)}
    none_left = Reason("cap_not_reached", "这一名额没有满，或已经请求过。", "cap", "M37")
    if data is None:
        return [] if open_to else [replace(none_left, text="没有已满而未请求过的名额。")]
    reasons = [] if data.get("cap") in open_to else [none_left]
    if not str(data.get("reason", "")).strip():
        reasons.append(Reason("reason_missing", "请写明为什么需要超出名额。", "reason", "M37"))
    return reasons


def override_cap(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """The bureau's answer to a request of the centre's, either way with its recorded reason (M37)."""
    waiting = set(application.overrides.filter(granted__isnull=True).values_list("cap", flat=True))
    if not waiting:
        return [Reason("not_requested", "市中心没有等待答复的超名额请求。", "cap", "M37")]
    if data is None:
        return []
    reasons = []
    if data.get("cap") not in waiting:
        reasons.append(Reason("not_requested", "市中心没有请求超出这一名额，或已有决定。", "cap", "M37"))
    if not isinstance(data.get("granted"), bool):
        reasons.append(Reason("choice_missing", "请选择同意或不同意超名额。", "granted", "M37"))
    if not str(data.get("reason", "")).strip():
        reasons.append(Reason("reason_missing", "请写明同意或不同意超名额的理由。", "reason", "M37"))
    return reasons


def _assessed(application: Application) -> list[Reason]:
    """The assessment is finished: a report, and no expert still at work."""
    assessment = getattr(application, "assessment", None)
    if assessment is None or not assessment.report.strip():
        return [Reason("report_missing", "还没有技术评估报告。", "report", "M11")]
    reasons = []
    if AssessmentMethod.VISIT in assessment.methods and assessment.visit_on is None:
        reasons.append(Reason("visit_missing", "安排了现场考察，还没有考察记录。", "visit", "M11"))
    working = assessment.tasks.filter(done_on__isnull=True, withdrawn_on__isnull=True).count()
    if working:
        reasons.append(Reason("experts_working", f"还有 {working} 位专家没有提交评审表。", "experts", "M11"))
    if AssessmentMethod.PANEL in assessment.methods and not assessment.tasks.filter(done_on__isnull=False).exists():
        reasons.append(Reason("panel_missing", "安排了专家论证，还没有专家评审表。", "experts", "M11"))
    return reasons


def approve(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """Whole or in part (M11, M12): assessment done, every material checked, each part granted or left out with reason
    and basis, M7 held or relaxed with a reason, places free or overridden (M37), a serial left."""
    reasons = _assessed(application) + _review_finished(application, bad="不齐全或不符合要求")
    if not serials.available():
        reasons.append(serials.EXHAUSTED)
    if application.agency.filings.filter(in_force(on)).exists():
        reasons.append(Reason("filed_already", "这家机构已有有效备案。", "", "M12"))
    if application.agency.confirmed_on is None:  # undone since: another agency proved to be the code's own
        reasons.append(Reason("agency_unconfirmed", "这家机构的身份核实已被撤销，不能同意备案。", "", "M7(1)"))
    if data is None:
        return reasons
    granted = set(data.get("granted") or [])
    left_out = data.get("left_out") or []
    relaxed: Mapping[str, str] = data.get("relaxed") or {}
    names = dict(application.scope.values_list("occupation_id", "occupation__name"))
    reasons.extend(grants.against(application, granted, left_out))
    if not _scored(application):
        text = "本件没有专家评分，不能以择优遴选为依据。"
        on_merit = [part for part in left_out if part.get("basis") == "M11"]
        reasons.extend(Reason("nothing_scored", text, f"basis-{grants.key(part)}", "M11") for part in on_merit)
    wanted = grants.of(application, granted, left_out)
    sites = {site.pk for one in wanted for site in one.sites}
    for check in m7.checks(application, on, sites=sites or None):
        if check.holds or (check.occupation and check.occupation not in granted):
            continue
        if check.result == m7.Result.RELAXABLE and str(relaxed.get(check.occupation, "")).strip():
            continue
        what = f"{names[check.occupation]}:" if check.occupation in names else ""
        reasons.append(
            Reason(
                f"m7_{check.condition.key}",
                f"{what}{check.condition.label}——{check.detail}",
                "m7",
                check.condition.citation.code,
            )
        )
    return reasons + quota.against(application, wanted, on)


def refuse(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """In writing with reasons and basis (M11): only on M7, M37, selection on merit, or what was asked for."""
    reasons = _assessed(application)
    if data is None:
        return reasons
    grounds = data.get("grounds") or []
    if not grounds:
        reasons.append(Reason("grounds_missing", "请写明不予备案的理由和依据。", "grounds", "M11"))
    for number, ground in enumerate(grounds, 1):
        where = f"grounds-{number}"
        if not str(ground.get("reason", "")).strip():
            reasons.append(Reason("reason_missing", f"第 {number} 条：请写明理由。", where, "M11"))
        basis = str(ground.get("basis", ""))
        if not _citable(basis) or cite(basis).article not in REFUSAL_ARTICLES:
            reasons.append(
                Reason(
                    "basis_missing",
                    f"第 {number} 条：依据应是备案条件、名额、择优遴选或所要求的补充材料。",
                    where,
                    "M11",
                )
            )
        elif cite(basis).article == 10 and not _left_unanswered(application):
            text = "没有已经送达而未答复（或未答复齐全）的补充要求，不能以所要求的补充材料为依据。"
            reasons.append(Reason("nothing_asked", f"第 {number} 条：{text}", where, "M11"))
        elif cite(basis).article == 11 and not _scored(application):
            text = "本件没有专家评分，不能以择优遴选为依据。"
            reasons.append(Reason("nothing_scored", f"第 {number} 条：{text}", where, "M11"))
    return reasons


def _left_unanswered(application: Application) -> bool:
    """Whether supplements were asked for, by a notice that was served, and are still owed in whole or part."""
    asked = application.requests.filter(kind=Requester.SUPPLEMENT, served_on__isnull=False).prefetch_related("items")
    return any(
        request.answered_on is None or not all(item.answered for item in request.items.all()) for request in asked
    )


def _scored(application: Application) -> bool:
    """Whether an expert's marks are in: nothing else can be weighed against another application's."""
    return Score.objects.filter(task__assessment__application=application, task__done_on__isnull=False).exists()


def consents(application: Application, on: datetime.date) -> bool:
    """Whether the agency has consented to service in the portal."""
    return (
        ServiceConsent.objects.filter(organisation_id=application.agency_id, given_on__lte=on)
        .exclude(withdrawn_on__lte=on)
        .exists()
    )
