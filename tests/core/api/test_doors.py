"""Each route lets in whom its page lets in, and answers everybody else 403; a row one may not see is 404."""

import pytest

from core.accounts.models import Deputy, Invitation, Position, Recusal
from core.clock.clock import now

OFFICERS = {
    "county handler", "county chief", "centre handler", "centre chief", "centre inspector", "bureau handler",
    "bureau chief",
}  # fmt: skip
AGENCY, EXPERT, OPERATOR = {"agency admin", "agency staff"}, {"experts expert"}, {"operator administrator"}
EVERYONE = AGENCY | OFFICERS | EXPERT | OPERATOR
# (method, path) -> who comes in. What they then lack (a body, a row) is answered 400 or 404, never 403.
DOORS = {
    ("GET", "organisations/"): OPERATOR,
    ("POST", "organisations/"): OPERATOR,
    ("GET", "organisations/0/"): OPERATOR,
    ("PATCH", "organisations/0/"): OPERATOR,
    ("GET", "users/"): OPERATOR,
    ("POST", "users/0/block/"): OPERATOR,
    ("POST", "users/0/unblock/"): OPERATOR,
    ("POST", "users/0/positions/"): OPERATOR,
    ("GET", "calendar/"): OPERATOR,
    ("GET", "calendar/2026/"): OPERATOR,
    ("POST", "calendar/2027/load/"): OPERATOR,
    ("POST", "calendar/2027/load/preview/"): OPERATOR,
    ("POST", "calendar/2027/confirm/"): OPERATOR,
    ("POST", "calendar/2027/confirm/preview/"): OPERATOR,
    ("POST", "calendar/override/"): OPERATOR,
    ("POST", "calendar/override/preview/"): OPERATOR,
    ("GET", "settings/"): OPERATOR,
    ("POST", "settings/cap_urban/"): OPERATOR,
    ("GET", "service-consent/"): AGENCY,
    ("GET", "deputies/"): OFFICERS | OPERATOR,
    ("POST", "deputies/"): OFFICERS | OPERATOR,
    ("POST", "deputies/0/end/"): OFFICERS | OPERATOR,
    ("GET", "recusals/"): OFFICERS | EXPERT | OPERATOR,
    ("GET", "recusals/agencies/"): OFFICERS | EXPERT | OPERATOR,
    ("POST", "recusals/"): OFFICERS | EXPERT | OPERATOR,
    ("POST", "recusals/0/end/"): OFFICERS | EXPERT | OPERATOR,
}


@pytest.mark.parametrize(("method", "path"), DOORS)
def test_each_route_opens_to_whom_the_table_says(world, call, method, path):
    for who in sorted(EVERYONE):
        answer = getattr(call(who), method.lower())(f"/api/v1/{path}", {}, format="json")
        assert (answer.status_code != 403) == (who in DOORS[method, path]), (who, answer.content.decode())
        assert answer.status_code < 500


def test_an_organisations_people_are_its_own_and_the_administrators(world, call):
    county = world.organisation("county chief")
    for who in EVERYONE:
        own = who in {"county handler", "county chief", "operator administrator"}
        call(who).call("GET", f"organisations/{county.pk}/people/", status=200 if own else 404)


def test_invitations_are_for_who_may_give_positions(world, call):
    agency = world.organisation("agency admin")
    at = f"organisations/{agency.pk}/invitations/"
    for who in EVERYONE:
        may = who in {"agency admin", "operator administrator"}
        call(who).call("GET", at, status=200 if may else 404)
        call(who).call("POST", at, {}, status=400 if may else 404)


def test_what_belongs_to_another_organisation_is_not_there(world, call):
    chief, handler = world.people["other county chief"], world.people["other county handler"]
    day = world.actor("county chief").on
    deputy = Deputy.objects.create(chief=chief, deputy=handler, since=day, until=day, reason="出差")
    agency = world.organisation("rival admin")
    recusal = Recusal.objects.create(user=handler.user, agency=agency, ground="kinship", since=day)
    invitation = Invitation.objects.create(organisation=agency, role="staff", token_hash="x", expires_at=now())
    rival = Position.objects.get(pk=world.people["rival staff"].pk)
    mine = {"deputies": deputy.pk, "recusals": recusal.pk}
    for name, pk in mine.items():
        assert call("county chief").call("GET", f"{name}/") == []
        call("county chief").call("POST", f"{name}/{pk}/end/", status=404)
        assert [row["id"] for row in call("operator administrator").call("GET", f"{name}/")] == [pk]
    call("agency admin").call("POST", f"invitations/{invitation.pk}/withdraw/", status=404)
    call("agency admin").call("POST", f"positions/{rival.pk}/end/", {"last_day": "2026-09-30"}, status=404)
