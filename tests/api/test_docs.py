"""The description and its pages: from this host alone, under the content policy."""

import re

import pytest
import yaml

pytestmark = pytest.mark.django_db


def test_the_description_is_served_to_anyone(client):
    answer = client.get("/api/schema/")
    assert answer.status_code == 200
    described = yaml.safe_load(answer.content)
    assert {"/api/v1/applications/", "/api/v1/public/verify/{code}/", "/api/v1/workdays/"} <= set(described["paths"])
    names = [one["operationId"] for item in described["paths"].values() for one in item.values()]
    assert len(names) == len(set(names))
    assert not [name for name in names if re.search(r"_\d+$|retrieve|partial_update", name)]


def test_the_pages_carry_no_inline_code_and_load_nothing_from_elsewhere(client):
    page = client.get("/api/docs/")
    html = page.content.decode()
    assert "unsafe-inline" not in page["Content-Security-Policy"]
    assert not re.search(r"<style|style=|<script>|https?://", html)
    script = client.get(re.search(r'src="(/api/docs/\?script=?)"', html).group(1))
    assert script["Content-Type"].startswith("application/javascript")
    assert b"/api/schema/" in script.content


def test_an_unknown_address_is_a_problem(client):
    for method in ("get", "post", "delete"):
        answer = getattr(client, method)("/api/v1/nothing/here/")
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.browser
def test_the_pages_show_the_operations(page, live_server):
    page.goto("/api/docs/")
    page.get_by_text("新建申请草稿").wait_for()
    page.get_by_text("新建申请草稿").click()
    page.get_by_text("Idempotency-Key").first.wait_for()
