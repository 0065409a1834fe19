"""The portal's addresses, and a bare Django view that does one indexed read."""

from django.http import HttpRequest, JsonResponse
from django.urls import path

from anyang_sep.urls import *  # noqa: F403
from anyang_sep.urls import urlpatterns as portal
from registry.models import Entry


def bare(request: HttpRequest, code: str) -> JsonResponse:
    """What was published last under a filing code."""
    return JsonResponse(Entry.objects.filter(code=code).values_list("content", flat=True)[0])


urlpatterns = [path("bare/<str:code>/", bare), *portal]
