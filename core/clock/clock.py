"""The only place that reads the clock; everything else is handed its day (HOUSE.md)."""

import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from core.clock.models import DayOffset
from regulation.words import in_words

SHANGHAI = ZoneInfo("Asia/Shanghai")


class ClockNotMovable(RuntimeError):
    """The day can only be moved in demo mode and in tests, and only forward."""


def offset_days() -> int:
    """Return the stored day offset; 0 in production, without asking the database."""
    if not settings.CLOCK_MOVABLE:
        return 0
    # Asked for every row that bears its moment: a plain statement, which the ORM takes longer to write than to send.
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT days FROM {DayOffset._meta.db_table} WHERE id = 1")  # noqa: S608
        row = cursor.fetchone()
    return row[0] if row else 0


def moved_at() -> datetime.datetime | None:
    """Return the real moment at which the day was last moved; None where it never was."""
    if not settings.CLOCK_MOVABLE:
        return None
    return DayOffset.objects.values_list("moved_at", flat=True).first()


def real_now() -> datetime.datetime:
    """Return the real moment (aware, UTC); for time-outs that no day offset may stretch."""
    return datetime.datetime.now(datetime.UTC)


def now() -> datetime.datetime:
    """Return the portal's moment (aware, UTC): the real one plus the day offset."""
    return real_now() + datetime.timedelta(days=offset_days())


def today() -> datetime.date:
    """Return the portal's date in Asia/Shanghai."""
    return now().astimezone(SHANGHAI).date()


def local_date(moment: datetime.datetime) -> datetime.date:
    """Return the Asia/Shanghai date of an aware moment."""
    return moment.astimezone(SHANGHAI).date()


@transaction.atomic
def advance_to(day: datetime.date) -> int:
    """Move the portal's day forward to `day`; return the new offset in days.

    Raises ClockNotMovable in production and for a day already past.
    """
    if not settings.CLOCK_MOVABLE:
        raise ClockNotMovable("只有演示模式可以把日期拨到将来。")
    row, _ = DayOffset.objects.select_for_update().get_or_create(id=1)
    move = (day - today()).days
    if move < 0:
        raise ClockNotMovable(f"门户日期已经是 {in_words(today())}，不能往回拨。")
    row.days += move
    row.moved_at = real_now()
    row.save(update_fields=["days", "moved_at"])
    return row.days
