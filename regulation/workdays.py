"""Every period of the portal is computed here, and explains itself day by day (民法典 201-203, M10, M11, M14, M18).

Dates are Asia/Shanghai dates. The start day does not count, a period ends at 24:00 of its last day. Computable years
are FIRST_YEAR to LAST_YEAR; anything outside, and any negative amount, raises WorkdayError with a sentence for people.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, TypedDict, assert_never

from regulation.words import in_words

FIRST_YEAR: Final = 2004
LAST_YEAR: Final = 2100

ONE_DAY: Final = timedelta(days=1)

# What a calendar year is taken to hold before the State Council announces it: (month, day) -> name.
STATUTORY: Final[Mapping[tuple[int, int], str]] = {
    (1, 1): "元旦",
    (5, 1): "劳动节",
    (5, 2): "劳动节",
    (10, 1): "国庆节",
    (10, 2): "国庆节",
    (10, 3): "国庆节",
}


class WorkdayError(ValueError):
    """A period that cannot be computed; str() is a Chinese sentence that says why and what to do."""


class Unit(StrEnum):
    """What a period is counted in."""

    WORKDAY = "workday"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"

    @property
    def label(self) -> str:
        """The unit as it stands behind a number: "个工作日"."""
        return {"workday": "个工作日", "day": "日", "month": "个月", "year": "年"}[self.value]


class Holder(StrEnum):
    """Whose period it is: it decides whether the last day rolls forward, and what recomputing may do."""

    AGENCY = "agency"
    AUTHORITY = "authority"


class DayKind(StrEnum):
    """What a day is, as the clock strip draws it: whether it counts is said apart.

    COUNTED is an ordinary working day, or the last day of a month or year period; ROLLED the working day that a last
    day has moved to.
    """

    START = "start"
    COUNTED = "counted"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKEUP = "makeup"
    ROLLED = "rolled"


class DayDict(TypedDict):
    date: str
    counted: bool
    why: str


class PeriodDict(TypedDict):
    start: str
    amount: int
    unit: str
    end: str
    provisional: bool
    days: list[DayDict]


@dataclass(frozen=True)
class Calendar:
    """The working-day calendar as the State Council announced it.

    holidays: announced days off (weekday or weekend) by the holiday's name; makeup: make-up working days by the name
    of the holiday they make up for; announced: the years whose arrangement is announced or confirmed. What the two
    tables say of a year that is not announced is disregarded: such a year has weekends and STATUTORY only.
    """

    holidays: Mapping[date, str] = field(hash=False)
    makeup: Mapping[date, str] = field(hash=False)
    announced: frozenset[int]

    def __post_init__(self) -> None:
        if both := sorted(self.holidays.keys() & self.makeup.keys()):
            raise WorkdayError(f"{both[0]} 既列为放假又列为补班，请更正日历。")

    def kind(self, day: date) -> DayKind:
        """COUNTED (an ordinary working day), MAKEUP, HOLIDAY or WEEKEND."""
        if day.year in self.announced:
            if day in self.makeup:
                return DayKind.MAKEUP
            if day in self.holidays:
                return DayKind.HOLIDAY
        elif (day.month, day.day) in STATUTORY:
            return DayKind.HOLIDAY
        return DayKind.WEEKEND if day.weekday() >= 5 else DayKind.COUNTED

    def is_workday(self, day: date) -> bool:
        """Whether offices work on that day."""
        return self.kind(day) in (DayKind.COUNTED, DayKind.MAKEUP)

    def why(self, day: date) -> str:
        """In words: "工作日", "周末", "国庆节", "国庆节调休补班", "元旦(未公布,按法定节日推算)"."""
        announced = day.year in self.announced
        match self.kind(day):
            case DayKind.MAKEUP:
                return f"{self.makeup[day]}调休补班"
            case DayKind.HOLIDAY if announced:
                return self.holidays[day]
            case DayKind.HOLIDAY:
                return f"{STATUTORY[day.month, day.day]}（未公布，按法定节日推算）"
            case DayKind.WEEKEND:
                return "周末" if announced else "周末（未公布，推算）"
            case _:
                return "工作日" if announced else "工作日（未公布，推算）"

    def is_provisional(self, days: Iterable[date]) -> bool:
        """Whether any of these days lies in a year that is not announced."""
        return any(day.year not in self.announced for day in days)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a period: whether it counts, as which (1 is the first counted), why, and how it is drawn."""

    date: date
    counted: bool
    number: int | None
    why: str
    kind: DayKind


