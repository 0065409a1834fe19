"""Where one is signed in: seen, ended one by one or all, and by a new password or second factor; each in the trail."""

import re

import pytest
import time_machine
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client
from django.urls import reverse

from core.accounts import browser_sessions
from core.accounts.models import BrowserSession
from core.accounts.tasks import clear_sessions
from core.audit.models import Event
from core.clock.clock import real_now
from core.reference.models import Setting
from tests.core.accounts.conftest import PASSWORD, code_of

pytestmark = pytest.mark.django_db
DEVICES = "/desk/account/devices/"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0.49"
)


def signed_in(agent: str, login: str = "county-handler") -> Client:
    client = Client(headers={"User-Agent": agent})
    assert client.post("/accounts/login/", {"login": login, "password": PASSWORD}).url == "/desk/"
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("accounts:profile")).status_code == 200


def ended() -> list[dict]:
    return [event.payload for event in Event.objects.filter(verb="session.ended").order_by("id")]


@pytest.fixture
def here(people) -> Client:
    return signed_in(EDGE)


@pytest.fixture
def there(people) -> Client:
    return signed_in(PHONE)


def test_each_device_is_listed_with_the_present_one_first_and_no_key(here, there, people):
    signed_in(EDGE, "county-chief")
    page = here.get(DEVICES)
    rows = page.context["rows"]
    assert [(row.device, row.current) for row in rows] == [("Edge，Windows 电脑", True), ("微信，iPhone", False)]
    assert all(row.since and row.seen_at for row in rows)
    text = page.content.decode()
    keys = BrowserSession.objects.values_list("session_key", flat=True)
    assert len(keys) == 3
    assert not [key for key in keys if key in text]


def test_one_is_ended_and_only_ones_own(here, there, people):
    reference = next(row.reference for row in here.get(DEVICES).context["rows"] if not row.current)
    signed_in(EDGE, "county-chief").post(DEVICES, {"device": reference})
    assert is_in(there)
    assert ended() == []
    here.post(DEVICES, {"device": reference})
    assert (is_in(here), is_in(there)) == (True, False)
    assert ended() == [{"user": people.handler.user_id, "ended": 1, "why": "one"}]
    assert "已经退出登录" in here.post(DEVICES, {"device": reference}, follow=True).content.decode()


def test_all_others_are_ended_at_once(here, there, people):
    third = signed_in(EDGE)
    here.post(DEVICES)
    assert [is_in(client) for client in (here, there, third)] == [True, False, False]
    assert ended() == [{"user": people.handler.user_id, "ended": 2, "why": "others"}]


def test_a_new_password_ends_the_others(here, there):
    new = "another long one 7"
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert (is_in(here), is_in(there)) == (True, False)
    assert [one["why"] for one in ended()] == ["password.changed"]
    assert BrowserSession.objects.filter(user__isnull=False).count() == 1
    assert Event.objects.filter(verb="password.changed").exists()


def test_a_password_set_by_mail_ends_all(here, there, people):
    visitor = Client()
    visitor.post("/accounts/password/reset/", {"email": people.handler.user.email})
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body)[1]
    page = visitor.get(link, follow=True)
    new = "another long one 7"
    visitor.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert (is_in(here), is_in(there)) == (False, False)


def test_another_second_factor_ends_the_others(here, there, django_capture_on_commit_callbacks):
    secret = here.get("/accounts/2fa/totp/activate/").context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        assert here.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}).status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)
    assert [one["why"] for one in ended()] == ["second_factor.changed"]


@pytest.mark.parametrize("action", ["block", "sign-out", "reset-second-factor"])
def test_what_the_administrator_takes_away_ends_all(here, there, people, browser_of, action):
    totp.TOTP.activate(people.handler.user, "JBSWY3DPEHPK3PXP")
    address = reverse("accounts:act-on-user", args=[people.handler.user_id])
    browser_of(people.administrator).post(address, {"action": action})
    assert (is_in(here), is_in(there)) == (False, False)
    assert [one["ended"] for one in ended()] == [2]


def test_what_is_over_is_deleted_and_nobody_else_signed_out(here, there):
    BrowserSession.objects.filter(pk=there.session.session_key).update(expire_date=real_now())
    assert clear_sessions() == {"removed": 1}
    assert here.get(reverse("accounts:devices")).status_code == 200


def test_at_the_latest_one_signs_in_again_after_some_hours(people):
    Setting.objects.create(key="session_max_hours", value=2, effective_from="2026-01-01", note="x")
    with time_machine.travel("2026-09-18 02:00:00+00:00", tick=False) as moment:
        people.handler.since = "2026-01-01"
        people.handler.save()
        client = signed_in(EDGE)
        for _ in range(5):
            moment.shift(20 * 60)
            assert is_in(client)
        moment.shift(19 * 60)
        assert is_in(client)
        moment.shift(2 * 60)
        assert not is_in(client)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (EDGE, "Edge，Windows 电脑"),
        (PHONE, "微信，iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36", "Chrome，安卓手机"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox，Linux 电脑"),
        ("curl/8.0", "其他设备"),
        ("", "其他设备"),
    ],
)
def test_a_browser_is_told_in_words(agent, words):
    assert browser_sessions.device_of(agent) == words
