"""Who may call what: nobody without a token, no stranger anything of a matter, each side only what is its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from rest_framework.test import APIClient

from core.accounts import tokens
from core.audit.models import Event
from core.documents.models import OfficialDocument
from regulation.materials import MATERIALS
from tests.world import assessing, submitted

METHODS = ("get", "post", "put", "patch", "delete")


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation of the committed description: method, path, operation."""
    text = (Path(settings.BASE_DIR) / "docs" / "openapi.yaml").read_text(encoding="utf-8")
    for path, item in yaml.load(text, yaml.CSafeLoader)["paths"].items():  # half a megabyte: five times as quick
        for method, operation in item.items():
            if method in METHODS:
                yield method, path, operation


OPERATIONS = list(operations())
CLOSED = [(method, path) for method, path, operation in OPERATIONS if operation.get("security", []) not in ([], [{}])]
FORMS = {
    (method, path): "json" if "application/json" in content else "multipart"
    for method, path, operation in OPERATIONS
    if (content := operation.get("requestBody", {}).get("content", {}))
}

NO_FILE = "00000000-0000-4000-8000-000000000000"


def address(path: str, pk: int) -> str:
    """Fill in the address: this application, and something below it that need not be there."""
    below = {"material": "venue", "slot": "licence", "code": "ABCD", "row": "1", "request_id": "1", "task": "1"}
    below |= {"document": "1", "item": "venue", "part": "sites", "year": "2027", "key": "cap_urban", "act": "submit"}
    path = path.replace("{id}", NO_FILE if "files" in path else str(pk))
    for name, value in below.items():
        path = path.replace(f"{{{name}}}", value)
    return path


def test_the_description_closes_all_but_the_public_routes():
    opened = {path for method, path, _ in OPERATIONS if (method, path) not in CLOSED}
    assert all(path.startswith(("/api/v1/public/", "/api/v1/workdays/")) for path in opened)
    assert len(CLOSED) > 110


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_nothing_without_signing_in(method, path):
    answer = getattr(APIClient(), method)(address(path, 1))
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize(
    "stranger", ["rival admin", "other county handler", "experts expert", "operator administrator"]
)
def test_a_stranger_finds_nothing_of_a_matter(world, call, stranger):
    application = submitted(world)
    for method, path in CLOSED:
        if path.startswith("/api/v1/applications/{id}/"):
            body = None if method == "get" else {}
            form = FORMS.get((method, path), "json")
            answer = call(stranger).call(method, address(path, application.pk), body, status=404, form=form)
            assert answer["title"] == "没有找到"
    assert call(stranger).call("GET", "applications/")["results"] == []


def test_the_centre_sees_nothing_before_acceptance(world, call):
    application = submitted(world)
    call("centre handler").call("GET", f"applications/{application.pk}/", status=404)
    call("bureau handler").call("GET", f"applications/{application.pk}/")


def test_what_offices_keep_among_themselves(world, call):
    application = assessing(world)
    at, agency = f"applications/{application.pk}/", call("agency admin")
    for path in ("assessment/", "proposals/"):
        agency.call("GET", at + path, status=404)
        call("centre chief").call("GET", at + path)
    series = {paper["series"] for paper in agency.call("GET", f"{at}documents/")}
    assert series == {"acknowledgement", "acceptance"}
    assert {m["mark"] for m in agency.call("GET", f"{at}materials/")} == {None}
    assert call("centre chief").call("GET", f"{at}materials/")[0]["mark"]["complete"] is True
    opinion = OfficialDocument.objects.get(series="recommendation")
    agency.call("GET", f"papers/{opinion.code}/", status=404)
    call("county chief").call("GET", f"papers/{opinion.code}/", status=202)


def test_personal_numbers_are_masked_for_everyone(world, call):
    application = submitted(world)
    for who in ("agency admin", "county handler"):
        read = call(who).call("GET", f"applications/{application.pk}/")
        assert (read["legal_representative_id"], read["contact_phone"]) == ("110***********002X", "138****0000")


def test_a_file_goes_to_those_who_see_the_matter_and_an_officers_look_is_kept(world, call):
    application = submitted(world)
    county = call("county handler")
    upload = county.call("GET", f"applications/{application.pk}/materials/venue/")["upload"]
    call("rival admin").call("GET", upload["download"], status=404)
    answer = county.get(upload["download"], HTTP_ACCEPT="application/pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert Event.objects.filter(verb="document.view", actor_label__contains="county handler").count() == 1


def test_a_revoked_token_opens_nothing(world, call):
    agency = call("agency admin")
    actor = world.actor("agency admin")
    tokens.revoke(actor.position.tokens.get(), actor=actor, on=actor.on)
    agency.call("GET", "me/", status=401)


def test_a_session_needs_its_csrf_token(world):
    client = APIClient(enforce_csrf_checks=True)
    client.login(username="agency-admin", password="test-password-1")
    assert client.get("/api/v1/me/").status_code == 200
    assert client.post("/api/v1/applications/", {}, format="json").status_code == 403


def test_me_says_role_and_day(world, call):
    me = call("county chief").call("GET", "me/")
    assert (me["role"], me["organisation"]["name"], me["today"]) == ("chief", "文峰区人社局", "2026-09-18")
    assert me["decides_for"] == [me["organisation"]["id"]]


def test_lists_narrow_and_page(world, call):
    first, second = submitted(world), submitted(world, "rival admin")
    county = call("county handler")
    assert [one["id"] for one in county.call("GET", "applications/")["results"]] == [second.pk, first.pk]
    assert county.call("GET", "applications/?state=accepted")["results"] == []
    assert [one["id"] for one in county.call("GET", "applications/?q=甲职业")["results"]] == [first.pk]
    page = county.call("GET", "applications/?page_size=1")
    assert [one["id"] for one in county.get(page["next"]).json()["results"]] == [first.pk]
    assert page["results"][0]["due_on"] == "2026-09-24"
    assert county.call("GET", "applications/?state=nonsense", status=400)["reasons"][0]["field"] == "state"


def test_reference_lists(world, call):
    agency = call("agency staff")
    assert [one["code"] for one in agency.call("GET", "areas/")] == ["410502", "410523"]
    assert agency.call("GET", "occupations/")[0] == {"code": "6-18-02-04", "name": "焊工"}
    agency.call("GET", "experts/", status=403)


def test_every_material_has_an_entry(world, call):
    application = submitted(world)
    listed = call("agency staff").call("GET", f"applications/{application.pk}/materials/")
    assert [one["key"] for one in listed] == list(MATERIALS)
