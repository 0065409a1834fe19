"""People, invitations and consent through the API: the services' rules, once per key, no secret kept."""

import pytest
from django.core import mail

from core.accounts import invitations
from core.accounts.models import Invitation, Position, ServiceConsent
from core.audit.models import Event, Outcome
from core.workflow.models import IdempotencyKey

pytestmark = pytest.mark.django_db


def test_people_are_listed_with_their_positions(world, call):
    agency = world.organisation("agency admin")
    rows = call("agency staff").call("GET", f"organisations/{agency.pk}/people/")
    assert [(row["name"], row["role"], row["until"]) for row in rows] == [
        ("agency admin", "admin", None),
        ("agency staff", "staff", None),
    ]


def test_an_invitation_gives_its_link_once_and_keeps_it_nowhere(world, call):
    agency = world.organisation("agency admin")
    at, body = f"organisations/{agency.pk}/invitations/", {"role": "staff", "email": "new@example.test"}
    made = call("agency admin").call("POST", at, body, status=201, key="i")
    secret = made["link"].rstrip("/").rpartition("/")[2]
    assert invitations.find(secret).pk == made["id"]
    assert (made["sent"], len(mail.outbox)) == (True, 1)
    again = call("agency admin").call("POST", at, body, status=201, key="i")
    assert again == {**made, "link": "", "sent": False}
    assert len(mail.outbox) == 1
    assert secret not in str(IdempotencyKey.objects.get().answer)
    assert [row["id"] for row in call("agency admin").call("GET", at)] == [made["id"]]


def test_only_roles_that_one_gives_can_be_invited(world, call):
    county = world.organisation("county chief")
    at = f"organisations/{county.pk}/invitations/"
    refused = call("county chief").call("POST", at, {"role": "chief"}, status=403)
    assert refused["reasons"][0]["code"] == "not_allowed"
    assert Event.objects.filter(verb="invitation.made", outcome=Outcome.REFUSED).exists()
    call("county chief").call("POST", at, {"role": "inspector"}, status=201)
    assert not Invitation.objects.exclude(role="inspector").exists()


def test_an_invitation_is_withdrawn(world, call):
    agency = world.organisation("agency admin")
    made = call("agency admin").call("POST", f"organisations/{agency.pk}/invitations/", {"role": "staff"}, status=201)
    call("agency staff").call("POST", f"invitations/{made['id']}/withdraw/", status=403)
    assert call("agency admin").call("POST", f"invitations/{made['id']}/withdraw/")["withdrawn"] is True
    call("agency admin").call("POST", f"invitations/{made['id']}/withdraw/", status=409)


def test_a_position_is_ended_but_never_the_last_admins(world, call):
    admin, staff = world.people["agency admin"], world.people["agency staff"]
    last = call("agency admin").call("POST", f"positions/{admin.pk}/end/", {"last_day": "2026-09-30"}, status=409)
    assert last["reasons"][0]["code"] == "last_one"
    ended = call("agency admin").call("POST", f"positions/{staff.pk}/end/", {"last_day": "2026-09-30"})
    assert ended["until"] == "2026-09-30"
    assert str(Position.objects.get(pk=staff.pk).until) == "2026-09-30"


def test_consent_is_the_admins_to_give_and_to_withdraw(world, call):
    call("agency staff").call("POST", "service-consent/withdraw/", status=403)
    assert call("agency staff").call("GET", "service-consent/")["in_force"] is True
    withdrawn = call("agency admin").call("POST", "service-consent/withdraw/")
    assert (withdrawn["in_force"], withdrawn["rows"][0]["withdrawn_on"]) == (False, "2026-09-18")
    call("agency admin").call("POST", "service-consent/withdraw/", status=409)
    assert call("agency admin").call("POST", "service-consent/give/")["in_force"] is True
    assert ServiceConsent.objects.filter(organisation=world.organisation("agency admin")).count() == 2
    call("county chief").call("POST", "service-consent/give/", status=403)
