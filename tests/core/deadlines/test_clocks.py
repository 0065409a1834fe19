"""The rows of clocks: DOMAIN.md's examples in the stored calendar, replaced, ended, extended, and their properties."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from core.calendars.calendar import current
from core.deadlines import clocks
from core.deadlines.models import Clock, ClockState
from regulation.periods import PERIODS
from regulation.workdays import Holder, Unit
from tests.core.deadlines.conftest import MATTER, one_database

pytestmark = pytest.mark.django_db
D = datetime.date


@pytest.mark.parametrize(
    ("kind", "on", "amount", "due"),
    [
        ("completeness", D(2025, 9, 28), None, D(2025, 10, 11)),
        ("correction", D(2025, 9, 5), 30, D(2025, 10, 9)),
        ("validity", D(2024, 2, 29), None, D(2027, 2, 28)),
        ("completeness", D(2026, 9, 18), None, D(2026, 9, 24)),
        ("county_recommendation", D(2026, 9, 24), None, D(2026, 10, 9)),
        ("decision", D(2026, 9, 24), None, D(2026, 10, 22)),
        # An authority's calendar days do not roll: 30 days from 5 September end inside the holiday.
        ("review", D(2025, 9, 5), 30, D(2025, 10, 5)),
    ],
)
def test_the_worked_examples(matter, kind, on, amount, due):
    clock = clocks.start(matter, kind, on=on, amount=amount)
    assert (clock.due_on, clock.provisional, clock.state) == (due, False, ClockState.RUNNING)
    assert clocks.period_of(clock).end == due


def test_a_setting_gives_the_length_of_its_day(matter):
    from core.reference.models import Setting

    Setting.objects.create(key="county_recommendation", value=3, effective_from=D(2026, 9, 21), note="x")
    assert clocks.start(matter, "county_recommendation", on=D(2026, 9, 18)).amount == 5
    assert clocks.start(matter, "county_recommendation", on=D(2026, 9, 21)).amount == 3


def test_a_length_out_of_range_is_refused(matter):
    with pytest.raises(ValueError, match="1至30日"):
        clocks.start(matter, "correction", on=D(2026, 9, 18), amount=31)
    assert not Clock.objects.exists()


def test_a_clock_started_again_replaces_the_running_one(matter):
    first = clocks.start(matter, "completeness", on=D(2026, 9, 18))
    second = clocks.start(matter, "completeness", on=D(2026, 9, 21))
    first.refresh_from_db()
    assert (first.state, first.ended_on) == (ClockState.REPLACED, D(2026, 9, 21))
    assert clocks.running(matter, "completeness") == second


def test_two_running_clocks_of_a_kind_cannot_be(matter):
    clock = clocks.start(matter, "completeness", on=D(2026, 9, 18))
    clock.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        clock.save()


def test_ending_names_kinds_or_all(matter):
    for kind in ("decision", "county_recommendation", "completeness"):
        clocks.start(matter, kind, on=D(2026, 9, 18))
    assert clocks.end(matter, "completeness", on=D(2026, 9, 20)) == 1
    assert clocks.end(matter, on=D(2026, 9, 21)) == 2
    assert clocks.end(matter, on=D(2026, 9, 22)) == 0
    assert set(clocks.of(matter).values_list("state", flat=True)) == {ClockState.DONE}


def test_a_correction_is_extended_once_the_old_day_on_record(matter):
    clock = clocks.start(matter, "correction", on=D(2026, 9, 1), amount=10)
    moved = clocks.extend(matter, "correction", amount=60, on=D(2026, 9, 10), reason="材料需外地调取")
    assert moved.due_on == D(2026, 11, 2)  # day 60 is 31 October, a Saturday
    assert [(m.old_due_on, m.new_due_on, m.reason) for m in clock.moves.all()] == [
        (D(2026, 9, 11), D(2026, 11, 2), "材料需外地调取")
    ]
    with pytest.raises(ValueError, match="至60日"):
        clocks.extend(matter, "correction", amount=61, on=D(2026, 9, 10), reason="x")
    with pytest.raises(ValueError, match="应长于"):
        clocks.extend(matter, "correction", amount=60, on=D(2026, 9, 10), reason="x")


def test_what_cannot_be_extended_is_refused(matter):
    clocks.start(matter, "completeness", on=D(2026, 9, 18))
    with pytest.raises(ValueError, match="不能延长"):
        clocks.extend(matter, "completeness", amount=10, on=D(2026, 9, 20), reason="x")
    with pytest.raises(Clock.DoesNotExist):
        clocks.extend(matter, "correction", amount=10, on=D(2026, 9, 20), reason="x")


def test_a_clock_is_lapsed_by_its_day_swept_or_not(matter):
    clock = clocks.start(matter, "county_recommendation", on=D(2026, 9, 24))
    assert not clocks.lapsed(matter, "county_recommendation", clock.due_on)
    assert clocks.lapsed(matter, "county_recommendation", clock.due_on + datetime.timedelta(days=1))
    Clock.objects.update(provisional=True)
    assert not clocks.lapsed(matter, "county_recommendation", D(2026, 12, 31))


def test_the_nearest_clock_of_many_matters_in_one_query(matter, django_assert_num_queries):
    clocks.start(matter, "decision", on=D(2026, 9, 18))
    near = clocks.start(matter, "county_recommendation", on=D(2026, 9, 18))
    with django_assert_num_queries(1):
        assert clocks.nearest_due(MATTER, [matter.pk, "none"]) == {matter.pk: near}


FORWARD = sorted(
    key
    for key, spec in PERIODS.items()
    if not (spec.backward or spec.start_counts or spec.permanent) and spec.unit in (Unit.WORKDAY, Unit.DAY)
)


@one_database
@given(data=st.data())
def test_a_clock_ends_where_its_period_ends_and_explains_it(data, matter):
    """For every kind, start and length the row says what regulation reckons, and keeps its own rules."""
    kind = data.draw(st.sampled_from(FORWARD))
    spec = PERIODS[kind]
    on = data.draw(st.dates(D(2004, 1, 1), D(2030, 12, 31)))
    chosen = None
    if not spec.is_fixed:
        chosen = data.draw(st.integers(spec.minimum or 1, spec.maximum or 60))
    clock = clocks.start(matter, kind, on=on, amount=chosen)
    calendar = current()
    assert clock.amount == (chosen if chosen is not None else spec.amount)
    assert clock.due_on > on
    period = clocks.period_of(clock)
    assert (period.end, period.provisional) == (clock.due_on, clock.provisional)
    if spec.unit is Unit.WORKDAY or spec.holder is Holder.AGENCY:
        assert calendar.is_workday(clock.due_on)
    if spec.unit is Unit.WORKDAY:
        assert clock.provisional == (clock.due_on.year > 2026)
        counted = (on + datetime.timedelta(days=n) for n in range(1, (clock.due_on - on).days + 1))
        assert sum(map(calendar.is_workday, counted)) == clock.amount
    elif spec.holder is Holder.AUTHORITY:
        assert (clock.due_on - on).days == clock.amount
        assert not clock.provisional
    else:
        assert (clock.due_on - on).days >= clock.amount
    assert clocks.overdue(clock, clock.due_on) is False
    assert clocks.overdue(clock, clock.due_on + datetime.timedelta(days=1)) is not clock.provisional
