"""An agency registers through the API: the page's rules, the page's limit, no way around sign-in."""

import pytest
from django.test import override_settings

from core.accounts.models import Organisation, Position, User

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/public/registrations/"
BODY = {
    "name": "文峰区丙职业培训学校",
    "credit_code": "9111 0000 6000 3734 1l",
    "area": "410502",
    "username": "new-admin",
    "password": "long enough 2026",
    "display_name": "经办人丙",
    "email": "c@example.test",
    "phone": "0372-0000000",
}


def register(client, **changed):
    return client.post(ADDRESS, {**BODY, **changed}, content_type="application/json")


def test_it_makes_an_unconfirmed_agency_and_opens_no_session(world, client):
    answer = register(client)
    assert answer.status_code == 201
    assert (answer.json()["credit_code"], answer.json()["confirmed_on"]) == ("91110000600037341L", None)
    assert Position.objects.get(user__username="new-admin").role == "admin"
    assert not client.cookies
    assert "password" not in answer.content.decode()


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"password": "1234567890"}, "password", "password_weak"),
        ({"password": "new-admin"}, "password", "password_weak"),
        ({"username": "Agency-Admin"}, "username", "username_taken"),
        ({"username": "ａｇｅｎｃｙ-admin"}, "username", "username_taken"),
        ({"credit_code": "91110000600037341M"}, "credit_code", "credit_code_check_digit"),
        ({"credit_code": "123"}, "credit_code", "credit_code_malformed"),
    ],
)
def test_the_rules_of_the_page_hold(world, client, changed, field, code):
    answer = register(client, **changed)
    assert answer.status_code == 422
    assert (field, code) in [(one["field"], one["code"]) for one in answer.json()["reasons"]]
    assert not Organisation.objects.filter(name=BODY["name"]).exists()


def test_a_doubtful_code_once_it_is_confirmed(world, client):
    assert register(client, credit_code="91110000600037341M", code_confirmed=True).status_code == 201


@pytest.mark.parametrize("changed", [{"phone": "电话"}, {"username": "abc"}, {"area": "999999"}, {"email": "x"}])
def test_what_does_not_fit_the_form_is_400(world, client, changed):
    answer = register(client, **changed)
    assert answer.status_code == 400
    assert answer.json()["reasons"][0]["field"] == next(iter(changed))


@override_settings(ACCOUNT_RATE_LIMITS={"signup": "2/m/ip"})
def test_one_address_registers_no_oftener_than_on_the_page(world, client):
    statuses = [register(client, username=f"admin-{number}").status_code for number in range(3)]
    assert statuses == [201, 201, 429]
    assert User.objects.filter(username="admin-2").count() == 0


def test_areas_are_public(world, client):
    assert [one["code"] for one in client.get("/api/v1/public/areas/").json()] == ["410502", "410523"]
