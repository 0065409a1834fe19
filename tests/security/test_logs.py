"""What runs and what fails leaves no secret and no personal number in any log, nor in the trail."""

import io
import logging

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.accounts import tokens
from core.accounts.models import BrowserSession, User
from core.audit.models import Event
from core.clock.clock import now, today
from core.notifications import delivery, outbox
from filings import workflow
from tests.world import World, make_world

PASSWORD, WRONG = "very-secret-pass-20", "mistyped-secret-77"
PHONE, IDENTITY, MAIL = "13912345678", "11010519491231002X", "someone@example.test"
REGISTRATION = {
    "name": "丙职业培训学校", "credit_code": "52410502MJ00000037", "area": "410502", "username": "third-admin",
    "display_name": "管理员", "email": MAIL, "phone": PHONE, "password1": PASSWORD, "password2": PASSWORD,
}  # fmt: skip


class Gateway:
    """A gateway that says to whom it could not send."""

    def send(self, number: str, text: str, *, reference: str) -> None:
        raise OSError(f"no route to {number}")


@pytest.fixture
def world(db) -> World:
    cache.clear()
    return make_world()


@pytest.fixture
def logged(monkeypatch) -> io.StringIO:
    """Everything that any logger says, at every level, with the traces of what failed."""
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    root = logging.getLogger()
    root.addHandler(handler)
    level = root.level
    root.setLevel(logging.DEBUG)
    yield said
    root.setLevel(level)
    root.removeHandler(handler)


def act(world: World, monkeypatch, settings) -> set[str]:
    """Sign in, register, write, upload, call, fail and send; return every secret that went through."""
    visitor = Client(raise_request_exception=False)
    assert visitor.post("/register/", REGISTRATION).status_code in (302, 422)
    user = world.people["agency admin"].user
    user.set_password(PASSWORD)
    user.phone, user.email = PHONE, MAIL
    user.save()
    browser = Client(raise_request_exception=False)
    browser.post("/accounts/login/", {"login": user.username, "password": WRONG})
    browser.post("/accounts/login/", {"login": PASSWORD, "password": WRONG})  # typed in the wrong place
    assert browser.post("/accounts/login/", {"login": user.username, "password": PASSWORD}).status_code == 302
    browser.post("/accounts/password/reset/", {"email": MAIL})

    actor = world.actor("agency admin", today())
    draft = workflow.create_application(actor=actor, on=today())
    base = f"/applications/{draft.pk}/draft/"
    browser.post(f"{base}agency/", {"legal_representative_id": IDENTITY, "contact_phone": PHONE})
    browser.post(f"{base}rows/staff/paste/", {"pasted": f"甲\t{IDENTITY}\t{PHONE}"})
    browser.post(f"{base}uploads/license/", {"file": SimpleUploadedFile(f"{IDENTITY}.pdf", b"%PDF-broken")})

    _, token = tokens.create("x", actor=actor, on=today())
    api = Client(raise_request_exception=False, headers={"Authorization": f"Token {token}"})
    json = {"content_type": "application/json"}
    body = {"legal_representative_id": IDENTITY, "contact_phone": PHONE}
    assert api.patch(f"/api/v1/applications/{draft.pk}/", body, **json).status_code == 200
    assert api.patch(f"/api/v1/applications/{draft.pk}/", {"unknown": IDENTITY}, **json).status_code < 500
    api.post("/api/v1/public/registrations/", REGISTRATION | {"password": PASSWORD}, **json)

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("a fault of ours")

    with monkeypatch.context() as patch:
        patch.setattr(workflow, "save_draft", fail)
        for client, address in ((browser, f"{base}agency/"), (api, f"/api/v1/applications/{draft.pk}/")):
            sent = client.patch(address, body, **json) if client is api else client.post(address, body)
            assert sent.status_code == 500, address

    settings.SMS_BACKEND = f"{__name__}.Gateway"
    outbox.send("x", "received", organisation=actor.office, title="通知", body="x", on=today(), roles=("admin",))
    delivery.run(now())
    keys = set(BrowserSession.objects.values_list("session_key", flat=True))
    cookies = {morsel.value for client in (browser, visitor) for morsel in client.cookies.values()}
    return {PASSWORD, WRONG, PHONE, IDENTITY, MAIL, token, *keys, *filter(None, cookies)}


def test_no_log_holds_a_secret_or_a_personal_number(world, logged, monkeypatch, settings):
    secrets = act(world, monkeypatch, settings)
    said = logged.getvalue()
    assert "a fault of ours" in said, "faults are logged, with where they came from"
    assert "delivery_failed" in said
    assert User.objects.filter(username="third-admin").exists()
    assert not [one for one in secrets if one in said]
    trail = "\n".join(f"{event.actor_label} {event.payload} {event.frozen}" for event in Event.objects.all())
    assert not [one for one in secrets if one in trail]
