"""The county's recommendation (M6), in time or late."""

import datetime
from typing import Any

from core.accounts.actors import Actor
from core.audit import trail
from core.audit.models import Outcome
from core.deadlines.models import Clock
from core.notifications import outbox
from core.workflow import proposals
from core.workflow.models import Proposal
from core.workflow.transitions import transition
from filings import contents, permissions
from filings.enums import OpinionKind
from filings.models import Application, Opinion
from filings.workflow import steps


def recommend(
    application: Application, *, actor: Actor, on: datetime.date, proposal: Proposal, positive: bool, text: str
) -> Application:
    """Recommend or not, with an opinion, decided by the county's chief; either way it goes on to the centre."""
    data = {"positive": positive, "text": text}
    with transition(application, "recommend", actor=actor, on=on, data=data, proposal=proposal) as step:
        step.end_clock("county_recommendation")
        _give(step, OpinionKind.RECOMMENDATION, positive, text)
        steps.tell_agency(step, "recommended", "县（市、区）已出具意见", "申请已转市职业技能鉴定指导中心评估。")
    return application


def give_late_opinion(
    application: Application, *, actor: Actor, on: datetime.date, proposal: Proposal, positive: bool, text: str
) -> Application:
    """Attach an opinion that came after the period; it changes no state."""
    data = {"positive": positive, "text": text}
    with transition(application, "give_late_opinion", actor=actor, on=on, data=data, proposal=proposal) as step:
        _give(step, OpinionKind.LATE, positive, text)
    return application


def request_opinion(application: Application, *, actor: Actor, on: datetime.date) -> Application:
    """Ask the county of the filing's seat for its opinion on a change or renewal, which it sees from now on; the
    decision clock runs on."""
    with transition(application, "request_opinion", actor=actor, on=on) as step:
        matter: Application = step.matter
        assert matter.filing is not None
        matter.opinion_from = permissions.county_of(matter.filing.area_id)
        step.payload["county"] = matter.opinion_from.name if matter.opinion_from else ""
        text = f"请就{matter.get_kind_display()}申请出具意见，供市中心评估参考。"
        steps.tell_office(step, "opinion_asked", matter.opinion_from, f"征求意见：{matter.name}", text)
    return application


def give_opinion(
    application: Application, *, actor: Actor, on: datetime.date, proposal: Proposal, positive: bool, text: str
) -> Application:
    """Give the opinion that the centre asked for, decided by the county's chief; it changes no state."""
    data = {"positive": positive, "text": text}
    with transition(application, "give_opinion", actor=actor, on=on, data=data, proposal=proposal) as step:
        _give(step, OpinionKind.ASKED, positive, text)
    return application


def _give(step: Any, kind: str, positive: bool, text: str) -> None:
    matter: Application = step.matter
    centre = steps.centre()
    county = matter.opinion_from if kind == OpinionKind.ASKED else steps.receiving(matter)
    assert centre is not None
    assert county is not None
    paper = step.document(
        "recommendation",
        issuer=county,
        addressee=centre,
        content={
            **contents.common(matter),
            **contents.who(matter),
            "accepted_on": matter.accepted_on,
            "deemed": matter.deemed_accepted,
            "favourable": positive,
            "opinion": text,
            "late": kind == OpinionKind.LATE,
        },
    )
    Opinion.objects.create(
        application=matter,
        kind=kind,
        positive=positive,
        text=text,
        document=paper,
        given_by=step.actor.seat,
        given_on=step.on,
    )
    step.payload.update(positive=positive, text=text)
    word = "推荐" if positive else "不推荐"
    steps.tell_office(step, "opinion", centre, f"{county.name}{word}：{matter.name}", text)


def recommendation_over(application: Application, clock: Clock, actor: Actor) -> None:
    """The county's period lapsed: nothing is deemed, but the centre may go on without the opinion.

    A recommendation that waits for the chief can no longer be given: the county is told to give it as a late opinion.
    """
    trail.record(
        "filings.application.recommendation_over",
        actor=actor,
        on=clock.due_on,
        matter=application,
        outcome=Outcome.LAPSED,
    )
    proposals.overtake(application, on=clock.due_on, answer="推荐期限已满，请改为补交逾期意见")
    for office, body in (
        (steps.centre(), "县（市、区）在期限内没有出具推荐意见，可以直接开始技术评估。"),
        (application.receiving, "期限内没有出具推荐意见，市中心可以直接开始技术评估；仍可补交逾期意见。"),
    ):
        if office is not None:
            outbox.send(
                f"clock:{clock.pk}:over:{office.pk}",
                "recommendation_over",
                organisation=office,
                roles=steps.OFFICERS,
                title=f"推荐期限已满：{application.name}",
                body=body,
                on=clock.due_on,
                link=f"/applications/{application.pk}/",
                matter=application,
            )
