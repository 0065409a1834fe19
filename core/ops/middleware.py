"""How many requests, and how long each took: by the name of its address, never by what stands in it."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from prometheus_client import Histogram

# Counts too: its _count by method, view and status is the number of requests.
REQUESTS = Histogram(
    "portal_request_seconds",
    "Requests by view, with how long they took until the answer began",
    ("method", "view", "status"),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class MetricsMiddleware:
    """Stands outside of all that does work."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        # What a visitor makes up (addresses, methods) makes no new series.
        method = request.method if request.method in METHODS else "other"
        view = match.view_name if match else "none"
        REQUESTS.labels(method, view, response.status_code).observe(time.perf_counter() - begun)
        return response
