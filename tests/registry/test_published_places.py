"""Whatever the offices choose, the public counts places as the offices' own board does, on any day from then on."""

import datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.publications import register
from core.publications.models import Publication
from core.reference.models import Occupation
from filings import board
from filings.models import UrgentOccupation
from filings.workflow import places as offices
from registry import entries, figures, lists, places
from tests.filings.factories import quick_assessing_at
from tests.filings.workflow.test_assignments import made
from tests.registry.telling import choose, set_year
from tests.world import DAY, World, decide, filed, make_world

pytestmark = pytest.mark.django_db

WELDER, ELECTRICIAN = "6-18-02-04", "6-31-01-03"
ONE = datetime.timedelta(days=1)


@pytest.fixture
def world(settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path / "files"
    return make_world()


def toggle(world: World, code: str, on: datetime.date) -> None:
    actor, listed = world.same_actor("bureau handler", on), UrgentOccupation.objects.filter(occupation=code)
    row = listed.filter(until__isnull=True).first()
    if row is not None:
        offices.unlist_urgent(row, actor=actor, on=on)
    elif not listed.filter(until__gte=on).exists():
        offices.list_urgent(Occupation.objects.get(pk=code), actor=actor, on=on, since=on, source="目录")


def by_the_public(on: datetime.date) -> tuple[object, ...]:
    rows = places.table(entries.in_force(on), on)
    cells = {
        (row.code, cell.area): (cell.cap, cell.taken, cell.assigned and cell.assigned.filing_code, row.urgent)
        for row in rows
        for cell in row.cells
    }
    return cells, figures.places(on)[0], entries.in_force(on).count()


def by_the_board(on: datetime.date) -> tuple[object, ...]:
    found = board.board(on, show=board.EVERY)
    cells = {
        (row.occupation.pk, cell.area): (
            cell.places.cap,
            cell.places.taken,
            cell.assigned and cell.assigned.filing.code,
            row.urgent,
        )
        for row in found["rows"]
        for cell in row.cells
    }
    return cells, found["city"].cap, found["city"].taken


# (days later, what: a cap chosen for so many days on, the year's number, an occupation on or off the list; a figure)
WHAT = ("cap_urban", "cap_county", "this year", "next year", WELDER, ELECTRICIAN)
steps = st.tuples(st.sampled_from((0, 0, 1, 40, 200)), st.sampled_from(WHAT), st.integers(1, 5), st.integers(0, 90))


def test_the_public_counts_as_the_board_does_whatever_is_chosen(world):
    made(world, filed(world))
    rival = quick_assessing_at(world, "rival admin", "410502", DAY)
    decide(world, rival, "approve", "centre", DAY, granted=[WELDER], left_out=[], relaxed={})

    @given(history=st.lists(steps, min_size=1, max_size=6))
    @hypothesis_settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    def check(history):
        with transaction.atomic():
            day = DAY
            for later, what, figure, ahead in history:
                day += later * ONE
                if what.startswith("cap_"):
                    choose(world, what, figure, day + ahead * ONE, day)
                elif what.endswith("year"):
                    set_year(world, day.year + (what == "next year"), 30 + figure, day)
                else:
                    toggle(world, what, day)
                for on in (day, day + 45 * ONE, datetime.date(day.year + 1, 1, 1), DAY + 2000 * ONE):
                    assert by_the_public(on) == by_the_board(on), on
            transaction.set_rollback(True)

    check()


def test_a_withdrawn_list_of_caps_is_gone_at_once_and_the_one_before_it_holds(world, client):
    choose(world, "cap_county", 5, DAY, DAY)
    choose(world, "cap_county", 4, DAY + ONE, DAY + ONE)
    choose(world, "cap_county", 1, DAY + ONE, DAY + ONE)
    announced = [lists.items(row) for row in register.published("caps", on=DAY + ONE)]
    assert [[item["cap"] for item in items if item["area"] == "县（市）"] for items in announced] == [[2, 5, 1], [2, 5]]

    def cap(on: datetime.date) -> int:
        return places.caps(["汤阴县"], on)["汤阴县"]

    assert [cap(DAY - ONE), cap(DAY), cap(DAY + ONE)] == [2, 5, 1]
    newest, before = register.published("caps", on=DAY + ONE)
    assert "上限" in client.get(f"/announcements/{newest.pk}/").content.decode()
    register.withdraw(newest.key, on=DAY + ONE, reason="公布有误")
    assert cap(DAY + ONE) == 5
    assert client.get(f"/announcements/{newest.pk}/").status_code == 410
    register.withdraw(before.key, on=DAY + ONE, reason="公布有误")
    assert cap(DAY + ONE) == 2  # the Measure's own


def test_no_other_setting_is_published(world):
    choose(world, "county_recommendation", 7, DAY, DAY)
    assert not Publication.objects.filter(kind="caps").exists()
