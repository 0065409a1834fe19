"""API tokens: shown once, bound to one position, ended by time, revocation, or the position's end."""

import datetime

import pytest
import time_machine as clock
from django.test import Client
from django.urls import path, reverse
from rest_framework.decorators import api_view
from rest_framework.response import Response

from anyang_sep.urls import urlpatterns as portal
from core.accounts import tokens
from core.accounts.models import ApiToken, Role
from core.audit.models import Event
from core.refusals import NotAllowed

DAY = datetime.timedelta(days=1)
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@api_view(["GET", "POST"])
def who(request):
    return Response({"position": request.actor.position.pk, "user": request.user.pk})


urlpatterns = [*portal, path("who/", who)]


def ask(secret, client=None, scheme="Token"):
    return (client or Client()).get("/who/", headers={"Authorization": f"{scheme} {secret}"})


@pytest.fixture
def made(people, acting, on):
    return tokens.create("业务系统", actor=acting(people.staff), on=on)


def test_a_token_acts_in_its_position(made, people):
    answer = ask(made[1])
    assert answer.json() == {"position": people.staff.pk, "user": people.staff.user_id}


def test_whichever_position_the_user_has_chosen_elsewhere(made, people, offices, hold):
    hold("agency-staff", offices.experts, Role.EXPERT)
    assert ask(made[1]).json()["position"] == people.staff.pk


def test_only_its_hash_is_kept(made):
    assert made[1] not in str(list(ApiToken.objects.values())) + str(list(Event.objects.values()))
    assert len(made[1]) >= 43


def test_without_or_with_a_wrong_one_the_answer_is_401_and_names_the_scheme(made):
    for answer in (Client().get("/who/"), ask("wrong"), ask(""), ask(made[1], scheme="Bearer")):
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Token"


def test_a_revoked_one_ends_at_once(made, people, acting, on):
    tokens.revoke(made[0], actor=acting(people.staff), on=on)
    assert ask(made[1]).status_code == 401


def test_nobody_revokes_anothers(made, people, acting, on, browser_of):
    with pytest.raises(NotAllowed):
        tokens.revoke(made[0], actor=acting(people.admin), on=on)
    assert browser_of(people.admin).post(reverse("accounts:revoke-token", args=[made[0].pk])).status_code == 404


def test_it_expires_after_ninety_days(people, acting):
    with clock.travel("2026-09-18 02:00:00+00:00", tick=False) as moment:
        day = datetime.date(2026, 9, 18)
        people.staff.since = day
        people.staff.save()
        _, secret = tokens.create("x", actor=acting(people.staff, day), on=day)
        moment.shift(90 * DAY - DAY / 86_400)
        assert ask(secret).status_code == 200
        moment.shift(DAY / 86_400)
        assert ask(secret).status_code == 401


def test_it_ends_with_the_position_the_account_and_the_organisation(made, people, offices, on):
    people.staff.since, people.staff.until = on - 2 * DAY, on - DAY
    people.staff.save()
    assert ask(made[1]).status_code == 401
    people.staff.until = None
    people.staff.save()
    people.staff.user.is_active = False
    people.staff.user.save()
    assert ask(made[1]).status_code == 401
    people.staff.user.is_active = True
    people.staff.user.save()
    assert ask(made[1]).status_code == 200
    offices.agency.active = False
    offices.agency.save()
    assert ask(made[1]).status_code == 401


def test_the_day_of_its_last_use_is_noted(made, on):
    ask(made[1])
    assert ApiToken.objects.get().last_used_on == on


def test_a_session_calls_in_its_position_and_with_its_csrf_token_only(people):
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.staff.user)
    assert client.get("/who/").json()["position"] == people.staff.pk
    assert client.post("/who/").status_code == 403


def test_a_token_needs_no_csrf_token(made):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/who/", headers={"Authorization": f"Token {made[1]}"}).status_code == 200


def test_a_token_beats_the_session_it_comes_with(made, people, browser_of):
    assert ask(made[1], browser_of(people.admin)).json()["position"] == people.staff.pk


def test_a_session_without_a_chosen_position_is_told_so(people, offices, hold, browser_of):
    hold("agency-staff", offices.experts, Role.EXPERT)
    answer = browser_of(people.staff).get("/who/")
    assert answer.status_code == 403
    assert "请先选择岗位" in answer.content.decode()


def test_the_page_shows_it_once_and_revokes_it(people, browser_of):
    client, page = browser_of(people.staff), reverse("accounts:tokens")
    secret = client.post(page, {"name": "业务系统"}).context["secret"]
    assert ask(secret).status_code == 200
    assert secret not in client.get(page).content.decode()
    client.post(reverse("accounts:revoke-token", args=[ApiToken.objects.get().pk]))
    assert ask(secret).status_code == 401
    assert list(Event.objects.values_list("verb", flat=True)) == ["api_token.created", "api_token.revoked"]
