"""Addresses for machines that watch machines. The proxy before the portal keeps all but /healthz from outside."""

from secrets import compare_digest

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.ops import metrics, readiness


@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """Say that the process answers; asks nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Say whether what the process needs is there: 200, else 503 with the names of what is not."""
    failing = readiness.failing()
    return JsonResponse({"ready": not failing, "failing": sorted(failing)}, status=503 if failing else 200)


@require_safe
@never_cache
def figures(request: HttpRequest) -> HttpResponse:
    """Give the metrics to whoever brings the token; for anybody else there is nothing here."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    return HttpResponse(metrics.text(), content_type=metrics.CONTENT_TYPE)
