"""A process whose clock is not the database server's gets no connection, and gets one again once they agree."""

import datetime

import pytest
import time_machine
from django.core.signals import request_started
from django.db import connections

from core.clock.agreement import ClocksDiffer
from core.clock.clock import real_now
from core.ops import readiness

pytestmark = [pytest.mark.postgres_only, pytest.mark.django_db]

MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def own(settings, django_db_blocker, monkeypatch):
    """A connection of its own, which is the one that there is."""
    settings.CLOCK_TOLERANCE = 120
    made = connections.create_connection("default")
    monkeypatch.setattr(connections, "all", lambda initialized_only=False: [made])
    yield made
    made.close()


@pytest.mark.parametrize(("off", "word"), [(3 * MINUTE, "快 "), (-3 * MINUTE, "慢 ")])
def test_no_connection_by_a_wrong_clock(own, off, word):
    with time_machine.travel(real_now() + off), pytest.raises(ClocksDiffer, match=word):
        own.connect()
    assert own.connection is None
    own.connect()
    assert own.is_usable()


def test_a_connection_is_given_up_once_the_clock_has_jumped(own):
    own.connect()
    request_started.send(None)
    assert own.connection is not None, "nothing has happened"
    with time_machine.travel(real_now() + MINUTE):
        request_started.send(None)
        assert own.connection is not None, "within what is tolerated"
    with time_machine.travel(real_now() + 3 * MINUTE):
        request_started.send(None)
        assert own.connection is None
        with pytest.raises(ClocksDiffer):
            own.connect()


def test_what_watches_the_machine_is_told(own, monkeypatch):
    monkeypatch.setattr(readiness, "connection", own)
    with time_machine.travel(real_now() + 3 * MINUTE):
        assert "NTP" in readiness.failing()["database"]
