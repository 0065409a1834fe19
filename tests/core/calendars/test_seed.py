"""The announced years come from the library, once, with history, and never over the administrator's word."""

import datetime
from io import StringIO

import pytest
from chinese_calendar import constants, is_workday
from django.core.management import call_command

from core.audit.models import Event
from core.calendars import loading, seed
from core.calendars.calendar import current
from core.calendars.models import CalendarDay, CalendarYear, DayKind

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 20)


def test_every_day_of_the_announced_years_is_the_librarys(seeded):
    calendar = current()
    day = datetime.date(2004, 1, 1)
    while day.year <= 2026:
        assert calendar.is_workday(day) == is_workday(day), day
        day += datetime.timedelta(days=1)
    assert calendar.announced == frozenset(range(2004, 2027))


def test_holidays_bear_their_chinese_names(seeded):
    assert CalendarDay.objects.get(date="2025-10-06").name == "中秋节"
    assert CalendarDay.objects.get(date="2025-04-04").name == "清明节"
    assert CalendarDay.objects.get(date="2025-10-11").name == "国庆节"
    assert CalendarDay.objects.get(date="2025-10-11").kind == DayKind.MAKEUP
    english = set(constants.holidays.values())
    assert not english & set(CalendarDay.objects.values_list("name", flat=True))


def test_a_second_run_changes_nothing(seeded):
    history = CalendarDay.history.count(), CalendarYear.history.count()
    assert seed.load(DAY) == {}
    assert (CalendarDay.history.count(), CalendarYear.history.count()) == history
    assert Event.objects.filter(verb="calendar.seed").count() == 1


def test_each_row_has_its_history(seeded):
    assert CalendarDay.history.count() == CalendarDay.objects.count() > 700
    assert set(CalendarDay.history.values_list("history_type", "history_change_reason")) == {("+", seed.SOURCE)}


def test_what_the_administrator_changed_stays(seeded, administrator):
    day = datetime.date(2026, 12, 31)
    loading.override_day(day, "holiday", "临时放假", "市政府通知", actor=administrator, on=DAY)
    call_command("load_calendar", stdout=StringIO())
    assert CalendarDay.objects.get(date=day).name == "临时放假"


def test_only_missing_years_are_added(seeded):
    CalendarDay.objects.filter(date__year=2026).delete()
    CalendarYear.objects.filter(year=2026).delete()
    assert list(seed.load(DAY)) == [2026]
