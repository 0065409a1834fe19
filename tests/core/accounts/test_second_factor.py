"""The second factor: required of those who decide, encrypted at rest, asked for at sign-in."""

import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.urls import reverse

from core.accounts.models import Deputy
from tests.core.accounts.conftest import PASSWORD, code_of

pytestmark = pytest.mark.django_db
SET_UP = "/accounts/2fa/totp/activate/"
LOGIN = "/accounts/login/"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _required(settings):
    settings.MFA_REQUIRED_ROLES = ["chief", "administrator"]


@pytest.mark.parametrize(
    ("who", "led"),
    [("chief", True), ("centre_chief", True), ("bureau_chief", True), ("administrator", True),
     ("handler", False), ("admin", False), ("staff", False), ("expert", False)],
)  # fmt: skip
def test_who_is_led_to_the_set_up(people, browser_of, who, led):
    answer = browser_of(getattr(people, who)).get(reverse("accounts:profile"))
    assert (answer.status_code == 302 and answer.url == SET_UP) is led


def test_a_deputy_counts_as_the_chief(people, browser_of, on):
    Deputy.objects.create(chief=people.chief, deputy=people.handler, since=on, until=on, reason="x")
    assert browser_of(people.handler).get(reverse("accounts:profile")).url == SET_UP


def test_posting_past_it_does_nothing(people, browser_of):
    answer = browser_of(people.chief).post(reverse("accounts:tokens"), {"name": "x"})
    assert answer.url == SET_UP
    assert not people.chief.tokens.exists()


def test_the_administration_asks_for_it_too(people, browser_of):
    assert browser_of(people.administrator).get("/admin/").url == SET_UP


def test_nobody_is_led_there_in_demo_mode(people, browser_of, settings):
    settings.MFA_REQUIRED_ROLES = []
    assert browser_of(people.chief).get(reverse("accounts:profile")).status_code == 200


@pytest.mark.parametrize(("steps_ago", "status"), [(1, 302), (3, 422)])
@time_machine.travel("2026-09-18T01:00:00Z", tick=False)
def test_a_code_may_run_out_while_it_is_typed_but_not_long_before(steps_ago, status, client, people):
    client.post(LOGIN, {"login": "county-chief", "password": PASSWORD})
    shown = client.get(SET_UP).context["form"].secret
    assert client.post(SET_UP, {"code": code_of(shown, steps_ago=steps_ago)}).status_code == status


def test_setting_it_up_and_signing_in_with_it(client, people):
    client.post(LOGIN, {"login": "county-chief", "password": PASSWORD})
    page = client.get(SET_UP)
    assert page.status_code == 200
    shown = page.context["form"].secret
    answer = client.post(SET_UP, {"code": code_of(shown)})
    assert answer.status_code == 302
    codes = client.get("/accounts/2fa/recovery-codes/")
    assert codes.status_code == 200
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert shown not in stored
    assert client.get(reverse("accounts:profile")).status_code == 200
    one = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()[0]
    client.post("/accounts/logout/")

    assert client.post(LOGIN, {"login": "county-chief", "password": PASSWORD}).url == "/accounts/2fa/authenticate/"
    assert client.get(reverse("accounts:profile")).url.startswith(LOGIN)
    assert client.get("/accounts/2fa/authenticate/").status_code == 200
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "验证码不对" in wrong.content.decode()
    assert client.post("/accounts/2fa/authenticate/", {"code": one}).url == "/desk/"
    assert client.get(reverse("accounts:profile")).status_code == 200
    client.post("/accounts/logout/")
    client.post(LOGIN, {"login": "county-chief", "password": PASSWORD})
    again = client.post("/accounts/2fa/authenticate/", {"code": one})
    assert "验证码不对" in again.content.decode()


def test_the_pages_around_it_render_in_our_words(client, people):
    client.post(LOGIN, {"login": "county-handler", "password": PASSWORD})
    totp.TOTP.activate(people.handler.user, SECRET)
    RecoveryCodes.activate(people.handler.user)
    for address in ("", "recovery-codes/", "recovery-codes/generate/", "totp/deactivate/", "reauthenticate/"):
        text = client.get(f"/accounts/2fa/{address}").content.decode()
        heading = re.search(r"<h1>(.*?)</h1>", text)
        assert heading, address
        assert any(word in heading[1] for word in ("验证", "恢复码", "确认身份")), address


def test_the_administrator_takes_a_lost_one_away(people, browser_of, settings):
    settings.MFA_REQUIRED_ROLES = []
    totp.TOTP.activate(people.chief.user, SECRET)
    administrator, button = browser_of(people.administrator), 'value="reset-second-factor"'
    page = administrator.get(reverse("accounts:users")).content.decode()
    assert page.count(button) == page.count("已设两步验证") == 1, "of whoever has one alone"
    administrator.post(reverse("accounts:act-on-user", args=[people.chief.user_id]), {"action": "reset-second-factor"})
    assert not Authenticator.objects.exists()
    assert button not in administrator.get(reverse("accounts:users")).content.decode()
