"""What the clock strip shows: a statutory period as day cells, words and a day-by-day reckoning.

Takes a computed period and only draws it; `regulation.workdays` reckoned it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from regulation.workdays import Day, DayKind, Period, Unit

WEEKDAYS = "一二三四五六日"
# Beyond this many cells the counted days far from today are folded too (a 30-day correction period, say).
MOST_CELLS = 16
# PAGES.md: amber from 2 working days after today.
AMBER_WORKING_DAYS = 2
# Counted days kept unfolded on each side of today in a long strip.
NEAR = 2

# Words for a clock that no longer runs, by its state (core.deadlines.ClockState).
ENDED = {"done": "已办结", "lapsed": "期限已届满", "replaced": "已重新计时"}

_HOLIDAY = re.compile(r"元旦|春节|清明|劳动|端午|中秋|国庆")
_OFF = {DayKind.WEEKEND, DayKind.HOLIDAY, DayKind.ROLLED}


@dataclass(frozen=True)
class ShownClock:
    """A clock as the strip wants it; `clock_rows.shown` makes it from a row, samples and calculators directly.

    `due_on` differs from the period's end only where recomputing may not shorten an agency's period. `start_word` names
    the first cell; `ended_on` is the day on which an ended clock was stopped; `source` the law that gives the period,
    where it is another than the Measure.
    """

    period: Period
    label: str = ""
    due_on: date | None = None
    state: str = "running"
    citation: object = None
    lapse_text: str = ""
    provisional: bool = False
    start_word: str = "起算"
    ended_on: date | None = None
    source: str = ""


@dataclass(frozen=True)
class Cell:
    """One cell of the strip. `css` are space-separated classes; `spoken` is the whole sentence for screen readers."""

    top: str
    main: str
    below: str
    css: str
    spoken: str


@dataclass(frozen=True)
class ReckoningRow:
    """One line of the "怎么算的" table."""

    date: date
    weekday: str
    counted: bool
    number: int | None
    why: str


@dataclass(frozen=True)
class Strip:
    """All that `components/clock_strip.html` prints.

    `tone` is one of calm, amber, overdue, held, ended. `span` is true for months and years, which show start and end
    with `elapsed` of `total` days instead of cells.
    """

    tone: str
    label: str
    headline: str
    detail: str
    start: date
    end: date
    rule: str
    citation: object
    source: str
    lapse: str
    provisional: bool
    span: bool
    elapsed: int
    total: int
    kept: bool
    cells: tuple[Cell, ...] = field(default=())
    rows: tuple[ReckoningRow, ...] = field(default=())


def strip(clock: ShownClock, today: date) -> Strip:
    """The clock as cells, words and reckoning, on `today`."""
    period = clock.period
    end = clock.due_on or period.end
    tone, headline = _say(clock, end, today)
    total = (end - period.start).days
    span = period.unit in (Unit.MONTH, Unit.YEAR)
    until = min(today, clock.ended_on) if clock.ended_on else today
    return Strip(
        tone=tone,
        label=clock.label,
        headline=headline,
        detail=f"{short_date(end, year_of=today)} 24:00 前",
        start=period.start,
        end=end,
        rule=period.rule,
        citation=clock.citation,
        source=clock.source,
        lapse=clock.lapse_text,
        provisional=clock.provisional or period.provisional,
        span=span,
        elapsed=max(0, min(total, (until - period.start).days)),
        total=max(1, total),
        kept=end != period.end,
        cells=() if span else tuple(_cells(period, today, start_word=clock.start_word, until=until)),
        rows=() if span else tuple(map(_row, period.days)),
    )


def short_date(day: date, *, year_of: date | None = None) -> str:
    """10月11日, with the year when it is another than `year_of`'s."""
    text = f"{day.month}月{day.day}日"
    return text if year_of is None or day.year == year_of.year else f"{day.year}年{text}"


def is_working(day: Day) -> bool:
    """Whether offices work on this day of a period; in calendar-day periods only the words tell."""
    return day.kind is DayKind.MAKEUP or day.why.startswith("工作日") or "补班" in day.why


def working_days_left(period: Period, end: date, today: date) -> int:
    """Working days after today up to the last day, whatever the period's unit (the amber rule)."""
    if period.unit in (Unit.MONTH, Unit.YEAR) or end != period.end:
        return max(0, (end - today).days)
    return sum(1 for day in period.days if day.date > today and is_working(day))


def time_left(period: Period, end: date, today: date) -> str:
    """ "3 个工作日" or "12 天" after today up to the last day."""
    if period.unit is Unit.WORKDAY and end == period.end:
        return f"{sum(1 for day in period.days if day.counted and day.date > today)} 个工作日"
    return f"{(end - today).days} 天"


def _say(clock: ShownClock, end: date, today: date) -> tuple[str, str]:
    """(tone, headline)."""
    if clock.state in ENDED:
        return "ended", ENDED[clock.state]
    if today > end:
        # A provisional period does not lapse before its year is loaded or confirmed.
        return ("held", "等待年度日历确认") if clock.provisional else ("overdue", f"已逾期 {(today - end).days} 天")
    if today == end:
        return "amber", "今天是最后一天"
    amber = working_days_left(clock.period, end, today) <= AMBER_WORKING_DAYS
    return "amber" if amber else "calm", f"还剩 {time_left(clock.period, end, today)}"


