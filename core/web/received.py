"""Tells a page that what it sent has arrived, so that static/js/keep.js forgets what it kept of it."""

import re
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

Respond = Callable[[HttpRequest], HttpResponse]

FIELD = "kept"
_MARK = re.compile(r"[0-9a-f]{32}")
SECONDS = 60  # the page that follows reads it at once
# Whoever is led here first has not been heard yet.
BEFORE = (settings.LOGIN_URL, "accounts:choose-position", "mfa_activate_totp")


class ReceivedMiddleware:
    """Answers a form's mark with a cookie once a view has taken the form.

    No cookie: expired, refused, failed, or led on with an error; the page then looks whether the form came back with
    what was written, and else offers it. Stands inside the messages, which it looks at before they are stored.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and _taken(request, response):
            mark = request.POST.get(FIELD, "")
            if _MARK.fullmatch(mark):
                response.set_cookie(
                    f"{FIELD}-{mark}", "1", max_age=SECONDS, secure=request.is_secure(), samesite="Lax"
                )  # read by a script, so not HttpOnly; it says nothing
        return response


def _taken(request: HttpRequest, response: HttpResponse) -> bool:
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        return False
    if response.get("Location", "").startswith(tuple(resolve_url(where) for where in BEFORE)):
        return False
    said = getattr(messages.get_messages(request), "_queued_messages", ())
    return all(one.level < messages.ERROR for one in said)
