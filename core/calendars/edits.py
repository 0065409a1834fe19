"""The three edits of the calendar as page and API ask for them: what the year would hold, seen before it is done."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from core.accounts.actors import Actor
from core.calendars import loading, previews
from core.calendars.arrangements import statutory_days
from core.calendars.calendar import DayRow
from core.calendars.loading import Loaded
from core.calendars.models import DayKind
from core.calendars.previews import Preview
from core.refusals import Invalid


@dataclass(frozen=True)
class Edit:
    """An edit of one year. rows: the days the year would hold, raising Invalid; carry_out: does it, as this actor."""

    year: int
    rows: Callable[[], list[DayRow]]
    carry_out: Callable[[Actor], Loaded]

    def preview(self, on: datetime.date) -> Preview:
        """Return what would change and move on that day. Raises Invalid with every reason against the edit."""
        return previews.of(self.year, self.rows(), on)


def load(year: int, read: Callable[[], list[DayRow]], source: str) -> Edit:
    """The year as announced; `read` gives its days or raises Invalid."""

    def carry_out(actor: Actor) -> Loaded:
        return loading.load_year(year, read(), source=source, actor=actor, on=actor.on)

    return Edit(year, read, carry_out)


def confirm(year: int, reason: str, on: datetime.date) -> Edit:
    """The year as reckoned, though it was not announced."""

    def rows() -> list[DayRow]:
        if reasons := loading.against_confirming(year, reason, on):
            raise Invalid(reasons)
        return [(day, str(DayKind.HOLIDAY), name) for day, name in statutory_days(year).items()]

    def carry_out(actor: Actor) -> Loaded:
        return loading.confirm_year(year, actor=actor, on=actor.on, reason=reason)

    return Edit(year, rows, carry_out)


def override(date: datetime.date, kind: str, name: str, note: str) -> Edit:
    """One day of a loaded year."""

    def rows() -> list[DayRow]:
        if reasons := loading.against_override(date, kind, name, note):
            raise Invalid(reasons)
        return loading.overridden(date, kind, name)

    def carry_out(actor: Actor) -> Loaded:
        return loading.override_day(date, kind, name, note, actor=actor, on=actor.on)

    return Edit(date.year, rows, carry_out)
