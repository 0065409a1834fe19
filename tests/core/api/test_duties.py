"""Deputies and recusals through the API."""

import pytest

from core.accounts.models import Deputy, Recusal

pytestmark = pytest.mark.django_db


def deputy_of(world, **changed):
    people = world.people
    body = {"chief": people["county chief"].pk, "deputy": people["county handler"].pk, "reason": "出差"}
    return {**body, "since": "2026-09-18", "until": "2026-09-30", **changed}


def test_the_chief_names_and_ends_a_deputy(world, call):
    named = call("county chief").call("POST", "deputies/", deputy_of(world), status=201)
    assert (named["chief"]["role"], named["deputy"]["role"], named["until"]) == ("chief", "handler", "2026-09-30")
    assert call("county handler").call("GET", "me/")["decides_for"] == [world.organisation("county chief").pk]
    call("county handler").call("POST", f"deputies/{named['id']}/end/", status=403)
    assert call("county chief").call("POST", f"deputies/{named['id']}/end/") == {"until": "2026-09-18"}


def test_one_that_has_not_begun_is_taken_back(world, call):
    named = call("county chief").call("POST", "deputies/", deputy_of(world, since="2026-09-20"), status=201)
    assert call("county chief").call("POST", f"deputies/{named['id']}/end/") == {"until": None}
    assert not Deputy.objects.exists()


def test_only_the_chief_in_person_or_the_administrator_names_one(world, call):
    call("county handler").call("POST", "deputies/", deputy_of(world), status=403)
    call("centre chief").call("POST", "deputies/", deputy_of(world), status=400)
    call("operator administrator").call("POST", "deputies/", deputy_of(world), status=201)


def test_every_reason_against_a_deputy_is_said(world, call):
    wrong = deputy_of(world, deputy=world.people["county chief"].pk, since="2026-09-01", until="2026-08-01")
    reasons = call("county chief").call("POST", "deputies/", wrong, status=422)["reasons"]
    assert {one["code"] for one in reasons} >= {"same_person", "in_the_past", "dates"}


def test_anyone_declares_their_own_recusal_and_ends_it_by_nobody_but_the_chief(world, call):
    agency = world.organisation("agency admin")
    listed = call("county handler").call("GET", "recusals/agencies/")
    assert agency.pk in [one["id"] for one in listed]
    body = {"agency": agency.pk, "ground": "kinship"}
    made = call("county handler").call("POST", "recusals/", body, status=201)
    assert (made["name"], made["may_end"]) == ("county handler", False)
    call("county handler").call("POST", "recusals/", body, status=409)
    call("county handler").call("POST", f"recusals/{made['id']}/end/", status=403)
    assert call("county chief").call("GET", "recusals/")[0]["may_end"] is True
    assert call("county chief").call("POST", f"recusals/{made['id']}/end/")["until"] == "2026-09-18"


def test_a_chief_declares_for_the_office_alone(world, call):
    agency, handler = world.organisation("agency admin"), world.people["county handler"].user
    body = {"agency": agency.pk, "ground": "interest", "user": handler.pk}
    call("centre chief").call("POST", "recusals/", body, status=400)
    call("county chief").call("POST", "recusals/", body, status=201)
    call("operator administrator").call("POST", "recusals/", {**body, "ground": "employer"}, status=201)
    assert Recusal.objects.filter(user=handler).count() == 2
    call("county chief").call("POST", "recusals/", {**body, "ground": "earlier"}, status=400)
