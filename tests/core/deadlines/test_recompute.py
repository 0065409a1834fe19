"""What a loaded year moves: never an agency's period to an earlier day, an authority's with it, and no lapse undone."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.accounts.actors import system
from core.audit.models import Event
from core.calendars import loading
from core.calendars.calendar import current
from core.calendars.loading import calendar_with
from core.calendars.models import CalendarDay, CalendarYear
from core.deadlines import audience, clocks, lapses, recompute
from core.deadlines.audience import Concerned
from core.deadlines.models import Clock, ClockMove, ClockState
from core.notifications.models import Message
from regulation.workdays import Calendar
from tests.core.deadlines.conftest import MATTER, Broken, make_matter, one_database

pytestmark = pytest.mark.django_db
D = datetime.date
DAY = D(2026, 12, 30)
STATUTORY = [
    (D(2027, *day), "holiday", name)
    for day, name in (
        ((1, 1), "元旦"),
        ((5, 1), "劳动节"),
        ((5, 2), "劳动节"),
        ((10, 1), "国庆节"),
        ((10, 2), "国庆节"),
        ((10, 3), "国庆节"),
    )
]
LATER = [*STATUTORY, (D(2027, 1, 4), "holiday", "元旦"), (D(2027, 1, 5), "holiday", "元旦")]
EARLIER = [*STATUTORY, (D(2027, 1, 2), "makeup", "元旦"), (D(2027, 1, 3), "makeup", "元旦")]


def load(rows, on=DAY):
    return loading.load_year(2027, rows, source="通知", actor=system("测试", on), on=on)


@pytest.fixture
def authoritys(matter) -> Clock:
    """Five working days of an office from 28 December: 29, 30, 31, then 4 and 5 January, provisional."""
    clock = clocks.start(matter, "completeness", on=D(2026, 12, 28), lapse="over")
    assert (clock.due_on, clock.provisional) == (D(2027, 1, 5), True)
    return clock


@pytest.fixture
def agencys(matter) -> Clock:
    """Five working days of an agency, the same days."""
    clock = clocks.start(matter, "inspection_answer", on=D(2026, 12, 28), lapse="over")
    assert (clock.due_on, clock.provisional) == (D(2027, 1, 5), True)
    return clock


def due(clock: Clock) -> tuple[datetime.date, bool]:
    clock.refresh_from_db()
    return clock.due_on, clock.provisional


def test_a_later_end_moves_both(authoritys, agencys):
    load(LATER)
    assert due(authoritys) == due(agencys) == (D(2027, 1, 7), False)
    assert ClockMove.objects.filter(reason="载入2027年节假日安排", on=DAY).count() == 2


def test_an_earlier_end_moves_the_authoritys_alone(authoritys, agencys):
    moves = {move.label: move for move in load(EARLIER).moves}
    assert due(authoritys) == (D(2027, 1, 3), False)
    assert due(agencys) == (D(2027, 1, 5), False)
    assert moves["受理审核"].moved
    assert (moves["对督查报告的意见"].kept, moves["对督查报告的意见"].moved) == (True, False)
    assert not agencys.moves.exists()


def test_the_preview_is_what_happens(authoritys, agencys):
    seen = recompute.preview(calendar_with(2027, EARLIER), DAY)
    assert due(authoritys) == (D(2027, 1, 5), True)
    assert sorted(seen, key=repr) == sorted(load(EARLIER).moves, key=repr)


def test_a_year_that_changes_nothing_makes_definite(authoritys):
    load(STATUTORY)
    assert due(authoritys) == (D(2027, 1, 5), False)
    assert not ClockMove.objects.exists()


def test_a_provisional_clock_lapses_only_after_its_year_with_its_legal_date(authoritys, procedure):
    assert lapses.sweep(D(2027, 3, 1)).lapses == 0
    load(LATER, on=D(2027, 3, 1))
    assert lapses.sweep(D(2027, 3, 1)).lapses == 1
    authoritys.refresh_from_db()
    assert (authoritys.state, authoritys.ended_on) == (ClockState.LAPSED, D(2027, 1, 7))


def test_confirming_the_year_frees_it_as_well(authoritys, procedure):
    loading.confirm_year(2027, actor=system("测试", DAY), on=DAY, reason="未公布")
    assert lapses.sweep(D(2027, 1, 6)).lapses == 1


def test_what_has_lapsed_or_ended_stands(matter, procedure):
    lapsed = clocks.start(matter, "completeness", on=D(2026, 9, 18), lapse="over")
    done = clocks.start(matter, "decision", on=D(2026, 9, 18))
    lapses.sweep(D(2026, 9, 30))
    clocks.end(matter, "decision", on=D(2026, 10, 1))
    before = list(Clock.objects.order_by("id").values())
    loading.override_day(D(2026, 9, 22), "holiday", "临时放假", "通知", actor=system("测试", DAY), on=DAY)
    assert list(Clock.objects.order_by("id").values()) == before
    assert not ClockMove.objects.exists()
    assert {lapsed.pk, done.pk} == {row["id"] for row in before}


def test_a_lapse_that_nobody_has_swept_yet_stands_too(matter, procedure):
    """The period ended at 24:00 of its last day; a day off announced for it afterwards does not bring it back."""
    clock = clocks.start(matter, "completeness", on=D(2026, 9, 18), lapse="over")
    red = clocks.start(matter, "decision", on=D(2026, 9, 4))
    ended, today = clock.due_on, D(2026, 10, 12)
    assert red.due_on < today
    rows = loading.overridden(D(2026, 9, 22), "holiday", "临时放假")
    assert [move.label for move in recompute.preview(calendar_with(2026, rows), today)] == ["备案决定"]
    loading.override_day(D(2026, 9, 22), "holiday", "临时放假", "通知", actor=system("测试", today), on=today)
    assert due(clock)[0] == ended
    assert red.moves.count() == 1
    lapses.sweep(today)
    assert procedure.done == [(matter.pk, "over", ended, today)]


def test_an_override_moves_what_runs_over_that_day(matter):
    clock = clocks.start(matter, "decision", on=D(2026, 9, 18))
    due_before = clock.due_on
    other = clocks.start(matter, "validity", on=D(2024, 3, 1))
    loading.override_day(D(2026, 9, 22), "holiday", "临时放假", "通知", actor=system("测试", DAY), on=DAY)
    assert due(clock)[0] > due_before
    assert due(other)[0] == D(2027, 3, 1)


def test_an_authoritys_calendar_days_and_years_never_move(matter):
    review = clocks.start(matter, "review", on=D(2026, 12, 3), amount=30)
    validity = clocks.start(matter, "validity", on=D(2024, 1, 4))
    load(LATER)
    assert due(review) == (D(2027, 1, 2), False)
    assert due(validity) == (D(2027, 1, 4), False)


def test_an_agencys_rolled_day_follows_a_longer_holiday(matter):
    clock = clocks.start(matter, "correction", on=D(2026, 12, 3), amount=30, lapse="over")  # day 30: Sat, 2 January
    assert due(clock) == (D(2027, 1, 4), True)
    load(LATER)
    assert due(clock) == (D(2027, 1, 6), False)


def test_those_concerned_are_told_and_the_trail_knows(authoritys, agencys, concerned):
    load(EARLIER)
    message = Message.objects.get()
    assert message.title == "期限调整到 2027年1月3日：请办理410502"
    assert "因载入2027年节假日安排，“受理审核”的最后一日由 2027年1月5日 调整为 2027年1月3日" in message.body
    assert Event.objects.get(verb="clock.move").payload == {
        "kind": "completeness",
        "from": "2027-01-05",
        "to": "2027-01-03",
        "reason": "载入2027年节假日安排",
    }


def test_a_second_run_finds_nothing(authoritys, agencys, concerned):
    load(LATER)
    assert recompute.apply(DAY, "再算一次") == []
    assert Message.objects.count() == 2


def test_a_red_clock_that_moves_is_red_no_longer(matter, procedure):
    clock = clocks.start(matter, "decision", on=D(2026, 9, 24))
    lapses.sweep(D(2026, 10, 23))
    for day in (D(2026, 10, 20), D(2026, 10, 21)):
        loading.override_day(day, "holiday", "临时放假", "通知", actor=system("测试", DAY), on=D(2026, 10, 23))
    clock.refresh_from_db()
    assert (clock.due_on, clock.told_on) == (D(2026, 10, 26), None)


def test_a_red_clock_that_moves_and_stays_red_is_told_of_again(matter, procedure):
    clock = clocks.start(matter, "decision", on=D(2026, 9, 24))
    last = clock.due_on
    lapses.sweep(D(2026, 11, 2))
    loading.override_day(last, "holiday", "临时放假", "通知", actor=system("测试", DAY), on=D(2026, 11, 2))
    clock.refresh_from_db()
    assert (clock.due_on > last, clock.told_on) == (True, None)
    lapses.sweep(D(2026, 11, 2))
    lapses.sweep(D(2026, 11, 3))
    assert procedure.red == [("decision", D(2026, 11, 2)), ("decision", D(2026, 11, 2))]


def test_a_fault_half_way_leaves_everything_as_it_was(seeded, procedure, office):
    """The year, its days, every clock and every message: all or nothing."""
    first, second = make_matter("410502"), make_matter("410523")
    running = [clocks.start(one, "completeness", on=D(2026, 12, 28), lapse="over") for one in (first, second)]

    def tell(clock: Clock) -> list[Concerned]:
        if clock.matter_id == second.pk and current().announced >= {2027}:
            raise Broken
        return [Concerned(office, ("handler",), "请办理", "", "/desk/")]

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(audience._audiences, MATTER, tell)
        with pytest.raises(Broken):
            load(LATER)
    assert [due(clock) for clock in running] == [(D(2027, 1, 5), True)] * 2
    assert not CalendarYear.objects.filter(pk=2027).exists()
    assert not CalendarDay.objects.filter(date__year=2027).exists()
    assert not any(
        rows.exists() for rows in (Message.objects, ClockMove.objects, Event.objects.filter(verb="clock.move"))
    )
    load(LATER)
    assert [due(clock) for clock in running] == [(D(2027, 1, 7), False)] * 2


def test_the_preview_names_the_matter_and_who_will_be_told(authoritys, agencys, concerned, matter):
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(audience._names, MATTER, lambda keys: {key: f"事项 {key}" for key in keys})
        seen = recompute.preview(calendar_with(2027, EARLIER), DAY)
    assert {(move.label, move.matter, move.told) for move in seen} == {
        ("受理审核", f"事项 {matter.pk}", (concerned.name,)),
        ("对督查报告的意见", f"事项 {matter.pk}", ()),  # it keeps its last day
    }


def test_matters_are_locked_before_their_clocks(authoritys, procedure, matter):
    load(LATER)
    assert procedure.locked == [matter.pk]


days_off = st.lists(st.dates(D(2027, 1, 4), D(2027, 2, 28)).filter(lambda day: day.weekday() < 5), max_size=12)


@one_database
@given(off=days_off, start=st.dates(D(2026, 12, 1), D(2027, 1, 15)), data=st.data())
def test_the_rules_hold_whatever_is_announced(off, start, data, matter):
    """An agency's end never comes earlier; an authority's is what the announced calendar says; none stays provisional
    that rests on announced years alone; and doing it again changes nothing."""
    calendar: Calendar = calendar_with(2027, [*STATUTORY, *((day, "holiday", "放假") for day in sorted(set(off)))])
    reckoner = recompute._Reckoner(calendar, start)
    for kind in ("completeness", "inspection_answer", "decision"):
        clock = clocks.start(matter, kind, on=start)
        # The old row may stem from any earlier calendar.
        clock.due_on = max(start, clock.due_on + datetime.timedelta(days=data.draw(st.integers(-5, 20))))
        move = reckoner.move(clock)
        end = move.new_end if move else clock.due_on
        reckoned = reckoner.period(clock).end
        if kind == "inspection_answer":
            assert end == max(clock.due_on, reckoned)
        else:
            assert end == reckoned
        clock.due_on, clock.provisional = end, False
        assert reckoner.move(clock) is None
    assert current().announced == frozenset(range(2004, 2027))
