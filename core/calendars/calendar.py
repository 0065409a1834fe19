"""The working-day calendar as the database holds it now."""

import datetime
import hashlib
from collections.abc import Iterable

from core.calendars.models import CalendarDay, CalendarYear, DayKind
from regulation.workdays import Calendar

# A day as the calendar knows it: date, kind (DayKind), name.
DayRow = tuple[datetime.date, str, str]
Version = tuple[tuple[int, str], ...]

_cached: tuple[Version, Calendar] | None = None


def digest(days: Iterable[DayRow]) -> str:
    """Return the hash of a year's days, whatever their order."""
    lines = sorted(f"{date.isoformat()}\t{kind}\t{name}\n" for date, kind, name in days)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def build(days: Iterable[DayRow], announced: Iterable[int]) -> Calendar:
    """Return the calendar of these days and years."""
    rows = list(days)
    return Calendar(
        holidays={date: name for date, kind, name in rows if kind == DayKind.HOLIDAY},
        makeup={date: name for date, kind, name in rows if kind == DayKind.MAKEUP},
        announced=frozenset(announced),
    )


def version() -> Version:
    """Return (year, hash of its days) of every loaded year: one small query, and the same only for the same content.

    By content, not by a counter: a rolled-back edit, a commit that came late or another process cannot leave a stale
    calendar behind.
    """
    return tuple(CalendarYear.objects.order_by("year").values_list("year", "digest"))


def current() -> Calendar:
    """Return the calendar of announced and confirmed years; read anew when any year's content has changed."""
    global _cached  # noqa: PLW0603 - one calendar per process, known by its content
    wanted = version()
    if _cached is not None and _cached[0] == wanted:
        return _cached[1]
    days = list(CalendarDay.objects.values_list("date", "kind", "name"))
    calendar = build(days, (year for year, _ in wanted))
    # Days that changed between the two queries, or behind the back of core.calendars.loading, are not remembered.
    if all(digest(day for day in days if day[0].year == year) == known for year, known in wanted):
        _cached = (wanted, calendar)
    return calendar
