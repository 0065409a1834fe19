"""Browsers in which somebody of the test's world is signed in."""

import pytest
from django.conf import settings

WIDE = {"width": 1440, "height": 900}


@pytest.fixture
def sign_in(live_server, new_page):
    """Open a page as somebody of the world: sign_in(world, "county handler")."""

    def open_for(world, name, **options):
        page = new_page(**{"viewport": WIDE, **options})
        cookie = world.browser(name).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        return page

    return open_for
