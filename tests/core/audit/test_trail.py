"""What an event holds, and that it shares the fate of the transaction it was written in."""

import datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
import structlog
from django.db import transaction

from core.audit import matters
from core.audit.models import Event, Outcome
from core.audit.trail import record
from core.reference.models import Area

DAY = datetime.date(2026, 9, 18)
pytestmark = pytest.mark.django_db


def test_an_event_names_who_what_when_and_on_which_day():
    actor = SimpleNamespace(
        user=SimpleNamespace(pk=7), position=SimpleNamespace(pk=8, organisation_id=9), label="县局 · 经办人"
    )
    event = record("application.accept", actor=actor, on=DAY, matter=("filings.application", 17), payload={"due": DAY})
    event.refresh_from_db()
    assert (event.actor_user_id, event.actor_position_id, event.actor_organisation_id) == (7, 8, 9)
    assert (event.actor_label, event.matter_type, event.matter_id) == ("县局 · 经办人", "filings.application", "17")
    assert (event.on, event.outcome, event.payload) == (DAY, Outcome.DONE, {"due": "2026-09-18"})


def test_nobody_signed_in_is_named_by_a_label():
    event = record("sign_in", actor=None, on=DAY, outcome=Outcome.REFUSED, label="登录名 someone")
    assert (event.actor_user_id, event.actor_label) == (None, "登录名 someone")


def test_the_row_read_back_is_the_row_written():
    event = record("x", actor=None, on=DAY, frozen={"score": Decimal("86.50"), "list": (1, 2)})
    assert event.frozen == Event.objects.get().frozen == {"score": "86.50", "list": [1, 2]}


def test_an_over_long_label_is_cut_not_refused():
    assert len(record("x", actor=None, on=DAY, label="长" * 500).actor_label) == 200


def test_the_request_is_named():
    with structlog.contextvars.bound_contextvars(request_id="abc-1"):
        assert record("x", actor=None, on=DAY).request_id == "abc-1"


def test_an_event_is_undone_with_its_transaction():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("x", actor=None, on=DAY)
        1 / 0
    assert not Event.objects.exists()


def test_a_matter_is_its_label_and_id():
    area = Area.objects.create(code="410502", name="文峰区", kind="市辖区", quota_area="市区")
    assert matters.key(area) == ("reference.area", "410502")
    assert matters.key(("filings.application", 3)) == ("filings.application", "3")


def test_an_unsaved_row_is_no_matter():
    with pytest.raises(ValueError):
        matters.key(Event())
