"""What is published of the working-day calendar: a loaded year whole, anew whenever it changes.

core.calendars lies below and knows nothing of publications: its edits tell of the years (core.calendars.effects).
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from core.calendars import effects
from core.calendars.effects import Move
from core.calendars.models import CalendarDay, CalendarYear
from core.publications import register
from core.publications.models import Publication
from regulation.workdays import Calendar

KIND = "calendar"


def register_all() -> None:
    """Declare the kind, and publish from now on what the calendar's edits leave; called from ready().

    It is no announcement: the State Council makes that, and a new portal begins with more than twenty years.
    """
    register.declare(KIND, "工作日历", ("year", "status", "source", "days"), announced=False)
    effects.register_after_load(publish, _nothing)


def publish(years: Collection[int], *, on: datetime.date, reason: str = "") -> Sequence[Move]:
    """Publish these years as they now stand, in the transaction of the edit; of a year the newest record counts.

    Moves no period.
    """
    days: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for day in CalendarDay.objects.filter(date__year__in=years).order_by("date"):
        days[day.date.year].append({"date": day.date, "kind": day.kind, "name": day.name})
    published = Counter(Publication.objects.filter(kind=KIND).values_list("matter_id", flat=True))
    register.publish_all(
        KIND,
        [
            register.New(
                key=f"{KIND}:{row.year}:{published[str(row.year)] + 1}",
                title=f"{row.year}年工作日历",
                content={"year": row.year, "status": row.status, "source": row.source, "days": days[row.year]},
                matter=row,
            )
            for row in CalendarYear.objects.filter(pk__in=years).order_by("year")
        ],
        on=on,
    )
    return ()


def _nothing(calendar: Calendar, on: datetime.date) -> Sequence[Move]:
    return ()
