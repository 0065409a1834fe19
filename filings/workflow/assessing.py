"""The technical assessment (M11): methods, experts, scores, visit, report, supplements."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.files import File
from django.db import transaction as database
from django.db.models import Q

from core.accounts.actors import Actor, in_force
from core.accounts.models import Position, Role
from core.deadlines import clocks
from core.documents import formats, uploads
from core.documents.models import OfficialDocument, Upload
from core.notifications import outbox
from core.refusals import NotPossible, Reason, Refused
from core.workflow.transitions import transition
from filings import changes, conditions, contents, corrections, counter, parts, permissions
from filings.enums import ApplicationKind, ApplicationState, AssessmentMethod, Requester
from filings.models import Application, Assessment, Criterion, ExpertTask, Request, Score
from filings.workflow import following, steps
from filings.workflow.correcting import ask, take_answers


def start_assessment(
    application: Application,
    *,
    actor: Actor,
    on: datetime.date,
    methods: list[str],
    plan: str = "",
    commissioned: str = "",
) -> Application:
    """Start the assessment with its methods; without a recommendation only after the county's period, and saying so.

    commissioned: the name of a commissioned assessor, whose qualification paper must be there (M11).
    """
    data = {"methods": methods, "plan": plan, "commissioned": commissioned}
    with transition(application, "start_assessment", actor=actor, on=on, data=data) as step:
        matter: Application = step.matter
        by_others = AssessmentMethod.COMMISSIONED in methods
        Assessment.objects.create(
            application=matter,
            methods=methods,
            plan=plan,
            commissioned=commissioned.strip() if by_others else "",
            qualification=conditions.qualification(matter) if by_others else None,
            started_on=on,
        )
        step.payload.update(data, without_recommendation=matter.state == ApplicationState.ACCEPTED)
        word = matter.assessment_word
        steps.tell_agency(step, "assessing", f"开始{word}", f"市职业技能鉴定指导中心已开始{word}。")
    return application


def confirm_items(application: Application, *, actor: Actor, on: datetime.date, items: list[str]) -> Application:
    """Confirm, as the agency, items of a change of which the filing says something else by now: they are applied to
    what it says today. What is not confirmed is left out at the decision (M13)."""
    day = counter.counts_from(application, "confirm_items", actor=actor, on=on)
    with transition(application, "confirm_items", actor=actor, on=on, data={"items": items}, as_of=day) as step:
        matter: Application = step.matter
        assert matter.filing is not None
        now = changes.of_filing(matter.filing, on)
        for item in matter.change_items.filter(key__in=items):
            item.confirmed, item.seen = True, now.get(item.key)
            item.save(update_fields=["confirmed", "seen"])
        step.payload |= {"items": items, **counter.rest(matter, "confirm_items", actor=actor, on=on)}
        steps.tell_of_counter(step)
        steps.tell_office(
            step, "confirmed", steps.centre(), f"已确认变更事项：{matter.name}", "备案内容变动后，机构仍然要求变更。"
        )
    return application


@uploads.scanned_first
@steps.after_lapses
def upload_qualification(application: Application, file: File, *, actor: Actor, on: datetime.date) -> Upload:
    """Take the qualification paper of a commissioned assessor (M11), before the assessment starts. Raises Invalid."""
    locked = steps.lock(application)
    steps.require(permissions.is_centre_handler.test(actor, locked), "上传受托机构的资质证明")
    steps.require_state(locked, ApplicationState.ACCEPTED, ApplicationState.RECOMMENDED, what="上传受托机构的资质证明")
    slot = conditions.QUALIFICATION
    upload = uploads.receive(file, matter=locked, slot=slot, actor=actor, on=on, formats=formats.SCANS)
    steps.note(locked, "upload_qualification", actor=actor, on=on, sha256=upload.sha256, version=upload.version)
    return upload


def criteria(on: datetime.date) -> list[Criterion]:
    """Return the criteria published and in force on that day."""
    return list(Criterion.objects.filter(since__lte=on).filter(Q(until__isnull=True) | Q(until__gte=on)))


def _working(application: Application, actor: Actor, what: str) -> Assessment:
    """Return the assessment, its application locked and still under assessment, for a centre handler."""
    steps.require(permissions.is_centre_handler.test(actor, application), what)
    locked = steps.lock(application)
    steps.require_state(locked, ApplicationState.ASSESSING, what=what)
    return locked.assessment


@database.atomic
def assign_expert(application: Application, expert: Position, *, actor: Actor, on: datetime.date) -> ExpertTask:
    """Assign an expert, who from now on sees this application until the sheet is in. A recused one is refused."""
    assessment = _working(application, actor, "指派专家")
    if expert.role != Role.EXPERT or not Position.objects.filter(in_force(on), pk=expert.pk).exists():
        raise Refused(Reason("not_an_expert", "请从专家库里选择在任的专家。", "expert"))
    if expert.user_id in permissions.recused(actor, application):
        raise Refused(Reason("expert_recused", "这位专家在本件中应当回避。", "expert"))
    task, created = ExpertTask.objects.get_or_create(
        assessment=assessment,
        expert=expert,
        defaults={"assigned_by": actor.seat, "assigned_on": on},
    )
    if not created:
        raise Refused(Reason("assigned_before", "这位专家已经在本件的名单里。", "expert"))
    outbox.send(
        f"expert-task:{task.pk}:assigned",
        "expert_assigned",
        organisation=expert.organisation,
        position=expert,
        title=f"请评审：{application.name}",
        body=f"申请 {application.number} 指派您评审。应当回避的，请先在“回避”中申报；否则请按公布的标准逐项打分。",
        on=on,
        link=f"/expert/tasks/{task.pk}/",
    )
    steps.note(application, "assign_expert", actor=actor, on=on, position=expert.pk)
    return task


@database.atomic
def withdraw_expert(task: ExpertTask, *, actor: Actor, on: datetime.date) -> ExpertTask:
    """Take an assignment back; the expert no longer sees the matter."""
    application = task.assessment.application
    _working(application, actor, "撤回专家任务")
    if task.done_on or task.withdrawn_on:
        raise Refused(Reason("task_closed", "这项评审任务已经结束。"))
    task.withdrawn_on = on
    task.save()
    steps.note(application, "withdraw_expert", actor=actor, on=on, position=task.expert_id)
    return task


@database.atomic
def submit_sheet(
    task: ExpertTask,
    *,
    actor: Actor,
    on: datetime.date,
    marks: Mapping[str, Mapping[str, Any]],
    positive: bool | None,
    opinion: str,
) -> ExpertTask:
    """Hand in an expert's sheet: marks with reasons for every criterion published when the assessment started.

    marks: {criterion key: {"marks": int, "reason": str}}. Refused with every gap at once.
    """
    application = task.assessment.application
    steps.require(
        actor.position is not None
        and actor.position.pk == task.expert_id
        and permissions.is_assigned_expert.test(actor, application),
        "提交这份评审表",
    )
    locked = steps.lock(application)
    steps.require_state(locked, ApplicationState.ASSESSING, what="提交评审表")
    asked = criteria(task.assessment.started_on)
    reasons = []
    for criterion in asked:
        given = marks.get(criterion.key, {})
        value = given.get("marks")
        if not isinstance(value, int) or not 0 <= value <= criterion.full_marks:
            reasons.append(
                Reason(
                    "marks",
                    f"{criterion.label}：请打 0 至 {criterion.full_marks} 分。",
                    f"marks-{criterion.key}",
                    "M11",
                )
            )
        if not str(given.get("reason", "")).strip():
            reasons.append(Reason("reason", f"{criterion.label}：请写理由。", f"reason-{criterion.key}", "M11"))
    if positive is None:
        reasons.append(Reason("positive", "请选择总体意见。", "positive", "M11"))
    if not opinion.strip():
        reasons.append(Reason("opinion", "请写评审意见。", "opinion", "M11"))
    if reasons:
        raise Refused(reasons)
    Score.objects.bulk_create(
        Score(
            task=task,
            criterion=criterion,
            full_marks=criterion.full_marks,
            marks=marks[criterion.key]["marks"],
            reason=str(marks[criterion.key]["reason"]).strip(),
        )
        for criterion in asked
    )
    task.opinion, task.positive, task.done_on = opinion.strip(), positive, on
    task.save()
    steps.note(locked, "submit_sheet", actor=actor, on=on, task=task.pk, positive=positive)
    return task


@uploads.scanned_first
@database.atomic
def record_visit(
    application: Application,
    *,
    actor: Actor,
    on: datetime.date,
    visit_on: datetime.date,
    note: str,
    file: File | None = None,
) -> Assessment:
    """Record the site visit: its day, what was seen, and the signed record as an upload."""
    assessment = _working(application, actor, "登记现场考察")
    reasons = []
    if not assessment.started_on <= visit_on <= on:
        reasons.append(Reason("visit_day", "考察日期应在评估开始之后、今天之前（含）。", "visit_on", "M11"))
    if not note.strip():
        reasons.append(Reason("visit_note", "请写考察记录。", "note", "M11"))
    if reasons:
        raise Refused(reasons)
    assessment.visit_on, assessment.visit_note = visit_on, note.strip()
    if file is not None:
        assessment.visit_upload = uploads.receive(
            file, matter=application, slot="visit", actor=actor, on=on, formats=formats.SCANS
        )
    assessment.save()
    steps.note(application, "record_visit", actor=actor, on=on, visit_on=visit_on)
    return assessment


@database.atomic
def write_report(application: Application, *, actor: Actor, on: datetime.date, text: str) -> Assessment:
    """Write the assessment's report, on which proposal and decision rest; a renewal's is its periodic evaluation."""
    if application.kind == ApplicationKind.RENEWAL:
        return record_periodic_evaluation(application, actor=actor, on=on, text=text)
    return _write_report(application, "write_report", actor=actor, on=on, text=text)


@database.atomic
def record_periodic_evaluation(application: Application, *, actor: Actor, on: datetime.date, text: str) -> Assessment:
    """Record the periodic evaluation (定期评估, M29, M30) of an agency that asks for a renewal: its report is the
    renewal's assessment. By a handler of the centre, by hand or with the report of an inspection of that kind."""
    if application.kind != ApplicationKind.RENEWAL:
        raise NotPossible(Reason("not_a_renewal", "只有延续备案要作定期评估。", "", "M29"))
    return _write_report(application, "record_periodic_evaluation", actor=actor, on=on, text=text)


