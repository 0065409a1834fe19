"""Signing in: by name or e-mail, locked out after failures, timed out when idle, every attempt in the trail."""

import importlib
import re

import pytest
import time_machine as clock
from django.core import mail
from django.core.cache import caches
from django.urls import reverse

from core.accounts.models import User
from core.audit.models import Event, Outcome
from core.reference.models import Setting
from tests.core.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture
def user(people) -> User:
    return people.handler.user


def sign_in(client, login="county-handler", password=PASSWORD, **more):
    return client.post(LOGIN, {"login": login, "password": password, **more})


def events():
    return [(e.verb, e.outcome, e.payload) for e in Event.objects.order_by("id")]


@pytest.mark.parametrize("login", ["county-handler", "County-Handler", "county-handler@example.test"])
def test_by_name_or_address(client, user, login):
    answer = sign_in(client, login)
    assert (answer.status_code, answer.url) == (302, "/desk/")
    event = Event.objects.get()
    assert (event.verb, event.outcome, event.actor_user_id, event.payload) == (
        "sign_in", Outcome.DONE, user.pk, {"method": "password"},
    )  # fmt: skip


def test_the_page_one_came_for_follows_but_no_other_host(client, user):
    assert sign_in(client, next="/desk/staff/").url == "/desk/staff/"
    client.logout()
    assert sign_in(client, next="https://elsewhere.test/").url == "/desk/"


def test_a_wrong_password_is_told_and_recorded(client, user):
    answer = sign_in(client, password="wrong")
    assert "登录名或密码不对" in answer.content.decode()
    assert events() == [("sign_in", Outcome.REFUSED, {"locked": False, "user": user.pk})]
    assert Event.objects.get().actor_label == "登录名 county-handler"


def test_an_unknown_name_is_told_alike_and_not_recorded_in_clear(client, user):
    answer = sign_in(client, login="my-secret-password")
    assert "登录名或密码不对" in answer.content.decode()
    assert "secret" not in Event.objects.get().actor_label


def test_locked_out_after_five_failures_even_with_the_right_password(client, user):
    for _ in range(5):
        sign_in(client, password="wrong")
    answer = sign_in(client)
    assert "已暂时锁定。请15分钟后再试" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    assert events()[-1][2]["locked"] is True


def test_the_lock_opens_when_its_time_is_over(client, user):
    with clock.travel("2026-09-18 02:00:00+00:00", tick=False) as moment:
        for _ in range(5):
            sign_in(client, password="wrong")
        moment.shift(14 * 60)
        assert sign_in(client).status_code == 429
        moment.shift(2 * 60)
        assert sign_in(client).status_code == 302


def test_a_success_between_failures_does_not_reset_the_count(client, user):
    for _ in range(4):
        sign_in(client, password="wrong")
    assert sign_in(client).status_code == 302
    client.logout()
    sign_in(client, password="wrong")
    assert "已暂时锁定" in sign_in(client).content.decode()


def test_one_locked_name_locks_no_other(client, user, people):
    for _ in range(6):
        sign_in(client, password="wrong")
    assert sign_in(client, login="county-chief").status_code == 302


def test_how_often_and_how_long_are_dated_settings(client, user, on):
    Setting.objects.create(key="lockout_attempts", value=3, effective_from=on, note="x")
    Setting.objects.create(key="lockout_minutes", value=45, effective_from=on, note="x")
    for _ in range(3):
        sign_in(client, password="wrong")
    assert "请45分钟后再试" in sign_in(client).content.decode()


def test_a_blocked_account_does_not_enter(client, user):
    user.is_active = False
    user.save()
    sign_in(client)
    assert "_auth_user_id" not in client.session


def test_idle_for_longer_than_the_setting_signs_out(client, user, on):
    Setting.objects.create(key="session_idle_minutes", value=20, effective_from=on, note="x")
    sign_in(client)
    assert client.session.get_expiry_age() == 20 * 60


def test_each_request_starts_the_idle_time_anew(client, user):
    with clock.travel("2026-09-18 02:00:00+00:00", tick=False) as moment:
        User.objects.get(pk=user.pk).positions.update(since="2026-01-01")
        sign_in(client)
        for _ in range(3):
            moment.shift(29 * 60)
            assert client.get(reverse("accounts:profile")).status_code == 200
        moment.shift(31 * 60)
        assert client.get(reverse("accounts:profile")).url.startswith(LOGIN)


def test_signing_out_is_recorded(client, user):
    sign_in(client)
    client.post("/accounts/logout/")
    assert [verb for verb, _, _ in events()] == ["sign_in", "sign_out"]
    assert client.get(reverse("accounts:profile")).url.startswith(LOGIN)


def test_a_link_by_mail_sets_a_new_password(client, user):
    client.post("/accounts/password/reset/", {"email": user.email})
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body)[1]
    assert "重设密码" in mail.outbox[0].subject
    page = client.get(link, follow=True)
    new = "another long one 7"
    answer = client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert answer.status_code == 302
    assert sign_in(client, password=new).status_code == 302


def test_an_unknown_address_gets_no_mail_and_the_same_answer(client, user):
    known = client.post("/accounts/password/reset/", {"email": user.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.test"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert len(mail.outbox) == 1


def test_open_sign_up_leads_to_the_registration_of_an_agency(client, db):
    assert client.get("/accounts/signup/").url == reverse("accounts:register-agency")
    client.post("/accounts/signup/", {"username": "x", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.exists()


def test_production_hashes_with_argon2():
    base = importlib.import_module("anyang_sep.settings.base")
    assert base.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


@pytest.mark.parametrize(
    "address",
    ["/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/", "/accounts/inactive/",
     "/accounts/password/reset/key/x-y/", "/accounts/password/reset/key/done/", "/register/"],
)  # fmt: skip
def test_the_pages_before_signing_in_are_ours_and_chinese(client, db, address):
    text = client.get(address, follow=True).content.decode()
    assert "auth-sheet" in text
    assert "<script>" not in text
    assert " style=" not in text
    assert "{%" not in text
    assert not re.search(r"Sign [IO]|Password|Username|E-mail", text)


@pytest.mark.parametrize(
    ("rates", "address", "sent"),
    [
        ({"login": "2/m/ip"}, LOGIN, {"login": "county-handler", "password": "wrong"}),
        ({"reset_password": "2/m/ip"}, "/accounts/password/reset/", {"email": "nobody@example.test"}),
        ({"signup": "2/m/ip"}, "/register/", {}),
    ],
    ids=["sign-in", "reset", "registration"],
)
def test_what_one_address_sends_too_often_is_held_back(client, user, settings, rates, address, sent):
    settings.ACCOUNT_RATE_LIMITS = rates
    answers = [client.post(address, sent) for _ in range(3)]
    assert [answer.status_code == 429 for answer in answers] == [False, False, True]
    assert answers[-1]["Retry-After"] == "60"
    assert "频繁" in answers[-1].content.decode()
    assert "Traceback" not in answers[-1].content.decode()


def test_the_lock_says_for_how_long(client, user):
    answers = [sign_in(client, password="wrong") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert answers[-1]["Retry-After"] == "900"


@pytest.mark.jobs
def test_the_lock_outlives_the_web_process(client, user, settings, redis_server):
    """In production it stands in Redis: a new process, with connections of its own, finds it there."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_server}}
    for _ in range(5):
        sign_in(client, password="wrong")
    caches.close_all()
    del caches["default"]
    assert sign_in(client).status_code == 429
