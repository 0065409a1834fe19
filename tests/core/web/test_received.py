"""What a page sent is confirmed by a cookie once a view has taken it, and by nothing else."""

import pytest
from django.contrib import messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from core.web.received import ReceivedMiddleware

MARK = "0123456789abcdef" * 2


@pytest.fixture
def cookies(rf):
    """`cookies(response, mark, said)`: what is set after a form was answered so, with a message of that level."""

    def of(response: HttpResponse, mark: str = MARK, said: int = messages.SUCCESS, method: str = "post") -> list[str]:
        request = getattr(rf, method)("/", {"kept": mark})
        request.session, request._messages = {}, None
        request._messages = FallbackStorage(request)

        def view(request):
            messages.add_message(request, said, "说明")
            return response

        return list(ReceivedMiddleware(view)(request).cookies)

    return of


def test_what_a_view_has_taken_is_confirmed(cookies):
    assert cookies(HttpResponseRedirect("/desk/")) == [f"kept-{MARK}"]
    assert cookies(HttpResponse()) == [f"kept-{MARK}"]


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 422, 429, 500])
def test_what_was_refused_or_failed_is_not(cookies, status):
    assert cookies(HttpResponse(status=status)) == []


def test_nor_what_never_came_to_a_view_or_was_led_on_with_an_error(cookies, settings):
    for before in ("account_login", "accounts:choose-position", "mfa_activate_totp"):
        assert cookies(HttpResponseRedirect(f"{reverse(before)}?next=/desk/")) == []
    assert cookies(HttpResponseRedirect("/desk/"), said=messages.ERROR) == []
    assert cookies(HttpResponseRedirect("/desk/"), method="get") == []


@pytest.mark.parametrize("mark", ["", "x", f"{MARK}\n", f"{MARK}; Path=/", MARK.upper()])
def test_a_mark_that_is_none_sets_no_cookie(cookies, mark):
    assert cookies(HttpResponseRedirect("/desk/"), mark) == []
