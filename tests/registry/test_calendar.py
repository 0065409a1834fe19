"""The calendar that the public is answered from is the one that is loaded, whatever was done to it."""

import datetime
from contextlib import suppress

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.calendars import loading, seed
from core.calendars.calendar import current
from core.calendars.models import DayKind
from core.publications import register
from core.publications.models import Publication
from core.refusals import Refused
from registry.calendar import published
from tests.world import DAY, make_world

pytestmark = pytest.mark.django_db
ONE = datetime.timedelta(days=1)

# (days later, what is done, the day of the year, the kind it becomes)
steps = st.tuples(
    st.integers(0, 90),
    st.sampled_from(("load", "confirm", "override", "override")),
    st.integers(0, 364),
    st.sampled_from((DayKind.HOLIDAY, DayKind.MAKEUP, loading.PLAIN)),
)


def test_after_any_history_the_published_calendar_is_the_loaded_one():
    world = make_world()
    operator = world.same_actor("operator administrator")
    seed.load(DAY)
    assert published(DAY) == current()

    def edit(what: str, nth: int, kind: str, on: datetime.date) -> None:
        day = datetime.date(2026 + nth % 2, 1, 1) + nth * ONE
        if what == "load":
            loading.load_year(2026, seed.announced()[2026][nth % 2 :], source=f"通知{nth % 3}", actor=operator, on=on)
        elif what == "confirm":
            loading.confirm_year(2027, actor=operator, on=on, reason="没有公布")
        else:
            loading.override_day(day, kind, "调整", "通知", actor=operator, on=on)

    @given(history=st.lists(steps, min_size=1, max_size=5))
    @hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    def check(history):
        with transaction.atomic():
            day, stood = DAY, {}
            for later, *asked in history:
                day += later * ONE
                with suppress(Refused):
                    edit(*asked, day)
                assert published(day) == current()
                stood[day] = published(day)
            # What stood on a day is still told of that day.
            assert {on: published(on) for on in stood} == stood
            transaction.set_rollback(True)

    check()


def test_each_year_is_published_once_for_each_edit_and_announced_to_nobody(client):
    world = make_world()
    operator = world.same_actor("operator administrator")
    seed.load(DAY)
    rows = Publication.objects.filter(kind="calendar")
    assert sorted(row.content["year"] for row in rows) == list(range(2004, 2027))
    loading.override_day(datetime.date(2026, 12, 31), DayKind.HOLIDAY, "调休", "通知", actor=operator, on=DAY)
    loading.override_day(datetime.date(2026, 12, 31), DayKind.HOLIDAY, "调休", "通知", actor=operator, on=DAY)
    assert [row.key for row in rows.filter(content__year=2026).order_by("id")] == ["calendar:2026:1", "calendar:2026:2"]
    newest = rows.latest("id")
    assert set(newest.content) == {"year", "status", "source", "days"}
    assert set(newest.content["days"][0]) == {"date", "kind", "name"}
    assert client.get("/announcements/").context["rows"] == []
    assert client.get("/api/v1/public/announcements/?kind=calendar").json()["results"] == []
    assert "2026年12月31日" in client.get(f"/announcements/{newest.pk}/").content.decode()


def test_a_withdrawn_year_is_gone_at_once(client):
    make_world()
    asked = {"start": "2026-09-28", "amount": "5"}
    before = client.get("/api/v1/workdays/", asked).json()
    assert (before["end"], before["provisional"]) == ("2026-10-10", False)
    register.withdraw("calendar:2026:1", on=DAY, reason="公布有误")
    after = client.get("/api/v1/workdays/", asked).json()
    assert (after["end"], after["provisional"]) == ("2026-10-07", True)
