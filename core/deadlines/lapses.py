"""Carrying out lapses: `settle` for one matter, `sweep` for all. Late, twice or on two workers: exactly once."""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from core.accounts.actors import Actor, system
from core.deadlines import reminders
from core.deadlines.isolation import kept_apart
from core.deadlines.models import Clock, ClockState

CLOCK_ACTOR = "期限时钟"
BATCH = 500

# What a lapse does: given the locked matter, its locked clock and the system actor of the sweep's day.
Lapse = Callable[[Any, Clock, Actor], object]


@dataclass(frozen=True)
class LapseRules:
    """How a matter type takes its lapses. `lock` returns the matter locked, before any clock is touched.

    kin: the other matters with which it lapses in one legal order (a filing and what is asked about it).
    """

    lock: Callable[[str], Any]
    lapses: dict[str, Lapse]
    overdue: Lapse
    kin: Callable[[str], Iterable[tuple[str, str]]] | None = None


_rules: dict[str, LapseRules] = {}


def register(matter_type: str, rules: LapseRules) -> None:
    """Register an app's lapses, from its AppConfig.ready()."""
    _rules[matter_type] = rules


def rules_for(matter_type: str) -> LapseRules | None:
    """Return how a matter type takes its lapses; None where no app has registered it."""
    return _rules.get(matter_type)


def due(on: datetime.date) -> QuerySet[Clock]:
    """Return the clocks past their last day that have not been carried out, in legal order."""
    return Clock.objects.filter(
        state=ClockState.RUNNING, provisional=False, told_on__isnull=True, due_on__lt=on
    ).order_by("due_on", "id")


def waiting(matter_type: str, matter_id: str, on: datetime.date) -> QuerySet[Clock]:
    """Return the clocks of the matter and its kin that are due and not carried out, in legal order.

    Once a day is swept nothing is due, and one statement says so: the kin is asked for only where anything is.
    """
    if not due(on).exists():
        return Clock.objects.none()
    rules = _rules.get(matter_type)
    mine = Q(matter_type=matter_type, matter_id=matter_id)
    if rules is not None and rules.kin is not None:
        for kin_type, kin_id in rules.kin(matter_id):
            mine |= Q(matter_type=kin_type, matter_id=kin_id)
    return due(on).filter(mine)


def settle(matter_type: str, matter_id: str, on: datetime.date) -> int:
    """Carry out every lapse of the matter and its kin with its last day before `on`, each in a transaction of its own.

    A lapse may start a clock that is due as well; it follows in turn. Returns how many were carried out.
    """
    if matter_type not in _rules:
        return 0
    found = waiting(matter_type, matter_id, on)
    count = 0
    while (first := found.first()) is not None:
        rules = _rules[first.matter_type]
        with transaction.atomic():
            # The matter first, then its clock: the order every transition locks in, so nothing deadlocks.
            matter = rules.lock(first.matter_id)
            clock = found.filter(matter_type=first.matter_type, matter_id=first.matter_id).select_for_update().first()
            if clock is not None:
                _carry_out(matter, clock, rules, system(CLOCK_ACTOR, on))
                count += 1
    return count


def _carry_out(matter: Any, clock: Clock, rules: LapseRules, actor: Actor) -> None:
    """Perform one lapse in the open transaction, with the legal date (the last day), not the sweep's."""
    if clock.lapse:
        clock.state, clock.ended_on = ClockState.LAPSED, clock.due_on
        clock.save(update_fields=["state", "ended_on"])
        rules.lapses[clock.lapse](matter, clock, actor)
    else:
        clock.told_on = actor.on
        clock.save(update_fields=["told_on"])
        rules.overdue(matter, clock, actor)
    reminders.on_lapse(clock, actor.on)


@dataclass(frozen=True)
class SweepResult:
    """What a sweep did: matters looked at, lapses carried out, matters that failed and stay for the next sweep."""

    matters: int
    lapses: int
    failed: int


def sweep(on: datetime.date, *, limit: int | None = None) -> SweepResult:
    """Settle every matter with a clock due before `on` (at most `limit` of them), the longest due first.

    A matter that fails is named in the log and does not hold up the others; the next sweep tries it again. Two sweeps
    at once share the work: whoever comes second to a matter waits for its lock and finds nothing left to do.
    """
    count = failed = 0
    matters = 0
    for matter_type, matter_id in islice(_matters_due(on), limit):
        matters += 1
        done = kept_apart(
            "lapse_failed",
            partial(settle, matter_type, matter_id, on),
            matter_type=matter_type,
            matter_id=matter_id,
        )
        failed += done is None
        count += done or 0
    return SweepResult(matters=matters, lapses=count, failed=failed)


def _matters_due(on: datetime.date) -> Iterator[tuple[str, str]]:
    """Yield each matter with a clock due before `on` once, read a batch at a time behind the last row seen."""
    seen: set[tuple[str, str]] = set()
    day, last = datetime.date.min, 0
    while batch := list(
        due(on)
        .filter(Q(due_on__gt=day) | Q(due_on=day, id__gt=last), due_on__gte=day)
        .values_list("due_on", "id", "matter_type", "matter_id")[:BATCH]
    ):
        day, last = batch[-1][:2]
        for *_, matter_type, matter_id in batch:
            if (matter_type, matter_id) not in seen:
                seen.add((matter_type, matter_id))
                yield matter_type, matter_id
