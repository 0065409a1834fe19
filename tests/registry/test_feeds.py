"""The Atom feed: what is announced, under ids that stay; what is withdrawn is gone at once; hard texts do no harm."""

import datetime
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache
from django.urls import reverse

from core.publications import register
from core.publications.models import Publication
from tests.world import DAY

FEED = "/announcements/feed/"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


def entries(answer) -> list[dict[str, str]]:
    root = ET.fromstring(answer.content)
    return [{part.tag.removeprefix(ATOM): part.text for part in entry} for entry in root.iter(f"{ATOM}entry")]


def test_the_newest_first_under_ids_that_stay_and_gone_when_withdrawn(today, application, publish_agency, client):
    row = publish_agency(100, "汤阴县丙学校")
    first = client.get(FEED)
    assert first["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert "Last-Modified" not in first
    listed = entries(first)
    assert [one["title"] for one in listed] == ["关于汤阴县丙学校备案的公示", "关于文峰区甲职业培训学校备案的公示"]
    assert listed[0]["id"] == f"tag:127.0.0.1,2026:announcements/{row.pk}"
    assert listed[0]["updated"] == listed[0]["published"] == row.at.astimezone(datetime.UTC).isoformat()
    assert "备案编码S000041000100" in listed[0]["summary"]
    root = ET.fromstring(first.content)
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {"alternate": "http://testserver/announcements/", "self": f"http://testserver{FEED}"}
    today(DAY + datetime.timedelta(days=1))
    register.withdraw(row.key, on=DAY + datetime.timedelta(days=1), reason="更正")
    later = client.get(FEED, headers={"If-None-Match": first["ETag"]})
    assert [one["id"] for one in entries(later)] == [listed[1]["id"]]
    assert ET.fromstring(later.content).findtext(f"{ATOM}updated") > root.findtext(f"{ATOM}updated")
    assert entries(client.get(FEED, {"kind": "quota"})) == []
    assert len(entries(client.get(FEED, {"kind": "nonsense"}))) == 1


def test_an_empty_feed_is_one_and_stays_the_same(db, client, today):
    first = client.get(FEED)
    assert entries(first) == []
    assert client.get(FEED, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert client.post(FEED).status_code == 405


def test_control_characters_and_right_to_left_names_break_nothing(application, publish_agency, client, today):
    publish_agency(100, "甲\x0b\x1b\x85\ufffe校\u202e\n（מרכז 3 הכשרה）<b>&乙")
    assert entries(client.get(FEED))[0]["title"] == "关于甲 校 （\u2068מרכז 3 הכשרה\u2069）<b>&乙备案的公示"


def test_the_pages_name_the_feed(application, client, today):
    named = f'<link rel="alternate" type="application/atom+xml" title="通知公告" href="{FEED}">'
    for name in ("home", "agencies", "announcements", "guide", "places"):
        assert named in client.get(reverse(f"registry:{name}")).content.decode(), name
    row = Publication.objects.get(kind="filing")
    assert named in client.get(f"/announcements/{row.pk}/").content.decode()
    assert f'href="{FEED}"' in client.get("/announcements/").content.decode().split("</head>")[1]
    assert f'href="{FEED}?kind=filing"' in client.get("/announcements/?kind=filing").content.decode()
