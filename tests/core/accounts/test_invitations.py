"""Invitations: a link that works once, for some days, for the position it names and no other."""

import datetime

import pytest
import time_machine as clock
from django.core import mail
from django.urls import reverse

from core.accounts import invitations
from core.accounts.models import Invitation, Position, Role, User
from core.audit.models import Event
from core.refusals import NotAllowed, NotPossible
from tests.core.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db
ACCOUNT = {
    "username": "new-staff",
    "display_name": "经办乙",
    "email": "c@example.test",
    "phone": "0372-0000001",
    "password1": PASSWORD,
    "password2": PASSWORD,
}


@pytest.fixture
def invited(people, offices, acting, on):
    invitation, secret = invitations.invite(offices.agency, Role.STAFF, actor=acting(people.admin), on=on)
    return invitation, secret


def link(secret):
    return reverse("accounts:accept-invitation", args=[secret])


def test_only_the_hash_of_the_link_is_kept(invited):
    _, secret = invited
    assert secret not in str(list(Invitation.objects.values())) + str(list(Event.objects.values()))


@pytest.mark.parametrize(
    ("who", "office", "role"),
    [("staff", "agency", "staff"), ("admin", "county", "handler"), ("handler", "county", "handler"),
     ("chief", "county", "chief"), ("chief", "centre", "handler"), ("admin", "agency", "chief")],
)  # fmt: skip
def test_nobody_invites_beyond_what_they_may_give(people, offices, acting, on, who, office, role):
    with pytest.raises(NotAllowed):
        invitations.invite(getattr(offices, office), role, actor=acting(getattr(people, who)), on=on)


def test_a_new_person_sets_up_an_account_and_acts_at_once(client, invited, offices, on):
    assert "机构甲" in client.get(link(invited[1])).content.decode()
    assert client.post(link(invited[1]), ACCOUNT).url == "/desk/"
    position = Position.objects.get(user__username="new-staff")
    assert (position.organisation, position.role, position.since) == (offices.agency, Role.STAFF, on)
    assert client.get(reverse("accounts:staff")).wsgi_request.actor.position == position


def test_someone_signed_in_joins_with_the_own_account_and_acts_in_the_new_position(invited, people, browser_of):
    client = browser_of(people.expert)
    assert client.post(link(invited[1])).url == "/desk/"
    assert client.get(reverse("accounts:staff")).wsgi_request.actor.role == Role.STAFF
    assert people.expert.user.positions.count() == 2


def test_a_link_works_once(client, invited):
    client.post(link(invited[1]), ACCOUNT)
    client.logout()
    assert client.get(link(invited[1])).status_code == 410
    assert client.post(link(invited[1]), {**ACCOUNT, "username": "second"}).status_code == 410
    assert not User.objects.filter(username="second").exists()


def test_a_withdrawn_link_works_no_more(client, invited, people, acting, on):
    invitations.withdraw(invited[0], actor=acting(people.admin), on=on)
    answer = client.get(link(invited[1]))
    assert answer.status_code == 410
    assert "已失效" in answer.content.decode()
    with pytest.raises(NotPossible):
        invitations.withdraw(invited[0], actor=acting(people.admin), on=on)


def test_a_link_works_for_seven_days(people, offices, acting):
    with clock.travel("2026-09-18 02:00:00+00:00", tick=False) as moment:
        day = datetime.date(2026, 9, 18)
        people.admin.since = day
        _, secret = invitations.invite(offices.agency, Role.STAFF, actor=acting(people.admin, day), on=day)
        moment.shift(datetime.timedelta(days=7, seconds=-1))
        invitations.find(secret)
        moment.shift(1)
        with pytest.raises(NotPossible):
            invitations.find(secret)


def test_an_unknown_link_says_no_more_than_a_used_one(client, db):
    assert client.get(link("anything")).status_code == 410


def test_a_taken_name_leaves_the_link_good(client, invited):
    answer = client.post(link(invited[1]), {**ACCOUNT, "username": "Agency-Admin"})
    assert answer.status_code == 422
    assert client.post(link(invited[1]), ACCOUNT).status_code == 302


def test_who_holds_the_position_already_is_told_and_the_link_stays_good(invited, people, browser_of, client):
    answer = browser_of(people.staff).post(link(invited[1]))
    assert "已在这个岗位上" in answer.content.decode()
    assert client.post(link(invited[1]), ACCOUNT).status_code == 302


def test_the_page_shows_the_link_once_and_mails_it(people, browser_of, client):
    admin = browser_of(people.admin)
    page = admin.post(reverse("accounts:staff"), {"role": "staff", "email": "c@example.test"})
    shown = page.context["link"]
    assert shown in page.content.decode()
    assert shown in mail.outbox[0].body
    assert mail.outbox[0].to == ["c@example.test"]
    assert shown not in admin.get(reverse("accounts:staff")).content.decode()
    assert client.get(shown.removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_a_mail_server_that_is_down_is_told(people, browser_of, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    page = browser_of(people.admin).post(reverse("accounts:staff"), {"role": "staff", "email": "c@example.test"})
    assert "邮件没有发出去" in page.content.decode()
    assert page.context["link"]
