"""States that many tests start from: built by the real workflow once, then laid down again as the rows it wrote.

A filing takes some nine hundred statements to grant; most tests need one only to begin with. A function marked `staged`
runs as it is written the first time, and what it wrote is kept. Where it is called again in the same way, and the
test's database stands as it did then - nothing but the same staged functions has written since the test began - the
rows are laid down instead. A test that does anything else first, or that listens for commits, builds anew; a browser
test commits what it is built of, and nobody listens.
"""

import datetime
import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.backends.signals import connection_created
from django.dispatch import receiver

from core.accounts.models import Position
from core.clock.clock import now

Key = tuple[Any, ...]
Rows = dict[Any, tuple[Any, ...]]  # primary key → row
Built = TypeVar("Built")

_WRITE = re.compile(r'\s*(?:INSERT(?: OR IGNORE)? INTO|UPDATE|DELETE FROM) "?(\w+)')
_HARMLESS = re.compile(r"\s*(?:SELECT|BEGIN|SAVEPOINT|RELEASE|SET CONSTRAINTS|PRAGMA|EXPLAIN)", re.IGNORECASE)
# What listens for commits: what was laid down would not be heard.
_REAL = {"transactional_db", "live_server", "django_capture_on_commit_callbacks", "django_db_serialized_rollback"}
FIRST_ID = 1_000_000  # the first id that a test gives out on PostgreSQL, whose sequences no rollback takes back


@dataclass(frozen=True)
class Stage:
    """What a staged function wrote: changes by table, what it returned, who joined the world, all tables afterwards."""

    changes: dict[str, tuple[Rows, Rows, list[Any]]]  # inserted, updated, deleted
    returned: Any
    people: dict[str, Any]
    tables: dict[str, Rows]


@dataclass
class Chain:
    """What the test under way has been built of, and whether anything else has written since."""

    key: Key = ()
    tables: dict[str, Rows] = field(default_factory=dict)
    writes: int = 0  # statements seen that may have changed something
    mark: int = 0  # how many of them the chain accounts for
    touched: set[str] = field(default_factory=set)
    off: bool = True

    @property
    def unbroken(self) -> bool:
        return not self.off and self.writes == self.mark


_chain = Chain()
_stages: dict[Key, Stage] = {}
_base: dict[str, Rows] = {}


def staged(build: Callable[..., Built]) -> Callable[..., Built]:
    """Let a function that prepares a test be replayed. It takes a world (or makes one), plain values and saved rows,
    writes to the database alone, and returns a saved row, a world, a name or nothing."""

    @functools.wraps(build)
    def replayed(*args: Any, **options: Any) -> Built:
        key = _frozen([build.__qualname__, args, sorted(options.items())]) if _chain.unbroken else None
        if key is None:
            return build(*args, **options)
        # The clock of the portal stands in many rows: another hour, another stage.
        key = (*_chain.key, key, now().replace(minute=0, second=0, microsecond=0))
        world = next((one for one in args if _is_world(one)), None)
        if stage := _stages.get(key):
            return _lay_down(stage, key, world, args)
        return _record(build, key, world, args, options)

    return replayed


def begin(item: pytest.Item) -> None:
    """A test begins: called before each."""
    database = item.get_closest_marker("django_db")
    real = _REAL & set(getattr(item, "fixturenames", ())) or (database and database.kwargs.get("transaction"))
    forget(off=bool(real) and not item.get_closest_marker("browser"))


def forget(*, off: bool | None = None) -> None:
    """Nothing has been written yet; `off`: in this test nothing is laid down."""
    _chain.__init__(off=_chain.off if off is None else off)  # type: ignore[misc]


def _record(build: Callable[..., Any], key: Key, world: Any, args: Key, options: dict[str, Any]) -> Any:
    if not _chain.key:
        _begin_chain()
    before, known = _chain.tables, set(world.people) if world else set()
    outer, _chain.touched = _chain.touched, set()
    result = build(*args, **options)
    touched, _chain.touched = _chain.touched, outer | _chain.touched
    try:
        returned = _freeze(result)
    except _Unstaged:
        return result
    if None in touched:  # a statement that cannot be told apart: nothing is kept, and nothing after it
        return result
    after = {**before, **{table: _dump(table) for table in touched}}
    changes = {table: _difference(before.get(table, _initial(table)), after[table]) for table in touched}
    team = world or (result if _is_world(result) else None)
    people = {name: one.pk for name, one in team.people.items() if name not in known} if team else {}
    _stages[key] = Stage(changes, returned, people, after)
    _chain.key, _chain.tables, _chain.mark = key, after, _chain.writes
    return result


