"""The counter: who may, and that it shows."""

import datetime

import pytest

from core.accounts.models import Organisation, Recusal, Role
from core.audit.models import Event
from core.documents import rendering
from core.documents.models import OfficialDocument
from core.notifications.models import Message
from core.refusals import NotAllowed, Refused
from filings import permissions, workflow
from filings.models import Application
from filings.timeline import entries
from filings.workflow.draft_rows import ROWS, add_row
from tests.core.documents.test_issuing import text_of
from tests.filings.counters import CODE, HANDLER, codes, entered, handed_over
from tests.world import DAY, SINCE, file, filed, filled_draft, make_world, mark_all, submitted, upload_all

pytestmark = pytest.mark.django_db

D = datetime.date


OTHERS = (
    "agency admin", "rival admin", "county chief", "other county handler", "other county chief", "centre handler",
    "centre chief", "bureau handler", "bureau chief", "experts expert", "operator administrator",
)  # fmt: skip


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_begins_an_initial_one(who):
    world = make_world()
    agency = world.organisation("agency admin")
    assert permissions.may_enter(world.actor(HANDLER), agency, "initial")
    assert not permissions.may_enter(world.actor(who), agency, "initial")
    with pytest.raises(NotAllowed):
        workflow.create_application(actor=world.actor(who), on=DAY, agency=agency)


def test_a_change_is_the_centres_counter():
    world = make_world()
    filed(world)
    agency = world.organisation("agency admin")
    assert permissions.may_enter(world.actor("centre handler"), agency, "change")
    assert not permissions.may_enter(world.actor(HANDLER), agency, "change")


def test_a_recused_handler_enters_nothing():
    world = make_world()
    agency = world.organisation("agency admin")
    colleague = world.add("second handler", world.organisation(HANDLER), Role.HANDLER)
    handler = world.people[HANDLER]
    Recusal.objects.create(user=handler.user, agency=agency, ground="kinship", since=SINCE)
    assert not permissions.may_enter(world.actor(HANDLER), agency, "initial")
    assert permissions.may_enter(world.actor("second handler"), agency, "initial")
    # Keeping away from one agency keeps nobody away from another.
    assert permissions.may_enter(world.actor(HANDLER), world.organisation("rival admin"), "initial")
    assert colleague.organisation_id == handler.organisation_id


