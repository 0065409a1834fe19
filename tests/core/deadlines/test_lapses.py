"""Settle and sweep: exactly once, in legal order, with the legal date, one broken matter not holding up the others."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.deadlines import clocks, lapses
from core.deadlines.lapses import SweepResult, settle, sweep
from core.deadlines.models import Clock, ClockState
from core.reference.models import Area
from tests.core.deadlines.conftest import MATTER, make_matter, one_database

pytestmark = pytest.mark.django_db
D = datetime.date
START = D(2026, 9, 18)  # five working days end on 24 September


@pytest.fixture
def clock(matter):
    return clocks.start(matter, "completeness", on=START, lapse="over")


def test_the_last_day_belongs_to_the_period(clock, procedure):
    assert sweep(D(2026, 9, 24)) == SweepResult(0, 0, 0)
    assert sweep(D(2026, 9, 25)) == SweepResult(1, 1, 0)


def test_a_late_sweep_carries_the_legal_date(clock, procedure, matter):
    sweep(D(2026, 12, 1))
    clock.refresh_from_db()
    assert procedure.done == [(matter.pk, "over", D(2026, 9, 24), D(2026, 12, 1))]
    assert (clock.state, clock.ended_on) == (ClockState.LAPSED, D(2026, 9, 24))


def test_a_second_sweep_does_nothing(clock, procedure):
    sweep(D(2026, 9, 25))
    assert sweep(D(2026, 9, 25)) == sweep(D(2026, 10, 30)) == SweepResult(0, 0, 0)
    assert len(procedure.done) == 1


def test_the_matter_is_locked(clock, procedure, matter):
    settle(MATTER, matter.pk, D(2026, 9, 25))
    assert procedure.locked == [matter.pk]


def test_a_clock_that_was_ended_does_not_lapse(clock, procedure, matter):
    clocks.end(matter, "completeness", on=D(2026, 9, 24))
    assert settle(MATTER, matter.pk, D(2026, 9, 30)) == 0


def test_several_lapses_of_a_matter_come_in_legal_order(matter, procedure):
    clocks.start(matter, "correction", on=START, amount=20, lapse="over")
    clocks.start(matter, "completeness", on=START, lapse="over")
    assert settle(MATTER, matter.pk, D(2026, 12, 1)) == 2
    assert [due for _, _, due, _ in procedure.done] == [D(2026, 9, 24), D(2026, 10, 8)]


def test_a_lapse_that_starts_a_clock_already_over_is_followed_by_it(matter, procedure):
    """Received on 18 September, deemed accepted on the 24th, the recommendation over on 9 October."""
    clocks.start(matter, "completeness", on=START, lapse="next")
    assert sweep(D(2026, 12, 1)).lapses == 2
    assert [(lapse, due) for _, lapse, due, _ in procedure.done] == [
        ("next", D(2026, 9, 24)),
        ("over", D(2026, 10, 9)),
    ]


def test_a_clock_that_deems_nothing_turns_red_once_and_runs_on(matter, procedure):
    clock = clocks.start(matter, "decision", on=D(2026, 9, 24))
    for day in (23, 24, 30):
        sweep(D(2026, 10, day))
    clock.refresh_from_db()
    assert procedure.red == [("decision", D(2026, 10, 23))]
    assert (clock.state, clock.told_on) == (ClockState.RUNNING, D(2026, 10, 23))


def test_a_clock_that_moves_may_turn_red_again(matter, procedure):
    clock = clocks.start(matter, "rectification", on=START, amount=5)
    sweep(D(2026, 10, 1))
    clocks.extend(matter, "rectification", amount=40, on=D(2026, 10, 1), reason="设备到货延迟")
    sweep(D(2026, 12, 1))
    assert len(procedure.red) == 2
    clock.refresh_from_db()
    assert clock.told_on == D(2026, 12, 1)


def test_a_provisional_clock_waits_for_its_year(matter, procedure):
    clocks.start(matter, "completeness", on=D(2026, 12, 28), lapse="over")
    assert sweep(D(2027, 3, 1)) == SweepResult(0, 0, 0)
    assert settle(MATTER, matter.pk, D(2027, 3, 1)) == 0


def test_a_broken_matter_is_left_whole_and_holds_up_nobody(clock, procedure, matter):
    other = make_matter("410523")
    clocks.start(other, "completeness", on=START, lapse="over")
    procedure.broken = {matter.pk}
    assert sweep(D(2026, 9, 25)) == SweepResult(matters=2, lapses=1, failed=1)
    clock.refresh_from_db()
    assert clock.state == ClockState.RUNNING
    assert Area.objects.get(pk=matter.pk).kind == "open"
    procedure.broken = set()
    assert sweep(D(2026, 9, 26)) == SweepResult(1, 1, 0)


def test_a_matter_type_nobody_registered_is_left_alone(seeded):
    clocks.start(("nobody.matter", "1"), "completeness", on=START, lapse="over")
    assert sweep(D(2026, 9, 30)) == SweepResult(1, 0, 0)


def test_a_sweep_reads_behind_itself_in_batches_and_may_be_limited(seeded, procedure, monkeypatch):
    monkeypatch.setattr(lapses, "BATCH", 3)
    for number in range(11):
        area = make_matter(f"41{number:04}")
        clocks.start(area, "completeness", on=START + datetime.timedelta(days=number // 4), lapse="over")
    assert sweep(D(2026, 12, 1), limit=4) == SweepResult(4, 4, 0)
    procedure.broken = {"410005"}
    assert sweep(D(2026, 12, 1)) == SweepResult(7, 6, 1)
    assert [row[0] for row in procedure.done] == sorted(row[0] for row in procedure.done)


@one_database
@given(sweeps=st.lists(st.integers(0, 120), min_size=1, max_size=12), amount=st.integers(1, 30))
def test_however_late_and_often_it_is_swept_the_outcome_is_the_same(sweeps, amount, matter, procedure):
    Clock.objects.all().delete()
    procedure.done.clear()
    clock = clocks.start(matter, "correction", on=START, amount=amount, lapse="over")
    days = [START + datetime.timedelta(days=offset) for offset in sweeps]
    for day in days:
        sweep(day)
    late = [day for day in days if day > clock.due_on]
    assert procedure.done == [(matter.pk, "over", clock.due_on, day) for day in late[:1]]
    clock.refresh_from_db()
    assert clock.state == (ClockState.LAPSED if late else ClockState.RUNNING)
