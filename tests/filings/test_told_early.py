"""An agency's periods are told before they end, where it works: in its inbox and on its home page, not only by mail."""

import datetime

import pytest
import time_machine

from core.clock.clock import SHANGHAI
from core.clock.words import in_words
from core.deadlines import clocks
from core.deadlines.reminders import send_due
from core.notifications.inbox import inbox
from filings import workflow
from tests.world import DAY, filed, make_world, mark_all, submitted

pytestmark = pytest.mark.django_db
ONE_DAY = datetime.timedelta(days=1)


def first_told(world, last: datetime.date) -> datetime.date:
    """Let the days pass one by one; return the first on which the inbox names the last day."""
    on = DAY
    while on <= last:
        send_due(on)
        found = inbox(world.actor("agency admin", on)).filter(kind="reminder", body__contains=in_words(last))
        if found.exists():
            return on
        on += ONE_DAY
    raise AssertionError("the period ended untold")


def test_the_days_left_for_a_correction(world_of_correction):
    world, application = world_of_correction
    clock = clocks.running(application, "correction")
    assert clock is not None
    told = first_told(world, clock.due_on)
    assert told <= clock.due_on - 2 * ONE_DAY
    with time_machine.travel(datetime.datetime(told.year, told.month, told.day, 10, tzinfo=SHANGHAI)):
        home = world.browser("agency admin").get("/desk/").content.decode()
    assert f"{clock.due_on.month}月{clock.due_on.day}日" in home
    assert "去补正" in home


@pytest.fixture
def world_of_correction(db):
    world = make_world()
    application = submitted(world)
    mark_all(world, application, bad=("venue",))
    workflow.request_correction(application, actor=world.actor("county handler"), on=DAY, days=10)
    return world, application


def test_how_long_a_filing_holds_stands_on_the_home_page_from_the_first_day(db):
    world = make_world()
    filing = filed(world)
    with time_machine.travel(datetime.datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=SHANGHAI)):
        home = world.browser("agency admin").get("/desk/").content.decode()
    assert in_words(filing.valid_until) in home
