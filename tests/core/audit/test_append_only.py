"""Events, links and checkpoints can be added, never changed or removed, on either engine."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from core.audit.checkpoint import checkpoint
from core.audit.models import Checkpoint, Event, Link
from core.audit.trail import record
from tests.lifting import lifted

NOON = datetime.datetime(2026, 9, 18, 4, tzinfo=datetime.UTC)
MODELS = (Event, Link, Checkpoint)


@pytest.fixture
def rows(db):
    record("test.made", actor=None, on=NOON.date(), label="测试")
    checkpoint(NOON)


@pytest.mark.parametrize("model", MODELS)
def test_no_row_is_changed(rows, model):
    field = model._meta.concrete_fields[-1]
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(**{field.attname: getattr(model.objects.get(), field.attname)})


@pytest.mark.parametrize("model", MODELS)
def test_no_row_is_removed(rows, model):
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.all()._raw_delete("default")
    assert model.objects.count() == 1


@pytest.mark.parametrize("model", MODELS)
def test_no_table_is_emptied(rows, model):
    empty = {"postgresql": 'TRUNCATE "{}" CASCADE', "sqlite": 'DELETE FROM "{}"'}[connection.vendor]
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE" if connection.vendor == "postgresql" else "SELECT 1")
        cursor.execute(empty.format(model._meta.db_table))


def test_a_guard_that_was_lifted_is_back(rows):
    with lifted():
        Event.objects.update(verb="test.other")
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.update(verb="test.third")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_the_flush_between_tests_empties_guarded_tables(turn):
    assert Event.objects.count() == 0
    record("test.made", actor=None, on=NOON.date(), label="测试")
