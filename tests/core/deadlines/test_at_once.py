"""On PostgreSQL, at the same moment: two sweeps, a sweep against a transition, a load against a sweep; once each."""

import datetime
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from core.accounts.actors import system
from core.audit.models import Event
from core.calendars import loading, seed
from core.deadlines import clocks, lapses, reminders
from core.deadlines.models import Clock, ClockState, Reminder
from core.documents.models import OfficialDocument
from core.notifications.models import Message
from core.reference.models import Area
from tests.core.deadlines.conftest import make_matter
from tests.processes import ROOT

pytestmark = [pytest.mark.postgres_only, pytest.mark.django_db(transaction=True)]
D = datetime.date
START = D(2026, 9, 18)


@pytest.fixture
def seeded(transactional_db) -> None:
    seed.load(START)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run these, each in a thread and on a connection of its own, from one starting shot; return what they gave."""
    shot = threading.Barrier(len(acts))
    given: list[object] = [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        shot.wait()
        try:
            given[number] = act()
        except Exception as fault:  # noqa: BLE001 - handed to the test
            given[number] = fault
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return given


def test_two_sweeps_share_the_work(seeded, procedure):
    matters = [make_matter(f"41{number:04}") for number in range(60)]
    for matter in matters:
        clocks.start(matter, "completeness", on=START, lapse="next")
    results = at_once(*[lambda: lapses.sweep(D(2026, 12, 1))] * 3)
    assert all(result.failed == 0 for result in results)
    assert sum(result.lapses for result in results) == 120
    assert len(procedure.done) == len(set(procedure.done)) == 120
    assert set(Clock.objects.values_list("state", flat=True)) == {ClockState.LAPSED}


def test_a_transition_at_the_same_moment_ends_the_clock_or_finds_it_lapsed(seeded, procedure, fault_rounds):
    for number in range(fault_rounds * 4):
        matter = make_matter(f"41{number:04}")
        clocks.start(matter, "completeness", on=START, lapse="over")

        def accept(matter=matter) -> int:
            with transaction.atomic():
                Area.objects.select_for_update().get(pk=matter.pk)
                return clocks.end(matter, "completeness", on=D(2026, 9, 24))

        swept, ended = at_once(lambda: lapses.sweep(D(2026, 9, 25)), accept)
        assert swept.failed == 0
        assert swept.lapses + ended == 1
        assert sum(row[0] == matter.pk for row in procedure.done) == swept.lapses


def test_reminders_of_two_jobs_reach_an_inbox_once(seeded, procedure, concerned):
    for number in range(20):
        clocks.start(make_matter(f"41{number:04}"), "decision", on=D(2026, 9, 24))
    counts = at_once(*[lambda: reminders.send_due(D(2026, 10, 19))] * 3)
    # A clock that one job holds is left by the others to the next run.
    assert sum(counts) + reminders.send_due(D(2026, 10, 19)) == 20
    assert Message.objects.count() == Reminder.objects.count() == 20


def test_loading_a_year_while_it_is_swept_and_worked_on(seeded, procedure, fault_rounds):
    """Nobody deadlocks, and each clock either lapsed by the new calendar or runs by it."""
    matters = [make_matter(f"41{number:04}") for number in range(12)]
    rows = [
        (D(2026, 9, 22), "holiday", "临时放假"),
        *[row for row in loading.days_of(2026) if row[0] != D(2026, 9, 22)],
    ]
    for matter in matters:
        clocks.start(matter, "completeness", on=START, lapse="over")

    def override() -> object:
        return loading.override_day(
            D(2026, 9, 22), "holiday", "临时放假", "通知", actor=system("测试", START), on=START
        )

    def work() -> None:
        for matter in reversed(matters[6:]):
            with transaction.atomic():
                Area.objects.select_for_update().get(pk=matter.pk)
                clocks.end(matter, "completeness", on=D(2026, 9, 24))

    results = at_once(override, lambda: lapses.sweep(D(2026, 9, 25)), work)
    assert not [result for result in results if isinstance(result, Exception)]
    assert results[1].failed == 0
    assert loading.days_of(2026) == sorted(rows)
    for clock in Clock.objects.all():
        if clock.state == ClockState.RUNNING:
            assert clock.due_on == D(2026, 9, 28)
        elif clock.state == ClockState.LAPSED:
            assert clock.ended_on == clock.due_on == D(2026, 9, 24)


def test_two_edits_of_a_year_follow_one_another(seeded):
    def override(name: str) -> Callable[[], object]:
        return lambda: loading.override_day(
            D(2026, 12, 31), "holiday", name, "通知", actor=system("测试", START), on=START
        )

    results = at_once(override("放假一"), override("放假二"))
    assert not [result for result in results if isinstance(result, Exception)]
    assert Event.objects.filter(verb="calendar.override").count() == 2


@pytest.mark.faults
@pytest.mark.timeout(1200)
def test_two_processes_sweep_real_applications_once(transactional_db, processes):
    """Deemed acceptances of real applications by two `manage.py sweep` at once: a clock, a paper, an event each."""
    from tests.world import make_world, submitted

    world = make_world()
    applications = [submitted(world), submitted(world, "rival admin")]
    command = [sys.executable, "manage.py", "sweep", "--on", "2026-12-01"]
    running = [
        subprocess.Popen(
            command, cwd=ROOT, env=dict(processes.environment), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        for _ in range(2)
    ]
    said = [one.communicate(timeout=200)[0].decode() for one in running]
    assert [one.returncode for one in running] == [0, 0], said
    for application in applications:
        lapsed = Clock.objects.get(matter_id=application.pk, kind="completeness")
        assert (lapsed.state, lapsed.ended_on) == (ClockState.LAPSED, D(2026, 9, 24))
        assert OfficialDocument.objects.filter(matter_id=application.pk, series="deemed_acceptance").count() == 1
        assert Event.objects.filter(matter_id=application.pk, verb="filings.application.deem_accepted").count() == 1
