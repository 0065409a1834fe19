"""The only code that changes the calendar: load a year, confirm one, override a day. History and event every time."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core.accounts.actors import Actor
from core.audit import trail
from core.calendars import effects
from core.calendars.arrangements import against, statutory_days
from core.calendars.calendar import DayRow, build, digest
from core.calendars.effects import Move
from core.calendars.models import CalendarDay, CalendarYear, DayKind, YearStatus
from core.calendars.permissions import may_edit
from core.clock.words import in_words
from core.refusals import Invalid, NotAllowed, NotPossible, Reason
from regulation.workdays import FIRST_YEAR, LAST_YEAR, Calendar

REASON_LENGTH = 200
# "override_day" with this kind: the day is again what the plain week says.
PLAIN = ""


@dataclass(frozen=True)
class Loaded:
    """What an edit changed: days by what happened to them, and the periods that moved."""

    year: int
    added: int = 0
    changed: int = 0
    removed: int = 0
    moves: tuple[Move, ...] = ()


@transaction.atomic
def load_year(year: int, rows: Iterable[DayRow], *, source: str, actor: Actor, on: datetime.date) -> Loaded:
    """Load a year as announced, in place of what was there.

    Effects in order: the days that differ and the year, each with its history; what rests on the year is recomputed;
    the audit event. Raises NotAllowed, or Invalid with every reason. The same rows again change nothing.
    """
    _refuse_others(actor)
    rows = sorted(rows)
    reasons = against(rows, year)
    if not source.strip():
        reasons.append(Reason("no_source", "请写明来源：通知的名称和文号。", "source"))
    if reasons:
        raise Invalid(reasons)
    _lock()
    return _put("calendar.load", year, rows, YearStatus.ANNOUNCED, source, actor=actor, on=on)


@transaction.atomic
def confirm_year(year: int, *, actor: Actor, on: datetime.date, reason: str) -> Loaded:
    """Confirm a year that was not announced as reckoned: weekends and the statutory holidays alone.

    What rests on it is definite from then on, and free to lapse; a later announcement may still be loaded. Effects as
    in load_year. Raises NotAllowed, Invalid, or NotPossible where the year is loaded already or still too far.
    """
    _refuse_others(actor)
    _lock()
    if reasons := against_confirming(year, reason, on):
        raise NotPossible(reasons)
    rows = [(day, str(DayKind.HOLIDAY), name) for day, name in statutory_days(year).items()]
    return _put("calendar.confirm", year, rows, YearStatus.CONFIRMED, reason, actor=actor, on=on)


def against_confirming(year: int, reason: str | None, on: datetime.date) -> list[Reason]:
    """Return every reason against confirming the year; `reason` None where only the button is asked for."""
    reasons = []
    if not FIRST_YEAR <= year <= LAST_YEAR:
        reasons.append(Reason("year", f"请填写 {FIRST_YEAR} 年至 {LAST_YEAR} 年。", "year"))
    elif year > on.year + 1:
        reasons.append(Reason("too_far", f"{year} 年还早：每年的节假日安排在上一年公布，请等公布后载入。", "year"))
    if CalendarYear.objects.filter(pk=year).exists():
        reasons.append(Reason("loaded", f"{year} 年的日历已经载入，不需要确认。", "year"))
    if reason is not None and not reason.strip():
        reasons.append(Reason("no_reason", "请写明确认的理由。", "reason"))
    return reasons


@transaction.atomic
def override_day(date: datetime.date, kind: str, name: str, note: str, *, actor: Actor, on: datetime.date) -> Loaded:
    """Change one day of a loaded year: a holiday, a make-up day, or plain again (kind "").

    note: the basis. Effects in order: the day and its year, with history; what rests on the year is recomputed; the
    audit event. Raises NotAllowed, or Invalid with every reason.
    """
    _refuse_others(actor)
    _lock()
    if reasons := against_override(date, kind, name, note):
        raise Invalid(reasons)
    year = CalendarYear.objects.get(pk=date.year)
    return _put(
        "calendar.override",
        date.year,
        overridden(date, kind, name),
        YearStatus(year.status),
        year.source,
        actor=actor,
        on=on,
        note=note,
        payload={"date": date, "kind": kind, "name": name, "note": note},
    )


def against_override(date: datetime.date, kind: str, name: str, note: str) -> list[Reason]:
    """Return every reason against changing the day so."""
    reasons = []
    if not CalendarYear.objects.filter(pk=date.year).exists():
        reasons.append(Reason("not_loaded", f"{date.year} 年的日历还没有载入或确认，请先载入。", "date"))
    if kind not in (PLAIN, *DayKind.values):
        reasons.append(Reason("kind", "请选择放假、补班或恢复为平日。", "kind"))
    if kind == DayKind.MAKEUP and date.weekday() < 5:
        reasons.append(Reason("weekday", f"{in_words(date)}本来就是工作日，不需要补班。", "kind"))
    if kind != PLAIN and not name.strip():
        reasons.append(Reason("no_name", "请填写节日或事由。", "name"))
    if not note.strip():
        reasons.append(Reason("no_note", "请写明依据，如通知的名称和文号。", "note"))
    return reasons


def overridden(date: datetime.date, kind: str, name: str) -> list[DayRow]:
    """Return the days of the year with this one changed so."""
    others = [row for row in days_of(date.year) if row[0] != date]
    return others if kind == PLAIN else sorted([*others, (date, kind, name.strip())])


def days_of(year: int) -> list[DayRow]:
    """Return the stored days of a year, in order."""
    return list(CalendarDay.objects.filter(date__year=year).order_by("date").values_list("date", "kind", "name"))


def history_of(year: int) -> Any:
    """Return what people changed of the year's days, newest first."""
    rows = CalendarDay.history.filter(date__year=year).exclude(history_user=None)
    return rows.select_related("history_user").order_by("-history_id")


