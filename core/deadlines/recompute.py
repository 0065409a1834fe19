"""What another calendar does to running clocks: it never shortens an agency's, an authority's follows it (民法典 203).

Only running clocks are touched: a lapse stands, whether it was carried out or is still to be (DOMAIN.md: swept or not).
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import Q, QuerySet

from core.accounts.actors import system
from core.audit import trail
from core.calendars.calendar import current as current_calendar
from core.calendars.effects import Move
from core.clock.words import in_words
from core.deadlines import audience, clocks, lapses
from core.deadlines.models import Clock, ClockState
from regulation.periods import PERIODS
from regulation.workdays import Calendar, Holder, Period, Unit, compute, recomputed_end

ACTOR = "期限重算"
# Calendar days rest on the calendar only where the last day rolls forward.
_ROLLING = [key for key, spec in PERIODS.items() if spec.rolls]
_RESTS_ON_CALENDAR = Q(unit=Unit.WORKDAY) | Q(unit=Unit.DAY, kind__in=_ROLLING)


class _Reckoner:
    """Periods in one calendar, on one day; clocks of the same start and length are reckoned once."""

    def __init__(self, calendar: Calendar, on: datetime.date) -> None:
        self.calendar = calendar
        self.on = on
        self._known: dict[tuple[datetime.date, int, str, bool], Period] = {}

    def period(self, clock: Clock) -> Period:
        rolls = PERIODS[clock.kind].rolls
        key = (clock.starts_on, clock.amount, clock.unit, rolls)
        if key not in self._known:
            self._known[key] = compute(clock.starts_on, clock.amount, Unit(clock.unit), self.calendar, roll=rolls)
        return self._known[key]

    def move(self, clock: Clock) -> Move | None:
        """What becomes of the clock; None where nothing does."""
        spec, period = PERIODS[clock.kind], self.period(clock)
        if clock.lapse and clocks.overdue(clock, self.on):
            return None
        end = recomputed_end(clock.due_on, period.end, holder=spec.holder)
        if (end, period.provisional) == (clock.due_on, clock.provisional):
            return None
        return Move(
            matter_type=clock.matter_type,
            matter_id=clock.matter_id,
            label=spec.label,
            starts_on=clock.starts_on,
            old_end=clock.due_on,
            new_end=end,
            was_provisional=clock.provisional,
            provisional=period.provisional,
            kept=spec.holder is Holder.AGENCY and period.end < clock.due_on,
        )


def preview(calendar: Calendar, on: datetime.date) -> list[Move]:
    """Return what would become of every running clock if this calendar held; changes nothing."""
    reckoner = _Reckoner(calendar, on)
    found = list(resting_on(_differing(current_calendar(), calendar)))
    names = audience.names(found)
    return [
        _described(move, names, audience.concerned_by_move(clock) if move.moved else ())
        for clock in found
        if (move := reckoner.move(clock)) is not None
    ]


def _described(move: Move, names: Mapping[tuple[str, str], str], told: Sequence[audience.Concerned]) -> Move:
    """The move with its matter's name and with those who are told of it."""
    organisations = tuple(dict.fromkeys(one.organisation.name for one in told))
    return replace(move, matter=names.get((move.matter_type, move.matter_id), ""), told=organisations)


@transaction.atomic
def apply(on: datetime.date, reason: str, *, years: Iterable[int] | None = None) -> list[Move]:
    """Recompute the running clocks that rest on these years (all clocks if none are named) in the calendar as it is.

    Effects in order, matter by matter: the matter's lock, the clocks with their moves on record, an audit event and a
    message to those concerned for each last day that changes. A second run finds nothing to do.
    """
    reckoner = _Reckoner(current_calendar(), on)
    done: list[Move] = []
    found = list(resting_on(None if years is None else frozenset(years)).order_by("matter_type", "matter_id", "id"))
    names = audience.names(found)
    for (matter_type, matter_id), _ in groupby(found, key=lambda clock: (clock.matter_type, clock.matter_id)):
        done += _apply_to(matter_type, matter_id, reckoner, reason, names)
    return done


def after_load(years: frozenset[int], *, on: datetime.date, reason: str) -> Sequence[Move]:
    """What core.calendars calls when a year was loaded, confirmed or changed."""
    return apply(on, reason, years=years)


def resting_on(years: frozenset[int] | None) -> QuerySet[Clock]:
    """Return the running clocks whose last day another calendar of these years may move, provisional ones always."""
    found = Clock.objects.filter(_RESTS_ON_CALENDAR, state=ClockState.RUNNING)
    if years is None:
        return found
    if not years:
        return found.none()
    touching = Q(starts_on__lte=datetime.date(max(years), 12, 31), due_on__gte=datetime.date(min(years), 1, 1))
    return found.filter(touching | Q(provisional=True))


def _apply_to(
    matter_type: str, matter_id: str, reckoner: _Reckoner, reason: str, names: Mapping[tuple[str, str], str]
) -> Iterator[Move]:
    # The matter first, then its clocks, as every transition locks; matters in order, so that nothing deadlocks.
    rules = lapses.rules_for(matter_type)
    if rules is not None:
        try:
            rules.lock(matter_id)
        except ObjectDoesNotExist:
            return
    rows = resting_on(None).filter(matter_type=matter_type, matter_id=matter_id).order_by("id")
    for clock in rows.select_for_update():
        move = reckoner.move(clock)
        if move is None:
            continue
        told = audience.concerned_by_move(clock) if move.moved else []
        clocks.move(clock, reckoner.period(clock), on=reckoner.on, reason=reason, due_on=move.new_end)
        if move.moved:
            _tell(clock, move, told, reckoner.on, reason)
        yield _described(move, names, told)


def _tell(clock: Clock, move: Move, told: Sequence[audience.Concerned], on: datetime.date, reason: str) -> None:
    change = clock.moves.latest("id")
    trail.record(
        "clock.move",
        actor=system(ACTOR, on),
        on=on,
        matter=(clock.matter_type, clock.matter_id),
        payload={"kind": clock.kind, "from": move.old_end, "to": move.new_end, "reason": reason},
    )
    audience.tell(
        clock,
        "clock_moved",
        key=f"moved:{change.pk}",
        opening=f"期限调整到 {in_words(move.new_end)}",
        body=f"因{reason}，“{move.label}”的最后一日由 {in_words(move.old_end)} 调整为 {in_words(move.new_end)}。",
        on=on,
        to=told,
    )


def _differing(one: Calendar, other: Calendar) -> frozenset[int]:
    """The years in which the two calendars differ."""
    years = set(one.announced ^ other.announced)
    for a, b in ((one.holidays, other.holidays), (one.makeup, other.makeup)):
        years |= {day.year for day, _ in set(a.items()) ^ set(b.items())}
    return frozenset(years)
