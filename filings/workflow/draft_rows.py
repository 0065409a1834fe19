"""What the agency edits: the rows of its application (occupations, training records, sites, people), and when it may.

A draft is open whole; later exactly the parts that a correction notice or an invitation named. What people edit keeps
its history; rows of people have none (their names are encrypted), so those leave an event.
"""

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from core.accounts.actors import Actor
from core.crypto import keyed_hash
from core.refusals import Invalid, NotAllowed, NotPossible, Reason, Refused
from filings import corrections, counter, part_contents, parts, past_days, permissions
from filings.enums import ApplicationState
from filings.models import Application, ScopeItem, Site, StaffMember, TrainingRecord
from filings.workflow import steps

OUTDATED = Reason("outdated", "这一部分刚刚在别处改过，没有保存。请核对本页内容；再次保存，将以本页为准。")
GONE = Reason("row_gone", "这一行已经不在申请里，可能在别处移除了。请刷新页面。")


@dataclass(frozen=True)
class Rows:
    """One table of the form, named as its part. fields: what the agency writes; several: its many-to-many fields, by
    accessor."""

    name: str
    model: type[models.Model]
    label: str
    fields: tuple[str, ...]
    several: tuple[str, ...] = ()
    recorded: bool = False


ROWS: dict[str, Rows] = {
    rows.name: rows
    for rows in (
        Rows("scope", ScopeItem, "职业（工种）", ("occupation", "levels", "question_bank"), ("sites",)),
        Rows("records", TrainingRecord, "培训评价记录", ("occupation", "since", "until", "person_times")),
        Rows("sites", Site, "考评场地", Site.OWN_FIELDS, ("scope",)),
        Rows("staff", StaffMember, "人员", ("kind", "name", "certificate"), ("occupations",), recorded=True),
    )
}


def version(row: models.Model, names: Any) -> str:
    """Return a short mark of these fields' values: it differs once one of them has been changed elsewhere."""
    values = {name: _value(row, name) for name in sorted(names)}
    return keyed_hash(json.dumps(values, cls=DjangoJSONEncoder))[:16]


def _value(row: models.Model, name: str) -> Any:
    field = row._meta.get_field(name)
    if field.many_to_many:
        return sorted(getattr(row, name).values_list("pk", flat=True))
    return getattr(row, field.attname)  # type: ignore[union-attr]


def refuse_outdated(row: models.Model, names: Any, base: str, values: Mapping[str, Any]) -> None:
    """Raise NotPossible where these fields are no longer what the page was opened with (`base`, of `version`), unless
    `values` is what they hold already: a page whose save is repeated has nothing to overwrite."""
    if base and version(row, names) != base and any(_value(row, name) != _plain(values[name]) for name in values):
        raise NotPossible(OUTDATED)


def refuse_future(values: Mapping[str, Any], on: datetime.date) -> None:
    """Raise Invalid where a day that can only lie behind us (`past_days.FIELDS`) lies after `on`."""
    if reasons := past_days.against(values, on):
        raise Invalid(reasons)


def _plain(value: Any) -> Any:
    """A written value as `_value` reads it back: keys in the place of rows."""
    if isinstance(value, models.QuerySet):
        return sorted(value.values_list("pk", flat=True))
    return value.pk if isinstance(value, models.Model) else value


@contextmanager
def editing(
    application: Application, keys: Iterable[str], *, actor: Actor, on: datetime.date
) -> Iterator[tuple[Application, frozenset[str]]]:
    """Give the application's row locked, and the parts open to its agency, while these parts of it are edited.

    After an edit past the draft: each item of the notice keeps whether its part says something else now, and the edit
    is an event. Raises NotAllowed for whoever does not act for the agency or a part that no notice named, NotPossible
    where nothing is open at all.
    """
    steps.require(permissions.acts_for_agency.test(actor, application), "修改这份申请")
    locked = steps.lock(application)
    if locked.state == ApplicationState.DRAFT:
        yield locked, frozenset(parts.PARTS)
        return
    items = corrections.open_items(locked)
    if not items:
        steps.require_state(locked, ApplicationState.DRAFT, what="修改")
    if closed := [key for key in dict.fromkeys(keys) if key not in items]:
        raise NotAllowed(Reason("not_named", f"通知没有点到“{parts.labels(closed)}”，不能修改。"))
    before = {key: part_contents.content(locked, key) for key in items}
    yield locked, frozenset(items)
    fresh = Application.objects.get(pk=locked.pk)
    for key, item in items.items():
        now = part_contents.content(fresh, key)
        if now != before[key]:
            item.edited = now != item.was
            item.save(update_fields=["edited"])
            steps.note(locked, "edit_part", actor=actor, on=on, part=key, **counter.behalf(locked, actor))


