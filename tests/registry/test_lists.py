"""The published lists: urgent occupations (M37) and criteria (M11), on the guide and among the announcements."""

import datetime

import pytest

from core.publications.models import Publication
from core.reference.models import Occupation
from filings.workflow import places
from registry import lists
from tests.world import DAY, World, make_world

pytestmark = pytest.mark.django_db

LATER = DAY + datetime.timedelta(days=10)
WELDER = "6-18-02-04"


@pytest.fixture
def world() -> World:
    return make_world()


def list_welder(world: World, since: datetime.date):
    bureau = world.actor("bureau handler")
    welder = Occupation.objects.get(pk=WELDER)
    return places.list_urgent(welder, actor=bureau, on=DAY, since=since, source="急需紧缺目录")


def shown(kind: str, on: datetime.date) -> list[str]:
    return [item.get("name") or item["label"] for item in lists.holding(kind, on)]


def test_an_urgent_occupation_is_public_from_its_day_until_it_is_taken_off(world):
    row = list_welder(world, LATER)
    assert (shown("urgent", DAY), shown("urgent", LATER)) == ([], ["焊工"])
    places.unlist_urgent(row, actor=world.actor("bureau handler", LATER), on=LATER)
    after = LATER + datetime.timedelta(days=1)
    assert (shown("urgent", LATER), shown("urgent", after)) == (["焊工"], [])


def test_a_criterion_is_public_before_it_holds(world, client):
    places.publish_criterion(
        actor=world.actor("centre chief"), on=DAY, key="safety", label="安全管理", full_marks=20, since=LATER
    )
    row = Publication.objects.get(kind="criteria")
    assert row.published_on == DAY
    assert [item["label"] for item in lists.items(row)][-1] == "安全管理"
    assert ("安全管理" in shown("criteria", DAY), "安全管理" in shown("criteria", LATER)) == (False, True)


def test_of_several_changes_of_one_day_the_last_list_alone_stays(world):
    chief = world.actor("centre chief")
    for key in ("one", "two"):
        places.publish_criterion(actor=chief, on=DAY, key=key, label=key, full_marks=20, since=DAY)
    standing = Publication.objects.get(kind="criteria", withdrawn_on=None)
    assert {"one", "two"} <= {item["label"] for item in standing.content["items"]}
    assert Publication.objects.filter(kind="criteria").count() == 2


def test_guide_and_announcement_show_them(world, client):
    list_welder(world, DAY)
    places.publish_criterion(
        actor=world.actor("centre chief"), on=DAY, key="safety", label="安全管理", full_marks=20, since=DAY
    )
    guide = client.get("/guide/").content.decode()
    assert "急需紧缺职业（工种）目录" in guide
    assert "安全管理" in guide
    for row in Publication.objects.filter(kind__in=("urgent", "criteria")):
        page = client.get(f"/announcements/{row.pk}/").content.decode()
        assert ("焊工" if row.kind == "urgent" else "安全管理") in page
