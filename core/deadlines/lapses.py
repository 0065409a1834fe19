"""Carrying out lapses: `settle` for one matter, `sweep` for all. Late, twice or on two workers: exactly once."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.db import connection, transaction
from django.db.models import QuerySet

from core.accounts.actors import Actor, system
from core.deadlines.models import Clock, ClockState

log = structlog.get_logger(__name__)

CLOCK_ACTOR = "期限时钟"

# What a lapse does: given the locked clock and the system actor of the sweep's day, performs the transition.
Lapse = Callable[[Clock, Actor], None]


@dataclass(frozen=True)
class LapseRules:
    """How a matter type takes its lapses. `lock` locks the matter's row and is called before any clock is touched."""

    lock: Callable[[str], object]
    lapses: dict[str, Lapse]
    overdue: Callable[[Clock, Actor], None]


_rules: dict[str, LapseRules] = {}


def register(matter_type: str, rules: LapseRules) -> None:
    """Register an app's lapses, from its AppConfig.ready()."""
    _rules[matter_type] = rules


def due(on: datetime.date) -> QuerySet[Clock]:
    """Return the clocks past their last day that have not been carried out, in legal order."""
    return Clock.objects.filter(
        state=ClockState.RUNNING, provisional=False, told_on__isnull=True, due_on__lt=on
    ).order_by("due_on", "id")


def settle(matter_type: str, matter_id: str, on: datetime.date) -> int:
    """Carry out every lapse of the matter with its last day before `on`, each in a transaction of its own.

    A lapse may start a clock that is due as well; it follows in turn. Returns how many were carried out.
    """
    rules = _rules.get(matter_type)
    if rules is None:
        return 0
    waiting = due(on).filter(matter_type=matter_type, matter_id=matter_id)
    count = 0
    while waiting.exists():
        with transaction.atomic():
            # The matter first, then its clock: the order every transition locks in, so nothing deadlocks.
            rules.lock(matter_id)
            clock = waiting.select_for_update().first()
            if clock is None:
                break
            _carry_out(clock, rules, system(CLOCK_ACTOR, on))
            count += 1
    return count


def _carry_out(clock: Clock, rules: LapseRules, actor: Actor) -> None:
    """Perform one lapse in the open transaction, with the legal date (the last day), not the sweep's."""
    if clock.lapse:
        clock.state, clock.ended_on = ClockState.LAPSED, clock.due_on
        clock.save(update_fields=["state", "ended_on"])
        rules.lapses[clock.lapse](clock, actor)
    else:
        clock.told_on = actor.on
        clock.save(update_fields=["told_on"])
        rules.overdue(clock, actor)


@dataclass(frozen=True)
class SweepResult:
    """What a sweep did: matters settled, lapses carried out, matters left because another worker holds them, faults."""

    matters: int
    lapses: int
    failed: int


def sweep(on: datetime.date, *, limit: int | None = None) -> SweepResult:
    """Settle every matter with a clock due before `on`, the longest due first.

    A matter that fails is named in the log and does not hold up the others; the next sweep tries it again.
    """
    seen: set[tuple[str, str]] = set()
    lapses = failed = 0
    after = (datetime.date.min, 0)
    while limit is None or len(seen) < limit:
        batch = list(
            due(on)
            .filter(due_on__gte=after[0])
            .exclude(due_on=after[0], id__lte=after[1])
            .values_list("due_on", "id", "matter_type", "matter_id")[:500]
        )
        if not batch:
            break
        after = (batch[-1][0], batch[-1][1])
        for _, _, matter_type, matter_id in batch:
            if (matter_type, matter_id) in seen:
                continue
            seen.add((matter_type, matter_id))
            try:
                lapses += settle(matter_type, matter_id, on)
            except Exception:
                failed += 1
                log.exception("lapse_failed", matter_type=matter_type, matter_id=matter_id)
                if connection.in_atomic_block:
                    raise
    return SweepResult(matters=len(seen), lapses=lapses, failed=failed)