# -- cells -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Run:
    """Neighbouring days that share one cell."""

    days: tuple[Day, ...]

    @property
    def first(self) -> Day:
        return self.days[0]

    @property
    def last(self) -> Day:
        return self.days[-1]

    @property
    def single(self) -> bool:
        return len(self.days) == 1

    @property
    def numbers(self) -> str:
        """ "3", "4–19", or an empty string where nothing counts."""
        numbers = [day.number for day in self.days if day.number]
        if not numbers:
            return ""
        return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}"


def _is_off(day: Day, period: Period) -> bool:
    """Skipped: neither counted, nor the start, nor the last day (to which a period may have rolled)."""
    return not day.counted and day.kind in _OFF and day.date != period.end


def _runs(period: Period) -> list[_Run]:
    runs: list[_Run] = []
    for off, group in groupby(period.days, key=lambda day: _is_off(day, period)):
        days = tuple(group)
        runs += [_Run(days)] if off else [_Run((day,)) for day in days]
    return runs


def _fold_far(runs: list[_Run], today: date) -> Iterator[_Run]:
    """Fold what lies far from start, today and end, so that a long strip stays one look."""
    here = next((i for i, run in enumerate(runs) if run.last.date >= today), len(runs) - 1)
    keep = {0, *range(here - NEAR, here + NEAR + 1), len(runs) - 2, len(runs) - 1}
    for kept, group in groupby(enumerate(runs), key=lambda pair: pair[0] in keep):
        members = [run for _, run in group]
        if kept or len(members) < 3:
            yield from members
        else:
            yield _Run(tuple(day for run in members for day in run.days))


def _cells(period: Period, today: date, *, start_word: str, until: date) -> Iterator[Cell]:
    runs: Iterable[_Run] = _runs(period)
    if len(period.days) > MOST_CELLS and period.unit is Unit.DAY:
        runs = _fold_far(list(runs), today)
    month = 0
    for run in runs:
        yield _cell(run, period, today, month=month, start_word=start_word, until=until)
        month = run.last.date.month


def _cell(run: _Run, period: Period, today: date, *, month: int, start_word: str, until: date) -> Cell:
    first, last = run.first, run.last
    is_start = first.kind is DayKind.START
    is_last = last.date == period.end
    off = all(_is_off(day, period) for day in run.days)
    makeup = run.single and first.kind is DayKind.MAKEUP
    now = first.date <= today <= last.date
    counted = not is_start and not off
    flags = {
        "is-start": is_start,
        "is-off": off,
        "is-done": counted and last.date <= until,
        "is-counted": counted and last.date > until,
        "is-makeup": makeup,
        "is-last": is_last,
        "is-today": now,
        "is-run": not run.single,
    }
    top = start_word if is_start else _off_title(run) if off else run.numbers or "顺延"
    if makeup:
        top += " 补班"
    if now:
        below = "今天"
    elif run.single:
        below = WEEKDAYS[first.date.weekday()]
    else:
        below = "不计" if off else f"{len(run.days)} 天"
    return Cell(
        top=top,
        main=_dates(run, month, force_month=is_start or now),
        below=below,
        css=" ".join(name for name, true in flags.items() if true),
        spoken=_spoken(run, top, off=off, is_start=is_start, is_last=is_last, now=now),
    )


def _off_title(run: _Run) -> str:
    names = dict.fromkeys(found.group() for day in run.days if (found := _HOLIDAY.search(day.why)))
    if names:
        return "·".join(names)
    return "顺延" if any(day.kind is DayKind.ROLLED for day in run.days) else "周末"


def _dates(run: _Run, month_shown: int, *, force_month: bool) -> str:
    first, last = run.first.date, run.last.date
    head = f"{first.month}/{first.day}" if force_month or first.month != month_shown else str(first.day)
    if first == last:
        return head
    return f"{head}–{last.day}" if first.month == last.month else f"{head}–{last.month}/{last.day}"


def _spoken(run: _Run, top: str, *, off: bool, is_start: bool, is_last: bool, now: bool) -> str:
    first, last = run.first.date, run.last.date
    when = f"{short_date(first)} 星期{WEEKDAYS[first.weekday()]}"
    if first != last:
        when = f"{short_date(first)}至{short_date(last)}"
    if is_start:
        said = f"{top}，当日不计"
    elif off:
        said = f"{top}，不计"
    else:
        said = f"第 {run.numbers} 日" if run.numbers else run.last.why
        said += "，补班" if top.endswith("补班") else ""
    return "，".join(part for part in (when, said, "今天" if now else "", "最后一日" if is_last else "") if part)


def _row(day: Day) -> ReckoningRow:
    return ReckoningRow(day.date, WEEKDAYS[day.date.weekday()], day.counted, day.number, day.why)
