"""The request's actor: which position acts, that it still holds, and who is led where."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.views import View

from core.accounts.models import Role
from core.accounts.sessions import SignedIn, current_actor, signed_in

DAY = datetime.timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def two(people, offices, hold):
    """The handler is an expert as well."""
    return hold("county-handler", offices.experts, Role.EXPERT)


def actor_of(client):
    return client.get(reverse("accounts:choose-position")).wsgi_request.actor


def test_a_single_position_needs_no_choice(people, browser_of, on):
    actor = actor_of(browser_of(people.handler))
    assert (actor.position, actor.on, actor.user) == (people.handler, on, people.handler.user)


def test_with_two_nobody_acts_before_choosing(people, two, browser_of):
    client = browser_of(people.handler)
    assert actor_of(client) is None
    answer = client.get(reverse("accounts:profile"))
    assert answer.url == f"{reverse('accounts:choose-position')}?next=%2Fdesk%2Faccount%2F"
    page = client.get(answer.url).content.decode()
    assert "汤阴县人社局" in page
    assert "专家库" in page


def test_the_chosen_position_acts_until_switched(people, two, browser_of):
    client = browser_of(people.handler)
    answer = client.post(reverse("accounts:switch-position"), {"position": two.pk, "next": "/desk/account/"})
    assert answer.url == "/desk/account/"
    assert actor_of(client).role == Role.EXPERT
    client.post(reverse("accounts:switch-position"), {"position": people.handler.pk})
    assert actor_of(client).role == Role.HANDLER


@pytest.mark.parametrize("which", ["others", "ended"])
def test_no_other_position_can_be_chosen(people, two, offices, hold, browser_of, on, which):
    past = hold("county-handler", offices.centre, Role.HANDLER, since=on - 9 * DAY, until=on - DAY)
    pk = {"others": people.chief.pk, "ended": past.pk}[which]
    assert browser_of(people.handler).post(reverse("accounts:switch-position"), {"position": pk}).status_code == 403


def test_nonsense_is_no_position(people, browser_of):
    assert browser_of(people.handler).post(reverse("accounts:switch-position"), {"position": "x"}).status_code == 404


def test_a_position_that_ends_acts_no_longer(people, two, browser_of, on):
    client = browser_of(people.handler)
    client.post(reverse("accounts:switch-position"), {"position": two.pk})
    two.since, two.until = on - 9 * DAY, on - DAY
    two.save()
    assert actor_of(client).position == people.handler


def test_a_closed_organisation_has_no_actors(people, offices, browser_of):
    offices.county.active = False
    offices.county.save()
    client = browser_of(people.handler)
    assert actor_of(client) is None
    assert "没有在任的岗位" in client.get(reverse("accounts:choose-position")).content.decode()


def test_visitors_cost_no_query(client, django_assert_num_queries, db, settings):
    settings.CLOCK_MOVABLE = False
    with django_assert_num_queries(0):
        assert client.get("/accounts/login/").wsgi_request.actor is None


def test_the_day_is_fixed_once_in_a_request(rf, people, monkeypatch):
    request = rf.get("/")
    request.user, request.session = people.handler.user, {}
    first = current_actor(request).on
    monkeypatch.setattr("core.accounts.sessions.today", lambda: first + DAY)
    assert current_actor(request).on == first


@signed_in("county", roles=("chief",))
def chiefs_only(request):
    return HttpResponse("in")


class ChiefsOnly(SignedIn, View):
    kinds, roles = ("county",), ("chief",)

    def get(self, request):
        return HttpResponse("in")


@pytest.mark.parametrize(
    ("who", "inside"), [("chief", True), ("handler", False), ("centre_chief", False), ("admin", False)]
)
@pytest.mark.parametrize("view", [chiefs_only, ChiefsOnly.as_view()], ids=["function", "class"])
def test_a_view_opens_to_the_kinds_and_roles_it_names(rf, people, who, inside, view):
    request = rf.get("/")
    request.user, request.session = getattr(people, who).user, {}
    if inside:
        assert view(request).content == b"in"
    else:
        with pytest.raises(PermissionDenied):
            view(request)


def test_a_part_of_a_page_is_not_replaced_by_the_sign_in_page(client, db):
    answer = client.get(reverse("accounts:profile"), headers={"HX-Request": "true"})
    assert answer.status_code in {204, 401}
    assert b"<html" not in answer.content


def test_demo_sign_in_is_one_click_in_demo_mode_and_nothing_elsewhere(client, people, settings):
    address = reverse("accounts:demo-sign-in", args=["county-handler"])
    assert client.post(address).status_code == 404
    settings.DEMO_MODE = True
    assert client.get(address).status_code == 405
    assert client.post(address).url == "/desk/"
    assert actor_of(client).position == people.handler
    assert client.post(reverse("accounts:demo-sign-in", args=["county-chief"])).url == "/desk/"
    assert actor_of(client).position == people.chief
    assert client.post(reverse("accounts:demo-sign-in", args=["nobody"])).status_code == 404


def test_a_page_of_another_position_does_nothing_in_this_one(people, two, browser_of):
    """Two windows: the position was switched in one, the other's page is sent."""
    client = browser_of(people.handler)
    client.post(reverse("accounts:switch-position"), {"position": two.pk})
    sent = {"display_name": "经办人甲", "email": "", "phone": "13800000000", "acting_as": people.handler.pk}
    refused = client.post(reverse("accounts:profile"), sent)
    assert refused.status_code == 409
    assert "您在别的窗口换了岗位或账号" in refused.content.decode()
    people.handler.user.refresh_from_db()
    assert people.handler.user.display_name != "经办人甲"
    by_script = client.post(reverse("accounts:profile"), sent, headers={"HX-Request": "true"})
    assert (by_script.status_code, by_script["HX-Reswap"]) == (409, "none")
    assert "portal:refused" in by_script["HX-Trigger"]
    assert client.post(reverse("accounts:profile"), sent | {"acting_as": two.pk}).status_code == 302
    people.handler.user.refresh_from_db()
    assert people.handler.user.display_name == "经办人甲"


def test_without_scripts_a_switch_makes_the_forms_of_older_pages_void(people, two, browser_of):
    client = browser_of(people.handler)
    client.get(reverse("accounts:choose-position"))
    before = client.cookies["csrftoken"].value
    client.post(reverse("accounts:switch-position"), {"position": two.pk})
    assert client.cookies["csrftoken"].value != before


@pytest.mark.parametrize(
    ("headers", "leads_to"),
    [
        ({"Referer": "http://testserver/desk/account/?a=1"}, "/desk/account/%3Fa%3D1"),
        ({"Referer": "https://elsewhere.example/desk/account/"}, "/desk/"),
        ({"Referer": "http://testserver/desk/account/", "HX-Request": "true"}, "/desk/"),
        ({}, "/desk/"),
    ],
)
def test_who_has_to_sign_in_before_a_form_is_taken_comes_back_to_its_page(client, db, headers, leads_to):
    answer = client.post(reverse("accounts:profile"), {}, headers=headers)
    assert (answer.get("Location") or answer["X-Sign-In"]) == f"/accounts/login/?next={leads_to}"
