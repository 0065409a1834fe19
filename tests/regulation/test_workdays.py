"""Working-day arithmetic: DOMAIN's worked examples, each rule at its edge, and refusals."""

from collections.abc import Callable
from datetime import date

import pytest

from regulation import workdays
from regulation.workdays import Calendar, DayKind, Holder, Unit, WorkdayError
from tests.regulation.conftest import library_calendar

PLAIN = Calendar({}, {}, frozenset())


# Worked examples


def test_five_working_days_over_the_national_day_of_2025(calendar: Calendar) -> None:
    period = workdays.compute(date(2025, 9, 28), 5, Unit.WORKDAY, calendar)
    assert period.end == date(2025, 10, 11)
    assert not period.provisional
    counted = [(day.date, day.number, day.why) for day in period.days if day.counted]
    assert counted == [
        (date(2025, 9, 29), 1, "工作日"),
        (date(2025, 9, 30), 2, "工作日"),
        (date(2025, 10, 9), 3, "工作日"),
        (date(2025, 10, 10), 4, "工作日"),
        (date(2025, 10, 11), 5, "国庆节调休补班"),
    ]
    kinds = [day.kind for day in period.days]
    assert kinds[0] is DayKind.START
    assert kinds.count(DayKind.HOLIDAY) == 8
    assert kinds[-1] is DayKind.MAKEUP


def test_thirty_days_of_an_agency_roll_over_the_holiday(calendar: Calendar) -> None:
    period = workdays.compute(date(2025, 9, 5), 30, Unit.DAY, calendar)
    assert period.end == date(2025, 10, 9)
    thirtieth = next(day for day in period.days if day.number == 30)
    assert thirtieth.date == date(2025, 10, 5)
    assert thirtieth.why == "国庆节，最后一日不是工作日，顺延"
    rolled = period.days[-4:]
    assert [(day.date.day, day.counted, day.number) for day in rolled] == [(d, False, None) for d in (6, 7, 8, 9)]
    assert rolled[-1].why == "工作日，顺延至此日"
    assert rolled[-1].kind is DayKind.ROLLED


def test_thirty_days_of_an_authority_do_not_move(calendar: Calendar) -> None:
    assert workdays.compute(date(2025, 9, 5), 30, Unit.DAY, calendar, roll=False).end == date(2025, 10, 5)


def test_validity_of_a_filing_granted_on_a_leap_day(calendar: Calendar) -> None:
    validity = workdays.compute(date(2024, 2, 29), 3, Unit.YEAR, calendar)
    assert validity.end == date(2027, 2, 28)
    assert validity.days[-1].why == "当月没有对应日，以月最后一日为期间最后一日"
    assert workdays.days_before(validity.end, 30) == date(2027, 1, 29)


def test_an_application_nobody_looks_at(calendar: Calendar) -> None:
    """Received 2026-09-18: deemed accepted 09-24, recommendation 10-09, decision 10-22."""
    accepted = workdays.add_workdays(date(2026, 9, 18), 5, calendar).end
    assert accepted == date(2026, 9, 24)
    assert workdays.add_workdays(accepted, 5, calendar).end == date(2026, 10, 9)
    assert workdays.add_workdays(accepted, 15, calendar).end == date(2026, 10, 22)


def test_archives_count_their_first_day() -> None:
    assert workdays.retention_end(date(2026, 3, 1), 3) == date(2029, 2, 28)
    assert workdays.retention_end(date(2025, 3, 1), 3) == date(2028, 2, 29)
    assert workdays.retention_end(date(2026, 1, 1), 5) == date(2030, 12, 31)
    # no 29 February in 2027: three whole years from that day end with the month
    assert workdays.retention_end(date(2024, 2, 29), 3) == date(2027, 2, 28)


def test_the_published_form(calendar: Calendar) -> None:
    assert workdays.add_workdays(date(2025, 10, 10), 2, calendar).as_dict() == {
        "start": "2025-10-10",
        "amount": 2,
        "unit": "workday",
        "end": "2025-10-13",
        "provisional": False,
        "days": [
            {"date": "2025-10-10", "counted": False, "why": "起算日，不计入"},
            {"date": "2025-10-11", "counted": True, "why": "国庆节调休补班"},
            {"date": "2025-10-12", "counted": False, "why": "周末"},
            {"date": "2025-10-13", "counted": True, "why": "工作日"},
        ],
    }


# The rules at their edges


def test_a_period_of_nothing_ends_where_it_starts(calendar: Calendar) -> None:
    sunday = date(2025, 9, 21)
    for unit in Unit:
        period = workdays.compute(sunday, 0, unit, calendar)
        assert (period.end, len(period.days), period.provisional) == (sunday, 1, False)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 31), 12, date(2027, 1, 31)),
        (date(2025, 4, 1), 6, date(2025, 10, 1)),  # a holiday: months do not move
    ],
)
def test_months_end_on_the_corresponding_day(start: date, months: int, end: date) -> None:
    assert workdays.add_months(start, months).end == end


