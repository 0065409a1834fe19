"""The inbox for programs."""

from typing import Any, cast

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.accounts.actors import Actor
from core.accounts.sessions import current_actor
from core.notifications import inbox
from core.notifications.models import Message


class MessageSerializer(serializers.ModelSerializer):
    """A message of the inbox."""

    unread = serializers.BooleanField(read_only=True, help_text="本人还没有打开")

    class Meta:
        model = Message
        fields = ("id", "kind", "title", "body", "link", "matter_type", "matter_id", "on", "at", "unread")
        read_only_fields = fields


class OpenedSerializer(serializers.Serializer):
    """How many messages were recorded as opened."""

    opened = serializers.IntegerField()


class ByAge(CursorPagination):
    """Newest first, by key."""

    page_size = 20
    ordering = "-id"


def _actor(request: Request) -> Actor:
    return cast("Actor", current_actor(request._request))


class MessageList(ListAPIView):
    """The messages meant for the caller's organisation and role."""

    serializer_class = MessageSerializer
    pagination_class = ByAge
    filter_backends: list[Any] = []

    def get_queryset(self) -> Any:
        """The actor's own."""
        if getattr(self, "swagger_fake_view", False):
            return Message.objects.none()
        return inbox.inbox(_actor(self.request))

    @extend_schema(operation_id="notifications_list", summary="收件箱", tags=["notifications"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List them, newest first."""
        return super().get(request, *args, **kwargs)


class MessageView(APIView):
    """One message."""

    @extend_schema(
        operation_id="notifications_read",
        summary="读取一条消息",
        description="读取即记为已打开；只作记录，不产生任何期限（送达以到达收件箱为准）。",
        tags=["notifications"],
        responses=MessageSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        """Return it; opening is recorded, and starts nothing."""
        actor = _actor(request)
        found = inbox.inbox(actor).filter(pk=pk).first()
        if found is None:
            raise NotFound("没有这条消息。")
        inbox.open_message(found, actor)
        return Response(MessageSerializer(found).data)


class OpenAll(APIView):
    """All at once."""

    @extend_schema(
        operation_id="notifications_open_all",
        summary="全部记为已打开",
        tags=["notifications"],
        request=None,
        responses=OpenedSerializer,
    )
    def post(self, request: Request) -> Response:
        """Record every message as opened; doing it twice changes nothing."""
        return Response({"opened": inbox.open_all(_actor(request))})


# Below /api/v1/.
urlpatterns = [
    path("notifications/", MessageList.as_view(), name="api-notifications"),
    path("notifications/open/", OpenAll.as_view(), name="api-notifications-open"),
    path("notifications/<int:pk>/", MessageView.as_view(), name="api-notification"),
]
