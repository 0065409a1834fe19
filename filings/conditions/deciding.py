"""The decision: approval in whole or in part, refusal (M11, M12, M37)."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db.models import prefetch_related_objects

from core.accounts.actors import Actor
from core.refusals import Reason
from filings import changes, grants, m7, merit, quota, serials
from filings.conditions.common import Data, citable
from filings.conditions.receiving import review_finished
from filings.enums import ApplicationKind, AssessmentMethod, Requester
from filings.models import Application
from regulation.bases import LEFT_OUT_BASES, REFUSAL_ARTICLES
from regulation.citations import cite


def _assessed(application: Application) -> list[Reason]:
    """The assessment is finished: a report, and no expert still at work."""
    prefetch_related_objects([application], "assessment__tasks__scores")
    assessment = getattr(application, "assessment", None)
    if assessment is None or not assessment.report.strip():
        text = f"还没有{application.assessment_word}报告。"
        return [Reason("report_missing", text, "report", application.assessment_citation)]
    reasons = []
    if AssessmentMethod.VISIT in assessment.methods and assessment.visit_on is None:
        reasons.append(Reason("visit_missing", "安排了现场考察，还没有考察记录。", "visit", "M11"))
    tasks = assessment.tasks.all()
    if working := sum(task.done_on is None and task.withdrawn_on is None for task in tasks):
        reasons.append(Reason("experts_working", f"还有 {working} 位专家没有提交评审表。", "experts", "M11"))
    if AssessmentMethod.PANEL in assessment.methods and not any(task.done_on for task in tasks):
        reasons.append(Reason("panel_missing", "安排了专家论证，还没有专家评审表。", "experts", "M11"))
    return reasons


def approve(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """Whole or in part (M11, M12): assessment done, every material checked, each part granted or left out with reason
    and basis, M7 held or relaxed with a reason, a serial left for a new filing. Its places: `places_free`."""
    reasons = _assessed(application) + review_finished(application, bad="不齐全或不符合要求")
    if application.kind == ApplicationKind.INITIAL:
        if not serials.available():
            reasons.append(serials.EXHAUSTED)
        if any(filing.in_force(on) for filing in application.agency.filings.all()):
            reasons.append(Reason("filed_already", "这家机构已有有效备案。", "", "M12"))
    if application.agency.confirmed_on is None:  # undone since: another agency proved to be the code's own
        reasons.append(Reason("agency_unconfirmed", "这家机构的身份核实已被撤销，不能同意备案。", "", "M7(1)"))
    if data is None:
        return reasons
    granted = set(data.get("granted") or [])
    left_out = data.get("left_out") or []
    relaxed: Mapping[str, str] = data.get("relaxed") or {}
    if application.kind == ApplicationKind.CHANGE:
        return reasons + _change(application, granted, left_out, relaxed, on)
    reasons.extend(grants.against(application, granted, left_out))
    if not _scored(application):
        text = "本件没有专家评分，不能以择优遴选为依据。"
        on_merit = [part for part in left_out if part.get("basis") == "M11"]
        reasons.extend(Reason("nothing_scored", text, f"basis-{grants.key(part)}", "M11") for part in on_merit)
    wanted = grants.of(application, granted, left_out)
    sites = {site.pk for one in wanted for site in one.sites}
    return reasons + _unfit(application, granted, sites, relaxed, on)


def places_free(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """Places free or overridden (M37); no better one passed over for them without a reason (M11)."""
    data = data or {}
    granted = data.get("granted") or []
    if not granted:
        return []
    taken = merit.taken_by(application, granted, data.get("left_out") or [], on)
    return against_places(
        application, taken, merit.choices(application, taken, granted, on), data.get("passed_over") or {}
    )


def against_places(
    application: Application, taken: list[quota.Places], compared: list[merit.Choice], passed_over: merit.Said
) -> list[Reason]:
    """What stands against giving it the places it takes. compared: each with who stands beside it for that place."""
    return quota.full(application, taken) + merit.against(compared, passed_over)


def _unfit(
    application: Application, occupations: set[str], sites: set[int], relaxed: Mapping[str, str], on: datetime.date
) -> list[Reason]:
    """What of M7 fails for these occupations and sites, and is not relaxed with a reason."""
    reasons = []
    checks = m7.checks(application, on, sites=sites or None)
    names = {item.occupation_id: item.occupation.name for item in application.scope.all()}
    for check in checks:
        if check.holds or (check.occupation and check.occupation not in occupations):
            continue
        if check.result == m7.Result.RELAXABLE and str(relaxed.get(check.occupation, "")).strip():
            continue
        what = f"{names[check.occupation]}：" if check.occupation in names else ""
        reasons.append(
            Reason(
                f"m7_{check.condition.key}",
                f"{what}{check.condition.label}——{check.detail}",
                "m7",
                check.condition.citation.code,
            )
        )
    return reasons


def _change(
    application: Application,
    granted: set[str],
    left_out: list[Mapping[str, Any]],
    relaxed: Mapping[str, str],
    on: datetime.date,
) -> list[Reason]:
    """A change (M13): each item granted, or left out with reason and basis. M7 is asked again of what is added alone:
    what the filing has was judged when it was given."""
    items = {item.key: item for item in application.change_items.all()}
    why = {str(part.get("item")): part for part in left_out}
    reasons = []
    for key in sorted((granted | set(why)) - set(items)):
        reasons.append(Reason("not_applied_for", f"{key} 不在申请变更的事项里。", "granted", "M13"))
    for key in items:
        label, part = changes.label(key), why.get(key)
        if key in granted and part is not None:
            reasons.append(Reason("part_contradicts", f"“{label}”：同意和不同意只能选一样。", f"item-{key}", "M13"))
        elif key not in granted and (part is None or not str(part.get("reason") or "").strip()):
            reasons.append(Reason("left_out_reason", f"不同意变更“{label}”的，请写明理由。", f"item-{key}", "M13"))
        elif key not in granted and part is not None and part.get("basis") not in LEFT_OUT_BASES:
            text = f"不同意变更“{label}”的，请写明依据：备案条件的某一项、名额，或择优遴选。"
            reasons.append(Reason("basis_missing", text, f"item-{key}", "M13"))
    now = changes.of_filing(application.filing, on) if application.filing else {}
    if not any(changes.settled(items[key], now) for key in granted & set(items)):
        text = "没有同意任何一项变更的，应当作出不予备案的决定。"
        reasons.append(Reason("nothing_granted", text, "granted", "M13"))
    wanted = {key.removeprefix(changes.OCCUPATION) for key in granted}
    added = changes.added_occupations(application, on) & wanted
    new_sites = {site.pk for site in application.sites.filter(filing_site__isnull=True)}
    return reasons + _unfit(application, added, new_sites, relaxed, on)


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
        if not citable(basis) or cite(basis).article not in REFUSAL_ARTICLES:
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
    prefetch_related_objects([application], "assessment__tasks__scores")
    assessment = getattr(application, "assessment", None)
    return assessment is not None and any(task.done_on and task.scores.all() for task in assessment.tasks.all())
