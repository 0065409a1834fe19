"""The portal's addresses, and a bare Django view that does one indexed read."""

import json

from django.http import HttpRequest, JsonResponse
from django.urls import path

from anyang_sep.urls import *  # noqa: F403
from anyang_sep.urls import urlpatterns as portal
from registry.models import Entry


def bare(request: HttpRequest, code: str) -> JsonResponse:
    """What was published last under a filing code."""
    summary, detail = Entry.objects.filter(code=code).values_list("summary", "detail")[0]
    return JsonResponse({**summary, **json.loads(detail)})


urlpatterns = [path("bare/<str:code>/", bare), *portal]
