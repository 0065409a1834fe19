"""The correction loop (M10): one notice that names everything, service, answers, extension, resubmission, lapse."""

import datetime
from collections.abc import Iterable

from django.core.files import File

from core.accounts.actors import Actor, system
from core.accounts.models import Role
from core.audit.matters import key as matter_key
from core.audit.models import Outcome
from core.clock.words import in_words
from core.deadlines import clocks, lapses
from core.deadlines.models import Clock
from core.documents import uploads
from core.documents.models import OfficialDocument
from core.notifications import outbox
from core.refusals import Invalid, Reason, Refused
from core.workflow.transitions import Step, transition
from filings import conditions, contents, corrections, counter, part_contents, parts, permissions
from filings.enums import AFTER_ACCEPTANCE, OPEN_STATES, ApplicationState, Requester
from filings.models import Application, Material, PartMark, Request, RequestItem
from filings.workflow import following, steps
from filings.workflow.drafting import acknowledge, tell_late_entry
from regulation.remedies import Paper

SERVICE_ACTOR = "送达登记"


def request_correction(application: Application, *, actor: Actor, on: datetime.date, days: int) -> Application:
    """Issue the one notice that names everything to correct, item by item, written from the marks.

    With the agency's consent it is served on arrival and the correction period starts. Without, the application stays
    as it is, its clock running, until service is recorded with proof.
    """
    with transition(application, "request_correction", actor=actor, on=on, data={"days": days}) as step:
        matter: Application = step.matter
        served = conditions.consents(matter, on)
        request = Request.objects.create(
            application=matter,
            kind=Requester.CORRECTION,
            asked_by=actor.seat,
            asked_on=on,
            days=days,
            served_on=on if served else None,
        )
        ask(request, ((mark.key, mark.remark) for mark in corrections.marks(matter) if mark.bad))
        request.document = steps.issue(
            step,
            "correction",
            issuer=steps.receiving(matter),
            received_on=matter.received_on,
            items=contents.items(request),
            days=days,
        )
        request.save()
        if served:
            _begin(step, request, on)
        else:
            step.hold()
            step.payload["waits_for_service"] = True
    return application


def ask(request: Request, items: Iterable[tuple[str, str]]) -> None:
    """Put the items into a request, each a material's or a part's key with what is wanted; what a part says now is
    kept beside it."""
    RequestItem.objects.bulk_create(
        RequestItem(
            request=request,
            **parts.named(key),
            what=what.strip(),
            was=part_contents.content(request.application, key) if key in parts.PARTS else {},
        )
        for key, what in items
    )


def served(document: OfficialDocument, served_on: datetime.date, on: datetime.date) -> str:
    """A correction notice was served otherwise than in the portal: now the correction period starts (registered in
    matters.py). One overtaken by the lapse of the completeness clock starts nothing: completed lapses stand. Then the
    centre is told, and the reason is returned."""
    # What lapsed before the day of service went first, swept or not.
    lapses.settle(document.matter_type, document.matter_id, served_on)
    request = Request.objects.filter(document=document).select_related("application").first()
    if request is None:  # in the portal it is served while it is being issued
        return ""
    application = steps.lock(request.application)
    request.refresh_from_db()
    if request.answered_on is not None or application.state != ApplicationState.SUBMITTED:
        return _overtaken(application, request, served_on, on)
    request.served_on = served_on
    request.save(update_fields=["served_on"])
    actor = system(SERVICE_ACTOR, served_on)
    with transition(application, "request_correction", actor=actor, on=served_on, permitted=True) as step:
        _begin(step, request, served_on)
    return ""


