"""Months as grids of day cells, for the administrator's year and the public calculator."""

import calendar as weeks
import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from regulation.workdays import Calendar, DayKind, Period

WEEKDAYS = "一二三四五六日"
# A longer period is drawn by its first and last months.
MOST_MONTHS = 6
# What stands in a cell's corner, as on printed calendars; never colour alone.
SIGNS = {DayKind.HOLIDAY: "休", DayKind.MAKEUP: "班"}
_MONDAY_FIRST = weeks.Calendar(firstweekday=0)


@dataclass(frozen=True)
class Cell:
    """One day. `css`: classes; `sign`: 休, 班 or how many-th counted day; `spoken`: the whole sentence."""

    date: datetime.date
    css: str
    sign: str
    spoken: str


@dataclass(frozen=True)
class Month:
    """One month, its weeks from Monday; None where a week belongs to its neighbour."""

    year: int
    month: int
    rows: tuple[tuple[Cell | None, ...], ...]

    @property
    def title(self) -> str:
        return f"{self.year}年{self.month}月"


def month(year: int, number: int, calendar: Calendar, period: Period | None = None) -> Month:
    """The month, with the days of a period marked where one is given."""
    marked = {day.date: day for day in period.days} if period else {}

    def cell(day: datetime.date) -> Cell:
        kind = calendar.kind(day)
        css, sign, said = [f"is-{kind.value}"], SIGNS.get(kind, ""), calendar.why(day)
        if here := marked.get(day):
            said = here.why
            css.append("in-counted" if here.counted else "in-skipped")
            if here.number:
                sign, said = str(here.number), f"第{here.number}日，{here.why}"
        if period and day == period.start:
            css.append("is-start")
        if period and day == period.end:
            css.append("is-end")
            said += "，最后一日"
        return Cell(day, " ".join(css), sign, f"{number}月{day.day}日 {said}")

    rows = tuple(
        tuple(cell(day) if day.month == number else None for day in week)
        for week in _MONDAY_FIRST.monthdatescalendar(year, number)
    )
    return Month(year, number, rows)


def year_of(year: int, calendar: Calendar) -> list[Month]:
    """The twelve months of a year."""
    return [month(year, number, calendar) for number in range(1, 13)]


def months_of(period: Period, calendar: Calendar) -> list[Month]:
    """The months that a period touches; of a long one the first and the last."""
    touched = list(_months_between(period.start, period.end))
    shown = touched if len(touched) <= MOST_MONTHS else [touched[0], touched[-1]]
    return [month(year, number, calendar, period) for year, number in shown]


def _months_between(start: datetime.date, end: datetime.date) -> Iterator[tuple[int, int]]:
    for number in range(start.year * 12 + start.month - 1, end.year * 12 + end.month):
        year, index = divmod(number, 12)
        yield year, index + 1
