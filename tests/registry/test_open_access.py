"""What every answer of the public API and every public page bears: validators, leave for other sites, the allowance."""

import datetime

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from redis.exceptions import ConnectionError as NoRedis

from anyang_sep.public import PUBLIC
from core.clock import clock
from core.publications import register
from core.publications.models import Publication
from core.reference.models import Setting
from registry import limits
from registry.freshness import SETTLED
from tests.world import DAY

AGENCIES = "/api/v1/public/agencies/"
AGENCY = f"{AGENCIES}S000041000001/"
LISTS = ("/", "/agencies/", "/announcements/", "/announcements/feed/", AGENCIES, "/api/v1/public/announcements/")
OF_ONE = ("/agencies/S000041000001/", AGENCY)
OTHERS = ("/guide/", "/guide/places/", "/rules/", "/api/v1/public/places/", "/api/v1/public/urgent/")


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


def test_what_is_held_is_good_until_something_is_published_or_another_day_begins(
    application, publish_agency, client, today
):
    held = {address: client.get(address) for address in (*LISTS, *OF_ONE, *OTHERS)}
    for address, first in held.items():
        assert (first.status_code, first["Cache-Control"]) == (200, "no-cache"), address
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"]), address
        head = client.head(address)
        assert (head.status_code, head.content, head["ETag"]) == (200, b"", first["ETag"]), address
    publish_agency(100, "汤阴县丙学校")
    for address in LISTS:
        changed = client.get(address, headers={"If-None-Match": held[address]["ETag"]})
        assert (changed.status_code, "汤阴县丙学校" in changed.content.decode()) == (200, True), address
    today(datetime.date(2029, 9, 19))  # expired over night: nothing happened but a date
    for address in OF_ONE:
        changed = client.get(address, headers={"If-None-Match": held[address]["ETag"]})
        assert "已失效" in changed.content.decode(), address


def test_the_signed_in_are_never_told_that_a_visitors_page_is_theirs(world, application, client, today):
    held = client.get("/")["ETag"]
    browser = world.browser("centre handler")
    for headers in (
        {"If-None-Match": held},
        {"If-None-Match": "*"},
        {"If-Modified-Since": "Fri, 18 Sep 2099 00:00:00 GMT"},
    ):
        page = browser.get("/", headers=headers)
        assert (page.status_code, page["Cache-Control"]) == (200, "private, no-store")
        assert ("ETag" in page, "Last-Modified" in page) == (False, False)
        assert "工作台" in page.content.decode()
    assert client.get("/", headers={"If-None-Match": held}).status_code == 304
    assert client.get("/api/v1/filings/", headers={"Authorization": "Bearer x"})["Cache-Control"] == "private, no-store"


def test_last_modified_is_later_than_any_change_that_could_be_under_way(today, application, client):
    at = Publication.objects.latest("changed_at").changed_at
    settled = at + SETTLED
    with time_machine.travel(settled - datetime.timedelta(seconds=1), tick=False):
        assert "Last-Modified" not in client.get(AGENCY), "a change stamped before may not be committed yet"
    with time_machine.travel(settled + datetime.timedelta(hours=1), tick=False):
        told = client.get(AGENCY)["Last-Modified"]
        assert client.get(AGENCY, headers={"If-Modified-Since": told}).status_code == 304
        register.withdraw(Publication.objects.get(kind="filing").key, on=clock.today(), reason="更正")
        assert client.get("/api/v1/public/announcements/", headers={"If-Modified-Since": told}).status_code == 200
    with time_machine.travel(settled + datetime.timedelta(days=1), tick=False):
        later = client.get(AGENCIES)
        assert client.get(AGENCIES, headers={"If-Modified-Since": told}).status_code == 200, "midnight changes too"
        clock.advance_to(clock.today() + datetime.timedelta(days=3))
        moved = client.get(AGENCIES, headers={"If-Modified-Since": later["Last-Modified"]})
        assert (moved.status_code, "Last-Modified" in moved) == (200, False)


def test_scripts_of_other_sites_may_read_the_public_api_and_nothing_else(application, client, today):
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
    for address in (AGENCIES, AGENCY, f"{AGENCIES}S000041999999/", f"{AGENCIES}?level=9"):
        answer = client.get(address, headers=asked)
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer
        assert "ETag" in answer["Access-Control-Expose-Headers"]
    before = client.options(AGENCIES, headers=asked)
    assert (before.status_code, before.content) == (204, b"")
    assert before["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in before["Access-Control-Allow-Headers"]
    assert "RateLimit" not in before, "asking whether one may ask is not counted"
    for name in ("registry:home", "registry:agencies", "api-areas", "api-schema", "account_login"):
        assert "Access-Control-Allow-Origin" not in client.get(reverse(name), headers=asked), name
    assert "Access-Control-Allow-Origin" not in client.post("/api/v1/public/verify/", {}, headers=asked)


def test_the_limit_is_told_truly_and_kept(application, client, today):
    Setting.objects.create(key="api_per_minute", value=3, effective_from=DAY, note="测试")
    told = [client.get(AGENCIES, headers={"If-None-Match": "*"}) for _ in range(3)]
    assert [one.status_code for one in told] == [304, 304, 304]
    answer = client.get(f"{AGENCIES}nowhere/")
    assert (answer.status_code, answer["Content-Type"]) == (429, "application/problem+json")
    assert (answer["RateLimit-Policy"], answer["Access-Control-Allow-Origin"]) == ('"api";q=3;w=60', "*")
    wait = int(answer["Retry-After"])
    assert answer["RateLimit"] == f'"api";r=0;t={wait}'
    assert f"每分钟至多调用接口 3 次，请 {wait} 秒后再试" in answer.json()["detail"]
    assert client.get("/agencies/").status_code == 200, "pages are not the API"
    assert client.get(AGENCIES, REMOTE_ADDR="192.0.2.7")["RateLimit"].startswith('"api";r=2;t=')
    verified = client.get("/api/v1/public/verify/AAAA-BBBB-CCCC-DDDD/", REMOTE_ADDR="192.0.2.7")
    assert verified["RateLimit-Policy"] == '"api";q=3;w=60, "verify";q=30;w=60'
    moment = datetime.datetime.combine(DAY, datetime.time(5), datetime.UTC)
    with time_machine.travel(moment, tick=False):
        assert client.get(AGENCIES)["RateLimit"] == '"api";r=2;t=60'


def test_without_the_cache_nobody_is_held_up(application, client, today, monkeypatch):
    def gone(*_, **__):
        raise NoRedis("Connection refused")

    monkeypatch.setattr(limits.cache, "get_or_set", gone)
    assert client.get(AGENCIES).status_code == 200


def test_the_public_api_is_read_alone(db, client):
    values = {"api-agency": ["x"], "api-announcement": [1], "api-verify": ["x"], "api-receipt": ["x"]}
    for name in (name for name in PUBLIC if name.startswith("registry:api-")):
        address = reverse(name, args=values.get(name.removeprefix("registry:"), []))
        allowed = {"post"} if name == "registry:api-verify-pdf" else set()
        for method in {"post", "put", "patch", "delete"} - allowed:
            answer = getattr(client, method)(address)
            assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json"), (name, method)
            assert "Access-Control-Allow-Origin" not in answer
