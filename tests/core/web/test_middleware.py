"""Headers, request ids, and the sign-in that expires without losing work."""

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client

from core.web.middleware import DirectionMiddleware

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.web.urls")]


def test_a_malformed_request_id_is_replaced(client: Client) -> None:
    kept = client.get("/test/take/", headers={"X-Request-ID": "proxy-1234"})
    replaced = client.get("/test/take/", headers={"X-Request-ID": "a\nb" * 3})
    assert kept["X-Request-ID"] == "proxy-1234"
    assert len(replaced["X-Request-ID"]) == 32


def test_no_feature_of_the_device_is_asked_for_and_no_inline_code_runs(client: Client) -> None:
    response = client.get("/nowhere/")
    assert "camera=()" in response["Permissions-Policy"]
    assert "geolocation=()" in response["Permissions-Policy"]
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "unsafe-inline" not in response["Content-Security-Policy"]
    assert "unsafe-eval" not in response["Content-Security-Policy"]


def test_signed_in_answers_are_not_stored_and_public_pages_vary_by_cookie(client: Client) -> None:
    assert "Cookie" in client.get("/nowhere/")["Vary"]
    client.force_login(get_user_model().objects.create_user("jingban"))
    assert client.get("/test/take/")["Cache-Control"] == "private, no-store"


def test_a_script_led_to_the_sign_in_page_gets_401_and_the_address(client: Client) -> None:
    response = client.post("/test/expired/", headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert response["X-Sign-In"] == "/accounts/login/?next=/desk/"
    assert client.post("/test/expired/").status_code == 302


def test_the_session_check_tells_signed_in_from_not(client: Client) -> None:
    assert client.get("/session/").status_code == 401


def test_the_style_page_is_for_demo_mode_and_staff(client: Client, settings) -> None:
    assert client.get("/style/").status_code == 404
    settings.DEMO_MODE = True
    assert client.get("/style/").status_code == 200


@pytest.mark.parametrize(
    ("cookies", "theme", "size"),
    [
        ({}, "light", "normal"),
        ({"theme": "dark", "size": "large"}, "dark", "large"),
        ({"theme": '"><script>', "size": "huge"}, "light", "normal"),
    ],
)
def test_theme_and_size_come_from_cookies_and_nothing_else_does(client: Client, cookies, theme, size) -> None:
    client.cookies.load(cookies)
    page = client.get("/nowhere/").content.decode()
    assert f'data-bs-theme="{theme}" data-size="{size}"' in page


@pytest.mark.parametrize(
    ("media_type", "shown"), [("text/html", "<p><bdi>בית</bdi> · 3</p>"), ("application/json", "<p>בית · 3</p>")]
)
def test_right_to_left_words_are_kept_to_themselves_on_pages_alone(rf, media_type: str, shown: str) -> None:
    answer = HttpResponse("<p>בית · 3</p>", content_type=f"{media_type}; charset=utf-8")
    assert DirectionMiddleware(lambda request: answer)(rf.get("/")).content.decode() == shown