@steps.after_lapses
def add_row(
    application: Application, rows: Rows, *, actor: Actor, on: datetime.date, values: Mapping[str, Any]
) -> models.Model:
    """Add a row. Raises Refused where the occupation is there already, Invalid for a day that lies ahead, and as
    `editing` does."""
    with editing(application, [rows.name], actor=actor, on=on) as (locked, _):
        refuse_future(values, on)
        if rows.model is ScopeItem and locked.scope.filter(occupation=values["occupation"]).exists():
            raise Refused(Reason("occupation_twice", "这个职业（工种）已经在申请里。", "occupation", "M7(2)"))
        row = rows.model(application=locked)
        _write(row, rows, values)
        _record("add", locked, rows, row, actor=actor, on=on)
    return row


@steps.after_lapses
def add_people(
    application: Application, people: Iterable[Mapping[str, Any]], *, actor: Actor, on: datetime.date
) -> int:
    """Add people, all or none; return how many. Raises as `editing` does."""
    rows, added = ROWS["staff"], 0
    with editing(application, [rows.name], actor=actor, on=on) as (locked, _):
        for values in people:
            row = StaffMember(application=locked)
            _write(row, rows, values)
            _record("add", locked, rows, row, actor=actor, on=on)
            added += 1
    return added


@steps.after_lapses
def save_row(
    application: Application,
    rows: Rows,
    pk: int,
    *,
    actor: Actor,
    on: datetime.date,
    values: Mapping[str, Any],
    base: str = "",
    names: tuple[str, ...] = (),
) -> models.Model:
    """Write some fields of a row. `base`: the `version` of `names` the page was opened with, where it has one.

    Raises NotPossible where the row is gone or was changed elsewhere meanwhile, Invalid for a day that lies ahead,
    and as `editing` does.
    """
    with editing(application, [rows.name], actor=actor, on=on) as (locked, _):
        refuse_future(values, on)
        row = _row(locked, rows, pk)
        refuse_outdated(row, names or tuple(values), base, values)
        _write(row, rows, values)
        _record("edit", locked, rows, row, actor=actor, on=on)
    return row


@steps.after_lapses
def remove_row(application: Application, rows: Rows, pk: int, *, actor: Actor, on: datetime.date) -> None:
    """Take a row out; with an occupation go its training records, where these are open too. Raises as `save_row`."""
    with editing(application, [rows.name], actor=actor, on=on) as (locked, open_now):
        row = _row(locked, rows, pk)
        if isinstance(row, ScopeItem) and "records" in open_now:
            for record in locked.records.filter(occupation=row.occupation_id):
                record.delete()
        _record("remove", locked, rows, row, actor=actor, on=on)
        row.delete()


def _row(application: Application, rows: Rows, pk: int) -> models.Model:
    row = rows.model._default_manager.filter(application=application, pk=pk).first()
    if row is None:
        raise NotPossible(GONE)
    return row


def _write(row: models.Model, rows: Rows, values: Mapping[str, Any]) -> None:
    unknown = set(values) - set(rows.fields) - set(rows.several)
    if unknown:
        raise ValueError(f"not the agency's to write: {sorted(unknown)}")
    for name in rows.fields:
        if name in values:
            setattr(row, name, values[name])
    row.save()
    for name in rows.several:
        if name in values:
            getattr(row, name).set(values[name])


def _record(what: str, application: Application, rows: Rows, row: models.Model, *, actor: Actor, on: Any) -> None:
    if rows.recorded:
        steps.note(application, f"{what}_row", actor=actor, on=on, table=rows.name, row=row.pk)
