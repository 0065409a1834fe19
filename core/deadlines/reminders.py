"""Reminders before a period ends, and when it has ended: once per clock, stage and due date, late jobs included."""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from core.calendars.calendar import current as current_calendar
from core.clock.words import in_words
from core.deadlines import audience
from core.deadlines.audience import register_audience
from core.deadlines.isolation import kept_apart
from core.deadlines.models import Clock, ClockState, Reminder
from core.reference import settings
from regulation.periods import PERIODS
from regulation.workdays import LAST_YEAR, Calendar, subtract_workdays, workdays_between

__all__ = ["on_lapse", "register_audience", "register_further", "send_due", "stages"]

ON_LAPSE = 0
ONE_DAY = datetime.timedelta(days=1)
BATCH = 500

# What else an app reminds of: given the day, at every run; returns how many it reminded of now. Safe twice.
Further = Callable[[datetime.date], int]
_further: list[Further] = []


def register_further(function: Further) -> None:
    """Register a reminder beside the stages of clocks, from an app's ready()."""
    if function not in _further:
        _further.append(function)


@dataclass(frozen=True)
class Stage:
    """A reminder `days` working days before: what is due from `first` to `last` is to be reminded of now."""

    days: int
    first: datetime.date
    last: datetime.date


def stages(on: datetime.date, calendar: Calendar) -> Iterator[Stage]:
    """Yield the stages of that day, the nearest first. A due date is in one stage only, so a late job sends what is
    still worth saying: where the second reminder is due, the first is no longer sent."""
    configured = {settings.value("reminder_first", on), settings.value("reminder_second", on)} - {0}
    first = on
    for days in sorted(configured):
        last = _last_reminded(on, days, calendar)
        if last >= first:
            yield Stage(days, first, last)
            first = last + ONE_DAY


def _last_reminded(on: datetime.date, days: int, calendar: Calendar) -> datetime.date:
    """The last due date whose reminder `days` working days before has come by that day."""
    last = on
    while last < datetime.date(LAST_YEAR, 12, 31) and subtract_workdays(last + ONE_DAY, days, calendar) <= on:
        last += ONE_DAY
    return last


def send_due(on: datetime.date) -> int:
    """Send the reminders that are due on that day and were not sent; return how many were sent.

    One transaction a clock; one that another worker holds is left to the next run. Never for a clock that has ended.
    """
    if not audience.declared():
        return 0
    calendar = current_calendar()
    count = sum(_send_stage(stage, on, calendar) for stage in stages(on, calendar))
    return count + sum(kept_apart("reminder_failed", partial(function, on)) or 0 for function in _further)


def _waiting(stage: Stage) -> QuerySet[Clock]:
    """The running clocks of a stage that were not reminded of yet, neither then nor nearer to the end."""
    sent = Reminder.objects.filter(clock=OuterRef("pk"), due_on=OuterRef("due_on"), days_before__lte=stage.days)
    # Written out so that each half has its own index: those that may lapse, and those that wait for a year.
    running = Q(state=ClockState.RUNNING, provisional=False, told_on__isnull=True) | Q(
        state=ClockState.RUNNING, provisional=True
    )
    return Clock.objects.filter(
        running, ~Exists(sent), due_on__range=(stage.first, stage.last), matter_type__in=audience.declared()
    )


def _send_stage(stage: Stage, on: datetime.date, calendar: Calendar) -> int:
    count, after = 0, 0
    while batch := list(
        _waiting(stage).filter(pk__gt=after).order_by("pk").values_list("pk", "starts_on", "due_on")[:BATCH]
    ):
        after = batch[-1][0]
        for pk, starts_on, due_on in batch:
            # A period shorter than the reminder: its start was the reminder.
            if subtract_workdays(due_on, stage.days, calendar) <= starts_on:
                continue
            send = partial(_send, pk, due_on, stage, on, calendar)
            count += kept_apart("reminder_failed", send, clock=pk) or 0
    return count


@transaction.atomic
def _send(pk: int, due_on: datetime.date, stage: Stage, on: datetime.date, calendar: Calendar) -> int:
    clock = _waiting(stage).select_for_update(skip_locked=True, of=("self",)).filter(pk=pk, due_on=due_on).first()
    if clock is None:
        return 0
    Reminder.objects.create(clock=clock, days_before=stage.days, due_on=due_on)
    left = workdays_between(on, due_on, calendar)
    opening = f"还剩 {left} 个工作日" if left else "今天是最后一天" if due_on == on else f"{in_words(due_on)}到期"
    provisional = "该日期为暂定，年度节假日安排公布后重新计算。" if clock.provisional else ""
    audience.tell(
        clock,
        "reminder",
        key=f"reminder:{clock.pk}:{due_on}:{stage.days}",
        opening=opening,
        body=f"“{PERIODS[clock.kind].label}”的最后一日为 {in_words(due_on)}，当日24:00届满。{provisional}",
        on=on,
    )
    return 1


def on_lapse(clock: Clock, on: datetime.date) -> None:
    """Tell those concerned that the period has ended, in the lapse's own transaction; the authority may switch it off.

    Once per due date, whoever sweeps.
    """
    if not audience.concerned(clock) or not settings.value("reminder_on_lapse", on):
        return
    _, created = Reminder.objects.get_or_create(clock=clock, days_before=ON_LAPSE, due_on=clock.due_on)
    if created:
        audience.tell(
            clock,
            "lapse",
            key=f"reminder:{clock.pk}:{clock.due_on}:{ON_LAPSE}",
            opening="期限已届满",
            body=f"“{PERIODS[clock.kind].label}”已于 {in_words(clock.due_on)} 24:00届满。",
            on=on,
        )
