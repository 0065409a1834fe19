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
