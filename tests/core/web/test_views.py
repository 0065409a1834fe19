"""Pages of no business app: the icon that browsers ask for by themselves."""

import pytest
from django.contrib.staticfiles import finders


@pytest.mark.django_db
def test_the_icon_is_found_by_everyone_and_named_by_every_page(client):
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.url) == (302, "/static/icons/favicon.svg")
    icon = finders.find("icons/favicon.svg")
    assert icon is not None
    assert '<link rel="icon" href="/static/icons/favicon.svg" type="image/svg+xml">' in client.get("/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("referer", ["", "http://evil.test/"])
def test_under_another_name_the_portal_refuses_with_a_page(client, referer):
    answer = client.get("/agencies/", headers={"Host": "evil.test", "Referer": referer})
    assert answer.status_code == 400
    assert "提交的内容无法识别" in answer.content.decode()
