"""What comes late: a lapse takes effect at 24:00 of its day, swept or not, for everything that is done afterwards."""

import datetime
from typing import Any

import pytest

from core.audit.models import Event
from core.deadlines import lapses, reminders
from core.deadlines.models import Clock, ClockState
from core.documents.models import Service
from core.documents.service import BEFORE_ANNOUNCEMENT, complete_announcements
from core.notifications.models import Message
from core.refusals import NotPossible, Refused
from core.workflow import proposals
from core.workflow.models import Proposal
from filings import workflow
from filings.models import Application
from filings.workflow.serving import record_service, to_record
from tests.filings.factories import OCCUPATION, another_agency, quick_assessing, quick_submitted
from tests.world import DAY, World, assessing, file, make_world, mark_all, mark_each, submitted

pytestmark = pytest.mark.django_db

LAST = datetime.date(2026, 9, 24)
AFTER = datetime.date(2026, 9, 25)
RECORDED = datetime.date(2026, 9, 28)


@pytest.fixture
def world() -> World:
    return make_world()


def serve(
    world: World, application: Application, served_on: datetime.date, on: datetime.date = RECORDED, **more: Any
) -> Service:
    """Record, by default on 28 September, that the notice was handed over on that day."""
    notice = application.requests.get().document
    said = {"method": "hand", "proof": file("回证.pdf"), **more}
    recorded = record_service(
        application, notice, served_on=served_on, actor=world.actor("county handler", on), on=on, **said
    )
    application.refresh_from_db()
    return recorded


@pytest.fixture
def unserved() -> tuple[World, Application]:
    """A correction notice to an agency that has not consented to service in the portal."""
    world = make_world(consent=False)
    application = submitted(world)
    mark_all(world, application, bad=("venue",))
    workflow.request_correction(application, actor=world.actor("county handler"), on=DAY, days=15)
    assert application.state == "submitted"
    return world, application


def test_a_notice_served_on_the_last_day_starts_the_correction_though_recorded_later(unserved):
    world, application = unserved
    recorded = serve(world, application, LAST, AFTER)
    assert (recorded.took_effect, recorded.no_effect) == (True, "")
    assert application.state == "correcting"
    clock = Clock.objects.get(state=ClockState.RUNNING)
    assert (clock.kind, clock.starts_on, clock.due_on) == ("correction", LAST, datetime.date(2026, 10, 9))


def test_what_lapsed_since_the_service_follows(unserved):
    world, application = unserved
    recorded = serve(world, application, LAST, datetime.date(2026, 10, 12))
    assert recorded.took_effect
    assert (application.state, application.decided_on) == ("abandoned", datetime.date(2026, 10, 9))


@pytest.mark.parametrize("served_on", [LAST, AFTER])
def test_a_lapse_carried_out_before_the_record_stands(served_on, unserved):
    """The usual case: the sweep runs every minute. The fact is kept, and everybody concerned is told."""
    world, application = unserved
    assert lapses.sweep(AFTER).lapses == 1
    recorded = serve(world, application, served_on)
    assert (application.state, application.accepted_on) == ("accepted", LAST)
    assert not Clock.objects.filter(kind="correction").exists()
    recorded.refresh_from_db()
    assert (recorded.took_effect, recorded.served_on) == (False, served_on)
    assert recorded.proof is not None
    assert "已自2026年9月24日起视为受理，补正通知不再生效" in recorded.no_effect
    event = Event.objects.get(verb="filings.application.notice_overtaken")
    assert (event.payload["why"], event.payload["items"]) == (
        recorded.no_effect,
        ["场地设备设施等资产辅证材料（请补充平面图）"],
    )
    told = Message.objects.get(kind="notice_overtaken")
    assert told.organisation == world.organisation("centre handler")
    assert "场地设备设施等资产辅证材料（请补充平面图）" in told.body
    assert application.requests.get().overtaken


def test_a_notice_served_after_the_last_day_starts_nothing_though_not_swept(unserved):
    world, application = unserved
    assert not serve(world, application, AFTER).took_effect
    assert (application.state, application.accepted_on) == ("accepted", LAST)
    assert application.requests.get().served_on is None
    assert not Clock.objects.filter(kind="correction").exists()


def test_an_announcement_of_a_notice_ends_after_the_period(unserved):
    world, application = unserved
    tried = [{"method": way, "on": DAY, "why": "查无此人"} for way in BEFORE_ANNOUNCEMENT]
    recorded = serve(world, application, DAY, DAY, method="announcement", attempts=tried)
    assert (application.state, recorded.took_effect, recorded.no_effect) == ("submitted", False, "")
    assert complete_announcements(datetime.date(2026, 10, 19)) == 1
    recorded.refresh_from_db()
    assert "视为受理" in recorded.no_effect
    assert complete_announcements(datetime.date(2026, 10, 20)) == 0


