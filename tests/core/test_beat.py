"""Beat goes on when the machine's clock is set back."""

import datetime

import pytest
import time_machine

from anyang_sep.celery import app
from core.beat import SteadyScheduler

pytestmark = pytest.mark.any_engine

NOON = datetime.datetime(2026, 9, 18, 12, tzinfo=datetime.UTC)
TEN_DAYS = datetime.timedelta(days=10)


def test_what_ran_in_time_to_come_runs_again_a_minute_after_the_clock_is_set_back(tmp_path, monkeypatch):
    sent: list[str] = []
    monkeypatch.setattr(SteadyScheduler, "apply_entry", lambda self, entry, producer=None: sent.append(entry.task))

    def run(scheduler: SteadyScheduler) -> list[str]:
        """What is sent now, until beat would sleep."""
        sent.clear()
        for _ in range(50):
            if scheduler.tick() > 0:
                break
        return sorted(sent)

    with time_machine.travel(NOON, tick=False) as clock:
        scheduler = SteadyScheduler(app, schedule_filename=str(tmp_path / "beat"), lazy=True)
        scheduler.setup_schedule()
        try:
            run(scheduler)
            clock.shift(TEN_DAYS)
            assert "core.deadlines.tasks.sweep" in run(scheduler)
            clock.shift(-TEN_DAYS)
            assert run(scheduler) == []
            clock.shift(datetime.timedelta(seconds=61))
            assert "core.deadlines.tasks.sweep" in run(scheduler)
        finally:
            scheduler.close()
