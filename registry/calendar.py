"""The working-day calendar as it is published: of each loaded year the newest record."""

import datetime

from core.calendars.calendar import DayRow, build
from core.publications import register
from core.publications.calendars import KIND
from core.publications.models import Publication
from regulation.workdays import Calendar


def published(on: datetime.date) -> Calendar:
    """Return the calendar as it was published by that day. One query, of one record for each edit of a year."""
    newest: dict[int, Publication] = {}
    for row in register.published(KIND, on=on):
        newest.setdefault(row.content["year"], row)
    return build([day for row in newest.values() for day in days_of(row)], newest)


def days_of(row: Publication) -> list[DayRow]:
    """Return the days of a published year that differ from the plain week."""
    return [(datetime.date.fromisoformat(day["date"]), day["kind"], day["name"]) for day in row.content["days"]]
