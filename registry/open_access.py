"""What every answer of the public API bears: leave for scripts of other sites to read it, what is left of the caller's
allowance, and since when it has stood."""

import datetime
from typing import Any, ClassVar

from django.http import HttpResponseBase
from django.utils.http import http_date
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.sessions import day_of
from registry import limits
from registry.freshness import settled_since

READING = ("GET", "HEAD", "OPTIONS")
# Nobody's cookies are asked for or heeded (PublicView), so every site may read; the names are those of Fetch.
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, RateLimit, RateLimit-Policy, Retry-After, X-Request-ID",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": ", ".join(READING),
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}


class OpenAccess:
    """Mixin of a view of the public API. ETag and 304 come from core.web.fresh.FreshMiddleware.

    of_publications: its answers follow from what is published and the day alone, so they bear Last-Modified.
    """

    limited: ClassVar[bool] = True
    of_publications: ClassVar[bool] = False
    # When what was asked for was last changed, where it is known; else anything published counts.
    changed_at: datetime.datetime | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Count the request, but no question of a browser whether it may ask. Raises Throttled beyond the limit."""
        if request.method != "OPTIONS":
            throttle(request, limits.API)
        super().initial(request, *args, **kwargs)  # type: ignore[misc]

    def options(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer which methods there are, and to browsers what scripts of other sites may send."""
        return Response(status=204, headers=PREFLIGHT)

    def finalize_response(
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Put the headers there, on refusals too."""
        answer: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        said = limits.headers(request._request) | (CORS if request.method in READING else {})
        if self.of_publications and answer.status_code == 200:
            since = settled_since(day_of(request._request), self.changed_at)
            said |= {"Last-Modified": http_date(since.timestamp())} if since else {}
        for name, value in said.items():
            answer[name] = value
        return answer


def throttle(request: Request, policy: limits.Policy) -> None:
    """Count one request of the caller's address. Raises Throttled beyond the limit."""
    try:
        limits.count(request._request, policy)
    except limits.TooMany as refused:
        said = f"{policy.per}至多{policy.what} {refused.limit} 次，请 {refused.wait} 秒后再试。"
        raise Throttled(refused.wait, said) from refused
