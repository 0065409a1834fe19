"""The announced years 2004-2026, from the chinesecalendar package: what a new portal starts with."""

import datetime

from chinese_calendar import constants
from django.db import transaction
from simple_history.utils import bulk_create_with_history

from core.accounts.actors import system
from core.audit import trail
from core.calendars import effects
from core.calendars.calendar import DayRow, build, digest
from core.calendars.models import CalendarDay, CalendarYear, DayKind, YearStatus
from regulation.workdays import Calendar

FIRST, LAST = 2004, 2026
SOURCE = "国务院办公厅历年节假日安排通知（chinesecalendar 汇编）"
# The holidays' full names where the package shortens them.
FULL_NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}


def announced() -> dict[int, list[DayRow]]:
    """Return the package's days of each year."""
    years: dict[int, list[DayRow]] = {year: [] for year in range(FIRST, LAST + 1)}
    for kind, table in ((DayKind.HOLIDAY, constants.holidays), (DayKind.MAKEUP, constants.workdays)):
        for date, name in table.items():
            if date.year in years:
                chinese = constants.Holiday(name).chinese
                years[date.year].append((date, str(kind), FULL_NAMES.get(chinese, chinese)))
    return {year: sorted(rows) for year, rows in years.items()}


def packaged() -> Calendar:
    """Return the package's calendar alone, for where there is no database."""
    years = announced()
    return build([row for rows in years.values() for row in rows], years)


@transaction.atomic
def load(on: datetime.date) -> dict[int, int]:
    """Load the announced years that the database does not hold; return {year: days}.

    A year that is there, confirmed or with days overridden, stays as it is: the administrator's word stands above the
    package's. Every row has its history, all at once; then what rests on these years is recomputed, and the event.
    """
    known = set(CalendarYear.objects.values_list("year", flat=True))
    missing = {year: rows for year, rows in announced().items() if year not in known}
    if not missing:
        return {}
    bulk_create_with_history(
        [CalendarDay(date=date, kind=kind, name=name) for rows in missing.values() for date, kind, name in rows],
        CalendarDay,
        default_change_reason=SOURCE,
    )
    bulk_create_with_history(
        [
            CalendarYear(year=year, status=YearStatus.ANNOUNCED, source=SOURCE, digest=digest(rows))
            for year, rows in missing.items()
        ],
        CalendarYear,
        default_change_reason=SOURCE,
    )
    effects.carry_out(frozenset(missing), on=on, reason="载入历年节假日安排")
    loaded = {year: len(rows) for year, rows in missing.items()}
    trail.record("calendar.seed", actor=system("系统初始化", on), on=on, payload={"source": SOURCE, "days": loaded})
    return loaded
