"""Assessment and decision (M11, M12, M37)."""

import datetime
import json
from functools import partial

import pytest

from core.accounts.models import Organisation, Recusal
from core.audit.canonical import canonical
from core.audit.models import Event
from core.deadlines import clocks, lapses
from core.documents.models import OfficialDocument
from core.publications.models import Publication
from core.refusals import NotAllowed, NotPossible, Refused
from core.workflow import proposals
from filings import quota, workflow
from filings.freezing import freeze
from filings.models import Application, Filing, QuotaYear, SerialBlock, UrgentOccupation
from tests.world import (
    DAY,
    accepted,
    approved,
    assessed,
    assessing,
    decide,
    following,
    make_world,
    submitted,
)

pytestmark = pytest.mark.django_db
WELDER, ELECTRICIAN = "6-18-02-04", "6-31-01-03"
BOTH = [WELDER, ELECTRICIAN]


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def test_recommendation_in_time_and_not_after():
    world = make_world()
    application = accepted(world)  # the county's 5 working days end on 2026-09-24
    late = datetime.date(2026, 9, 28)
    with pytest.raises(Refused) as refusal:
        decide(world, application, "recommend", "county", late, positive=True, text="同意")
    assert codes(refusal) == ["recommendation_lapsed"]
    decide(world, application, "give_late_opinion", "county", late, positive=True, text="同意")
    assert (application.state, application.opinions.get().kind) == ("accepted", "late")


def test_recommendation_waiting_for_the_chief_when_the_period_ends_is_overtaken_and_the_county_told():
    from core.notifications.models import Message

    world = make_world()
    application = accepted(world)
    opinion = {"positive": True, "text": "同意"}
    proposal = proposals.propose(application, "recommend", actor=world.actor("county handler"), on=DAY, payload=opinion)
    late = datetime.date(2026, 9, 28)
    with pytest.raises(NotPossible) as refusal:
        proposals.decide(proposal, actor=world.actor("county chief", late), on=late)
    assert codes(refusal) == ["proposal_closed"]
    proposal.refresh_from_db()
    assert (proposal.state, proposal.answer) == ("overtaken", "推荐期限已满，请改为补交逾期意见")
    told = Message.objects.filter(kind="recommendation_over").values_list("organisation__kind", flat=True)
    assert sorted(told) == ["centre", "county"]
    decide(world, application, "give_late_opinion", "county", late, **opinion)
    assert application.opinions.get().kind == "late"


@pytest.mark.parametrize("act", [proposals.take_back, partial(proposals.return_, answer="请重提")])
def test_proposal_whose_time_has_run_out_is_neither_taken_back_nor_returned(act):
    world = make_world()
    application = accepted(world)
    opinion = {"positive": True, "text": "同意"}
    proposal = proposals.propose(application, "recommend", actor=world.actor("county handler"), on=DAY, payload=opinion)
    late = datetime.date(2026, 9, 28)
    seat = "county handler" if act is proposals.take_back else "county chief"
    with pytest.raises(NotPossible):
        act(proposal, actor=world.actor(seat, late), on=late)
    assert clocks.lapsed(application, "county_recommendation", late)


def test_centre_waits_for_the_recommendation_or_its_lapse():
    world = make_world()
    application = accepted(world)
    with pytest.raises(Refused) as refusal:
        workflow.start_assessment(application, actor=world.actor("centre handler"), on=DAY, methods=["material"])
    assert codes(refusal) == ["recommendation_waiting"]
    late = datetime.date(2026, 9, 28)
    workflow.start_assessment(application, actor=world.actor("centre handler", late), on=late, methods=["material"])
    assert application.state == "assessing"


def test_overdue_decision_deems_nothing_and_tells_the_chiefs_once():
    from core.notifications.models import Message

    world = make_world()
    application = assessing(world)
    day = datetime.date(2026, 10, 20)
    lapses.sweep(day)
    lapses.sweep(day)
    application.refresh_from_db()
    assert application.state == "assessing"
    assert clocks.running(application, "decision").told_on == day
    assert set(Message.objects.filter(kind="overdue").values_list("organisation__kind", flat=True)) == {
        "centre",
        "bureau",
    }
    assert Message.objects.filter(kind="overdue").count() == 2


def test_approval_creates_filing_receipt_and_publication():
    world = make_world()
    application = approved(world)
    filing = Filing.objects.get()
    assert (filing.code, filing.valid_from, filing.valid_until) == ("S000041000001", DAY, datetime.date(2029, 9, 18))
    assert [row.occupation_id for row in filing.scope.all()] == BOTH
    receipt = OfficialDocument.objects.get(series="receipt")
    assert receipt.issuer == world.organisation("bureau chief")
    assert receipt.content["filing_code"] == filing.code
    published = Publication.objects.get(kind="filing")
    assert published.content["code"] == filing.code
    assert "contact_phone" not in published.content
    assert clocks.of(application).filter(state="running").count() == 0


