"""Announcements and published lists through the public API."""

import datetime

import pytest
from django.core.cache import cache

from core.publications import register
from core.publications.models import Publication
from core.reference.models import Occupation
from filings.workflow import places
from tests.world import DAY

ANNOUNCEMENTS = "/api/v1/public/announcements/"


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


def test_what_is_published_is_listed_by_kind_and_pages(application, world, client, today):
    tomorrow = DAY + datetime.timedelta(days=1)  # today an assessment has begun
    places.publish_criterion(
        actor=world.actor("centre chief"), on=DAY, key="safety", label="安全管理", full_marks=20, since=tomorrow
    )
    listed = client.get(ANNOUNCEMENTS).json()["results"]
    assert [row["kind"] for row in listed] == ["criteria", "filing"]
    assert listed[1]["title"] == "关于文峰区甲职业培训学校备案的公示"
    assert [row["id"] for row in client.get(ANNOUNCEMENTS, {"kind": "filing"}).json()["results"]] == [listed[1]["id"]]
    first = client.get(ANNOUNCEMENTS, {"page_size": 1}).json()
    assert client.get(first["next"]).json()["results"][0]["id"] == listed[1]["id"]


def test_one_announcement_holds_what_is_published_and_no_more(application, client, today):
    row = Publication.objects.get(kind="filing")
    read = client.get(f"{ANNOUNCEMENTS}{row.pk}/").json()
    assert (read["kind_label"], read["content"]["code"]) == ("备案公示", "S000041000001")
    assert not {"contact_phone", "legal_representative_id", "matter_id"} & {*read, *read["content"]}


def test_what_is_not_public_yet_is_404_and_what_was_taken_down_410(application, client, today):
    row = Publication.objects.get(kind="filing")
    register.withdraw(row.key, on=DAY, reason="更正")
    gone = client.get(f"{ANNOUNCEMENTS}{row.pk}/")
    assert (gone.status_code, gone["Content-Type"]) == (410, "application/problem+json")
    assert "content" not in gone.json()
    Publication.objects.filter(pk=row.pk).update(
        withdrawn_on=None, withdrawn_reason="", published_on=DAY + datetime.timedelta(days=1)
    )
    assert client.get(f"{ANNOUNCEMENTS}{row.pk}/").status_code == 404


def test_the_lists_that_hold_today(world, client, today):
    bureau, later = world.actor("bureau handler"), DAY + datetime.timedelta(days=10)
    for code, since in (("6-18-02-04", DAY), ("6-31-01-03", later)):
        occupation = Occupation.objects.get(pk=code)
        places.list_urgent(occupation, actor=bureau, on=DAY, since=since, source="急需紧缺目录")
    assert [one["name"] for one in client.get("/api/v1/public/urgent/").json()] == ["焊工"]
    assert client.get("/api/v1/public/criteria/").json() == []
    places.publish_criterion(
        actor=world.actor("centre chief"), on=DAY, key="safety", label="安全管理", full_marks=20, since=DAY
    )
    shown = client.get("/api/v1/public/criteria/").json()
    assert {"key": "safety", "label": "安全管理", "full_marks": 20, "since": "2026-09-18", "until": None} in shown
