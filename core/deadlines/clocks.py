"""Starting, ending and extending statutory clocks. The length comes from regulation/, a notice, or a dated setting."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet

from core.audit.matters import key as matter_key
from core.calendars.calendar import current as current_calendar
from core.clock.clock import now
from core.deadlines.models import Clock, ClockMove, ClockState
from core.reference import settings
from regulation.periods import PERIODS
from regulation.workdays import Calendar, Period, Unit, compute


def start(matter: Model, kind: str, *, on: datetime.date, amount: int | None = None, lapse: str = "") -> Clock:
    """Start the clock `kind` (a key of regulation.periods) in a matter; `on` does not count.

    A running clock of that kind is replaced. `lapse` names the transition that its end performs; without one it turns
    red. Raises ValueError for an amount outside the period's range.
    """
    clock = _clock(matter, kind, on, current_calendar(), amount=amount, lapse=lapse)
    of(matter).filter(kind=kind, state=ClockState.RUNNING).update(state=ClockState.REPLACED, ended_on=on)
    clock.save(force_insert=True)
    return clock


def start_all(matters: Iterable[tuple[Model, datetime.date]], kind: str, *, lapse: str = "") -> list[Clock]:
    """Start a clock of that kind in each of these matters that has none yet, from its day, in one query."""
    calendar, moment = current_calendar(), now()
    return Clock.objects.bulk_create(
        _clock(matter, kind, on, calendar, lapse=lapse, started_at=moment) for matter, on in matters
    )


def _clock(
    matter: Model,
    kind: str,
    on: datetime.date,
    calendar: Calendar,
    *,
    amount: int | None = None,
    lapse: str,
    **more: Any,
) -> Clock:
    spec = PERIODS[kind]
    if amount is None and spec.setting:
        amount = settings.value(kind, on)
    period = spec.run(on, calendar, amount=amount)
    matter_type, matter_id = matter_key(matter)
    return Clock(
        matter_type=matter_type,
        matter_id=matter_id,
        kind=kind,
        starts_on=on,
        amount=period.amount,
        unit=period.unit,
        due_on=period.end,
        provisional=period.provisional,
        lapse=lapse,
        **more,
    )


def end(matter: Model, *kinds: str, on: datetime.date) -> int:
    """End the running clocks of these kinds (all kinds if none is named); return how many."""
    running = of(matter).filter(state=ClockState.RUNNING)
    if kinds:
        running = running.filter(kind__in=kinds)
    return running.update(state=ClockState.DONE, ended_on=on)


def extend(matter: Model, kind: str, *, amount: int, on: datetime.date, reason: str) -> Clock:
    """Lengthen the running clock to `amount` units from its start, with the move kept.

    Raises Clock.DoesNotExist, or ValueError for a length out of range or none longer than now.
    """
    clock = of(matter).select_for_update().get(kind=kind, state=ClockState.RUNNING)
    if amount <= clock.amount:
        raise ValueError(f"延长后的期限应长于现在的{clock.amount}{Unit(clock.unit).label}。")
    return move(clock, length(clock, amount), on=on, reason=reason)


def move(clock: Clock, period: Period, *, on: datetime.date, reason: str, due_on: datetime.date | None = None) -> Clock:
    """Give the clock a recomputed period; the old due date stays on record.

    due_on: the last day where it is not the period's own (an agency's period is never shortened).
    """
    due_on = due_on or period.end
    if due_on != clock.due_on:
        ClockMove.objects.create(clock=clock, old_due_on=clock.due_on, new_due_on=due_on, reason=reason, on=on)
        clock.told_on = None
    clock.amount, clock.due_on, clock.provisional = period.amount, due_on, period.provisional
    clock.save(update_fields=["amount", "due_on", "provisional", "told_on"])
    return clock


def period_of(clock: Clock, calendar: Calendar | None = None) -> Period:
    """Return the clock's period, reckoned day by day from its row (for the clock strip and the papers)."""
    known = calendar or current_calendar()
    return compute(clock.starts_on, clock.amount, Unit(clock.unit), known, roll=PERIODS[clock.kind].rolls)


def length(clock: Clock, amount: int) -> Period:
    """Return the period that a running clock would have with `amount` units from its start. Raises ValueError for an
    amount that no extension reaches."""
    return PERIODS[clock.kind].run(clock.starts_on, current_calendar(), amount=amount, extended=True)


def of(matter: Model) -> QuerySet[Clock]:
    """Return all clocks of a matter, running or ended."""
    matter_type, matter_id = matter_key(matter)
    return Clock.objects.filter(matter_type=matter_type, matter_id=matter_id)


def running(matter: Model, kind: str) -> Clock | None:
    """Return the running clock of that kind, or None."""
    return of(matter).filter(kind=kind, state=ClockState.RUNNING).first()


def lapsed(matter: Model, kind: str, on: datetime.date) -> bool:
    """Tell whether the matter's latest clock of that kind has lapsed by `on`, swept or not."""
    clock = of(matter).filter(kind=kind).order_by("-id").first()
    return clock is not None and (clock.state == ClockState.LAPSED or overdue(clock, on))


def overdue(clock: Clock, on: datetime.date) -> bool:
    """Tell whether a running clock is past its last day and free to lapse (a provisional one waits for its year)."""
    return clock.state == ClockState.RUNNING and clock.due_on < on and not clock.provisional


def nearest_due(matter_type: str, matter_ids: Iterable[str]) -> dict[str, Clock]:
    """Return {matter id: the running clock that is due first}, in one query."""
    rows = Clock.objects.filter(
        matter_type=matter_type, matter_id__in=list(matter_ids), state=ClockState.RUNNING
    ).order_by("-due_on", "-id")
    return {clock.matter_id: clock for clock in rows}
