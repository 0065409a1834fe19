"""Reminders: three working days before and one, and on the lapse; once each, never too late, never for what ended."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendars.calendar import current
from core.deadlines import clocks, lapses
from core.deadlines.models import Clock, Reminder
from core.deadlines.reminders import send_due, stages
from core.notifications.models import Message
from core.reference.models import Setting
from regulation.workdays import subtract_workdays
from tests.core.deadlines.conftest import make_matter, one_database

pytestmark = pytest.mark.django_db
D = datetime.date


@pytest.fixture
def clock(matter, concerned):
    """Fifteen working days from 24 September: due on Thursday, 22 October 2026."""
    return clocks.start(matter, "decision", on=D(2026, 9, 24))


def titles() -> list[str]:
    return list(Message.objects.order_by("id").values_list("title", flat=True))


def test_day_by_day_each_reminder_goes_out_once(clock):
    for day in range(12, 30):
        send_due(D(2026, 10, day))
        send_due(D(2026, 10, day))
    assert titles() == ["还剩 3 个工作日：请办理410502", "还剩 1 个工作日：请办理410502"]
    assert list(Message.objects.order_by("id").values_list("on", flat=True)) == [D(2026, 10, 19), D(2026, 10, 21)]
    assert Message.objects.first().body == "“备案决定”的最后一日为 2026年10月22日，当日24:00届满。请尽快办理。"


def test_a_late_job_sends_what_is_still_worth_saying(clock):
    assert send_due(D(2026, 10, 20)) == 1
    assert titles() == ["还剩 2 个工作日：请办理410502"]


def test_where_both_are_late_only_the_nearer_goes_out(clock):
    assert send_due(D(2026, 10, 22)) == 1
    assert titles() == ["今天是最后一天：请办理410502"]
    assert list(Reminder.objects.values_list("days_before", flat=True)) == [1]


def test_nothing_is_sent_after_the_end(clock, matter):
    assert send_due(D(2026, 10, 23)) == 0
    clocks.end(matter, on=D(2026, 10, 19))
    assert send_due(D(2026, 10, 19)) == 0


def test_a_period_shorter_than_the_reminder_gets_none_for_it(matter, concerned):
    """Three working days from Friday the 16th: the reminder three days before would be the notice itself."""
    clocks.start(matter, "correction", on=D(2026, 10, 16), amount=5)  # due on Wednesday the 21st
    assert send_due(D(2026, 10, 16)) == send_due(D(2026, 10, 18)) == 0
    assert send_due(D(2026, 10, 20)) == 1


def test_a_moved_clock_is_reminded_of_anew(matter, concerned):
    clocks.start(matter, "correction", on=D(2026, 9, 28), amount=30)
    assert send_due(D(2026, 10, 23)) == 1
    clocks.extend(matter, "correction", amount=60, on=D(2026, 10, 24), reason="x")
    assert send_due(D(2026, 10, 28)) == 0
    assert send_due(D(2026, 11, 26)) == 1


def test_the_settings_choose_when_and_whether(clock):
    def choose(key: str, value: int) -> None:
        Setting.objects.create(key=key, value=value, effective_from=D(2026, 10, 1), note="x")

    choose("reminder_first", 5)
    choose("reminder_second", 0)
    assert send_due(D(2026, 10, 14)) == 0
    assert send_due(D(2026, 10, 15)) == 1
    assert send_due(D(2026, 10, 22)) == 0


def test_the_lapse_is_told_in_its_own_transaction_once(clock, procedure):
    lapses.sweep(D(2026, 10, 23))
    lapses.sweep(D(2026, 10, 24))
    assert titles() == ["期限已届满：请办理410502"]
    assert "已于 2026年10月22日 24:00届满" in Message.objects.get().body


def test_the_authority_may_switch_the_word_on_the_lapse_off(clock, procedure):
    Setting.objects.create(key="reminder_on_lapse", value=0, effective_from=D(2026, 10, 1), note="x")
    lapses.sweep(D(2026, 10, 23))
    assert not Message.objects.exists()


def test_a_failed_lapse_tells_nobody(matter, concerned, procedure):
    clocks.start(matter, "completeness", on=D(2026, 9, 18), lapse="over")
    procedure.broken = {matter.pk}
    lapses.sweep(D(2026, 9, 25))
    assert not Message.objects.exists()
    assert not Reminder.objects.exists()


def test_a_provisional_clock_is_reminded_of_as_such(matter, concerned):
    clock = clocks.start(matter, "completeness", on=D(2026, 12, 28))
    assert clock.due_on == D(2027, 1, 5)
    assert send_due(D(2026, 12, 30)) == 1
    assert "暂定" in Message.objects.get().body


def test_without_an_audience_nobody_is_told(matter):
    clocks.start(matter, "decision", on=D(2026, 9, 24))
    before = Message.objects.count()
    send_due(D(2026, 10, 21))
    assert Message.objects.count() == before


def test_an_audience_that_fails_holds_up_no_other(clock, concerned):
    from core.deadlines import audience
    from tests.core.deadlines.conftest import MATTER

    usual = audience._audiences[MATTER]
    other = make_matter("410523")
    clocks.start(other, "decision", on=D(2026, 9, 24))

    def picky(row: Clock):
        if row.matter_id == clock.matter_id:
            raise LookupError
        return usual(row)

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(audience._audiences, MATTER, picky)
        assert send_due(D(2026, 10, 19)) == 1
        assert titles() == ["还剩 3 个工作日：请办理410523"]
    assert send_due(D(2026, 10, 19)) == 1


@one_database
@given(on=st.dates(D(2020, 1, 1), D(2028, 12, 31)), ahead=st.integers(0, 20))
def test_a_due_date_is_in_the_stage_whose_day_has_come(on, ahead, seeded):
    """The stages as ranges agree with counting back from each due date."""
    due, calendar = on + datetime.timedelta(days=ahead), current()
    come = [days for days in (1, 3) if subtract_workdays(due, days, calendar) <= on]
    found = [stage.days for stage in stages(on, calendar) if stage.first <= due <= stage.last]
    assert found == come[:1]
