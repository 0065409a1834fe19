"""The cached calendar is the stored one: after a rollback, an edit elsewhere, a write behind its back."""

import datetime

import pytest
from django.db import connection, transaction

from core.calendars import calendar, loading
from core.calendars.calendar import current
from core.calendars.models import CalendarDay, CalendarYear, DayKind, YearStatus

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 20)
THURSDAY = datetime.date(2026, 12, 31)


class Undone(Exception):
    pass


def override(actor, name="临时放假"):
    loading.override_day(THURSDAY, "holiday", name, "通知", actor=actor, on=DAY)


def test_an_unchanged_calendar_costs_one_small_query(seeded, django_assert_num_queries):
    first = current()
    with django_assert_num_queries(1):
        assert current() is first


def test_an_edit_is_seen_at_once(seeded, administrator):
    assert current().is_workday(THURSDAY)
    override(administrator)
    assert not current().is_workday(THURSDAY)


def test_a_rolled_back_edit_leaves_nothing_behind(seeded, administrator):
    with pytest.raises(Undone), transaction.atomic():
        override(administrator, "放假一")
        assert current().why(THURSDAY) == "放假一"
        raise Undone
    assert current().is_workday(THURSDAY)
    # The same ids are given again (SQLite), with another content.
    override(administrator, "放假二")
    assert current().why(THURSDAY) == "放假二"


def test_days_written_past_the_loading_functions_are_never_remembered(db):
    CalendarYear.objects.create(year=2026, status=YearStatus.ANNOUNCED, source="x")
    assert current().is_workday(THURSDAY)
    CalendarDay.objects.create(date=THURSDAY, kind=DayKind.HOLIDAY, name="放假")
    assert not current().is_workday(THURSDAY)


def test_the_hash_is_of_the_content_not_of_the_order():
    rows = [(THURSDAY, "holiday", "甲"), (DAY, "makeup", "乙")]
    assert calendar.digest(rows) == calendar.digest(reversed(rows))
    assert calendar.digest(rows) != calendar.digest(rows[:1])


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_an_edit_committed_elsewhere_is_seen(seeded, administrator):
    import threading

    def elsewhere():
        override(administrator)
        connection.close()

    assert current().is_workday(THURSDAY)
    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert not current().is_workday(THURSDAY)