def test_refusal_rests_on_the_conditions_places_merit_or_what_was_asked_for():
    world = make_world()
    application = assessing(world)
    with pytest.raises(Refused) as refusal:
        decide(world, application, "refuse", "centre", DAY, grounds=[{"basis": "M15", "reason": "制度不全"}])
    assert codes(refusal) == ["basis_missing"]
    decide(world, application, "refuse", "centre", DAY, grounds=[{"basis": "M7(2)", "reason": "场地不符合"}])
    assert application.state == "refused"
    assert OfficialDocument.objects.get(series="refusal").content["score"] == "75.0"


def test_proposer_cannot_decide_even_as_deputy():
    world = make_world()
    application = assessing(world)
    from core.accounts.models import Deputy

    Deputy.objects.create(
        chief=world.people["centre chief"], deputy=world.people["centre handler"], since=DAY, until=DAY, reason="出差"
    )
    payload = {"granted": BOTH, "left_out": [], "relaxed": {}}
    proposal = proposals.propose(application, "approve", actor=world.actor("centre handler"), on=DAY, payload=payload)
    with pytest.raises(NotAllowed) as refusal:
        proposals.decide(proposal, actor=world.actor("centre handler"), on=DAY)
    assert codes(refusal) == ["own_proposal"]


def test_direct_call_without_a_proposal_is_refused():
    world = make_world()
    application = assessing(world)
    with pytest.raises(NotAllowed):
        workflow.approve(application, actor=world.actor("centre chief"), on=DAY, proposal=None, granted=BOTH)


def test_changed_content_overtakes_a_proposal():
    world = make_world()
    application = assessing(world)
    payload = {"granted": BOTH, "left_out": [], "relaxed": {}}
    proposal = proposals.propose(application, "approve", actor=world.actor("centre handler"), on=DAY, payload=payload)
    workflow.write_report(application, actor=world.actor("centre handler"), on=DAY, text="另有新的情况。")
    with pytest.raises(Refused) as refusal:
        proposals.decide(proposal, actor=world.actor("centre chief"), on=DAY)
    assert codes(refusal) == ["content_changed"]
    proposal.refresh_from_db()
    assert proposal.state == "overtaken"


def test_whoever_decides_is_told_every_reason_at_once_those_about_places_too():
    world = make_world()
    application = assessing(world)
    payload = {"granted": BOTH, "left_out": [], "relaxed": {}}
    proposal = proposals.propose(application, "approve", actor=world.actor("centre handler"), on=DAY, payload=payload)
    QuotaYear.objects.update(places=0)
    with pytest.raises(Refused) as refusal:
        proposals.decide(proposal, actor=world.actor("centre chief"), on=DAY)
    assert codes(refusal) == ["cap_reached"]
    Organisation.objects.filter(pk=application.agency_id).update(confirmed_on=None)
    with pytest.raises(Refused) as refusal:
        proposals.decide(proposal, actor=world.actor("centre chief"), on=DAY)
    assert codes(refusal) == ["agency_unconfirmed", "cap_reached"]
    assert not Filing.objects.exists()


def test_withdrawal_overtakes_an_open_proposal():
    world = make_world()
    application = assessing(world)
    payload = {"granted": BOTH, "left_out": [], "relaxed": {}}
    proposal = proposals.propose(application, "approve", actor=world.actor("centre handler"), on=DAY, payload=payload)
    workflow.withdraw(application, actor=world.actor("agency admin"), on=DAY)
    with pytest.raises(NotPossible):
        proposals.decide(proposal, actor=world.actor("centre chief"), on=DAY)


def test_proposal_can_be_returned_with_a_reason_and_made_anew():
    world = make_world()
    application = assessing(world)
    payload = {"granted": BOTH, "left_out": [], "relaxed": {}}
    proposal = proposals.propose(application, "approve", actor=world.actor("centre handler"), on=DAY, payload=payload)
    with pytest.raises(Refused):
        proposals.return_(proposal, actor=world.actor("centre chief"), on=DAY, answer=" ")
    proposals.return_(proposal, actor=world.actor("centre chief"), on=DAY, answer="请补充现场照片")
    proposals.propose(application, "approve", actor=world.actor("centre handler"), on=DAY, payload=payload)
    assert proposals.of(application).count() == 3  # the recommendation's, the returned one, the new one


def test_one_open_proposal_per_matter():
    world = make_world()
    application = assessing(world)
    payload = {"granted": BOTH, "left_out": [], "relaxed": {}}
    proposals.propose(application, "approve", actor=world.actor("centre handler"), on=DAY, payload=payload)
    with pytest.raises(Refused) as refusal:
        proposals.propose(
            application,
            "refuse",
            actor=world.actor("centre handler"),
            on=DAY,
            payload={"grounds": [{"basis": "M7(2)", "reason": "场地"}]},
        )
    assert codes(refusal) == ["proposal_open"]


def test_exhausted_serials_are_an_error_before_anyone_proposes():
    world = make_world()
    application = assessing(world)
    SerialBlock.objects.update(next=51)
    with pytest.raises(Refused) as refusal:
        proposals.propose(
            application,
            "approve",
            actor=world.actor("centre handler"),
            on=DAY,
            payload={"granted": BOTH, "left_out": [], "relaxed": {}},
        )
    assert codes(refusal) == ["serials_exhausted"]


