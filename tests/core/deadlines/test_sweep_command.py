"""`manage.py sweep`: today, a day to come in demo mode alone, sentences and status 2 otherwise; the beat task."""

import datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from core.clock import clock as day
from core.deadlines import clocks
from core.deadlines.tasks import sweep as task

pytestmark = pytest.mark.django_db
D = datetime.date


@pytest.fixture(autouse=True)
def _september():
    with time_machine.travel("2026-09-18T10:00:00+08:00", tick=False):
        yield


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("sweep", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def clock(matter):
    return clocks.start(matter, "completeness", on=D(2026, 9, 18), lapse="over")


def test_today_is_swept(clock, procedure):
    assert run() == "2026-09-18：查看 0 件，期限届满 0 项，提醒 0 条，失败 0 件。\n"


def test_a_day_to_come_moves_the_demos_day(clock, procedure):
    assert "期限届满 1 项" in run("--on", "2026-09-25")
    assert day.today() == D(2026, 9, 25)
    assert "期限届满 0 项" in run()


def test_production_does_not_sweep_ahead(clock, procedure, settings):
    settings.CLOCK_MOVABLE = False
    with pytest.raises(CommandError, match="还没有到") as refused:
        run("--on", "2026-09-25")
    assert refused.value.returncode == 2
    assert procedure.done == []
    assert run("--on", "2026-09-18").startswith("2026-09-18")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-09-17", "更早"),
        ("2026-02-30", "没有 2026-02-30 这一天"),
        ("tomorrow", "不是日期"),
        ("2101-01-01", "2100 年"),
    ],
)
def test_nonsense_gets_a_sentence(db, text, said):
    with pytest.raises(CommandError, match=said) as refused:
        run("--on", text)
    assert refused.value.returncode == 2


def test_a_failed_matter_ends_with_a_status_of_its_own(clock, procedure, matter):
    procedure.broken = {matter.pk}
    with pytest.raises(CommandError, match="有 1 件没有办成") as failed:
        run("--on", "2026-09-25")
    assert failed.value.returncode == 1


def test_the_task_sweeps_and_reminds(clock, procedure, concerned):
    day.advance_to(D(2026, 9, 23))
    assert task() == {"matters": 0, "lapses": 0, "failed": 0, "reminders": 1}
    day.advance_to(D(2026, 9, 25))
    assert task() == {"matters": 1, "lapses": 1, "failed": 0, "reminders": 0}