def test_online_no_handler_writes_in_the_agencys_name():
    world = make_world()
    draft, handler = filled_draft(world), world.actor(HANDLER)
    for act in (
        lambda: workflow.save_draft(draft, actor=handler, on=DAY, fields={"contact": "别人"}),
        lambda: workflow.upload_material(draft, "venue", file(), actor=handler, on=DAY),
        lambda: workflow.upload_scan(draft, "submit", file(), actor=handler, on=DAY),
        lambda: add_row(draft, ROWS["staff"], actor=handler, on=DAY, values={"kind": "staff", "name": "别人"}),
        lambda: workflow.submit(draft, actor=handler, on=DAY),
    ):
        with pytest.raises(NotAllowed):
            act()
    workflow.submit(draft, actor=world.actor("agency admin"), on=DAY)
    mark_all(world, draft, bad=("venue",))
    workflow.request_correction(draft, actor=handler, on=DAY, days=10)
    for act in (
        lambda: workflow.answer_item(draft, "venue", actor=handler, on=DAY, answer="好"),
        lambda: workflow.ask_extension(draft, actor=handler, on=DAY, reason="好"),
        lambda: workflow.resubmit(draft, actor=handler, on=DAY),
        lambda: workflow.withdraw(draft, actor=handler, on=DAY),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize("who", OTHERS[1:])
def test_in_one_of_the_counter_only_the_receiving_handler_does(who):
    world = make_world()
    draft, actor = entered(world), world.actor(who)
    assert not permissions.acts_for_agency.test(actor, draft)
    for act in (
        lambda: workflow.save_draft(draft, actor=actor, on=DAY, fields={"contact": "别人"}),
        lambda: workflow.upload_material(draft, "venue", file(), actor=actor, on=DAY),
        lambda: workflow.upload_scan(draft, "submit", file(), actor=actor, on=DAY),
        lambda: workflow.submit(draft, actor=actor, on=DAY),
        lambda: workflow.withdraw(draft, actor=actor, on=DAY),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_while_it_is_entered_the_agency_reads_it_and_takes_it_back_but_writes_nothing():
    world = make_world()
    draft, agency = entered(world), world.actor("agency admin")
    assert permissions.may_view(agency, draft)
    with pytest.raises(NotAllowed):
        workflow.save_draft(draft, actor=agency, on=DAY, fields={"contact": "别人"})
    with pytest.raises(NotAllowed):
        workflow.submit(draft, actor=agency, on=DAY)
    workflow.withdraw(draft, actor=agency, on=DAY)
    assert draft.state == "withdrawn"


def test_a_colleague_goes_on_with_it():
    world = make_world()
    world.add("second handler", world.organisation(HANDLER), Role.HANDLER)
    application = workflow.submit(entered(world), actor=world.actor("second handler"), on=DAY)
    assert application.state == "submitted"


def test_a_seat_moved_to_another_county_cannot_be_handed_in_here():
    world = make_world()
    application = entered(world)
    workflow.save_draft(application, actor=world.actor(HANDLER), on=DAY, fields={"area_id": "410523"})
    with pytest.raises(Refused) as refusal:
        workflow.submit(application, actor=world.actor(HANDLER), on=DAY)
    assert codes(refusal) == ["other_county"]


def test_what_the_agency_has_begun_itself_is_its_own_to_finish():
    world = make_world()
    filled_draft(world)
    with pytest.raises(Refused) as refusal:
        workflow.create_application(actor=world.actor(HANDLER), on=DAY, agency=world.organisation("agency admin"))
    assert codes(refusal) == ["open_already"]


def test_an_unconfirmed_agency_is_checked_first():
    world = make_world()
    agency = Organisation.objects.create(kind="agency", name="未核实", credit_code=CODE, area_id="410502")
    with pytest.raises(Refused) as refusal:
        workflow.create_application(actor=world.actor(HANDLER), on=DAY, agency=agency)
    assert codes(refusal) == ["agency_unconfirmed"]


# -- that it shows -------------------------------------------------------------------------------------------------


def test_the_agency_is_told_at_once_and_reads_who_did_what_in_its_name():
    world = make_world()
    entered(world, attach=upload_all)
    assert Message.objects.get(kind="counter_begun").organisation == world.organisation("agency admin")
    application = workflow.submit(Application.objects.get(), actor=world.actor(HANDLER), on=DAY)
    told = [(entry.label, entry.actor) for entry in entries(application, world.actor("agency admin"))]
    mark = "文峰区人社局 · 经办人（窗口代录）"
    assert told == [
        ("开始填写申请", mark),
        ("上传材料", mark),
        ("扫描窗口收下的书面材料", mark),
        ("提交申请", mark),
    ]
    event = Event.objects.get(verb="filings.application.submit")
    assert event.actor_user_id == world.people[HANDLER].user_id
    assert event.payload["on_behalf_of"] == application.agency_id
    assert event.payload["counter_on"] == "2026-09-18"


@pytest.mark.parametrize("over_counter", [True, False])
def test_the_acknowledgement_says_it_came_over_the_counter(over_counter):
    world = make_world()
    handed_over(world) if over_counter else submitted(world)
    paper = OfficialDocument.objects.get(series="acknowledgement")
    assert ("窗口提交" in text_of(rendering.render(paper, audit_head=""))) is over_counter


def test_online_nothing_is_marked_so():
    world = make_world()
    application = submitted(world)
    assert not any("窗口" in entry.actor for entry in entries(application, world.actor("agency admin")))
    assert OfficialDocument.objects.get().content["over_counter"] is False
