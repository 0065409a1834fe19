"""The registry's world, a mailbox, and somebody who reads it."""

import datetime
import re
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from registry.subscriptions import tasks
from registry.subscriptions.models import Subscription
from tests.registry.conftest import application, publish_agency, today, world

__all__ = ["application", "publish_agency", "today", "world"]

ADDRESS = "Reader.One@Example.com"
PAGE = "/announcements/subscriptions/"
LINK = re.compile(r"https?://[^/\s]+(/announcements/(?:subscriptions|unsubscribe)/\S+)")


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


def link(mail) -> str:
    """The path of the link that a letter asks to open."""
    (found,) = LINK.findall(mail.body)
    return found


@pytest.fixture
def mail() -> Callable[[], dict[str, int]]:
    """Run the job; tell its counts that are not nought."""
    return lambda: {key: number for key, number in tasks.mail_announcements().items() if number}


@pytest.fixture
def subscribe(world, client: Client, mailoutbox, mail) -> Callable[..., Subscription]:
    """Subscribe and confirm; leave the mailbox empty."""

    def subscribe(address: str = ADDRESS, often: str = "each", kinds: tuple[str, ...] = ()) -> Subscription:
        assert client.post(PAGE, {"address": address, "often": often, "kinds": kinds}).status_code == 200
        mail()
        assert client.post(link(mailoutbox[-1])).status_code == 200
        mailoutbox.clear()
        return Subscription.objects.latest("confirmed_at")

    return subscribe


def at(day: datetime.date, hour: int) -> datetime.datetime:
    """An hour of a day in Anyang."""
    return datetime.datetime.combine(day, datetime.time(hour), datetime.timezone(datetime.timedelta(hours=8)))
