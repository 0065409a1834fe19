"""From submission to acceptance, by hand or by lapse (M10)."""

import datetime

import pytest

from core.audit.models import Event
from core.deadlines import clocks, lapses
from core.documents.models import OfficialDocument
from core.notifications.models import Message
from core.refusals import NotAllowed, NotPossible, Refused
from filings import workflow
from tests.world import DAY, accepted, approved, make_world, mark_all, submitted

pytestmark = pytest.mark.django_db


def test_submission_starts_five_working_days_and_issues_an_acknowledgement():
    world = make_world()
    application = submitted(world)
    assert application.state == "submitted"
    assert application.receiving == world.organisation("county handler")
    clock = clocks.running(application, "completeness")
    assert clock is not None
    assert clock.due_on == datetime.date(2026, 9, 24)
    assert OfficialDocument.objects.filter(series="acknowledgement").count() == 1


def test_unanswered_submission_is_deemed_accepted_as_of_the_last_day():
    world = make_world()
    application = submitted(world)
    assert lapses.sweep(datetime.date(2026, 9, 24)).lapses == 0
    assert lapses.sweep(datetime.date(2026, 9, 28)).lapses == 1
    application.refresh_from_db()
    assert application.state == "accepted"
    assert application.deemed_accepted
    assert application.accepted_on == datetime.date(2026, 9, 24)
    assert clocks.running(application, "county_recommendation").due_on == datetime.date(2026, 10, 9)
    assert clocks.running(application, "decision").due_on == datetime.date(2026, 10, 22)
    assert lapses.sweep(datetime.date(2026, 9, 28)).lapses == 0
    assert OfficialDocument.objects.filter(series="deemed_acceptance").count() == 1
    assert Event.objects.filter(verb="filings.application.deem_accepted").count() == 1
    assert Message.objects.filter(kind="accepted", organisation=application.agency).count() == 1


def test_acceptance_needs_every_material_marked():
    world = make_world()
    application = submitted(world)
    with pytest.raises(Refused) as refusal:
        workflow.accept(application, actor=world.actor("county handler"), on=DAY)
    assert [reason.code for reason in refusal.value.reasons] == ["unmarked"] * 6


def test_acceptance_after_the_last_day_finds_the_lapse_carried_out():
    world = make_world()
    application = submitted(world)
    mark_all(world, application)
    late = datetime.date(2026, 9, 28)
    with pytest.raises(NotPossible):
        workflow.accept(application, actor=world.actor("county handler", late), on=late)
    application.refresh_from_db()
    assert (application.state, application.accepted_on) == ("accepted", datetime.date(2026, 9, 24))


def test_another_county_may_not_accept():
    world = make_world()
    application = submitted(world)
    with pytest.raises(NotAllowed):
        workflow.accept(application, actor=world.actor("other county handler"), on=DAY)


def test_whole_way_to_the_receipt():
    world = make_world()
    application = approved(world)
    assert application.state == "approved"
    filing = application.granted_filing
    assert filing.code == "S000041000001"
    assert filing.valid_until == datetime.date(2029, 9, 18)
    assert OfficialDocument.objects.filter(series="receipt").count() == 1


def test_acceptance_starts_both_clocks():
    world = make_world()
    application = accepted(world)
    assert clocks.running(application, "decision").due_on == datetime.date(2026, 10, 15)