def test_month_and_year_periods_list_start_and_end_only() -> None:
    period = workdays.add_years(date(2026, 5, 6), 3)
    assert [(day.date, day.counted) for day in period.days] == [(date(2026, 5, 6), False), (date(2029, 5, 6), True)]


@pytest.mark.parametrize(
    ("end", "days", "timely"),
    [
        (date(2025, 10, 31), 30, date(2025, 10, 1)),  # a holiday: counted backward, it does not move
        (date(2027, 3, 1), 1, date(2027, 2, 28)),
    ],
)
def test_backward_days_never_move(end: date, days: int, timely: date) -> None:
    assert workdays.days_before(end, days) == timely


def test_working_days_backward_and_between(calendar: Calendar) -> None:
    due = date(2025, 10, 11)
    assert workdays.subtract_workdays(due, 3, calendar) == date(2025, 9, 30)
    assert workdays.subtract_workdays(due, 1, calendar) == date(2025, 10, 10)
    assert workdays.subtract_workdays(due, 0, calendar) == due
    assert workdays.workdays_between(date(2025, 9, 28), due, calendar) == 5
    assert workdays.workdays_between(due, date(2025, 9, 28), calendar) == -5
    assert workdays.workdays_between(due, due, calendar) == 0
    assert workdays.workdays_between(date(2025, 10, 12), due, calendar) == 0  # due on Saturday, looked at on Sunday
    assert workdays.workdays_between(date(2025, 10, 13), due, calendar) == -1


def test_next_workday(calendar: Calendar) -> None:
    assert workdays.next_workday(date(2025, 10, 1), calendar) == date(2025, 10, 9)
    assert workdays.next_workday(date(2025, 10, 11), calendar) == date(2025, 10, 11)


def test_recomputing_never_shortens_what_an_agency_has() -> None:
    early, late = date(2027, 2, 11), date(2027, 2, 18)
    assert workdays.recomputed_end(late, early, holder=Holder.AGENCY) == late
    assert workdays.recomputed_end(early, late, holder=Holder.AGENCY) == late
    assert workdays.recomputed_end(late, early, holder=Holder.AUTHORITY) == early
    assert workdays.recomputed_end(early, late, holder=Holder.AUTHORITY) == late


# What a day is


@pytest.mark.parametrize(
    ("day", "why", "working"),
    [
        (date(2025, 10, 1), "国庆节", False),
        (date(2025, 10, 4), "国庆节", False),  # a Saturday inside the holiday
        (date(2025, 9, 28), "国庆节调休补班", True),
        (date(2025, 9, 27), "周末", False),
        (date(2025, 9, 26), "工作日", True),
        (date(2027, 1, 1), "元旦（未公布，按法定节日推算）", False),
        (date(2027, 5, 2), "劳动节（未公布，按法定节日推算）", False),
        (date(2027, 5, 3), "工作日（未公布，推算）", True),
        (date(2027, 10, 3), "国庆节（未公布，按法定节日推算）", False),
        (date(2027, 10, 4), "工作日（未公布，推算）", True),
        (date(2027, 1, 2), "周末（未公布，推算）", False),
    ],
)
def test_every_day_says_what_it_is(calendar: Calendar, day: date, why: str, working: bool) -> None:
    assert calendar.why(day) == why
    assert calendar.is_workday(day) is working


def test_an_unannounced_year_has_its_statutory_days_alone() -> None:
    weekdays_off = [d for d in _days_of(2027) if d.weekday() < 5 and not PLAIN.is_workday(d)]
    assert weekdays_off == [date(2027, 1, 1), date(2027, 10, 1)]  # 1-2 May and 2-3 October 2027 are weekend days
    weekdays_off = [d for d in _days_of(2029) if d.weekday() < 5 and not PLAIN.is_workday(d)]
    assert [(d.month, d.day) for d in weekdays_off] == [(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)]


def test_entries_for_an_unannounced_year_are_disregarded() -> None:
    day, sunday = date(2027, 2, 8), date(2027, 2, 7)
    entries = ({day: "春节"}, {sunday: "春节"})
    early = Calendar(*entries, frozenset())
    assert early.is_workday(day)
    assert not early.is_workday(sunday)
    loaded = Calendar(*entries, frozenset({2027}))
    assert not loaded.is_workday(day)
    assert loaded.is_workday(sunday)


def test_a_day_cannot_be_both_off_and_made_up() -> None:
    with pytest.raises(WorkdayError, match="2026-10-01 既列为放假又列为补班"):
        Calendar({date(2026, 10, 1): "国庆节"}, {date(2026, 10, 1): "国庆节"}, frozenset({2026}))


# Provisional


