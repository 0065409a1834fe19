"""Ways round the second factor, back into an office, or into the secrets of links: closed."""

import datetime

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client, RequestFactory

from core.accounts import invitations, permissions, services, tokens
from core.accounts.models import Deputy, Position, Recusal, Role
from core.clock.clock import today
from core.notifications import delivery, outbox
from core.notifications.models import Delivery
from core.refusals import NotPossible
from core.web.middleware import LogMiddleware
from tests.world import SINCE, World, make_world


@pytest.fixture
def world(db) -> World:
    return make_world()


def _asked(secret: str) -> int:
    return Client().get("/api/v1/me/", headers={"Authorization": f"Token {secret}"}).status_code


def test_a_token_is_no_way_round_the_second_factor(world, settings):
    settings.MFA_REQUIRED_ROLES = ["chief", "administrator"]
    on, handler, chief = today(), world.people["county handler"], world.people["county chief"]
    _, secret = tokens.create("经办", actor=world.actor("county handler", on), on=on)
    _, chiefs = tokens.create("负责人", actor=world.actor("county chief", on), on=on)
    assert (_asked(secret), _asked(chiefs)) == (200, 401)
    Deputy.objects.create(chief=chief, deputy=handler, since=on, until=on, reason="出差")
    assert _asked(secret) == 401
    Authenticator.objects.create(user=handler.user, type=Authenticator.Type.TOTP, data={})
    assert _asked(secret) == 200


def test_nobody_comes_back_by_an_invitation_kept_for_afterwards(world):
    on, admin = today(), world.actor("agency admin", today())
    _, kept = invitations.invite(admin.office, Role.ADMIN, actor=admin, on=on)
    _, good = invitations.invite(admin.office, Role.STAFF, actor=world.actor("operator administrator", on), on=on)
    assert invitations.find(kept)
    second = Position.objects.create(
        user=world.people["rival staff"].user, organisation=admin.office, role=Role.ADMIN, since=SINCE
    )
    services.end_position(
        admin.seat, last_day=on - datetime.timedelta(days=1), actor=world.actor("operator administrator", on), on=on
    )
    with pytest.raises(NotPossible):
        invitations.accept(kept, second.user, on=on)
    assert invitations.find(good)


def test_a_blocked_users_invitations_end(world):
    on, admin = today(), world.actor("agency admin", today())
    _, kept = invitations.invite(admin.office, Role.STAFF, actor=admin, on=on)
    admin.person.is_active = False
    admin.person.save()
    with pytest.raises(NotPossible):
        invitations.find(kept)


def test_a_chief_does_not_lift_the_recusal_of_who_has_left_the_office(world):
    on, person = today(), world.people["centre handler"].user
    left = Position.objects.create(
        user=person, organisation=world.organisation("county chief"), role=Role.HANDLER, since=SINCE, until=SINCE
    )
    recusal = Recusal(user=person, agency=world.organisation("agency admin"), ground=Recusal.Ground.values[0], since=on)
    assert not permissions.may_end_recusal(world.actor("county chief", on), recusal)
    assert not permissions.may_declare_recusal(world.actor("county chief", on), person)
    left.until = None
    left.save()
    assert permissions.may_declare_recusal(world.actor("county chief", on), person)


def test_a_name_with_a_line_break_stops_no_mail(world, mailoutbox):
    user = world.people["county handler"].user
    user.email = "handler@example.com"
    user.save()
    county, on = world.organisation("county handler"), today()
    for key, title in (("a", "收到备案申请：甲校\nBcc: x@example.com"), ("b", "收到备案申请：乙校")):
        outbox.send(key, "received", organisation=county, title=title, body="x", on=on, roles=(Role.HANDLER,))
    last = Delivery.objects.latest("next_try_at").next_try_at
    assert delivery.run(last + datetime.timedelta(minutes=1))["sent"] == 2
    assert [mail.subject for mail in mailoutbox] == ["收到备案申请：甲校 Bcc: x@example.com", "收到备案申请：乙校"]
    assert all(mail.recipients() == ["handler@example.com"] for mail in mailoutbox)


@pytest.mark.parametrize(
    "address",
    [
        "/invitations/SECRET/",
        "/accounts/password/reset/key/SECRET/",
        "/announcements/subscriptions/SECRET/",
        "/announcements/unsubscribe/SECRET/",
        "/accounts/login/?next=%2Finvitations%2FSECRET%2F",
    ],
)
def test_the_log_keeps_no_secret_of_a_link(address):
    said = LogMiddleware.format_request(RequestFactory().get(address))
    assert "SECRET" not in said
    assert "***" in said
