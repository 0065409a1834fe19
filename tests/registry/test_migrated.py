"""What stood before publications told of it is published by the migrations, as if it had been published then."""

from importlib import import_module

import pytest
from django.apps import apps

from core.calendars import seed
from core.clock.clock import today
from core.publications.models import Publication
from filings.models import QuotaYear
from registry.open_data.models import Change
from tests.registry.telling import choose
from tests.world import DAY, make_world

pytestmark = pytest.mark.django_db

MIGRATIONS = ("core.publications.migrations.0002_published_calendar", "filings.migrations.0002_published_places")


def migrate() -> dict[str, list[object]]:
    for name in MIGRATIONS:
        import_module(name).publish(apps, None)
    rows = Publication.objects.filter(withdrawn_on=None).order_by("title")
    rows = rows.values_list("kind", "title", "content", "matter_type", "matter_id")
    return {kind: [row[1:] for row in rows if row[0] == kind] for kind in ("calendar", "caps", "quota")}


def test_what_is_in_force_is_published_once():
    world = make_world()
    seed.load(DAY)
    choose(world, "cap_urban", 4, DAY, DAY)
    choose(world, "cap_county", 1, today(), DAY)
    live = migrate()
    assert [len(rows) for rows in live.values()] == [23, 1, 1]
    assert live["quota"][0][1] == {"year": 2026, "places": 40, "source": QuotaYear.objects.get().source}
    Change.objects.all().delete()
    Publication.objects.all().delete()
    migrated = migrate()
    assert migrated == live
    assert set(Publication.objects.values_list("published_on", flat=True)) == {today()}
    assert migrate() == live


def test_of_a_new_portal_there_is_nothing_to_publish():
    assert migrate() == {"calendar": [], "caps": [], "quota": []}
