"""Nothing the portal answers is ever shown stale: what a reader holds is asked about each time, and sent again only
where it has changed."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.http import parse_http_date_safe

Respond = Callable[[HttpRequest], HttpResponse]


class FreshMiddleware:
    """Lets readers keep an answer only if they ask before each use; answers 304 where they hold what they would get.

    The ETag is the hash of the answer just made for this very reader, so whatever an answer depends on is in it, and
    nobody is ever told that another's page is still good. What must not be kept at all (no-store: pages of the
    signed-in, papers) bears none. Stands outside all that writes into pages.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Cache-Control", "no-cache")
        read = request.method in {"GET", "HEAD"} and response.status_code == 200
        if not read or response.streaming or "no-store" in response["Cache-Control"]:
            return response
        set_response_etag(response)
        modified = parse_http_date_safe(response.get("Last-Modified", ""))
        return get_conditional_response(request, response["ETag"], modified, response) or response
