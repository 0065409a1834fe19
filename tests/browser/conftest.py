"""Browsers in which somebody of the test's world is signed in."""

import datetime
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.conf import settings

from core.clock.clock import SHANGHAI
from tests.hands import HANDS, WIDE, Hand
from tests.world import DAY, World


@pytest.fixture
def at_ten() -> Iterator:
    """Ten in the morning of the world's day, and time goes on."""
    moment = datetime.datetime.combine(DAY, datetime.time(10), SHANGHAI)
    with time_machine.travel(moment, tick=True) as traveller:
        yield traveller


@pytest.fixture
def sign_in(live_server, new_page):
    """Open a page as somebody of the world: sign_in(world, "county handler")."""

    def open_for(world, name, **options):
        page = new_page(**{"viewport": WIDE, **options})
        cookie = world.browser(name).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        return page

    return open_for


@pytest.fixture(params=HANDS, ids=lambda hand: hand.__name__.lower())
def hands(request: pytest.FixtureRequest, sign_in, new_page) -> Callable[..., Hand]:
    """Walk a journey by mouse, by keyboard, by thumb: `hands(world, "county handler")`, `hands()` for a visitor."""

    def hand_of(world: World | None = None, name: str = "") -> Hand:
        page = sign_in(world, name, **request.param.options) if name else new_page(**request.param.options)
        return request.param(page)

    return hand_of
