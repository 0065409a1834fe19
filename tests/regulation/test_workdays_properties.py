"""What must hold of every date and amount, and what two independent libraries say of 2004 to 2026."""

from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from regulation import workdays
from regulation.workdays import Calendar, DayKind, Holder, Unit
from tests.regulation.conftest import LIBRARY_YEARS, library_calendar

CALENDAR = library_calendar()
FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
ONE_DAY = timedelta(days=1)

DAYS = st.dates(FIRST, date(2060, 12, 31))
LIBRARY_DAYS = st.dates(FIRST, date(2026, 6, 30))
AMOUNTS = st.integers(0, 400)
UNITS = st.sampled_from(list(Unit))


def every_day() -> list[date]:
    return [date.fromordinal(n) for n in range(FIRST.toordinal(), LAST.toordinal() + 1)]


# Against the libraries


def test_every_day_agrees_with_the_library() -> None:
    assert [d for d in every_day() if CALENDAR.is_workday(d) != chinese_calendar.is_workday(d)] == []


def test_the_second_library_differs_on_one_known_day() -> None:
    other = holidays.country_holidays("CN", years=sorted(LIBRARY_YEARS))
    assert [d for d in every_day() if CALENDAR.is_workday(d) != other.is_working_day(d)] == [date(2005, 12, 31)]


@given(LIBRARY_DAYS, st.integers(1, 60))
def test_the_nth_working_day_is_the_librarys(start: date, n: int) -> None:
    end = workdays.add_workdays(start, n, CALENDAR).end
    assume(end <= LAST)
    assert chinese_calendar.is_workday(end)
    assert len(chinese_calendar.get_workdays(start + ONE_DAY, end)) == n


@given(LIBRARY_DAYS, st.integers(1, 120))
def test_an_agencys_last_day_is_the_librarys_next_working_day(start: date, n: int) -> None:
    expected = start + timedelta(days=n)
    while not chinese_calendar.is_workday(expected):
        expected += ONE_DAY
    assert workdays.add_days(start, n, CALENDAR, roll=True).end == expected


# Of working days


@given(DAYS, AMOUNTS)
def test_subtracting_undoes_adding_from_a_working_day(start: date, n: int) -> None:
    start = workdays.next_workday(start, CALENDAR)
    end = workdays.add_workdays(start, n, CALENDAR).end
    assert workdays.subtract_workdays(end, n, CALENDAR) == start


@given(DAYS, AMOUNTS)
def test_between_counts_what_was_added(start: date, n: int) -> None:
    end = workdays.add_workdays(start, n, CALENDAR).end
    assert workdays.workdays_between(start, end, CALENDAR) == n
    assert workdays.workdays_between(end, start, CALENDAR) == -n


@given(DAYS, DAYS, DAYS)
def test_between_adds_up(a: date, b: date, c: date) -> None:
    first, second = workdays.workdays_between(a, b, CALENDAR), workdays.workdays_between(b, c, CALENDAR)
    assert first + second == workdays.workdays_between(a, c, CALENDAR)


@given(DAYS, st.integers(0, 100), st.integers(0, 100))
def test_working_days_can_be_added_in_two_steps(start: date, m: int, n: int) -> None:
    half_way = workdays.add_workdays(start, m, CALENDAR).end
    assert workdays.add_workdays(half_way, n, CALENDAR).end == workdays.add_workdays(start, m + n, CALENDAR).end


# Of all units


@given(DAYS, DAYS, st.integers(0, 60), UNITS, st.booleans())
def test_a_later_start_never_ends_earlier(a: date, b: date, n: int, unit: Unit, roll: bool) -> None:
    assume(unit is not Unit.YEAR or n <= 40)
    a, b = sorted((a, b))
    assert (
        workdays.compute(a, n, unit, CALENDAR, roll=roll).end <= workdays.compute(b, n, unit, CALENDAR, roll=roll).end
    )


@given(DAYS, st.integers(0, 39), UNITS, st.booleans())
def test_a_longer_period_never_ends_earlier(start: date, n: int, unit: Unit, roll: bool) -> None:
    shorter = workdays.compute(start, n, unit, CALENDAR, roll=roll)
    longer = workdays.compute(start, n + 1, unit, CALENDAR, roll=roll)
    assert start <= shorter.end <= longer.end