@dataclass(frozen=True)
class Period:
    """A computed period. `days` runs from the start to the end; a month or year period holds just these two.

    provisional: the end rests on a day of a year not announced. rule: the rule of counting, in words.
    """

    start: date
    amount: int
    unit: Unit
    end: date
    provisional: bool
    days: tuple[Day, ...]
    rule: str = ""

    def as_dict(self) -> PeriodDict:
        """The published form, with ISO dates."""
        return {
            "start": self.start.isoformat(),
            "amount": self.amount,
            "unit": self.unit.value,
            "end": self.end.isoformat(),
            "provisional": self.provisional,
            "days": [{"date": d.date.isoformat(), "counted": d.counted, "why": d.why} for d in self.days],
        }


def add_workdays(start: date, n: int, calendar: Calendar) -> Period:
    """n working days: the n-th working day after the start is the last (M10, M11). n = 0 ends on the start itself."""
    _check(start, n)
    days = [_start(start)]
    day, number = start, 0
    while number < n:
        day = _step(day)
        kind = calendar.kind(day)
        counted = kind in (DayKind.COUNTED, DayKind.MAKEUP)
        number += counted
        days.append(Day(day, counted, number if counted else None, calendar.why(day), kind))
    rule = f"起算日不计入，只数工作日（调休补班日计入），第{n}个工作日为最后一日，当日24:00届满"
    provisional = calendar.is_provisional(d.date for d in days[1:])
    return Period(start, n, Unit.WORKDAY, day, provisional, tuple(days), rule)


def add_days(start: date, n: int, calendar: Calendar, *, roll: bool) -> Period:
    """n calendar days. roll: an agency's period, whose last day moves to the next working day (民法典 203); an
    authority's own (roll=False) does not move and is never provisional. n = 0 ends on the start itself."""
    _check(start, n)
    days = [_start(start)]
    day = start
    for number in range(1, n + 1):
        day = _step(day)
        days.append(Day(day, True, number, calendar.why(day), calendar.kind(day)))
    rule = f"起算日不计入，按日历日连续计算，第{n}日为最后一日，当日24:00届满"
    provisional = False
    if n and roll:
        rule += "；最后一日不是工作日的，顺延至其后第一个工作日"
        after = _days_to_workday(day, calendar)
        if after:
            days[-1] = Day(day, True, n, f"{calendar.why(day)}，最后一日不是工作日，顺延", calendar.kind(day))
            days += [Day(d, False, None, f"{calendar.why(d)}，继续顺延", calendar.kind(d)) for d in after[:-1]]
            days.append(Day(after[-1], False, None, f"{calendar.why(after[-1])}，顺延至此日", DayKind.ROLLED))
        provisional = calendar.is_provisional([day, *after])
    return Period(start, n, Unit.DAY, days[-1].date, provisional, tuple(days), rule)


def add_months(start: date, n: int) -> Period:
    """n months: ends on the corresponding day, or on the month's last day (民法典 202); never moved or provisional."""
    return _by_month(start, n, n, Unit.MONTH)


def add_years(start: date, n: int) -> Period:
    """n years: ends on the corresponding day, or on the month's last day (M14); never moved or provisional."""
    return _by_month(start, n, 12 * n, Unit.YEAR)


def compute(start: date, amount: int, unit: Unit, calendar: Calendar, *, roll: bool = True) -> Period:
    """The period of that amount and unit. roll matters to calendar days only: True for an agency's period."""
    match unit:
        case Unit.WORKDAY:
            return add_workdays(start, amount, calendar)
        case Unit.DAY:
            return add_days(start, amount, calendar, roll=roll)
        case Unit.MONTH:
            return add_months(start, amount)
        case Unit.YEAR:
            return add_years(start, amount)
        case _:
            assert_never(unit)