def test_provisional_exactly_when_the_end_rests_on_an_unannounced_year(calendar: Calendar) -> None:
    start = date(2026, 12, 28)
    assert not workdays.add_workdays(start, 3, calendar).provisional  # 31 December
    assert workdays.add_workdays(start, 4, calendar).provisional  # 4 January
    assert not workdays.add_days(start, 3, calendar, roll=True).provisional
    assert workdays.add_days(start, 4, calendar, roll=True).provisional
    assert not workdays.add_days(start, 40, calendar, roll=False).provisional
    assert not workdays.add_months(start, 6).provisional
    assert not workdays.add_years(start, 3).provisional


def test_rolling_into_an_unannounced_year_is_provisional() -> None:
    """The last day lies in the announced year, but where it rolls to does not."""
    calendar = Calendar({date(2026, 12, 31): "元旦"}, {}, frozenset({2026}))
    period = workdays.add_days(date(2026, 12, 1), 30, calendar, roll=True)
    assert period.end == date(2027, 1, 4)
    assert period.provisional


def test_the_start_day_decides_nothing() -> None:
    calendar = library_calendar(frozenset({2026}))
    assert not workdays.add_workdays(date(2025, 12, 31), 5, calendar).provisional


def test_loading_the_year_settles_a_provisional_end(calendar: Calendar) -> None:
    before = workdays.add_workdays(date(2026, 2, 11), 5, library_calendar(frozenset({2025})))
    after = workdays.add_workdays(date(2026, 2, 11), 5, calendar)
    assert (before.end, before.provisional) == (date(2026, 2, 18), True)
    assert (after.end, after.provisional) == (date(2026, 2, 25), False)  # the 14th made up, 15th to 23rd off


# Refusals

LATE = date(2100, 12, 31)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda c: workdays.add_workdays(date(2003, 12, 31), 1, c), "2003年12月31日不在可计算的年份内"),
        (lambda c: workdays.add_days(date(2101, 1, 1), 0, c, roll=True), "2101年1月1日不在可计算的年份内"),
        (lambda c: workdays.add_workdays(LATE, 1, c), "超出 2004 年至 2100 年"),
        (lambda c: workdays.add_days(LATE, 1, c, roll=False), "超出 2004 年至 2100 年"),
        (lambda c: workdays.add_days(date(2026, 1, 1), 10**12, c, roll=False), "超出 2004 年至 2100 年"),
        (lambda c: workdays.add_workdays(date(2026, 1, 1), 10**12, c), "超出 2004 年至 2100 年"),
        (lambda _: workdays.add_months(LATE, 1), "超出 2004 年至 2100 年"),
        (lambda _: workdays.add_years(date(2026, 1, 1), 10**12), "超出 2004 年至 2100 年"),
        (lambda _: workdays.retention_end(date(2098, 1, 2), 3), "超出 2004 年至 2100 年"),
        (lambda _: workdays.days_before(date(2004, 1, 1), 1), "超出 2004 年至 2100 年"),
        (lambda _: workdays.days_before(date(2004, 1, 1), 10**12), "超出 2004 年至 2100 年"),
        (lambda c: workdays.subtract_workdays(date(2004, 1, 2), 2, c), "超出 2004 年至 2100 年"),
        (lambda c: workdays.workdays_between(date(2003, 1, 1), LATE, c), "不在可计算的年份内"),
        (lambda c: workdays.workdays_between(LATE, date(2101, 1, 1), c), "不在可计算的年份内"),
        (lambda c: workdays.next_workday(date(2101, 1, 1), c), "不在可计算的年份内"),
        (lambda c: workdays.add_workdays(LATE, -1, c), r"不能是负数（-1）"),
        (lambda c: workdays.add_days(LATE, -1, c, roll=True), "不能是负数"),
        (lambda _: workdays.add_months(LATE, -1), "不能是负数"),
        (lambda _: workdays.add_years(LATE, -1), "不能是负数"),
        (lambda _: workdays.retention_end(LATE, -1), "不能是负数"),
        (lambda _: workdays.days_before(LATE, -1), "不能是负数"),
        (lambda c: workdays.subtract_workdays(LATE, -1, c), "不能是负数"),
    ],
)
def test_nonsense_gets_a_sentence(calendar: Calendar, call: Callable[[Calendar], object], says: str) -> None:
    with pytest.raises(WorkdayError, match=says):
        call(calendar)


def test_the_edges_of_the_computable_years_hold(calendar: Calendar) -> None:
    assert workdays.add_days(date(2004, 1, 1), 0, calendar, roll=True).end == date(2004, 1, 1)
    assert workdays.add_months(date(2100, 11, 30), 1).end == date(2100, 12, 30)
    assert workdays.add_days(date(2100, 12, 1), 30, calendar, roll=False).end == LATE


def _days_of(year: int) -> list[date]:
    return [date.fromordinal(n) for n in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())]
