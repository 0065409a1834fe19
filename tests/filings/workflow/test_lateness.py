"""What comes late: a lapse takes effect at 24:00 of its day, swept or not, for everything that is done afterwards."""

import datetime

import pytest

from core.deadlines.models import Clock, ClockState
from core.documents import service, uploads
from core.documents.models import ServiceMethod
from core.refusals import NotPossible, Refused
from core.workflow import proposals
from core.workflow.models import Proposal
from filings import workflow
from filings.models import Application
from tests.filings.factories import OCCUPATION, another_agency, quick_assessing, quick_submitted
from tests.world import DAY, World, file, make_world, mark_all, submitted

pytestmark = pytest.mark.django_db

LAST = datetime.date(2026, 9, 24)
AFTER = datetime.date(2026, 9, 25)
RECORDED = datetime.date(2026, 9, 28)


@pytest.fixture
def world() -> World:
    return make_world()


def serve(world: World, application: Application, served_on: datetime.date) -> None:
    """Record on 28 September that the correction notice was handed over on that day."""
    handler = world.actor("county handler", RECORDED)
    proof = uploads.receive(file("回证.pdf"), matter=application, slot="proof", actor=handler, on=RECORDED)
    service.record_service(
        application.requests.get().document,
        method=ServiceMethod.HAND,
        served_on=served_on,
        proof=proof,
        actor=handler,
        on=RECORDED,
    )
    application.refresh_from_db()


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
    serve(world, application, LAST)
    assert application.state == "correcting"
    clock = Clock.objects.get(state=ClockState.RUNNING)
    assert (clock.kind, clock.starts_on, clock.due_on) == ("correction", LAST, datetime.date(2026, 10, 9))


def test_a_notice_served_after_the_lapse_starts_nothing_swept_or_not(unserved):
    world, application = unserved
    serve(world, application, AFTER)
    assert (application.state, application.accepted_on) == ("accepted", LAST)
    assert application.requests.get().served_on is None
    assert not Clock.objects.filter(kind="correction").exists()


def test_marks_see_the_lapse_first(world):
    application = quick_submitted(world, another_agency(world, 1))
    with pytest.raises(NotPossible, match="已受理"):
        mark_all(world, application, AFTER)
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
    payload = {"granted": [OCCUPATION], "left_out": {}, "relaxed": {}}
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
