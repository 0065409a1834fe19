"""How often one address may ask: by name of what it asks, behind a proxy, with a sentence and when to come back."""

import pytest
from django.core.cache import cache

from core.reference.models import Setting
from registry import limits
from regulation.settings import SETTINGS
from tests.world import DAY


@pytest.fixture(autouse=True)
def _no_limits_left_over():
    cache.clear()


def test_each_limit_is_a_setting():
    policies = [one for one in vars(limits).values() if isinstance(one, limits.Policy)]
    assert len(policies) == 4
    assert {one.setting for one in policies} <= set(SETTINGS)
    assert all(one.per and one.what for one in policies)


def test_the_look_up_is_limited_apart_from_verification(world, client, today):
    Setting.objects.create(key="look_up_per_minute", value=2, effective_from=DAY, note="测试")
    asked = [client.get("/agencies/?q=甲") for _ in range(3)]
    assert [answer.status_code for answer in asked] == [200, 200, 429]
    assert 0 < int(asked[-1]["Retry-After"]) <= 60
    assert "每分钟至多查询 2 次" in asked[-1].content.decode()
    assert client.get("/agencies/?export=csv").status_code == 429, "nor as a file"
    assert client.get("/verify/AAAA-BBBB-CCCC-DDDD/").status_code == 404, "verification is counted by itself"
    assert client.get("/agencies/", REMOTE_ADDR="192.0.2.7").status_code == 200


@pytest.mark.parametrize(
    ("named", "counted"),
    [
        (("203.0.113.1", "192.0.2.1"), 429),  # whatever the client itself claims before
        (("203.0.113.1", "192.0.2.2"), 200),
    ],
)
def test_behind_a_proxy_the_address_that_it_names_is_counted(world, client, today, settings, named, counted):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    Setting.objects.create(key="look_up_per_minute", value=1, effective_from=DAY, note="测试")
    client.get("/agencies/", headers={"X-Forwarded-For": "198.51.100.9, 192.0.2.1"}, REMOTE_ADDR="10.0.0.1")
    again = client.get("/agencies/", headers={"X-Forwarded-For": ", ".join(named)}, REMOTE_ADDR="10.0.0.1")
    assert again.status_code == counted