def _overtaken(application: Application, request: Request, served_on: datetime.date, on: datetime.date) -> str:
    """Say why the notice no longer takes effect, in the audit trail and to the centre, which may invite supplements."""
    assert request.document is not None
    why = f"申请现在的状态是“{application.get_state_display()}”，补正通知不再生效。"
    if application.deemed_accepted and application.accepted_on:
        late = "登记送达时" if served_on <= application.accepted_on else "送达时"
        why = (
            f"补正通知于{in_words(served_on)}送达，但{late}审核期限已满，申请已自{in_words(application.accepted_on)}起视为受理，"
            "补正通知不再生效。"
        )
    items = [f"{item['label']}（{item['what']}）" for item in contents.items(request)]
    steps.note(
        application,
        "notice_overtaken",
        actor=system(SERVICE_ACTOR, on),
        on=on,
        number=request.document.number,
        served_on=served_on,
        why=why,
        items=items,
    )
    centre = steps.centre()
    if centre is not None and application.state in AFTER_ACCEPTANCE and application.state in OPEN_STATES:
        outbox.send(
            f"notice:{request.pk}:overtaken",
            "notice_overtaken",
            organisation=centre,
            roles=steps.OFFICERS,
            title=f"补正通知未生效：{application.name}",
            body=f"{why}通知点明的材料和内容：{'；'.join(items)}。需要的，可在评估中要求补充或更正。",
            on=on,
            link=f"/applications/{application.pk}/",
            matter=application,
        )
    return why


def _begin(step: Step, request: Request, served_on: datetime.date) -> None:
    """The correction period starts with service; the receiving office's own clock ends."""
    step.end_clock("completeness")
    clock = step.start_clock("correction", on=served_on, amount=request.days, lapse="abandon")
    steps.tell_agency(
        step,
        "correction",
        "申请需要补正",
        f"请按通知逐项补正，最后一日 {in_words(clock.due_on)} 24:00。逾期未补正的，视为放弃申请。",
    )


@uploads.scanned_first
@steps.after_lapses
def answer_item(
    application: Application,
    key: str,
    *,
    actor: Actor,
    on: datetime.date,
    answer: str | None = None,
    file: File | None = None,
) -> RequestItem:
    """Answer one item of the open correction or supplement request, a material or a part of the form: by words, a
    material by a new upload too. None: unchanged. A part is otherwise answered by editing it."""
    steps.require(permissions.acts_for_agency.test(actor, application), "补交材料")
    locked = steps.lock(application)
    steps.require_state(locked, ApplicationState.CORRECTING, ApplicationState.ASSESSING, what="补交材料")
    request = corrections.waiting(locked)
    item = next((one for one in request.items.all() if one.key == key), None) if request else None
    steps.require(item is not None, "补交通知里没有点到的内容")
    assert item is not None
    if answer is not None:
        item.answer = answer.strip()
    if file is not None:
        if item.part:
            raise Invalid(Reason("no_file_here", f"“{item.label}”请直接修改内容或写明情况，不收文件。", "file"))
        item.upload = steps.receive_material(locked, key, file, actor=actor, on=on)
    item.save()
    more = {**parts.named(key), **counter.behalf(locked, actor)}
    steps.note(locked, "answer", actor=actor, on=on, uploaded=file is not None, **more)
    return item


def take_answers(request: Request, on: datetime.date) -> None:
    """Put the answers' uploads in force, keep what the parts say now, and clear the marks on what was touched."""
    application = Application.objects.get(pk=request.application_id)
    touched = {item.key: item for item in request.items.all() if item.answered}
    for key in touched.keys() & parts.PARTS.keys():
        PartMark.objects.get_or_create(application=application, key=key)
    for mark in corrections.marks(application):
        item = touched.get(mark.key)
        if item is None and not mark.touched:
            continue  # what was not touched keeps its mark, and no new line in its history
        mark.touched = item is not None
        if item is not None:
            if isinstance(mark, Material):
                mark.upload = item.upload or mark.upload
            mark.clear()
        mark.save()
    for item in request.items.all():
        if item.part:
            item.became = part_contents.content(application, item.part)
            item.save(update_fields=["became"])
    request.answered_on = on
    request.save()


