"""What an agency is told of its renewal: when it opens, and again before the timely days run out (M14)."""

import datetime

import pytest

from core.notifications.models import Message
from filings.reminders import remind_of_renewal
from tests.world import confirm_years, filed, following, make_world

pytestmark = pytest.mark.django_db

OPENS = datetime.date(2029, 3, 22)  # 180 days before 2029-09-18
SOON = datetime.date(2029, 7, 20)  # 30 days before the last timely day, 2029-08-19
ONE_DAY = datetime.timedelta(days=1)


@pytest.fixture
def world(db):
    confirm_years(2027, 2030)
    return make_world()


def titles() -> list[str]:
    return list(Message.objects.filter(kind="renewal_reminder").order_by("id").values_list("title", flat=True))


def test_once_when_it_opens_and_once_before_it_is_late(world):
    filed(world)
    assert remind_of_renewal(OPENS - ONE_DAY) == 0
    assert [remind_of_renewal(OPENS), remind_of_renewal(OPENS), remind_of_renewal(OPENS + ONE_DAY)] == [1, 0, 0]
    assert [remind_of_renewal(SOON - ONE_DAY), remind_of_renewal(SOON), remind_of_renewal(SOON + ONE_DAY)] == [0, 1, 0]
    assert titles() == ["可以申请延续了：文峰区甲职业培训学校", "请尽快申请延续：文峰区甲职业培训学校"]
    body = Message.objects.filter(kind="renewal_reminder").first().body
    assert "请在 2029年8月19日 24:00 前提出延续申请" in body


def test_nobody_is_reminded_who_has_asked_or_is_late(world):
    filed(world)
    following(world, "renewal", OPENS + ONE_DAY)
    assert remind_of_renewal(SOON) == 0


def test_after_the_timely_days_there_is_nothing_to_remind_of(world):
    filed(world)
    assert remind_of_renewal(datetime.date(2029, 8, 20)) == 0