def test_a_refused_record_changes_nothing(unserved):
    world, application = unserved
    with pytest.raises(NotPossible, match="早于文书签发日期"):
        serve(world, application, datetime.date(2026, 9, 17))
    assert not Service.objects.filter(document=application.requests.get().document).exists()


def test_the_last_day_to_record_is_said_and_reminded_of_once(unserved):
    world, application = unserved
    assert to_record(application) == "请在2026年9月24日24:00前登记送达，逾期系统视为受理。"
    reminders.send_due(LAST - datetime.timedelta(days=1))
    earlier = Message.objects.get(kind="reminder")  # the clock's own, which says what is to be done
    assert "还没有登记送达" in earlier.body
    assert (reminders.send_due(LAST), reminders.send_due(LAST)) == (1, 0)
    told = Message.objects.get(kind="service_unrecorded")
    assert (told.organisation, told.roles) == (world.organisation("county handler"), ["handler"])
    serve(world, application, LAST, LAST)
    assert to_record(application) == ""


def test_who_has_recorded_the_service_is_not_reminded(unserved):
    world, application = unserved
    serve(world, application, DAY, DAY)
    assert reminders.send_due(LAST) == 0


def test_an_invitation_is_served_when_its_service_is_recorded():
    """Without consent it waits like any notice; meanwhile the decision clock runs on and the agency may answer."""
    world = make_world(consent=False)
    application = assessing(world)
    centre, due = world.actor("centre handler"), Clock.objects.get(kind="decision").due_on
    items = [{"material": "venue", "what": "补平面图"}]
    workflow.invite_supplements(application, actor=centre, on=DAY, items=items)
    request = application.requests.get()
    assert request.served_on is None
    later = datetime.date(2026, 9, 22)
    record_service(
        application,
        request.document,
        method="post",
        served_on=datetime.date(2026, 9, 21),
        proof=file("回执.pdf"),
        actor=world.actor("centre handler", later),
        on=later,
    )
    request.refresh_from_db()
    assert request.served_on == datetime.date(2026, 9, 21)
    assert Clock.objects.get(kind="decision", state=ClockState.RUNNING).due_on == due
    assert not request.overtaken


def test_marks_see_the_lapse_first(world):
    application = quick_submitted(world, another_agency(world, 1))
    with pytest.raises(NotPossible, match="已受理"):
        mark_each(world, application, AFTER)
    application.refresh_from_db()
    assert (application.state, application.accepted_on) == ("accepted", LAST)
    assert not application.materials.filter(marked_on__isnull=False).exists()


@pytest.mark.parametrize("act", ["answer", "ask for longer"])
def test_answers_see_the_lapse_first(act, world):
    application = quick_submitted(world, another_agency(world, 1))
    mark_all(world, application, bad=("venue",))
    workflow.request_correction(application, actor=world.actor("county handler"), on=DAY, days=3)
    late = datetime.date(2026, 9, 22)
    agency = world.actor("agency 1 admin", late)
    with pytest.raises(NotPossible, match="视为放弃"):
        if act == "answer":
            workflow.answer_item(application, "venue", actor=agency, on=late, answer="已补正")
        else:
            workflow.ask_extension(application, actor=agency, on=late, reason="换证")
    application.refresh_from_db()
    assert (application.state, application.decided_on) == ("abandoned", datetime.date(2026, 9, 21))


def test_what_changed_between_looking_and_deciding_is_not_decided_on(world):
    """The content is compared again under the lock: a decision never rests on what the chief did not see."""
    application = quick_assessing(world, another_agency(world, 1))
    payload = {"granted": [OCCUPATION], "left_out": [], "relaxed": {}}
    centre, chief = world.actor("centre handler"), world.actor("centre chief")
    proposal = proposals.propose(application, "approve", actor=centre, on=DAY, payload=payload)
    workflow.write_report(application, actor=centre, on=DAY, text="另一份报告。")
    with pytest.raises(Refused, match="内容有变"):
        workflow.approve(application, actor=chief, on=DAY, proposal=proposal, **payload)
    application.refresh_from_db()
    assert application.state == "assessing"
    with pytest.raises(Refused, match="内容有变"):
        proposals.decide(proposal, actor=chief, on=DAY)
    assert Proposal.objects.get(pk=proposal.pk).state == "overtaken"
