"""Person-times of M7(7): which spans count, and what the self-check says of those that do not."""

import datetime

import pytest

from filings.m7 import Result, checks
from filings.models import Application, UrgentOccupation
from filings.views.agency_steps import self_check
from filings.views.evidence import condition_rows, materials
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
    assert "2023年9月17日至2024年9月17日跨出这3年" in one.detail
    assert "在2023年9月18日处拆成两行" in one.detail


def test_a_span_wholly_before_is_not_named(draft):
    one = found(draft, (datetime.date(2022, 1, 1), START - datetime.timedelta(days=1), 5000))
    assert (one.result, "跨出" in one.detail) == (Result.UNMET, False)


def test_an_urgent_occupation_may_be_relaxed(draft):
    UrgentOccupation.objects.create(occupation_id=WELDER, since=DAY, source="目录")
    assert found(draft, (START, DAY, 1999)).result == Result.RELAXABLE


JAN, JUN, DEC = datetime.date(2025, 1, 1), datetime.date(2025, 6, 30), datetime.date(2025, 12, 31)


def test_lines_entered_alike_are_counted_and_named(draft):
    one = found(draft, (JAN, DEC, 1000), (JAN, DEC, 1000))
    assert (one.result, one.holds) == (Result.MET, True)
    assert one.warning == "2025年1月1日至2025年12月31日 1,000 人次填了 2 次，可能重复填写，请核对"
    assert one.said.endswith(one.warning)


def test_spans_that_overlap_are_named_even_where_one_lies_inside(draft):
    one = found(draft, (JAN, DEC, 1000), (JAN, JUN, 700), (DEC, DEC, 500))
    assert "时间有重叠：2025年1月1日至2025年6月30日 与 2025年1月1日至2025年12月31日" in one.warning
    assert "2025年1月1日至2025年12月31日 与 2025年12月31日至2025年12月31日" in one.warning
    assert "重复填写" not in one.warning


def test_spans_one_after_the_other_are_no_warning(draft):
    day_after = JUN + datetime.timedelta(days=1)
    assert found(draft, (JAN, JUN, 1000), (day_after, DEC, 1000)).warning == ""


def test_another_occupations_line_is_no_repetition(draft):
    draft.records.create(occupation_id="6-31-01-03", since=JAN, until=DEC, person_times=1000)
    assert found(draft, (JAN, DEC, 1000)).warning == ""


def test_the_warning_is_shown_to_agency_and_officer_and_does_not_refuse(draft):
    found(draft, (JAN, DEC, 1200), (JAN, DEC, 1200))
    (noted,) = [one for one in self_check(draft, DAY).noted if "重复填写" in one.detail]
    assert noted.result == Result.MET
    names = {WELDER: "焊工"}
    rows = [row for item in condition_rows(checks(draft, DAY), names) for row in item["rows"]]
    lines = [line for row in rows for line in row.lines if "重复填写" in line[2]]
    assert [(words, tone) for words, tone, _ in lines] == [("符合，请核对", "warn")]
    (record,) = [row for row in materials(draft, checks(draft, DAY), names) if row.material.key == "record"]
    assert "可能重复填写" in record.notes[0]


@pytest.mark.parametrize(
    ("since", "met"),
    [
        (datetime.date(1958, 9, 1), True),
        (START, True),
        (START + datetime.timedelta(days=1), False),
        (datetime.date(2090, 1, 1), False),
    ],
)
def test_three_years_of_training_whenever_it_began(draft, since, met):
    draft.training_since = since
    found(draft, (START, DAY, 2000))
    one = next(one for one in checks(draft, DAY) if one.condition.key == "three_years")
    assert (one.result == Result.MET) == met
