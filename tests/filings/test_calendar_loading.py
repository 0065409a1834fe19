"""A year loaded while matters run: what the administrator sees beforehand is what happens, to every clock there is."""

import datetime

import pytest
import time_machine

from core.clock.clock import SHANGHAI
from core.deadlines import clocks, lapses
from core.deadlines.models import Clock, ClockMove
from core.notifications.models import Message
from filings import workflow
from tests.core.calendars.conftest import YEAR_2027
from tests.filings.factories import another_agency, quick_submitted
from tests.world import World, accepted, filed, following, make_world, mark_all

pytestmark = pytest.mark.django_db

D = datetime.date
DECEMBER = D(2026, 12, 28)
SOURCE = "国务院办公厅关于2027年部分节假日安排的通知"


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def administrator(world):
    with time_machine.travel(datetime.datetime(2026, 12, 28, 10, tzinfo=SHANGHAI), tick=False):
        yield world.browser("operator administrator")


def test_every_clock_that_moves_is_shown_and_then_moved_and_those_concerned_told(world, administrator):
    filing = filed(world)
    change = following(world, "change", DECEMBER, name="文峰区新甲职业培训学校", changed_on=DECEMBER)
    rival = accepted(world, DECEMBER, who="rival admin")
    validity = clocks.running(filing, "validity")
    before = {clock.pk: clock.due_on for clock in Clock.objects.filter(state="running")}

    sent = {"source": SOURCE, "text": YEAR_2027}
    page = administrator.post("/desk/calendar/2027/load/", sent)
    moves = {(move.matter, move.label): move for move in page.context["preview"].moves}
    decision = moves[f"{rival} {rival.number}", "备案决定"]
    # 15 working days from 28 December: 29, 30, 31, then 4 January on; 1 January is off in both, 2 and 3 a weekend.
    assert (decision.old_end, decision.new_end, decision.provisional) == (D(2027, 1, 19), D(2027, 1, 19), False)
    assert {label for _, label in moves} == {"受理审核", "备案决定", "县区推荐意见"}
    assert {move.told for move in moves.values()} == {()}
    assert change.number in page.content.decode()

    longer = YEAR_2027 + "\n2027-01-04,放假,元旦\n2027-01-09,补班,元旦"
    page = administrator.post("/desk/calendar/2027/load/", {**sent, "text": longer})
    preview = page.context["preview"]
    moves = {(move.matter, move.label): move for move in preview.moves}
    decision, check = moves[f"{rival} {rival.number}", "备案决定"], moves[f"{change} {change.number}", "受理审核"]
    # 4 January falls away and Saturday the 9th comes in for it: the decision's day stays, the 5th working day does not.
    assert (decision.moved, decision.told) == (False, ())
    assert (check.old_end, check.new_end) == (D(2027, 1, 5), D(2027, 1, 6))
    assert check.told == ("安阳市职业技能鉴定指导中心", "文峰区甲职业培训学校")
    for words in (change.name, change.number, "2027年1月5日", "2027年1月6日", *check.told):
        assert words in page.content.decode()
    assert {pk: Clock.objects.get(pk=pk).due_on for pk in before} == before

    done = administrator.post("/desk/calendar/2027/load/", {**sent, "text": longer, "seen": preview.seen})
    assert done.status_code == 302
    after = {clock.pk: clock.due_on for clock in Clock.objects.filter(state="running")}
    assert {pk for pk in after if after[pk] != before[pk]} == set(ClockMove.objects.values_list("clock_id", flat=True))
    assert ClockMove.objects.count() == preview.moved
    told = Message.objects.filter(kind="clock_moved", matter_id=str(change.pk))
    assert sorted(told.values_list("organisation__name", flat=True)) == sorted(check.told)
    assert set(told.values_list("link", flat=True)) == {f"/applications/{change.pk}/"}
    validity.refresh_from_db()
    assert (validity.due_on, validity.provisional) == (filing.valid_until, False) == (D(2029, 9, 18), False)


def test_an_agencys_lapse_that_nobody_has_swept_is_not_undone(world, administrator):
    """30 days from 9 November ended on 9 December; that day is declared a day off on the 28th."""
    served, last = D(2026, 11, 9), D(2026, 12, 9)
    application = quick_submitted(world, another_agency(world, 1), D(2026, 11, 2))
    mark_all(world, application, served, bad=("venue",))
    workflow.request_correction(application, actor=world.actor("county handler", served), on=served, days=30)
    assert clocks.running(application, "correction").due_on == last
    sent = {"date": last.isoformat(), "kind": "holiday", "name": "临时放假", "note": "通知"}
    preview = administrator.post("/desk/calendar/2026/day/", sent).context["preview"]
    assert preview.moves == ()
    administrator.post("/desk/calendar/2026/day/", {**sent, "seen": preview.seen})
    lapses.sweep(DECEMBER)
    application.refresh_from_db()
    assert (application.state, application.decided_on) == ("abandoned", last)
