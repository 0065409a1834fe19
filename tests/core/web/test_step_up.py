"""Before deciding, signing and publishing one proves oneself once more: nothing is lost, and no token does."""

import re
from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.urls import get_resolver
from lxml import html

from anyang_sep.step_up import ACTS
from core.accounts import tokens
from core.audit.models import Event, Outcome
from core.clock.clock import SHANGHAI
from core.reference.models import Setting
from core.web.sure import FORM
from core.workflow import proposals
from filings.models import Criterion
from tests.core.accounts.conftest import code_of
from tests.test_access import endpoints
from tests.world import DAY, World, assessing, make_world, mark_all, submitted

pytestmark = pytest.mark.django_db
PASSWORD = "test-password-1"
SECRET = "JBSWY3DPEHPK3PXP"
NOON = datetime.combine(DAY, datetime.min.time(), SHANGHAI) + timedelta(hours=12)


@pytest.fixture
def moment():
    cache.clear()
    with time_machine.travel(NOON, tick=False) as travelling:
        yield travelling


@pytest.fixture
def world(moment) -> World:
    return make_world()


@pytest.fixture
def proposal(world):
    payload = {"grounds": [{"basis": "M7(2)", "reason": "人员不足"}]}
    return proposals.propose(assessing(world), "refuse", actor=world.actor("centre handler"), on=DAY, payload=payload)


def later(moment, minutes: int = 31) -> None:
    """Somebody is at work all the time, so that the sign-in holds."""
    moment.shift(minutes * 60)


def at_work(world: World, who: str, moment, minutes: int = 31):
    client = world.browser(who)
    for _ in range(2):
        moment.shift(minutes * 30)
        assert client.get("/desk/").status_code == 200
    return client


def post(client, address: str, sent: dict):
    return client.post(address, urlencode(sent, doseq=True), content_type=FORM)


def fields(page) -> dict[str, str]:
    form = html.document_fromstring(page.content.decode()).get_element_by_id("main").find(".//form")
    return {field.name: field.value or "" for field in form.inputs if field.name}


def test_the_table_names_addresses_that_there_are():
    routes = {where for _, where in endpoints(get_resolver())}
    filled = {re.sub(r"<int:\w+>", "1", re.sub(r"<slug:\w+>", "x", f"/{route}")) for route in ACTS}
    assert filled <= routes


def test_who_signed_in_a_while_ago_is_asked_and_then_the_act_follows(world, proposal, moment):
    client = at_work(world, "centre chief", moment)
    address = f"/proposals/{proposal.pk}/decide/"
    asked = post(client, address, {"asks": "确定？", "sure": "1", "idempotency_key": "a" * 32})
    assert asked.status_code == 403
    assert "作出决定前，距上次确认身份超过 30 分钟" in asked.content.decode()
    proposal.refresh_from_db()
    assert proposal.state == "open"
    sent = fields(asked)
    assert (sent["idempotency_key"], sent["sure"]) == ("a" * 32, "1")
    wrong = post(client, address, sent | {"proof-password": "wrong"})
    assert (wrong.status_code, "密码不对" in wrong.content.decode()) == (403, True)
    assert Event.objects.filter(outcome=Outcome.REFUSED, verb="sign_in").count() == 1
    done = post(client, address, fields(wrong) | {"proof-password": PASSWORD})
    assert done.status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == "decided"
    assert Event.objects.filter(verb="proof", outcome=Outcome.DONE).count() == 1


def test_what_was_written_is_carried_through_and_a_proof_holds_for_the_next(world, moment):
    application = submitted(world)
    mark_all(world, application, bad=("pledge",))
    client = at_work(world, "county handler", moment)
    address = f"/applications/{application.pk}/transitions/request-correction/"
    form = client.get(address).context["form"]
    words = "第一行\n第二行 <b>"
    sent = {form.add_prefix(name): field.initial or "" for name, field in form.fields.items()} | {"note": words}
    asked = post(client, address, sent)
    assert asked.status_code == 403
    assert "签发文书前" in asked.content.decode()
    assert fields(asked)["note"] == words
    acted = post(client, address, fields(asked) | {"proof-password": PASSWORD})
    assert acted.status_code != 403
    assert post(client, address, sent).status_code != 403


def test_a_code_of_the_second_factor_where_there_is_one(world, proposal, moment):
    user = world.people["centre chief"].user
    totp.TOTP.activate(user, SECRET)
    client = at_work(world, "centre chief", moment)
    address = f"/proposals/{proposal.pk}/decide/"
    asked = post(client, address, {})
    assert "proof-code" in fields(asked)
    assert post(client, address, {"proof-code": "000000"}).status_code == 403
    refused = Event.objects.get(verb="second_factor")
    assert (refused.outcome, refused.payload) == (Outcome.REFUSED, {"user": user.pk})
    assert post(client, address, {"proof-code": code_of(SECRET)}).status_code == 302


def test_for_how_long_a_proof_holds_is_a_dated_setting(world, moment):
    Setting.objects.create(key="step_up_minutes", value=60, effective_from=DAY, note="x")
    client = at_work(world, "centre chief", moment, minutes=59)
    assert "确认身份" not in post(client, "/criteria/", {}).content.decode()
    moment.shift(2 * 60)
    assert "请再次确认身份" in post(client, "/criteria/", {}).content.decode()


def test_the_door_and_the_position_come_first(world, proposal, moment):
    stranger = at_work(world, "agency admin", moment)
    assert "确认身份" not in post(stranger, f"/proposals/{proposal.pk}/decide/", {}).content.decode()
    chief = at_work(world, "centre chief", moment)
    other = world.people["centre handler"].pk
    assert post(chief, f"/proposals/{proposal.pk}/decide/", {"acting_as": other}).status_code == 409


def test_guessing_is_held_back(world, moment):
    client = at_work(world, "centre chief", moment)
    answers = [post(client, "/criteria/", {"proof-password": f"guess {number}"}) for number in range(11)]
    assert "已暂时锁定" in answers[6].content.decode()
    assert (answers[-1].status_code, Criterion.objects.filter(since=DAY).exists()) == (429, False)


def test_the_api_asks_a_session_for_a_proof(world, proposal, moment):
    client = world.browser("centre chief")
    address = f"/api/v1/proposals/{proposal.pk}/decide/"
    later(moment, 29)
    client.get("/desk/")
    later(moment, 2)
    refused = client.post(address)
    assert (refused.status_code, [one["code"] for one in refused.json()["reasons"]]) == (403, ["step_up_required"])
    assert Event.objects.get(verb="proof").outcome == Outcome.REFUSED
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    assert client.post(address).status_code == 200


def test_a_token_decides_only_where_it_was_made_for_it(world, proposal, moment):
    chief = world.actor("centre chief")
    for decides, status in ((False, 403), (True, 200)):
        _, secret = tokens.create("x", actor=chief, on=DAY, decides=decides)
        headers = {"Authorization": f"Token {secret}"}
        client = world.browser("agency admin")
        client.logout()
        assert client.get(f"/api/v1/proposals/{proposal.pk}/", headers=headers).status_code == 200
        answer = client.post(f"/api/v1/proposals/{proposal.pk}/decide/", headers=headers)
        assert answer.status_code == status, answer.content.decode()
        if status == 403:
            assert answer.json()["reasons"][0]["code"] == "token_does_not_decide"


def test_in_the_demo_one_click_is_as_good_as_another(world, moment, settings):
    settings.DEMO_MODE = True
    client = at_work(world, "centre chief", moment)
    assert "确认身份" not in post(client, "/criteria/", {}).content.decode()
