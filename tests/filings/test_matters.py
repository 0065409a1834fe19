"""Whom the clocks of an application remind: derived from what runs, never from who did well."""

import datetime

import pytest

from core.deadlines import lapses, reminders
from core.notifications.models import Message
from filings import workflow
from tests.world import DAY, accepted, make_world, mark_all, submitted

pytestmark = pytest.mark.django_db


def reminded(on: datetime.date) -> set[tuple[str, str]]:
    before = set(Message.objects.values_list("pk", flat=True))
    reminders.send_due(on)
    return set(Message.objects.exclude(pk__in=before).values_list("organisation__kind", "organisation__name"))


def test_county_is_reminded_of_the_five_days_and_the_agency_is_not():
    world = make_world()
    submitted(world)  # last day 2026-09-24
    assert reminded(datetime.date(2026, 9, 21)) == {("county", "文峰区人社局")}
    assert reminded(datetime.date(2026, 9, 21)) == set()
    assert reminded(datetime.date(2026, 9, 23)) == {("county", "文峰区人社局")}


def test_agency_is_reminded_of_its_correction():
    world = make_world()
    application = submitted(world)
    mark_all(world, application, bad=("venue",))
    workflow.request_correction(application, actor=world.actor("county handler"), on=DAY, days=15)  # until 2026-10-08
    assert reminded(datetime.date(2026, 9, 30)) == {("agency", "文峰区甲职业培训学校")}


def test_nobody_is_reminded_of_what_is_done():
    world = make_world()
    application = accepted(world)
    workflow.withdraw(application, actor=world.actor("agency admin"), on=DAY)
    assert reminded(datetime.date(2026, 10, 14)) == set()
    assert lapses.sweep(datetime.date(2026, 12, 1)).lapses == 0
