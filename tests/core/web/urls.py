"""The portal's addresses and a few that refuse, fail and take drafts, for the tests of core.web."""

import errno

from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from redis.exceptions import RedisError
from rest_framework import serializers
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from anyang_sep.urls import urlpatterns as portal
from core.refusals import NotAllowed, Reason, Refused

REASONS = (
    Reason("incomplete", "场地设备设施佐证：需补正。", "materials.site", "M8(3)"),
    Reason("unseen", "真实性承诺书：还没有看。"),
)
posted: list[dict[str, str]] = []


class Scope(serializers.Serializer):
    occupation = serializers.CharField(max_length=4)


class Body(serializers.Serializer):
    name = serializers.CharField()
    scope = Scope(many=True)


@api_view(["POST"])
@permission_classes([AllowAny])
def api(request: Request, how: str) -> Response:
    if how == "refused":
        raise Refused(REASONS)
    if how == "not-allowed":
        raise NotAllowed(Reason("role", "只有负责人可以决定。"))
    Body(data=request.data).is_valid(raise_exception=True)
    return Response({})


def refuse(request: HttpRequest) -> HttpResponse:
    raise Refused(REASONS)


def deny(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("for the test")


OUT = {
    "database": OperationalError("server closed the connection unexpectedly"),
    "cache": RedisError("Connection refused"),
    "disk": OSError(errno.ENOSPC, "No space left on device"),
    "program": OSError(errno.ENOENT, "No such file"),
}


@csrf_exempt
def out(request: HttpRequest, what: str) -> HttpResponse:
    raise OUT[what]


def take(request: HttpRequest) -> HttpResponse:
    posted.append(request.POST.dict())
    return JsonResponse({}, headers={"X-Saved-At": "16:20", "X-Draft-Version": "2"})


def expired(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=302, headers={"Location": "/accounts/login/?next=/desk/"})


urlpatterns = [
    path("api/v1/test/out/<slug:what>/", out),
    *portal,
    path("test/api/<slug:how>/", api),
    path("test/refuse/", refuse),
    path("test/deny/", deny),
    path("test/fail/", fail),
    path("test/out/<slug:what>/", out),
    path("test/take/", take),
    path("test/expired/", expired),
]
handler500 = "core.web.views.server_error"
