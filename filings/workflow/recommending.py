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
from filings import contents
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


def _give(step: Any, kind: str, positive: bool, text: str) -> None:
    matter: Application = step.matter
    centre = steps.centre()
    assert centre is not None
    paper = step.document(
        "recommendation",
        issuer=steps.receiving(matter),
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
    steps.tell_office(step, "opinion", centre, f"{steps.receiving(matter).name}{word}：{matter.name}", text)


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
        (steps.centre(), "县（市、区）在期限内没有出具推荐意见，可以径行开始技术评估。"),
        (application.receiving, "期限内没有出具推荐意见，市中心可以径行开始技术评估；仍可补交逾期意见。"),
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
