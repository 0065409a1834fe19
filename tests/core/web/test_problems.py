"""Refusals reach people as pages and programs as problem documents, with every reason at once."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client

from tests.core.web.urls import REASONS

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.web.urls")]


def post(client: Client, how: str, body: dict | None = None):
    return client.post(f"/test/api/{how}/", body or {}, content_type="application/json")


def test_a_refusal_is_409_with_every_reason_its_field_and_its_article(client: Client) -> None:
    response = post(client, "refused")
    assert response.status_code == 409
    assert response["Content-Type"] == "application/problem+json"
    document = response.json()
    assert document["type"] == "urn:anyang-sep:problem:refused"
    assert document["status"] == 409
    assert document["instance"] == "/test/api/refused/"
    assert document["reasons"] == [
        {
            "code": "incomplete",
            "text": REASONS[0].text,
            "field": "materials.site",
            "citation": "M8(3)",
            "citation_text": "第二章第三条第(三)项",
        },
        {"code": "unseen", "text": REASONS[1].text},
    ]


def test_the_wrong_actor_is_403(client: Client) -> None:
    response = post(client, "not-allowed")
    assert response.status_code == 403
    assert response.json()["type"] == "urn:anyang-sep:problem:not-allowed"
    assert response.json()["detail"] == "只有负责人可以决定。"


def test_what_does_not_fit_the_schema_is_400_with_dotted_fields(client: Client) -> None:
    response = post(client, "body", {"scope": [{"occupation": "焊工"}, {"occupation": "不止四个字"}, {}]})
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    found = {(reason["field"], reason["code"]) for reason in response.json()["reasons"]}
    assert found == {("name", "required"), ("scope.1.occupation", "max_length"), ("scope.2.occupation", "required")}


@pytest.mark.parametrize(("method", "status"), [("get", 405), ("put", 405)])
def test_the_librarys_own_refusals_are_problem_documents_in_chinese(client: Client, method: str, status: int) -> None:
    response = getattr(client, method)("/test/api/body/")
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["title"] == "不支持这种操作"


def test_a_refusal_of_a_page_lists_the_reasons_with_their_articles(client: Client) -> None:
    response = client.get("/test/refuse/")
    page = response.content.decode()
    assert response.status_code == 409
    assert REASONS[0].text in page
    assert REASONS[1].text in page
    assert "第二章第三条第(三)项" in page
    assert "#id_materials-site" in page


def test_htmx_gets_the_reasons_list_alone(client: Client) -> None:
    response = client.get("/test/refuse/", headers={"HX-Request": "true"})
    assert response.status_code == 409
    assert "<html" not in response.content.decode()
    assert REASONS[1].text in response.content.decode()


@pytest.mark.parametrize(("path", "status"), [("/test/deny/", 403), ("/nowhere/at/all/", 404)])
def test_error_pages_say_what_happened_and_what_to_do(client: Client, path: str, status: int) -> None:
    response = client.get(path)
    page = response.content.decode()
    assert response.status_code == status
    assert "请" in page
    assert response["X-Request-ID"] in page


def test_a_failure_is_a_page_that_needs_nothing_and_names_its_id(client: Client) -> None:
    client.raise_request_exception = False
    response = client.get("/test/fail/", headers={"X-Request-ID": "0123456789abcdef"})
    assert response.status_code == 500
    assert "系统暂时出错" in response.content.decode()
    assert "0123456789abcdef" in response.content.decode()


def test_a_stale_form_is_told_so_kindly() -> None:
    response = Client(enforce_csrf_checks=True).post("/test/take/", {})
    assert response.status_code == 403
    assert "页面已过期" in response.content.decode()


@pytest.mark.parametrize("template", ["400", "403", "403_csrf", "404", "409", "429", "500"])
def test_every_error_page_says_that_nothing_was_lost_and_has_a_way_on(template: str, rf) -> None:
    request = rf.get("/", headers={"Referer": "http://testserver/desk/"})
    page = render_to_string(f"{template}.html", {"title": "现在还不能办理"}, request=request)
    assert re.search("(任何内容都没有更改|没有任何内容被更改)", page)
    assert re.search("(请|可以再次办理)", page)
    assert 'href="http://testserver/desk/"' in page or template == "500"
    assert 'href="/"' in page


def test_no_error_page_leads_back_to_a_foreign_site(rf) -> None:
    request = rf.get("/", headers={"Referer": "https://elsewhere.example/"})
    assert "elsewhere" not in render_to_string("404.html", request=request)