def test_too_few_person_times_can_be_relaxed_for_an_urgent_occupation_only():
    world = make_world()
    application = submitted(world)
    application.records.filter(occupation_id=WELDER).update(person_times=600)
    application = Recommended.finish(world, application)
    payload = {"granted": BOTH, "left_out": [], "relaxed": {WELDER: "本市急需"}}
    with pytest.raises(Refused) as refusal:
        decide(world, application, "approve", "centre", DAY, **payload)
    assert codes(refusal) == ["m7_person_times"]
    UrgentOccupation.objects.create(occupation_id=WELDER, since=DAY, source="目录")
    decide(world, application, "approve", "centre", DAY, **payload)
    assert application.state == "approved"


class Recommended:
    """Brings a submitted application to a finished assessment."""

    @staticmethod
    def finish(world, application):
        from tests.world import mark_all

        mark_all(world, application)
        workflow.accept(application, actor=world.actor("county handler"), on=DAY)
        decide(world, application, "recommend", "county", DAY, positive=True, text="同意")
        handler = world.actor("centre handler")
        workflow.start_assessment(application, actor=handler, on=DAY, methods=["material"])
        workflow.write_report(application, actor=handler, on=DAY, text="材料核验完成。")
        application.refresh_from_db()
        return application


def test_where_all_handlers_of_the_county_are_recused_the_bureau_steps_in():
    world = make_world()
    application = submitted(world)
    Recusal.objects.create(
        user=world.people["county handler"].user, agency=application.agency, ground="kinship", since=DAY
    )
    with pytest.raises(NotAllowed):
        workflow.mark_material(
            application, "venue", complete=True, compliant=True, remark="", actor=world.actor("county handler"), on=DAY
        )
    workflow.mark_material(
        application, "venue", complete=True, compliant=True, remark="", actor=world.actor("bureau handler"), on=DAY
    )


def test_supplements_do_not_stop_the_decision_clock_and_silence_is_no_abandonment():
    world = make_world()
    application = assessing(world)
    due = clocks.running(application, "decision").due_on
    workflow.invite_supplements(
        application, actor=world.actor("centre handler"), on=DAY, items=[{"material": "venue", "what": "补平面图"}]
    )
    lapses.sweep(datetime.date(2026, 12, 1))
    application.refresh_from_db()
    assert application.state == "assessing"
    assert clocks.running(application, "decision").due_on == due


def test_an_expert_sees_only_what_is_assigned_until_it_is_done():
    from filings import permissions, queries

    world = make_world()
    application = accepted(world)
    expert = world.actor("experts expert")
    assert not permissions.may_view(expert, application)
    application = assessing(world, who="rival admin")
    assert not permissions.may_view(expert, application)  # its sheet is in
    assert list(queries.visible_to(expert)) == []


def test_a_filing_past_its_end_takes_no_place_and_a_new_one_may_follow():
    world = make_world()
    first = approved(world).granted_filing
    last, after = first.valid_until, first.valid_until + datetime.timedelta(days=1)
    QuotaYear.objects.create(year=last.year, places=1, source="名额文件")
    taken = [(quota.city(day).taken, quota.places(WELDER, "市区", day).taken) for day in (last, after)]
    assert taken == [(1, 1), (0, 0)]
    with pytest.raises(Refused) as refusal:
        workflow.create_application(actor=world.actor("agency admin", last), on=last)
    assert codes(refusal) == ["filed_already"]
    assert first.in_force(last)
    assert not first.in_force(after)
    second = approved(world, after).granted_filing
    first.refresh_from_db()
    assert (first.state, first.ended_on) == ("expired", last)
    assert (second.code != first.code, second.valid_from) == (True, after)


def whole(world):
    return assessing(world), "approve", {"granted": BOTH, "left_out": [], "relaxed": {}}


def in_part(world):
    part = {"occupation": ELECTRICIAN, "reason": "名额已满", "basis": "M37"}
    return assessing(world), "approve", {"granted": [WELDER], "left_out": [part], "relaxed": {}}


def a_change(world):
    approved(world)
    change = following(world, "change", DAY, person_in_charge="经办人甲")
    return assessed(world, change, DAY), "approve", {"granted": ["person_in_charge"], "left_out": []}


def refused(world):
    return assessing(world), "refuse", {"grounds": [{"reason": "场地不符", "basis": "M7(3)"}]}


@pytest.mark.parametrize("build", [whole, in_part, a_change, refused])
def test_the_copy_frozen_with_a_decision_is_the_matter_as_it_stands(build):
    """What the transition says it touches is read again for it, and nothing else has changed."""
    application, name, data = build(world := make_world())
    decide(world, application, name, "centre", DAY, **data)
    event = Event.objects.filter(verb=f"filings.application.{name}").latest("id")
    assert event.frozen == json.loads(canonical(freeze(Application.objects.get(pk=application.pk))))