def _write_report(application: Application, verb: str, *, actor: Actor, on: datetime.date, text: str) -> Assessment:
    what = f"{application.assessment_word}报告"
    assessment = _working(application, actor, f"撰写{what}")
    if not text.strip():
        raise Refused(Reason("report_missing", f"请写{what}。", "report", application.assessment_citation))
    assessment.report, assessment.report_on = text.strip(), on
    assessment.save()
    steps.note(application, verb, actor=actor, on=on)
    return assessment


def invite_supplements(
    application: Application, *, actor: Actor, on: datetime.date, items: list[dict[str, str]]
) -> Application:
    """Ask for named materials to be supplemented, or parts of the form to be corrected; the decision clock runs on, and
    silence is no abandonment. What a part says is edited at once, within the invitation."""
    with transition(application, "invite_supplements", actor=actor, on=on, data={"items": items}) as step:
        matter: Application = step.matter
        request = Request.objects.create(
            application=matter,
            kind=Requester.SUPPLEMENT,
            asked_by=actor.seat,
            asked_on=on,
            served_on=on if conditions.consents(matter, on) else None,
        )
        ask(request, ((parts.key_of(item), item["what"]) for item in items))
        clock = clocks.running(matter, "decision")
        centre = steps.centre()
        assert centre is not None
        request.document = steps.issue(
            step,
            "supplement",
            issuer=centre,
            accepted_on=matter.accepted_on,
            items=contents.items(request),
            decision_due_on=clock.due_on if clock else None,
        )
        request.save()
        steps.tell_agency(
            step, "supplement", "请补充材料", "评估需要补充材料或更正内容，请尽快提供；决定期限照常计算。"
        )
    return application


def supplements_served(document: OfficialDocument, served_on: datetime.date, on: datetime.date) -> None:
    """An invitation was served otherwise than in the portal (registered in matters.py): only the day is kept. Nothing
    waits for it: the decision clock runs on, and the agency may have answered what it saw before."""
    Request.objects.filter(document=document, served_on__isnull=True).update(served_on=served_on)


def supply_supplements(application: Application, *, actor: Actor, on: datetime.date) -> Application:
    """Hand in the supplements asked for."""
    day = counter.counts_from(application, "supply_supplements", actor=actor, on=on)
    with transition(application, "supply_supplements", actor=actor, on=on, as_of=day) as step:
        request = corrections.unanswered(step.matter, Requester.SUPPLEMENT)
        assert request is not None
        step.payload |= counter.rest(step.matter, "supply_supplements", actor=actor, on=on)
        steps.tell_of_counter(step)
        take_answers(request, day)
        following.handed_in_again(step.matter, on)
        steps.tell_office(
            step, "supplied", steps.centre(), f"已补充材料：{step.matter.name}", "申请机构已答复补充要求。"
        )
    return application
