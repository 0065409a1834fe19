"""The receiving office's side: marks, acceptance, decline; and acceptance by lapse."""

import datetime
from typing import Any

from core.accounts.actors import Actor
from core.audit.models import Outcome
from core.clock.words import in_words
from core.deadlines import clocks
from core.deadlines.models import Clock, ClockState
from core.refusals import Invalid, Reason
from core.workflow.models import Proposal
from core.workflow.transitions import transition
from filings import contents, permissions
from filings.models import Application, Material, PartMark
from filings.parts import PARTS
from filings.workflow import steps
from regulation.remedies import Paper


@steps.after_lapses
def mark_material(
    application: Application,
    key: str,
    *,
    complete: bool | None,
    compliant: bool | None,
    remark: str,
    actor: Actor,
    on: datetime.date,
) -> Material:
    """Mark a material complete or not, compliant or not, with a remark: before acceptance (M10), and in assessment
    (M11), each by the handler of the office at work."""
    locked = steps.lock(application)
    steps.require(permissions.is_marker.test(actor, locked), "审核这份材料")
    steps.require_state(locked, *permissions.MARKERS, what="审核材料")
    material = locked.materials.get(key=key)
    material.complete, material.compliant, material.remark = complete, compliant, remark.strip()
    material.marked_by, material.marked_on = actor.position, on
    material.save()
    steps.note(locked, "mark", actor=actor, on=on, material=key, complete=complete, compliant=compliant, remark=remark)
    return material


@steps.after_lapses
def mark_part(
    application: Application, key: str, *, correct: bool | None, remark: str, actor: Actor, on: datetime.date
) -> PartMark:
    """Mark a part of the form as in order or to be corrected, with a remark that the notice is written from (M10);
    who and when as `mark_material`. None: not looked at. Raises Invalid for a key that is no part."""
    locked = steps.lock(application)
    steps.require(permissions.is_marker.test(actor, locked), "审核这份申请")
    if key not in PARTS:
        raise Invalid(Reason("unknown_part", "没有这一项申请内容。"))
    steps.require_state(locked, *permissions.MARKERS, what="审核申请内容")
    mark, _ = PartMark.objects.get_or_create(application=locked, key=key)
    mark.correct, mark.remark = correct, remark.strip()
    mark.marked_by, mark.marked_on = actor.position, on
    mark.save()
    steps.note(locked, "mark_part", actor=actor, on=on, part=key, correct=correct, remark=remark)
    return mark


def accept(application: Application, *, actor: Actor, on: datetime.date) -> Application:
    """Accept (M10): the completeness clock ends, the decision clocks start, the notice goes out."""
    with transition(application, "accept", actor=actor, on=on) as step:
        matter: Application = step.matter
        matter.accepted_on = on
        step.end_clock("completeness")
        steps.start_decision_clocks(step, on)
        due_on, recommendation_due_on = _due(matter)
        steps.issue(
            step,
            "acceptance",
            issuer=steps.receiving(matter),
            received_on=matter.received_on,
            accepted_on=on,
            decision_due_on=due_on,
            recommendation_due_on=recommendation_due_on,
        )
        _tell_accepted(step, due_on, recommendation_due_on, f"您的申请已于 {in_words(on)} 受理。")
    return application


def deem_accepted(application: Application, clock: Clock, actor: Actor) -> Application:
    """The completeness clock lapsed: deemed accepted as of its last day (M10; the Measure gives no date)."""
    day = clock.due_on
    with transition(application, "deem_accepted", actor=actor, on=day, outcome=Outcome.LAPSED) as step:
        matter: Application = step.matter
        matter.accepted_on, matter.deemed_accepted = day, True
        steps.start_decision_clocks(step, day)
        due_on, recommendation_due_on = _due(matter)
        steps.issue(
            step,
            "deemed_acceptance",
            issuer=steps.receiving(matter),
            received_on=matter.received_on,
            deemed_on=day,
            decision_due_on=due_on,
            recommendation_due_on=recommendation_due_on,
        )
        # A notice that was issued but never served comes to nothing.
        matter.requests.filter(kind="correction", answered_on__isnull=True, served_on__isnull=True).update(
            answered_on=day
        )
        _tell_accepted(
            step,
            due_on,
            recommendation_due_on,
            f"受理单位在期限内没有作出决定，您的申请自 {in_words(day)} 起视为受理。",
        )
        steps.tell_office(
            step,
            "deemed",
            steps.receiving(matter),
            f"已视为受理：{matter.name}",
            f"审核期限已于 {in_words(day)} 届满。",
        )
    return application


def _due(matter: Application) -> tuple[datetime.date, datetime.date | None]:
    """The last days of the decision and of the county's share of it, where the county has one."""
    due = dict(clocks.of(matter).filter(state=ClockState.RUNNING).values_list("kind", "due_on"))
    return due["decision"], due.get("county_recommendation")


def _tell_accepted(step: Any, due_on: datetime.date, recommendation_due_on: datetime.date | None, opening: str) -> None:
    matter = step.matter
    steps.tell_agency(step, "accepted", "申请已受理", f"{opening}将在 {in_words(due_on)} 24:00 前作出备案决定。")
    if recommendation_due_on is not None:
        steps.tell_office(
            step,
            "recommend",
            steps.receiving(matter),
            f"请出具推荐意见：{matter.name}",
            f"请在 {in_words(recommendation_due_on)} 24:00 前出具推荐意见，逾期市中心可以直接评估。",
        )
    steps.tell_office(
        step, "accepted", steps.centre(), f"已受理：{matter.name}", f"备案决定期限至 {in_words(due_on)}。"
    )


def decline(
    application: Application, *, actor: Actor, on: datetime.date, proposal: Proposal, grounds: list[dict[str, Any]]
) -> Application:
    """Decline with reasons and basis (M10), decided by the receiving chief: clocks end, the decision goes out."""
    with transition(application, "decline", actor=actor, on=on, data={"grounds": grounds}, proposal=proposal) as step:
        matter: Application = step.matter
        step.end_clock()
        matter.decided_on = on
        step.payload["grounds"] = grounds
        steps.issue(
            step,
            "decline",
            issuer=steps.receiving(matter),
            received_on=matter.received_on,
            reasons=contents.reasons(grounds),
            remedies=contents.remedies(Paper.DECLINE, steps.receiving(matter)),
        )
        steps.tell_agency(step, "declined", "申请不予受理", "不予受理的理由、依据和救济途径见决定书。")
    return application
