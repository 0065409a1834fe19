"""An outage is no fault of the program: 503 with a sentence and when to try again, for people and for machines."""

import pytest
from django.test import Client

pytestmark = [pytest.mark.urls("tests.core.web.urls"), pytest.mark.any_engine, pytest.mark.django_db]


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("what", ["database", "cache", "disk"])
def test_an_outage_says_when_to_try_again(browser, what):
    page = browser.post(f"/test/out/{what}/", {"name": "甲"})
    assert (page.status_code, page["Retry-After"]) == (503, "30")
    assert "请一分钟后回到刚才的页面" in page.content.decode()
    assert "任何内容都没有更改" not in page.content.decode(), "nobody knows whether it was committed"
    api = browser.post(f"/api/v1/test/out/{what}/", "{}", content_type="application/json")
    assert (api.status_code, api["Retry-After"], api["Content-Type"]) == (503, "30", "application/problem+json")
    assert api.json()["title"] == "系统正在恢复"
    assert "Idempotency-Key" in api.json()["detail"]


def test_another_failure_is_the_programs_and_tells_nothing_of_itself(browser):
    page, api = (browser.get(path) for path in ("/test/out/program/", "/api/v1/test/out/program/"))
    assert (page.status_code, "Retry-After" in page) == (500, False)
    assert "系统暂时出错" in page.content.decode()
    assert (api.status_code, api.json()["title"]) == (500, "系统暂时出错")
    assert not [answer for answer in (page, api) if "No such file" in answer.content.decode()]
