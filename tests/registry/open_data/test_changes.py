"""The list of changes: what happened, in an order that stays, and of what is gone the key alone."""

import datetime
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from core.clock.clock import local_date, now
from core.publications import register
from core.publications.models import Publication
from registry.open_data import changes, editions
from registry.open_data.models import Change
from tests.world import DAY

pytestmark = pytest.mark.django_db

API = reverse("open_data:api-changes")
ONE = datetime.timedelta(days=1)


def read(client, since=0, **more):
    answer = client.get(API, {"since": since, **more})
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def happened(client, since=0):
    return [(one["what"], one["key"]) for one in read(client, since)["results"]]


def test_what_happens_to_a_filing_and_to_a_list_is_told_once(application, republish, client, today):
    code = "S000041000001"
    assert happened(client) == [("published", "2026"), ("published", code)]  # the world's calendar first
    at = read(client)["cursor"]
    republish(DAY, address="文峰区新址2号")
    today(DAY + ONE)
    republish(DAY + ONE, state="terminated", ended_on="2026-09-19")
    republish(DAY + ONE, state="active", event="")
    for key in ("u1", "u2"):
        register.publish("urgent", key=key, title="目录", content={"items": []}, matter=application, on=DAY + ONE)
    register.publish("quota", key="q", title="名额", content={"year": 2026, "places": 30, "source": "文"},
                     matter=application, on=DAY)  # fmt: skip
    assert happened(client, at) == [
        ("changed", code), ("ended", code), ("changed", code),
        ("published", "urgent"), ("changed", "urgent"), ("published", "2026"),
    ]  # fmt: skip
    assert happened(client, read(client, at)["cursor"]) == []
    told = read(client, at)["results"][0]
    assert client.get(told["url"]).json()["content"]["address"] == "文峰区新址2号"


def test_of_what_is_withdrawn_the_key_alone_is_told_everywhere(application, publish_agency, client, today):
    row = publish_agency(2, "公布错了的学校")
    at = read(client)["cursor"]
    feed = reverse("open_data:feed")
    assert "公布错了" in client.get(feed).content.decode()
    register.withdraw(row.key, on=DAY, reason="姓名写错了")
    register.withdraw(row.key, on=DAY, reason="再撤一次")
    (told,) = read(client, at)["results"]
    assert (told["what"], told["kind"], told["key"]) == ("withdrawn", "filing", "S000041000002")
    assert (told["announcement"], told["title"], told["url"]) == (row.pk, None, None)
    for address in (API, feed, reverse("open_data:changes")):
        text = client.get(address).content.decode()
        assert "S000041000002" in text
        assert "公布错了" not in text
        assert "姓名写错" not in text
    atom = client.get(feed)
    assert len(ElementTree.fromstring(atom.content).findall("{http://www.w3.org/2005/Atom}entry")) == 4
    assert client.get(feed, headers={"If-None-Match": atom["ETag"]}).status_code == 304
    # Published once more it is new again: whoever followed has nothing of it any longer.
    at = read(client, at)["cursor"]
    content = {**row.content, "name": "写对了的学校"}
    register.publish("filing", key="again", title="写对了的学校", content=content, matter=application, on=DAY)
    assert happened(client, at) == [("published", "S000041000002")]


def test_pages_go_on_where_they_ended_and_a_day_is_a_beginning(today, application, publish_agency, client):
    for serial in range(2, 9):
        publish_agency(serial, f"第{serial}校")
    seen, since, pages = [], "0", 0
    while True:
        page = read(client, since, page_size=3)
        assert page["cursor"] == str(page["results"][-1]["number"])
        seen += [one["number"] for one in page["results"]]
        since, pages = page["cursor"], pages + 1
        publish_agency(100 + pages, f"后来第{pages}校") if pages < 3 else None
        assert (page["next"] is not None) == page["more"]
        if not page["more"]:
            break
    assert seen == sorted(set(seen))
    assert len(seen) == Change.objects.count()
    today(DAY + ONE)
    publish_agency(200, "次日的学校", DAY + ONE)
    assert happened(client, DAY + ONE) == [("published", "S000041000200")]
    assert read(client, DAY + 2 * ONE)["results"] == []
    assert read(client, DAY + 2 * ONE)["cursor"] == read(client)["cursor"]


def test_a_beginning_that_cannot_be_is_refused_with_a_sentence(application, client):
    last = int(read(client)["cursor"])
    for since, said in (
        (str(last + 1), "没有这个 cursor"), ("-1", "请写"), ("2026-13-40", "请写"), ("١٢", "请写"), ("9" * 21, "20"),
        ("x' OR 1=1", "请写"), ("9" * 20, "没有这个 cursor"),
    ):  # fmt: skip
        answer = client.get(API, {"since": since})
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
        assert said in answer.content.decode(), since
    for size in ("0", "1001", "x"):
        assert client.get(API, {"page_size": size}).status_code == 400
    assert client.post(API).status_code == 405


def test_what_no_act_of_the_day_does_is_told_when_the_day_comes(application, client, today):
    def publish(key: str, on: datetime.date, until: datetime.date | None = None) -> Publication:
        content = {"year": int(key), "places": 30, "source": "文"}
        return register.publish("quota", key=key, title="名额", content=content, matter=application, on=on, until=until)

    at = read(client)["cursor"]
    ahead = publish("2031", DAY + 2 * ONE, DAY + 3 * ONE)
    Change.objects.filter(publication=publish("2032", DAY)).delete()  # as from before the list was kept
    assert happened(client, at) == []
    editions.make(DAY, now())
    assert happened(client, at) == [("published", "2032")]
    days = {}
    for day in range(5):
        today(DAY + day * ONE)
        changes.catch_up(local_date(now()))
        assert changes.catch_up(local_date(now())) == 0
        days[day] = [what for what, key in happened(client, at) if key == ahead.key]
    assert days == {0: [], 1: [], 2: ["published"], 3: ["published"], 4: ["published", "ended"]}
    over = next(one for one in read(client, at)["results"] if one["what"] == "ended")
    assert (over["title"], over["url"]) == (None, None)


def test_an_edition_says_from_where_to_go_on(application, publish_agency, client, today):
    edition = editions.make(DAY, now())
    assert str(edition.last_change) == read(client)["cursor"]
    publish_agency(2, "乙校")
    assert happened(client, edition.last_change) == [("published", "S000041000002")]