def _lay_down(stage: Stage, key: Key, world: Any, args: Key) -> Any:
    from tests.world import World, keep_file

    if not _chain.key:
        _begin_chain()
    keep_file()
    # In one transaction: a row may stand before the one it refers to.
    with transaction.atomic(), connection.cursor() as cursor:
        for table, (inserted, updated, deleted) in stage.changes.items():
            model = _models()[table]
            columns = [f.column for f in model._meta.local_concrete_fields]
            name, pk = _quoted(table), _quoted(model._meta.pk.column)
            if deleted:
                cursor.execute(f"DELETE FROM {name} WHERE {pk} IN ({_places(deleted)})", deleted)
            for row_pk, row in updated.items():
                was = _chain.tables.get(table, _initial(table))[row_pk]
                new = {c: value for c, value, old in zip(columns, row, was, strict=True) if value != old}
                setting = ", ".join(f"{_quoted(column)} = %s" for column in new)
                cursor.execute(f"UPDATE {name} SET {setting} WHERE {pk} = %s", [*new.values(), row_pk])
            if inserted:
                rows = ", ".join([f"({_places(columns)})"] * len(inserted))
                values = [value for row in inserted.values() for value in row]
                cursor.execute(f"INSERT INTO {name} ({_quoted(*columns)}) VALUES {rows}", values)
        _advance_sequences(cursor, [table for table, (inserted, _, _) in stage.changes.items() if inserted])
    _chain.key, _chain.tables, _chain.mark = key, stage.tables, _chain.writes
    if world is None and stage.returned == "a world":
        world = World()
    if stage.people:
        found = Position.objects.select_related("user", "organisation").in_bulk(stage.people.values())
        world.people |= {name: found[pk] for name, pk in stage.people.items()}
    for one in args:
        if isinstance(one, models.Model):
            one.refresh_from_db()
    return _thawed(stage.returned, world)


# Rows


@functools.cache
def _models() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def _dump(table: str) -> Rows:
    model = _models()[table]
    columns = [f.column for f in model._meta.local_concrete_fields]
    at = columns.index(model._meta.pk.column)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_quoted(*columns)} FROM {_quoted(table)}")
        return {row[at]: tuple(_kept(value) for value in row) for row in cursor.fetchall()}


def _initial(table: str) -> Rows:
    """What migrations have put into a table."""
    return _base.get(table, {})


def _kept(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _difference(before: Rows, after: Rows) -> tuple[Rows, Rows, list[Any]]:
    inserted = {pk: row for pk, row in after.items() if pk not in before}
    updated = {pk: row for pk, row in after.items() if pk in before and before[pk] != row}
    return inserted, updated, [pk for pk in before if pk not in after]


def _places(values: Any) -> str:
    return ", ".join(["%s"] * len(values))


def _quoted(*names: str) -> str:
    return ", ".join(connection.ops.quote_name(name) for name in names)


# Sequences: PostgreSQL alone keeps them outside the transaction


def _begin_chain() -> None:
    """Nothing has been written yet: see what migrations have left, and let ids begin where they always do."""
    if not _base:
        _base.update({table: _dump(table) for table in _models()})
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(oid, %s, false) FROM pg_class WHERE relkind = 'S'", [FIRST_ID])


def _advance_sequences(cursor: Any, tables: list[str]) -> None:
    if connection.vendor == "postgresql":
        for statement in connection.ops.sequence_reset_sql(no_style(), [_models()[table] for table in tables]):
            cursor.execute(statement)


# Keys


class _Unstaged(Exception):
    """An argument that cannot be told again."""


def _frozen(value: Any) -> Any:
    """Return a value as part of a key, or as what can be returned again; None for what cannot."""
    try:
        return _freeze(value)
    except _Unstaged:
        return None


def _freeze(value: Any) -> Any:
    if _is_world(value):
        return "a world"
    if isinstance(value, models.Model):
        return (type(value)._meta.label, value.pk)
    if isinstance(value, list | tuple):
        return tuple(_freeze(one) for one in value)
    if isinstance(value, dict):
        return tuple((name, _freeze(one)) for name, one in sorted(value.items()))
    if callable(value) and "<" not in value.__qualname__:
        return value.__qualname__
    if value is None or isinstance(value, str | int | datetime.date):
        return value
    raise _Unstaged


def _thawed(value: Any, world: Any) -> Any:
    if value == "a world":
        return world
    if isinstance(value, tuple):
        return apps.get_model(value[0])._base_manager.get(pk=value[1])
    return value


def _is_world(value: Any) -> bool:
    return type(value).__name__ == "World"


# Watching


def _watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    if not _HARMLESS.match(sql):
        _chain.writes += 1
        found = _WRITE.match(sql)
        _chain.touched.add(found[1] if found else None)  # type: ignore[arg-type]
    return execute(sql, params, many, context)


@receiver(connection_created)
def _watch_connection(connection: Any, **_: Any) -> None:
    if _watch not in connection.execute_wrappers:
        connection.execute_wrappers.append(_watch)