def subtract_workdays(end: date, n: int, calendar: Calendar) -> date:
    """The n-th working day before a day that itself does not count (reminders). n = 0 is the day itself."""
    _check(end, n)
    day = end
    while n:
        day = _step(day, -ONE_DAY)
        n -= calendar.is_workday(day)
    return day


def days_before(end: date, n: int) -> date:
    """The last timely day of "届满n日前": counted backward, never moved for holidays (M14)."""
    _check(end, n)
    return _in_range(end.toordinal() - n)


def next_workday(day: date, calendar: Calendar) -> date:
    """The day itself if offices work on it, else the first working day after it."""
    _check(day, 0)
    return [day, *_days_to_workday(day, calendar)][-1]


def workdays_between(start: date, end: date, calendar: Calendar) -> int:
    """Working days after the earlier day up to and including the later one; negative when end lies before start."""
    if end < start:
        return -workdays_between(end, start, calendar)
    _check(start, 0)
    _check(end, 0)
    return sum(calendar.is_workday(date.fromordinal(n)) for n in range(start.toordinal() + 1, end.toordinal() + 1))


def retention_end(archived_on: date, years: int) -> date:
    """The last day an archive must be kept: here alone the first day counts (M18), so the last is the day before the
    corresponding one, or the month's last day where there is none."""
    _check(archived_on, years)
    end, corresponds = _corresponding(archived_on, 12 * years)
    return end - ONE_DAY if corresponds and years else end


def recomputed_end(old_end: date, new_end: date, *, holder: Holder) -> date:
    """Which end holds once a year is loaded: an agency's is never shortened, an authority's follows the calendar."""
    return max(old_end, new_end) if holder is Holder.AGENCY else new_end


def _start(day: date) -> Day:
    return Day(day, False, None, "起算日，不计入", DayKind.START)


def _by_month(start: date, amount: int, months: int, unit: Unit) -> Period:
    _check(start, amount)
    end, corresponds = _corresponding(start, months)
    days = [_start(start)]
    if amount:
        why = "对应日，期间最后一日" if corresponds else "当月没有对应日，以月最后一日为期间最后一日"
        days.append(Day(end, True, None, why, DayKind.COUNTED))
    last = f"{amount}{unit.label}后的对应日为最后一日，没有对应日的为当月最后一日"
    rule = f"起算日不计入，{last}，当日24:00届满；不因节假日移动"
    return Period(start, amount, unit, end, False, tuple(days), rule)


def _corresponding(start: date, months: int) -> tuple[date, bool]:
    """The corresponding day that many months on, and whether the month has one (else its last day)."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > LAST_YEAR:
        raise _out_of_range()
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last)), start.day <= last


def _days_to_workday(day: date, calendar: Calendar) -> list[date]:
    """The days from the one after `day` to the next working day; none if `day` is one."""
    passed: list[date] = []
    while not calendar.is_workday(day):
        day = _step(day)
        passed.append(day)
    return passed


def _step(day: date, by: timedelta = ONE_DAY) -> date:
    moved = day + by
    if not FIRST_YEAR <= moved.year <= LAST_YEAR:
        raise _out_of_range()
    return moved


def _in_range(ordinal: int) -> date:
    if not date(FIRST_YEAR, 1, 1).toordinal() <= ordinal <= date(LAST_YEAR, 12, 31).toordinal():
        raise _out_of_range()
    return date.fromordinal(ordinal)


def _check(day: date, amount: int) -> None:
    if amount < 0:
        raise WorkdayError(f"期间长度不能是负数（{amount}），请填写 0 或正整数。")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise WorkdayError(f"{in_words(day)}不在可计算的年份内，请填写 {FIRST_YEAR} 年至 {LAST_YEAR} 年的日期。")


def _out_of_range() -> WorkdayError:
    return WorkdayError(f"算得的日期超出 {FIRST_YEAR} 年至 {LAST_YEAR} 年，请缩短期间或改用其间的日期。")
