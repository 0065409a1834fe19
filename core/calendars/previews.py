"""What an edit of the calendar would do, seen before it is done."""

import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from core.calendars import effects
from core.calendars.calendar import DayRow, current, version
from core.calendars.effects import Move
from core.calendars.loading import calendar_with, days_of
from core.calendars.models import DayKind


@dataclass(frozen=True)
class DayChange:
    """A day before and after, in words."""

    date: datetime.date
    before: str
    after: str


@dataclass(frozen=True)
class Preview:
    """The days that differ from what is stored, and the periods that move. `seen` names just this picture."""

    year: int
    days: int
    changes: tuple[DayChange, ...]
    moves: tuple[Move, ...]
    seen: str

    @property
    def moved(self) -> int:
        return sum(move.moved for move in self.moves)


def of(year: int, rows: Iterable[DayRow], on: datetime.date) -> Preview:
    """Return what making the year hold these days would change on that day. Changes nothing itself."""
    rows = list(rows)
    before = {date: _words(kind, name) for date, kind, name in days_of(year)}
    after = {date: _words(kind, name) for date, kind, name in rows}
    now, then = current(), calendar_with(year, rows)
    changes = tuple(
        DayChange(date, before.get(date) or now.why(date), after.get(date) or then.why(date))
        for date in sorted(before.keys() | after.keys())
        if before.get(date) != after.get(date)
    )
    moves = tuple(effects.preview(then, on))
    picture = repr((version(), sorted(rows), moves))
    return Preview(year, len(rows), changes, moves, hashlib.sha256(picture.encode()).hexdigest())


def _words(kind: str, name: str) -> str:
    return f"{DayKind(kind).label} · {name}"
