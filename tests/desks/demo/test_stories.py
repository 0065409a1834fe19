"""The demo's stories leave what a visitor is promised: an open task, a part to correct, a cap that is full."""

import pytest
from django.core.management import call_command

from core.accounts.actors import actor_for
from core.accounts.models import Position
from core.audit.models import Event
from core.clock import clock
from core.deadlines import clocks
from core.workflow.models import Proposal
from desks.demo import people, stories
from desks.demo.stories import CARER
from desks.demo.teller import Teller
from filings import assignments, board, queries
from filings.corrections import waiting
from filings.models import ExpertTask
from registry.directory import find

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine]  # the demo is on SQLite


@pytest.fixture
def teller(settings, tmp_path) -> Teller:
    settings.MEDIA_ROOT = tmp_path / "files"
    call_command("load_reference", verbosity=0)
    call_command("load_calendar", verbosity=0)
    today = clock.today()
    organisations = people.make()
    stories.open_year(today, organisations)
    return Teller(today, organisations)


def test_the_demos_expert_has_an_open_task(teller):
    application = stories.STORIES["专家评审中"](teller)
    expert = Position.objects.get(user__username="expert")
    assert ExpertTask.objects.get(expert=expert).done_on is None
    assert list(queries.visible_to(actor_for(expert, teller.today))) == [application]
    assert ExpertTask.objects.exclude(expert=expert).get().done_on is not None, "the other sheet is in"


def test_the_correction_notice_names_a_part_of_the_form_too(teller):
    request = waiting(stories.STORIES["补正中，含申请内容"](teller))
    assert request is not None
    assert {item.key for item in request.items.all()} == {"venue", "credit", "staff"}


def test_a_countys_places_for_an_occupation_are_full(teller):
    for name in ("已备案", "名额已满"):
        stories.STORIES[name](teller)
    shown = board.board(teller.today)
    (row,) = [row for row in shown["rows"] if row.occupation.pk == CARER]
    (cell,) = [cell for cell in row.cells if cell.area == "汤阴县"]
    assert (cell.places.taken, cell.places.cap, cell.note) == (2, 2, "满")


def test_county_bureaus_of_the_demo_stand_below_the_municipal_one(teller):
    above = {one.parent.kind for key, one in teller.organisations.items() if key.startswith("county-")}
    assert above == {"bureau"}


def test_a_filing_from_paper_stands_without_an_account(teller):
    filing = stories.from_paper(teller)
    assert (filing.in_force(teller.today), filing.agency.positions.count()) == (True, 0)
    assert filing.receipts.get().document.content["on_paper"] is True


def test_what_happened_to_filings_shows_on_the_public_side(teller):
    for name in ("已备案，市区", "名额已满"):
        stories.STORIES[name](teller)
    on = teller.today
    found = {name: happening(teller) for name, happening in stories.OF_FILINGS.items()}
    standing = {name: find(filing.code, on).finding.standing.value for name, filing in found.items()}
    assert standing == {"历史备案": "valid", "已注销": "deregistered", "市内调配": "valid", "暂停评价中": "suspended"}
    (row,) = assignments.standing_on(on)
    assert (row.filing, row.quota_area) == (found["市内调配"], "林州市")


def test_a_refusal_that_a_court_set_aside_is_assessed_again(teller):
    application = stories.STORIES["不予备案被法院撤销"](teller)
    assert (application.state, application.decided_on) == ("assessing", None)
    (clock,) = clocks.of(application).filter(state="running")
    assert (clock.kind, clock.due_on > teller.today) == ("decision", True)


def test_what_is_told_bears_the_time_at_which_it_happened(teller):
    with teller.in_their_time():
        application = stories.STORIES["等待负责人决定"](teller)
    events = list(Event.objects.filter(matter_type="filings.application", matter_id=application.pk).order_by("id"))
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert {clock.local_date(event.at) == event.on for event in events} == {True}
    assert len({event.on for event in events}) > 3
    assert clock.local_date(Proposal.objects.get(state="open").proposed_at) == teller.day(2)
    assert clock.today() >= teller.today, "the clock goes on"
