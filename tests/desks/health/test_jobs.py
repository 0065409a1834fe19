"""The table of jobs says what beat really runs, and each job's last run as the worker ended it."""

import datetime

import pytest
from django.conf import settings
from django.core.cache import cache

from anyang_sep.celery import app
from core import jobs as runs
from core.clock.clock import now
from core.deadlines import tasks as deadlines
from core.notifications import delivery
from core.notifications.tasks import deliver, deliver_pending
from desks.health import jobs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_known():
    cache.clear()


def row(name: str, moment: datetime.datetime | None = None) -> jobs.Row:
    return next(one for one in jobs.rows(moment or now()) if one.job is jobs.JOBS[name])


def test_every_entry_of_the_schedule_is_in_the_table_and_every_task_exists():
    schedule = settings.CELERY_BEAT_SCHEDULE
    assert set(jobs.JOBS) == set(schedule)
    app.loader.import_default_modules()
    assert {entry["task"] for entry in schedule.values()} <= set(app.tasks)
    assert {jobs.seconds(entry) for entry in schedule.values()} <= set(jobs.EVERY)


def test_what_a_job_returns_is_what_the_table_tells():
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        told = {key for key, _ in jobs.JOBS[name].counts}
        assert told <= set(app.tasks[entry["task"]].run()), name
        assert set(jobs.JOBS[name].faults) <= told


def test_a_job_that_never_ran_is_no_fault():
    assert [one.word for one in jobs.rows(now())] == ["没有记录"] * len(jobs.JOBS)


def test_a_run_is_kept_with_its_counts_and_grows_late():
    deliver_pending.apply()
    assert runs.last_runs()["core.notifications.tasks.deliver_pending"].counts == {
        "sent": 0, "postponed": 0, "failed": 0,
    }  # fmt: skip
    assert (row("deliver-messages").word, row("deliver-messages").said) == ("正常", "没有要办的")
    late = row("deliver-messages", now() + datetime.timedelta(minutes=12))
    assert (late.tone, late.todo) == ("bad", jobs.NOT_RUNNING)


def test_a_failed_run_says_what_stopped_it_and_what_to_do(monkeypatch):
    def broken(*_, **__):
        raise OSError("no disk")

    monkeypatch.setattr(delivery, "run", broken)
    deliver_pending.apply()
    failed = row("deliver-messages")
    assert (failed.word, failed.said) == ("失败", "OSError: no disk")
    assert failed.todo == jobs.JOBS["deliver-messages"].todo


def test_a_run_with_something_left_undone_is_to_be_looked_at(monkeypatch):
    monkeypatch.setattr(deadlines.reminders, "send_due", lambda on: 3)
    monkeypatch.setattr(
        deadlines.lapses, "sweep", lambda on: deadlines.lapses.SweepResult(matters=2, lapses=1, failed=1)
    )
    deadlines.sweep.apply()
    swept = row("sweep-deadlines")
    assert (swept.word, swept.said) == ("留意", "自动办理 1 件，没有办成 1 件，提醒 3 条")


def test_a_job_told_of_one_row_is_no_run_of_the_periodic_one():
    deliver.apply([0])
    assert runs.last_runs() == {}
