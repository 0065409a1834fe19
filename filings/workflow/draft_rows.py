"""The rows of a draft: occupations, training records, sites, people. Added, changed and removed by the agency alone.

What people edit keeps its history; rows of people have none (their names are encrypted), so those leave an event.
"""

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db import transaction as database

from core.accounts.actors import Actor
from core.crypto import keyed_hash
from core.refusals import NotPossible, Reason, Refused
from filings import permissions
from filings.enums import ApplicationState
from filings.models import Application, ScopeItem, Site, StaffMember, TrainingRecord
from filings.workflow import steps

OUTDATED = Reason("outdated", "这一部分刚刚在别处改过，没有保存。请核对本页内容；再次保存，将以本页为准。")
GONE = Reason("row_gone", "这一行已经不在申请里，可能在别处移除了。请刷新页面。")


@dataclass(frozen=True)
class Rows:
    """One table of a draft. fields: what the agency writes; several: its many-to-many fields, by accessor."""

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


def _plain(value: Any) -> Any:
    """A written value as `_value` reads it back: keys in the place of rows."""
    if isinstance(value, models.QuerySet):
        return sorted(value.values_list("pk", flat=True))
    return value.pk if isinstance(value, models.Model) else value


def lock_draft(application: Application, *, actor: Actor) -> Application:
    """Return the draft's row locked. Raises NotAllowed for another agency, NotPossible once it is no draft."""
    steps.require(permissions.is_own_agency.test(actor, application), "修改这份申请")
    locked = steps.lock(application)
    steps.require_state(locked, ApplicationState.DRAFT, what="修改")
    return locked


@database.atomic
def add_row(
    application: Application, rows: Rows, *, actor: Actor, on: datetime.date, values: Mapping[str, Any]
) -> models.Model:
    """Add a row to a draft. Raises Refused where the occupation is there already, and as `lock_draft` does."""
    locked = lock_draft(application, actor=actor)
    if rows.model is ScopeItem and locked.scope.filter(occupation=values["occupation"]).exists():
        raise Refused(Reason("occupation_twice", "这个职业（工种）已经在申请里。", "occupation", "M7(2)"))
    row = rows.model(application=locked)
    _write(row, rows, values)
    _record("add", locked, rows, row, actor=actor, on=on)
    return row


@database.atomic
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
    """Write some fields of a draft's row. `base`: the `version` of `names` the page was opened with, where it has one.

    Raises NotPossible where the row is gone or was changed elsewhere meanwhile, and as `lock_draft` does.
    """
    locked = lock_draft(application, actor=actor)
    row = _row(locked, rows, pk)
    refuse_outdated(row, names or tuple(values), base, values)
    _write(row, rows, values)
    _record("edit", locked, rows, row, actor=actor, on=on)
    return row


@database.atomic
def remove_row(application: Application, rows: Rows, pk: int, *, actor: Actor, on: datetime.date) -> None:
    """Take a row out of a draft; with an occupation go its training records. Raises as `save_row` does."""
    locked = lock_draft(application, actor=actor)
    row = _row(locked, rows, pk)
    if isinstance(row, ScopeItem):
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