def calendar_with(year: int, rows: Iterable[DayRow]) -> Calendar:
    """Return the calendar as it would be with these days of the year, for previews."""
    others = CalendarDay.objects.exclude(date__year=year).values_list("date", "kind", "name")
    years = set(CalendarYear.objects.values_list("year", flat=True)) | {year}
    return build([*others, *rows], years)


def _refuse_others(actor: Actor) -> None:
    if not may_edit(actor):
        raise NotAllowed(Reason("permission", "工作日历由系统管理员维护。"))


def _lock() -> None:
    """Let one edit at a time through: each reads what the one before it left."""
    list(CalendarYear.objects.select_for_update().order_by("year").values_list("year", flat=True))


def _put(
    verb: str,
    year: int,
    rows: list[DayRow],
    status: YearStatus,
    source: str,
    *,
    actor: Actor,
    on: datetime.date,
    note: str = "",
    payload: dict[str, object] | None = None,
) -> Loaded:
    """Make the year hold exactly these rows; only what differs is written, so that its history stays readable."""
    source, why = source.strip()[:REASON_LENGTH], (note or source).strip()[:100]
    row = CalendarYear.objects.filter(pk=year).first()
    if row is not None and (row.status, row.source, row.digest) == (status, source, digest(rows)):
        return Loaded(year)
    row = row or CalendarYear(year=year)
    stored = CalendarDay.objects.filter(date__year=year).in_bulk()
    wanted = {date: (kind, name) for date, kind, name in rows}
    removed = [day for date, day in stored.items() if date not in wanted]
    added = [CalendarDay(date=date) for date in wanted if date not in stored]
    changed = [day for date, day in stored.items() if date in wanted and (day.kind, day.name) != wanted[date]]
    for day in removed:
        _sign(day, actor, why)
        day.delete()
    for day in added + changed:
        day.kind, day.name = wanted[day.date]
        day.note = note.strip()[:REASON_LENGTH]
        _sign(day, actor, why)
        day.save()
    row.status, row.source, row.digest = status, source, digest(rows)
    _sign(row, actor, why)
    row.save()
    moves = effects.carry_out(frozenset({year}), on=on, reason=_said(verb, year))
    trail.record(
        verb,
        actor=actor,
        on=on,
        matter=row,
        payload={
            "year": year,
            "source": source,
            "added": len(added),
            "changed": len(changed),
            "removed": len(removed),
            "moved": sum(move.moved for move in moves),
            **(payload or {}),
        },
        frozen={"days": [{"date": date, "kind": kind, "name": name} for date, kind, name in sorted(rows)]},
    )
    return Loaded(year, len(added), len(changed), len(removed), tuple(moves))


def _sign(row: CalendarDay | CalendarYear, actor: Actor, why: str) -> None:
    """Name who and why in the history row that the save is about to leave."""
    row._history_user = actor.user  # type: ignore[union-attr]
    row._change_reason = why  # type: ignore[union-attr]


def _said(verb: str, year: int) -> str:
    return {
        "calendar.load": f"载入{year}年节假日安排",
        "calendar.confirm": f"确认{year}年日历按推算执行",
        "calendar.override": f"调整{year}年日历",
    }[verb]
