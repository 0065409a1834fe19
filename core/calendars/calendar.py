"""The working-day calendar as the database holds it now."""

from core.calendars.models import CalendarDay, CalendarYear, DayKind
from regulation.workdays import Calendar

_cached: tuple[tuple[int, int, int], Calendar] | None = None


def _version() -> tuple[int, int, int]:
    """A mark that moves with every change: the newest history rows and the number of days."""
    newest = CalendarDay.history.model.objects.order_by("-history_id").values_list("history_id", flat=True).first()
    year = CalendarYear.history.model.objects.order_by("-history_id").values_list("history_id", flat=True).first()
    return newest or 0, year or 0, 0


def current() -> Calendar:
    """Return the calendar of announced and confirmed years; cached until a day or a year changes."""
    global _cached
    version = _version()
    if _cached is None or _cached[0] != version:
        days = list(CalendarDay.objects.values_list("date", "kind", "name"))
        calendar = Calendar(
            holidays={date: name for date, kind, name in days if kind == DayKind.HOLIDAY},
            makeup={date: name for date, kind, name in days if kind == DayKind.MAKEUP},
            announced=frozenset(CalendarYear.objects.values_list("year", flat=True)),
        )
        _cached = (version, calendar)
    return _cached[1]
