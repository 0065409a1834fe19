"""The figures that the authority may choose, each from a day on; regulation/settings.py has keys, defaults, ranges."""

import datetime
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db import transaction

from core.audit import trail
from core.audit.models import Event
from core.clock.words import in_words
from core.reference.models import Setting
from core.refusals import Invalid, Reason
from regulation.settings import SETTINGS, SettingSpec


def value(key: str, on: datetime.date) -> int:
    """Return the figure that holds on that day: the newest chosen one, else the default. Raises KeyError."""
    return values((key,), on)[key]


def values(keys: Collection[str], on: datetime.date) -> dict[str, int]:
    """Return the figures that hold on that day, in one query. Raises KeyError."""
    chosen = Setting.objects.filter(key__in=keys, effective_from__lte=on).order_by("effective_from")
    return {key: SETTINGS[key].default for key in keys} | dict(chosen.values_list("key", "value"))


def schedule(key: str) -> list[tuple[datetime.date | None, int]]:
    """Return every figure of the setting with the day it holds from, oldest first; the default's day is None."""
    rows = Setting.objects.filter(key=key).order_by("effective_from").values_list("effective_from", "value")
    return [(None, SETTINGS[key].default), *rows]


@dataclass(frozen=True)
class Figure:
    """A setting as it stands on a day. now: the chosen figure that holds, None for the default; dated: every figure
    chosen, planned: those that will hold from a later day; both oldest first."""

    key: str
    spec: SettingSpec
    now: Setting | None
    dated: list[Setting]
    planned: list[Setting]

    @property
    def value(self) -> int:
        """What holds."""
        return self.now.value if self.now else self.spec.default

    def __str__(self) -> str:
        return self.spec.say(self.value)


def figures(on: datetime.date) -> list[Figure]:
    """Return every setting that is chosen here, with what holds on that day and every figure chosen, in one query."""
    chosen: dict[str, list[Setting]] = {}
    for row in Setting.objects.order_by("effective_from"):
        chosen.setdefault(row.key, []).append(row)

    def figure(spec: SettingSpec) -> Figure:
        dated = chosen.get(spec.key, [])
        held = [row for row in dated if row.effective_from <= on]
        return Figure(spec.key, spec, held[-1] if held else None, dated, dated[len(held) :])

    return [figure(spec) for spec in SETTINGS.values() if not spec.decided]


def against(key: str, figure: int, effective_from: datetime.date, note: str, on: datetime.date) -> list[Reason]:
    """Return every reason against choosing this figure from that day; `on` is today."""
    spec = SETTINGS.get(key)
    if spec is None:
        return [Reason("unknown_setting", f"没有“{key}”这项设置。", "key")]
    if spec.decided:
        return [Reason("decided_elsewhere", f"“{spec.label}”{spec.decided}，不在这里设。", "key")]
    reasons = []
    try:
        spec.check(figure)
    except ValueError as error:
        reasons.append(Reason("out_of_range", str(error), "value"))
    if effective_from < on:
        reasons.append(
            Reason("in_the_past", f"生效日期不能早于今天（{in_words(on)}）：已经起算的期限不受影响。", "effective_from")
        )
    if not note.strip():
        reasons.append(Reason("no_note", "请写明依据或说明。", "note"))
    return reasons


# What follows in the layers above when a figure is chosen: after_set(row, on), in the same transaction.
AfterSet = Callable[[Setting, datetime.date], object]
_after_set: list[AfterSet] = []


def register_after_set(after_set: AfterSet) -> None:
    """Register what follows a choice, from an upper app's ready()."""
    if after_set not in _after_set:
        _after_set.append(after_set)


@transaction.atomic
def set_value(
    key: str, figure: int, *, effective_from: datetime.date, note: str, actor: object, on: datetime.date
) -> Setting:
    """Choose a figure from a day on (today or later); a figure already chosen for that day is replaced.

    Effects in order: the row with its history, the audit event, what the layers above do. Raises Invalid with every
    reason.
    """
    if reasons := against(key, figure, effective_from, note, on):
        raise Invalid(reasons)
    row = Setting.objects.filter(key=key, effective_from=effective_from).first()
    before = row.value if row else value(key, effective_from)
    row = row or Setting(key=key, effective_from=effective_from)
    row.value, row.note = figure, note.strip()
    row.save()
    _event(row, before, actor, on)
    for after_set in _after_set:
        after_set(row, on)
    return row


def _event(row: Setting, before: int, actor: object, on: datetime.date) -> Event:
    return trail.record(
        "setting.set",
        actor=actor,
        on=on,
        matter=row,
        payload={
            "key": row.key,
            "before": before,
            "value": row.value,
            "effective_from": row.effective_from,
            "note": row.note,
        },
    )
