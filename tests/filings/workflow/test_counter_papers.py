"""The counter: what rests on which signed paper, one for each act."""

import datetime

import pytest

from core.audit.models import Event
from core.documents.models import OfficialDocument
from core.refusals import Invalid, NotPossible, Refused
from filings import workflow
from filings.models import Filing
from tests.filings.counters import HANDLER, codes, entered, handed_over, scanned
from tests.filings.test_state_table_counter import CENTRE, NEXT, change
from tests.world import DAY, file, filed, filled_draft, make_world, mark_all

pytestmark = pytest.mark.django_db

D = datetime.date


def test_nothing_is_handed_in_without_the_signed_form():
    world = make_world()
    application = filled_draft(world, HANDLER, agency=world.organisation("agency admin"))
    with pytest.raises(Refused) as refusal:
        workflow.submit(application, actor=world.actor(HANDLER), on=DAY)
    assert [(one.code, one.field) for one in refusal.value.reasons] == [("counter_scan_missing", "counter_form")]


def test_withdrawal_rests_on_its_own_signed_request_and_a_draft_is_simply_dropped():
    world = make_world()
    handler = world.actor(HANDLER)
    draft = entered(world)
    workflow.withdraw(draft, actor=handler, on=DAY)
    assert (draft.state, OfficialDocument.objects.count()) == ("withdrawn", 0)
    application = handed_over(world)
    with pytest.raises(Refused) as refusal:
        workflow.withdraw(application, actor=handler, on=DAY)
    assert codes(refusal) == ["counter_scan_missing"]
    workflow.withdraw(scanned(world, application, "withdraw"), actor=handler, on=DAY, reason="改日再报")
    assert application.state == "withdrawn"


def test_a_correction_over_the_counter_and_each_round_has_its_own_paper():
    world = make_world()
    handler = world.actor(HANDLER)
    application = handed_over(world)
    for number in (1, 2):
        mark_all(world, application, bad=("venue",))
        workflow.request_correction(application, actor=handler, on=DAY, days=10)
        with pytest.raises(Refused) as refusal:
            workflow.ask_extension(application, actor=handler, on=DAY, reason="换证")
        assert codes(refusal) == ["counter_scan_missing"]
        scanned(world, application, "ask_extension")
        workflow.ask_extension(application, actor=handler, on=DAY, reason="换证")
        workflow.answer_item(application, "venue", actor=handler, on=DAY, file=file(f"平面图{number}.pdf"))
        with pytest.raises(Refused) as refusal:
            workflow.resubmit(application, actor=handler, on=DAY)
        assert codes(refusal) == ["counter_scan_missing"]
        workflow.resubmit(scanned(world, application, "resubmit"), actor=handler, on=DAY)
        assert application.state == "submitted"


def test_the_agency_goes_on_through_the_portal_and_needs_no_paper():
    world = make_world()
    application = handed_over(world)
    mark_all(world, application, bad=("venue",))
    workflow.request_correction(application, actor=world.actor(HANDLER), on=DAY, days=10)
    agency = world.actor("agency admin")
    workflow.answer_item(application, "venue", actor=agency, on=DAY, answer="见附件")
    workflow.resubmit(application, actor=agency, on=DAY)
    last = OfficialDocument.objects.filter(series="acknowledgement").latest("id")
    assert last.content["over_counter"] is False


def test_the_handler_who_entered_it_may_accept_it():
    world = make_world()
    application = handed_over(world)
    mark_all(world, application)
    workflow.accept(application, actor=world.actor(HANDLER), on=DAY)
    assert application.state == "accepted"


def test_what_is_no_state_for_a_paper_takes_none():
    world = make_world()
    application = handed_over(world)
    with pytest.raises(NotPossible):
        scanned(world, application, "resubmit")
    with pytest.raises(Invalid):
        scanned(world, application, "accept")


def test_a_second_confirmation_rests_on_no_earlier_scan():
    """The filing moves again after the agency has confirmed: the next confirmation needs its own signed paper."""
    world = make_world()
    filed(world)
    on, application = NEXT, change(world, "assessing")
    handler = world.actor(CENTRE, on)
    workflow.confirm_items(application, actor=handler, on=on, items=["name"])
    Filing.objects.update(name="文峰区又一名称")
    with pytest.raises(Refused) as refusal:
        workflow.confirm_items(application, actor=handler, on=on, items=["name"])
    assert codes(refusal) == ["counter_scan_missing"]
    scanned(world, application, "confirm_items", on, CENTRE)
    workflow.confirm_items(application, actor=handler, on=on, items=["name"])
    papers = application.counter_papers.filter(act="confirm_items")
    assert [paper.used_on for paper in papers] == [on, on]
    events = Event.objects.filter(verb="filings.application.confirm_items")
    assert {event.payload["paper"] for event in events} == {paper.upload.sha256 for paper in papers}


def test_a_scan_that_the_agency_has_made_needless_serves_no_later_round():
    world = make_world()
    application = handed_over(world)
    agency, handler = world.actor("agency admin"), world.actor(HANDLER)
    for who in (agency, handler):
        mark_all(world, application, bad=("venue",))
        workflow.request_correction(application, actor=handler, on=DAY, days=10)
        workflow.answer_item(application, "venue", actor=agency, on=DAY, answer="见附件")
        if who == agency:
            scanned(world, application, "resubmit")
            workflow.resubmit(application, actor=agency, on=DAY)
    with pytest.raises(Refused) as refusal:
        workflow.resubmit(application, actor=handler, on=DAY)
    assert codes(refusal) == ["counter_scan_missing"]


def test_until_an_act_rests_on_it_a_better_scan_takes_its_place():
    world = make_world()
    application = handed_over(world)
    for _ in range(2):
        scanned(world, application, "withdraw")
    paper = application.counter_papers.get(act="withdraw")
    assert (paper.upload.version, paper.used_on) == (2, None)