def resubmit(application: Application, *, actor: Actor, on: datetime.date) -> Application:
    """Hand the corrected application in: that day is the receipt day, and a new 5-day clock starts (M10).

    What was handed over the counter counts from the day it was, and what has lapsed since follows at once.
    """
    day = counter.counts_from(application, "resubmit", actor=actor, on=on)
    with transition(application, "resubmit", actor=actor, on=on, as_of=day) as step:
        matter: Application = step.matter
        request = corrections.unanswered(matter, Requester.CORRECTION)
        assert request is not None
        step.payload |= counter.rest(matter, "resubmit", actor=actor, on=on)
        take_answers(request, day)
        matter.received_on = day
        following.handed_in_again(matter, on)
        period = clocks.running(matter, "correction")
        in_time = period is not None and period.due_on < on  # by the day of the counter alone
        step.end_clock("correction")
        clock = step.start_clock("completeness", lapse="deem_accepted")
        acknowledge(step, clock)
        tell_late_entry(step, clock, "按窗口递交日期在补正期限内，按录入日期则已逾期。" if in_time else "")
        steps.tell_office(
            step,
            "resubmitted",
            steps.receiving(matter),
            f"已补正：{matter.name}",
            f"请在 {in_words(clock.due_on)} 24:00 前审核，逾期视为受理。",
            (Role.HANDLER,),
        )
    lapses.settle(*matter_key(application), on)
    application.refresh_from_db()
    return application


@steps.after_lapses
def ask_extension(application: Application, *, actor: Actor, on: datetime.date, reason: str) -> Request:
    """Ask, with a reason, for a longer correction period; the receiving handler decides. Once (M10): Refused after."""
    steps.require(permissions.acts_for_agency.test(actor, application), "申请延长补正期限")
    locked = steps.lock(application)
    steps.require_state(locked, ApplicationState.CORRECTING, what="申请延长")
    request = corrections.unanswered(locked, Requester.CORRECTION)
    assert request is not None
    if request.extension_asked_on is not None:
        raise Refused(Reason("asked_before", "已经申请过延长，补正期限只能延长一次。", "reason", "M10"))
    if not reason.strip():
        raise Refused(Reason("reason_missing", "请写明申请延长的理由。", "reason", "M10"))
    if reasons := counter.unproven(locked, "ask_extension", actor):
        raise Refused(reasons)
    request.extension_asked_on = counter.counts_from(locked, "ask_extension", actor=actor, on=on)
    request.extension_request = reason.strip()
    request.save()
    more = counter.rest(locked, "ask_extension", actor=actor, on=on)
    steps.note(locked, "ask_extension", actor=actor, on=on, reason=reason, **more)
    return request


def extend_correction(
    application: Application, *, actor: Actor, on: datetime.date, days: int, reason: str
) -> Application:
    """Extend the correction period once, with a recorded reason, to at most 60 days in all."""
    with transition(
        application, "extend_correction", actor=actor, on=on, data={"days": days, "reason": reason}
    ) as step:
        matter: Application = step.matter
        request = corrections.unanswered(matter, Requester.CORRECTION)
        assert request is not None
        request.extended_to, request.extension_reason = days, reason.strip()
        request.save()
        clock = clocks.extend(matter, "correction", amount=days, on=on, reason=reason)
        steps.issue(
            step,
            "correction_extension",
            issuer=steps.receiving(matter),
            correction_number=request.document.number if request.document else "",
            days=days,
            last_day=clock.due_on,
            reason=reason.strip(),
        )
        steps.tell_agency(step, "extended", "补正期限已延长", f"最后一日为 {in_words(clock.due_on)} 24:00。")
    return application


def abandon(application: Application, clock: Clock, actor: Actor) -> Application:
    """The correction period lapsed: deemed abandoned (M10)."""
    day = clock.due_on
    with transition(application, "abandon", actor=actor, on=day, outcome=Outcome.LAPSED) as step:
        matter: Application = step.matter
        step.end_clock()
        matter.decided_on = day
        request = corrections.unanswered(matter, Requester.CORRECTION)
        assert request is not None
        assert request.document is not None
        steps.issue(
            step,
            "abandonment",
            issuer=steps.receiving(matter),
            correction_number=request.document.number,
            served_on=request.served_on,
            last_day=day,
            remedies=contents.remedies(Paper.ABANDONMENT, steps.receiving(matter)),
        )
        steps.tell_agency(
            step, "abandoned", "视为放弃申请", f"补正期限已于 {in_words(day)} 届满，未收到补正。可以重新申请。"
        )
        steps.tell_office(step, "abandoned", steps.receiving(matter), f"视为放弃：{matter.name}", "补正期限届满。")
    return application
