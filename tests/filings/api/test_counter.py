"""The counter through the API: the same endpoints for a handler, two of its own, 404 for whoever has no part in it."""

import pytest

from filings.models import Application
from tests.filings.counters import CODE, HANDLER, entered, handed_over
from tests.world import file, make_world, submitted

pytestmark = pytest.mark.django_db

URL = "/api/v1/applications/"
OTHERS = ("rival admin", "other county handler", "other county chief", "centre handler", "experts expert")


def post(browser, url, body=None):
    return browser.post(url, body or {}, content_type="application/json")


def test_a_handler_finds_the_agency_and_enters_its_application():
    world = make_world()
    browser = world.browser(HANDLER)
    found = browser.get("/api/v1/counter/agencies/", {"q": "甲职业"}).json()
    assert [one["name"] for one in found] == ["文峰区甲职业培训学校"]
    made = post(browser, URL, {"agency": found[0]["id"], "counter_on": "2026-01-05"})
    assert (made.status_code, made.json()["counter_on"], made.json()["agency"]["id"]) == (
        201, "2026-01-05", found[0]["id"],
    )  # fmt: skip
    here = f"{URL}{made.json()['id']}/"
    changed = browser.patch(here, {"address": "示例路1号"}, content_type="application/json")
    assert changed.json()["address"] == "示例路1号"
    scan = browser.generic("PUT", f"{here}counter/submit/", *_multipart(browser, {"file": file("申请表.pdf")}))
    assert (scan.status_code, scan.json()["name"]) == (200, "申请表.pdf")
    refused = post(browser, f"{here}transitions/submit/", {"counter_on": "2026-01-06"})
    assert refused.status_code == 409
    assert "counter_form" not in {one["field"] for one in refused.json()["reasons"]}


def _multipart(browser, data):
    from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

    return encode_multipart(BOUNDARY, data), MULTIPART_CONTENT


def test_an_agency_without_an_account():
    world = make_world()
    browser = world.browser(HANDLER)
    body = {"name": "文峰区丙职业培训学校", "credit_code": CODE, "code_confirmed": True}
    made = browser.post("/api/v1/counter/agencies/", {**body, "licence": file("a.pdf"), "authorisation": file("b.pdf")})
    assert made.status_code == 201
    assert made.json()["confirmed_on"] is not None
    again = browser.post(
        "/api/v1/counter/agencies/", {**body, "licence": file("a.pdf"), "authorisation": file("b.pdf")}
    )
    assert (again.status_code, again.json()["reasons"][0]["code"]) == (409, "known_already")


@pytest.mark.parametrize("who", ["agency admin", "county chief", "bureau chief", "experts expert"])
def test_who_is_no_handler_of_a_counter_has_no_part_in_it(who):
    assert make_world().browser(who).get("/api/v1/counter/agencies/", {"q": "甲"}).status_code == 403


def test_another_countys_agency_cannot_be_named():
    world = make_world()
    agency = world.organisation("agency admin")
    answer = post(world.browser("other county handler"), URL, {"agency": agency.pk})
    assert answer.status_code == 400
    assert not Application.objects.exists()


@pytest.mark.parametrize("who", OTHERS)
def test_whoever_has_no_part_finds_nothing(who):
    world = make_world()
    draft = entered(world)
    browser, here = world.browser(who), f"{URL}{draft.pk}/"
    assert browser.get(here).status_code == 404
    assert browser.patch(here, {"address": "x"}, content_type="application/json").status_code == 404
    assert post(browser, f"{here}transitions/submit/").status_code == 404
    scan = browser.generic("PUT", f"{here}counter/submit/", *_multipart(browser, {"file": file()}))
    assert scan.status_code == 404


@pytest.mark.parametrize("who", ["agency admin", "agency staff", "county chief"])
def test_whoever_reads_it_writes_nothing_while_it_is_entered(who):
    world = make_world()
    draft = entered(world)
    browser, here = world.browser(who), f"{URL}{draft.pk}/"
    assert browser.get(here).status_code == 200
    assert browser.patch(here, {"address": "x"}, content_type="application/json").status_code == 403
    assert post(browser, f"{here}transitions/submit/").status_code == 403


def test_what_is_online_has_no_counter():
    world = make_world()
    application = submitted(world)
    browser = world.browser(HANDLER)
    url = f"{URL}{application.pk}/counter/withdraw/"
    assert browser.generic("PUT", url, *_multipart(browser, {"file": file()})).status_code == 404
    assert browser.get(f"{URL}{application.pk}/").json()["counter_on"] is None
    assert post(browser, f"{URL}{application.pk}/transitions/withdraw/").status_code == 403


def test_the_list_marks_what_came_over_the_counter():
    world = make_world()
    handed_over(world)
    rows = world.browser("agency admin").get(URL).json()["results"]
    assert [row["counter_on"] for row in rows] == ["2026-09-18"]
