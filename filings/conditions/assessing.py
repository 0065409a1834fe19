"""Assessment, supplements, the override of a cap (M11, M37)."""

import datetime
from dataclasses import replace

from core.accounts.actors import Actor
from core.deadlines import clocks
from core.documents import uploads
from core.documents.models import Upload
from core.refusals import Reason
from filings import changes, counter, parts, quota
from filings.conditions.common import Data
from filings.conditions.submitting import edited_form
from filings.corrections import unanswered
from filings.enums import AssessmentMethod, Requester
from filings.models import Application

_NOTHING_SUPPLIED = Reason("unanswered", "请至少答复一项。", "items", "M11")
# The slot of a commissioned assessor's qualification paper.
QUALIFICATION = "qualification"


def start_assessment(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """Methods of M11; from accepted only after the recommendation period lapsed."""
    reasons = []
    if (
        application.state == "accepted"
        and clocks.of(application).filter(kind="county_recommendation").exists()
        and not clocks.lapsed(application, "county_recommendation", on)
    ):
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
    return [*reasons, *edited_form(application, on), *counter.unproven(application, "supply_supplements", actor)]


def confirm_items(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """Items of which the filing says something else since they were asked for; what is named is still wanted (M13)."""
    moved = {item.key for item in changes.moved(application, on)} if application.filing else set()
    if not moved:
        return [Reason("nothing_moved", "没有需要确认的事项：备案内容与申请时一致。", "", "M13")]
    reasons = counter.unproven(application, "confirm_items", actor)
    if data is None:
        return reasons
    named = set(data.get("items") or [])
    if not named or not named <= moved:
        reasons.append(Reason("items", "请勾选仍然要求变更的事项，只能是备案已另有变动的事项。", "items", "M13"))
    return reasons


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