@given(DAYS, st.integers(1, 200), st.sampled_from([Unit.WORKDAY, Unit.DAY]), st.booleans())
def test_the_reckoning_is_whole(start: date, n: int, unit: Unit, roll: bool) -> None:
    """No day is missing from it, the counted ones are numbered 1 to n, and it ends on the end."""
    period = workdays.compute(start, n, unit, CALENDAR, roll=roll)
    assert [day.date for day in period.days] == [
        start + timedelta(days=i) for i in range((period.end - start).days + 1)
    ]
    assert [day.number for day in period.days if day.counted] == list(range(1, n + 1))
    assert all(day.number is None for day in period.days if not day.counted)
    assert all(day.why for day in period.days)
    assert period.days[0].kind is DayKind.START
    published = period.as_dict()
    assert list(published) == ["start", "amount", "unit", "end", "provisional", "days"]
    assert [date.fromisoformat(day["date"]) for day in published["days"]] == [day.date for day in period.days]


@given(DAYS, st.integers(0, 120), st.sampled_from([Unit.WORKDAY, Unit.DAY]))
def test_an_agencys_period_ends_on_a_working_day(start: date, n: int, unit: Unit) -> None:
    assert n == 0 or CALENDAR.is_workday(workdays.compute(start, n, unit, CALENDAR).end)


@given(DAYS, st.integers(1, 40), st.sampled_from([Unit.MONTH, Unit.YEAR]))
def test_months_end_on_their_day_or_with_the_month(start: date, n: int, unit: Unit) -> None:
    period = workdays.compute(start, n, unit, CALENDAR)
    months = n * (12 if unit is Unit.YEAR else 1)
    assert (period.end.year - start.year) * 12 + period.end.month - start.month == months
    assert period.end.day == start.day or (period.end.day < start.day and (period.end + ONE_DAY).day == 1)
    assert not period.provisional


@given(st.dates(date(2004, 1, 1), date(2090, 12, 31)), st.integers(1, 10))
def test_retention_covers_whole_years(archived: date, years: int) -> None:
    """One day more, and the anniversary (or the day after a missing 29 February) is reached."""
    after = workdays.retention_end(archived, years) + ONE_DAY
    leap_lost = (archived.month, archived.day) == (2, 29) and after.month == 3
    assert (after.month, after.day) == ((3, 1) if leap_lost else (archived.month, archived.day))
    assert after.year == archived.year + years


# Of years not announced

SETS = st.frozensets(st.integers(2018, 2027))


@given(st.dates(date(2018, 1, 1), date(2026, 6, 30)), st.integers(1, 200), UNITS, st.booleans(), SETS)
def test_provisional_means_that_another_calendar_could_move_it(
    start: date, n: int, unit: Unit, roll: bool, announced: frozenset[int]
) -> None:
    """A final end is the same whatever the years not announced turn out to hold."""
    assume(unit is not Unit.YEAR or n <= 20)
    period = workdays.compute(start, n, unit, library_calendar(announced), roll=roll)
    if not period.provisional:
        others = [library_calendar(announced | LIBRARY_YEARS), _never_working(announced)]
        assert {workdays.compute(start, n, unit, c, roll=roll).end for c in others} == {period.end}


@given(st.dates(date(2018, 1, 1), date(2026, 6, 30)), st.integers(1, 60), SETS)
def test_loading_years_never_shortens_an_agencys_period(start: date, n: int, announced: frozenset[int]) -> None:
    before = workdays.add_workdays(start, n, library_calendar(announced)).end
    after = workdays.add_workdays(start, n, CALENDAR).end
    assert workdays.recomputed_end(before, after, holder=Holder.AGENCY) >= before
    assert workdays.recomputed_end(before, after, holder=Holder.AUTHORITY) == after


def _never_working(announced: frozenset[int]) -> Calendar:
    """The library's calendar where announced; every other year up to 2030 is one long holiday."""
    known = library_calendar(announced)
    other_years = [year for year in range(2018, 2031) if year not in announced]
    closed = {
        date.fromordinal(n): "放假"
        for year in other_years
        for n in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())
    }
    makeup = {day: name for day, name in known.makeup.items() if day not in closed}
    return Calendar({**known.holidays, **closed}, makeup, announced | set(other_years))


@pytest.mark.timeout(5)
def test_long_spans_are_quick() -> None:
    """5,000 working days are about twenty years."""
    period = workdays.add_workdays(FIRST, 5000, CALENDAR)
    assert workdays.workdays_between(FIRST, period.end, CALENDAR) == 5000
    assert workdays.workdays_between(FIRST, date(2100, 12, 31), CALENDAR) > 24_000
