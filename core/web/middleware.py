"""What wraps every request: its id, further headers, an expired sign-in that loses no work, refusals as pages."""

import re
import uuid
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import is_valid_path
from django.utils.cache import patch_vary_headers
from django_structlog.middlewares import RequestMiddleware

from core import direction, logs
from core.refusals import Refused
from core.web.problems import refused_page

Respond = Callable[[HttpRequest], HttpResponse]

_REQUEST_ID = re.compile(r"[0-9A-Za-z._-]{8,64}")
# Nothing here is needed by the portal; the camera for scanning a receipt's code would be asked for by name.
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation", "gyroscope",
        "magnetometer", "microphone", "midi", "payment", "usb", "xr-spatial-tracking",
    )
)  # fmt: skip


class RequestIdMiddleware:
    """Gives each request an id (or keeps a well-formed one from the proxy) for logs, answers and error pages. First."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        identity = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        # django-structlog binds this header to every line of the log; `headers` would be kept as they were before.
        request.META["HTTP_X_REQUEST_ID"] = identity
        request.request_id = identity  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-ID"] = identity
        return response


class LogMiddleware(RequestMiddleware):
    """Logs each request, without the secret of an invitation's or a password reset's link."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Return "GET /path/?query"."""
        return logs.hidden(f"{request.method} {request.get_full_path()}")


class HeadersMiddleware:
    """Permissions-Policy, Cross-Origin-Resource-Policy, and no copies of signed-in pages in shared caches."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # Visitors bring no session cookie, and are not looked up; programs sign in by a header.
        if "Authorization" in request.headers:
            response.setdefault("Cache-Control", "private, no-store")
        user = getattr(request, "user", None) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        if user is not None and user.is_authenticated:
            response.setdefault("Cache-Control", "private, no-store")
        elif response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie"])  # theme and size come from cookies
        return response


class DirectionMiddleware:
    """Keeps words written from right to left to themselves on every page (core.direction)."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        page = response.get("Content-Type", "").startswith("text/html") and not response.streaming
        if page and direction.concerns(response.content):
            response.content = direction.isolated(response.content.decode()).encode()
        return response


class SignInExpiredMiddleware:
    """Answers a script's request that was led to the sign-in page with 401, so that the page keeps what was written.

    static/js/requests.js then opens the dialog "登录已过期". Stands outside whatever redirects to the sign-in page.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.headers.get("HX-Request"):
            return response
        target = response.get("HX-Redirect") or response.get("Location", "")
        if not target.startswith(resolve_url(settings.LOGIN_URL)):
            return response
        return HttpResponse("登录已过期，请重新登录。", status=401, headers={"X-Sign-In": target})


def _above(path: str) -> str:
    """The nearest address above that is one of the portal's: "/claims/2/" of "/claims/2/reject/"; "" where none is."""
    while (path := path.rstrip("/").rpartition("/")[0] + "/") != "/":
        if is_valid_path(path):
            return path
    return ""


class RefusalMiddleware:
    """Shows a refusal that no view caught as a page with every reason and its status; so too an address that takes
    forms alone and was opened by hand, with the way back."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or response.content or request.method != "GET":
            return response
        page = render(request, "405.html", {"back": _above(request.path)}, status=response.status_code)
        page["Allow"] = response["Allow"]
        return page

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Django calls this for what a view raised."""
        return refused_page(request, exception) if isinstance(exception, Refused) else None
