"""Person-times of M7(7): which spans count, and what the self-check says of those that do not."""

import datetime

import pytest

from filings.m7 import Result, checks
from filings.models import Application, UrgentOccupation
from tests.world import DAY, filled_draft, make_world

pytestmark = pytest.mark.django_db
WELDER = "6-18-02-04"
# Three years back from the day of the check, 2026-09-18.
START = datetime.date(2023, 9, 18)


@pytest.fixture
def draft() -> Application:
    application = filled_draft(make_world(), codes=(WELDER,))
    application.records.all().delete()
    return application


def found(application: Application, *spans: tuple[datetime.date, datetime.date, int]):
    for since, until, person_times in spans:
        application.records.create(occupation_id=WELDER, since=since, until=until, person_times=person_times)
    return next(one for one in checks(application, DAY) if one.condition.key == "person_times")


def test_exactly_two_thousand_within_three_years_to_the_day(draft):
    assert found(draft, (START, DAY, 2000)).result == Result.MET


def test_one_short(draft):
    one = found(draft, (START, DAY, 1999))
    assert (one.result, "1,999" in one.detail) == (Result.UNMET, True)


def test_a_span_that_begins_a_day_earlier_counts_nothing_and_is_named(draft):
    day_before = START - datetime.timedelta(days=1)
    one = found(draft, (day_before, datetime.date(2024, 9, 17), 1500), (datetime.date(2024, 9, 18), DAY, 1000))
    assert one.result == Result.UNMET
    assert "1,000 人次" in one.detail
    assert "2023-09-17 至 2024-09-17 跨出这3年" in one.detail
    assert "在 2023-09-18 处拆成两行" in one.detail


def test_a_span_wholly_before_is_not_named(draft):
    one = found(draft, (datetime.date(2022, 1, 1), START - datetime.timedelta(days=1), 5000))
    assert (one.result, "跨出" in one.detail) == (Result.UNMET, False)


def test_an_urgent_occupation_may_be_relaxed(draft):
    UrgentOccupation.objects.create(occupation_id=WELDER, since=DAY, source="目录")
    assert found(draft, (START, DAY, 1999)).result == Result.RELAXABLE
