"""Organisations, users and settings through the API: the administrator's, with the pages' rules."""

import pytest

from core.accounts.models import Organisation, Position
from core.audit.models import Event
from core.reference import settings
from tests.world import DAY

pytestmark = pytest.mark.django_db


def test_organisations_are_listed_created_and_changed(world, call):
    admin = call("operator administrator")
    bureau = world.organisation("bureau chief")
    found = admin.call("GET", "organisations/?kind=county&q=文峰")["results"]
    assert [(one["name"], one["people"]) for one in found] == [("文峰区人社局", 2)]
    body = {"kind": "county", "name": "殷都区人社局", "area": "410502", "parent": bureau.pk}
    made = admin.call("POST", "organisations/", body, status=201)
    assert (made["parent"]["id"], made["area"]["name"], made["active"]) == (bureau.pk, "文峰区", True)
    changed = admin.call("PATCH", f"organisations/{made['id']}/", {"active": False})
    assert (changed["active"], changed["name"]) == (False, "殷都区人社局")
    verbs = Event.objects.filter(verb__startswith="organisation.").values_list("verb", flat=True)
    assert list(verbs.order_by("id")) == ["organisation.created", "organisation.changed"]


def test_no_agency_is_made_or_changed_here_and_nothing_stands_above_the_bureau(world, call):
    admin, agency = call("operator administrator"), world.organisation("agency admin")
    admin.call("POST", "organisations/", {"kind": "agency", "name": "某机构"}, status=400)
    admin.call("GET", f"organisations/{agency.pk}/", status=404)
    admin.call("PATCH", f"organisations/{agency.pk}/", {"name": "改名"}, status=404)
    bureau, county = world.organisation("bureau chief"), world.organisation("county chief")
    refused = admin.call("PATCH", f"organisations/{bureau.pk}/", {"parent": county.pk}, status=422)
    assert refused["reasons"][0]["code"] == "not_above"
    centre = world.organisation("centre chief")
    refused = admin.call("PATCH", f"organisations/{county.pk}/", {"parent": centre.pk}, status=422)
    assert [one["code"] for one in refused["reasons"]] == ["not_above"], "the centre guides the counties (M4)"
    admin.call("PATCH", f"organisations/{bureau.pk}/", {"parent": agency.pk}, status=400)
    assert Organisation.objects.get(pk=bureau.pk).parent is None


def test_users_are_found_blocked_and_let_in_again(world, call):
    admin, user = call("operator administrator"), world.people["county handler"].user
    found = admin.call("GET", "users/?q=county-handler")["results"]
    assert found[-1]["positions"][0]["organisation"]["name"] in ("文峰区人社局", "汤阴县人社局")
    caller = call("county handler")
    assert admin.call("POST", f"users/{user.pk}/block/")["is_active"] is False
    caller.call("GET", "me/", status=401)
    assert admin.call("POST", f"users/{user.pk}/unblock/")["is_active"] is True
    caller.call("GET", "me/")
    own = world.people["operator administrator"].user
    admin.call("POST", f"users/{own.pk}/block/", status=409)


def test_no_second_factor_and_no_password_through_the_api(world, call):
    user = world.people["county chief"].user
    call("operator administrator").call("POST", f"users/{user.pk}/reset-second-factor/", status=404)


def test_a_further_position_is_given_to_an_account_in_use(world, call):
    admin, user = call("operator administrator"), world.people["county handler"].user
    other = world.organisation("other county chief")
    body = {"organisation": other.pk, "role": "inspector"}
    assert admin.call("POST", f"users/{user.pk}/positions/", body, status=201)["role"] == "inspector"
    admin.call("POST", f"users/{user.pk}/positions/", body, status=409)
    admin.call("POST", f"users/{user.pk}/positions/", {**body, "role": "admin"}, status=403)
    user.is_active = False
    user.save()
    admin.call("POST", f"users/{user.pk}/positions/", {**body, "role": "chief"}, status=409)
    assert Position.objects.filter(user=user).count() == 2


def test_figures_are_listed_and_set_from_a_day_on(world, call):
    admin = call("operator administrator")
    body = {"value": 4, "effective_from": "2026-09-18", "note": "局文件"}
    admin.call("POST", "settings/nonsense/", body, status=404)
    assert (
        admin.call("POST", "settings/cap_urban/", {**body, "value": 900}, status=422)["reasons"][0]["field"] == "value"
    )
    admin.call("POST", "settings/cap_urban/", {**body, "effective_from": "2026-09-17"}, status=422)
    admin.call("POST", "settings/cap_urban/", body, status=201)
    assert settings.value("cap_urban", DAY) == 4
    figure = next(one for one in admin.call("GET", "settings/") if one["key"] == "cap_urban")
    assert (figure["value"], figure["default"], figure["dated"][0]["note"]) == (4, 3, "局文件")
