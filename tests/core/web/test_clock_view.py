"""The clock strip says what the period says: cells, words, colours of DOMAIN.md's worked examples."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.web.clock_view import ShownClock, strip
from regulation.workdays import Calendar, Period, add_days, add_workdays, add_years

AUTUMN = Calendar(
    holidays={date(2025, 10, day): "国庆节、中秋节" for day in range(1, 9)},
    makeup={date(2025, 9, 28): "国庆节", date(2025, 10, 11): "国庆节"},
    announced=frozenset({2025}),
)
RECEIVED = date(2025, 9, 28)
LAST = date(2025, 10, 11)


@pytest.fixture
def five() -> Period:
    return add_workdays(RECEIVED, 5, AUTUMN)


def shown(period: Period, today: date, **more: object):
    return strip(ShownClock(period=period, start_word="收到", **more), today)


def test_the_worked_example_as_cells(five: Period) -> None:
    cells = shown(five, date(2025, 10, 9)).cells
    assert [(c.top, c.main, c.below) for c in cells] == [
        ("收到", "9/28", "日"),
        ("1", "29", "一"),
        ("2", "30", "二"),
        ("国庆", "10/1–8", "不计"),
        ("3", "10/9", "今天"),
        ("4", "10", "五"),
        ("5 补班", "11", "六"),
    ]
    assert [c.css for c in cells] == [
        "is-start",
        "is-done",
        "is-done",
        "is-off is-run",
        "is-done is-today",
        "is-counted",
        "is-counted is-makeup is-last",
    ]


@pytest.mark.parametrize(
    ("today", "tone", "headline"),
    [
        (RECEIVED, "calm", "还剩 5 个工作日"),
        (date(2025, 9, 30), "calm", "还剩 3 个工作日"),
        (date(2025, 10, 3), "calm", "还剩 3 个工作日"),
        (date(2025, 10, 9), "amber", "还剩 2 个工作日"),
        (date(2025, 10, 10), "amber", "还剩 1 个工作日"),
        (LAST, "amber", "今天是最后一天"),
        (date(2025, 10, 12), "overdue", "已逾期 1 天"),
    ],
)
def test_words_and_colour_by_day(five: Period, today: date, tone: str, headline: str) -> None:
    seen = shown(five, today)
    assert (seen.tone, seen.headline, seen.detail) == (tone, headline, "10月11日 24:00 前")


def test_a_rolled_period_shows_where_it_rolled_to_and_counts_calendar_days() -> None:
    period = add_days(date(2025, 9, 5), 30, AUTUMN, roll=True)
    seen = shown(period, date(2025, 9, 20))
    assert seen.end == date(2025, 10, 9)
    assert seen.headline == "还剩 19 天"
    assert [(c.top, c.main) for c in seen.cells] == [
        ("收到", "9/5"),
        ("1–12", "6–17"),
        ("13", "18"),
        ("14", "19"),
        ("15", "9/20"),
        ("16", "21"),
        ("17", "22"),
        ("18–30", "23–10/5"),
        ("国庆", "6–8"),
        ("顺延", "9"),
    ]
    assert "is-last" in seen.cells[-1].css


def test_amber_follows_working_days_also_in_calendar_day_periods() -> None:
    period = add_days(date(2025, 9, 5), 30, AUTUMN, roll=True)
    # 30 September: nine calendar days are left, one of them (9 October) a working day.
    assert shown(period, date(2025, 9, 30)).tone == "amber"
    assert shown(period, date(2025, 9, 26)).tone == "calm"


def test_months_and_years_are_a_bar_from_start_to_end() -> None:
    seen = shown(add_years(date(2024, 2, 29), 3), date(2026, 11, 23))
    assert seen.span
    assert seen.cells == ()
    assert (seen.start, seen.end) == (date(2024, 2, 29), date(2027, 2, 28))
    assert seen.headline == "还剩 97 天"
    assert seen.detail == "2027年2月28日 24:00 前"


def test_a_provisional_period_past_its_end_is_held_not_overdue() -> None:
    period = add_workdays(date(2026, 12, 25), 5, AUTUMN)
    assert period.provisional
    seen = strip(ShownClock(period=period, provisional=True), period.end + timedelta(days=3))
    assert (seen.tone, seen.headline) == ("held", "等待年度日历确认")


@pytest.mark.parametrize(("state", "words"), [("done", "已办结"), ("lapsed", "期限已届满"), ("replaced", "已重新计时")])
def test_an_ended_clock_is_calm_however_late_it_is_looked_at(five: Period, state: str, words: str) -> None:
    seen = shown(five, date(2026, 1, 1), state=state, ended_on=date(2025, 10, 9))
    assert (seen.tone, seen.headline) == ("ended", words)
    assert [c.main for c in seen.cells if "is-done" in c.css] == ["29", "30", "9"]


def test_an_agencys_kept_end_is_the_end_that_is_said(five: Period) -> None:
    seen = shown(five, date(2025, 10, 12), due_on=date(2025, 10, 13))
    assert seen.kept
    assert (seen.tone, seen.headline, seen.detail) == ("amber", "还剩 1 天", "10月13日 24:00 前")


def test_the_reckoning_lists_every_day_with_its_reason(five: Period) -> None:
    rows = shown(five, LAST).rows
    assert [row.number for row in rows if row.counted] == [1, 2, 3, 4, 5]
    assert len(rows) == (LAST - RECEIVED).days + 1
    assert all(row.why for row in rows)


@given(
    start=st.dates(date(2025, 1, 1), date(2025, 11, 1)),
    amount=st.integers(1, 60),
    workdays=st.booleans(),
    offset=st.integers(-3, 90),
)
def test_cells_cover_every_day_once_in_order(start: date, amount: int, workdays: bool, offset: int) -> None:
    period = add_workdays(start, amount, AUTUMN) if workdays else add_days(start, amount, AUTUMN, roll=True)
    today = start + timedelta(days=offset)
    seen = shown(period, today)
    marked = [c for c in seen.cells if "is-today" in c.css]
    assert len(marked) == (1 if start <= today <= period.end else 0)
    assert sum("is-last" in c.css for c in seen.cells) == 1
    assert "is-last" in seen.cells[-1].css
    assert len(seen.cells) <= len(period.days)
    if not workdays:
        assert len(seen.cells) <= 16
    assert all(c.spoken for c in seen.cells)
