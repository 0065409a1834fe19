"""The public API of what is announced: everything published, and the lists that hold today."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, NotFound
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.sessions import day_of
from core.clock.words import in_words
from core.publications import register
from core.publications.models import Publication
from core.web.api import problems
from core.web.pagination import KeyedPages
from registry import announcements, lists
from registry.api import PublicView

TAGS = ["public"]


class AnnouncementRowSerializer(serializers.ModelSerializer):
    """An announcement in the list."""

    kind_label = serializers.SerializerMethodField()
    title = serializers.SerializerMethodField()

    class Meta:
        model = Publication
        fields = ("id", "kind", "kind_label", "title", "published_on", "until")
        read_only_fields = fields

    def get_kind_label(self, row: Publication) -> str:
        """The kind in words."""
        return register.label(row.kind)

    def get_title(self, row: Publication) -> str:
        """The headline, as the page has it."""
        return announcements.title(row)


class AnnouncementSerializer(AnnouncementRowSerializer):
    """One announcement with what is published."""

    content = serializers.SerializerMethodField(help_text="公布的内容，各类别的项目不同")

    class Meta(AnnouncementRowSerializer.Meta):
        fields = (*AnnouncementRowSerializer.Meta.fields, "content")

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_content(self, row: Publication) -> Any:
        """Only what the kind's allow-list names."""
        return row.content


class AnnouncementQuery(serializers.Serializer):
    """What the list can be narrowed to."""

    kind = serializers.CharField(required=False, default="", allow_blank=True, max_length=40, help_text="类别")


class NewestFirst(KeyedPages):
    """As the page lists them."""

    ordering = announcements.ORDER


class Gone(APIException):
    """What was published is public no longer."""

    status_code = status.HTTP_410_GONE
    default_detail = "这条公告已不再公布。"


class Announcements(ListAPIView, PublicView):
    """Everything published."""

    of_publications = True
    serializer_class = AnnouncementRowSerializer
    pagination_class = NewestFirst
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet[Publication]:
        """What is public today."""
        if getattr(self, "swagger_fake_view", False):
            return Publication.objects.none()
        asked = AnnouncementQuery(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        return announcements.announced(day_of(self.request._request), asked.validated_data["kind"])

    @extend_schema(
        operation_id="public_announcements_list",
        summary="通知公告",
        tags=TAGS,
        auth=[],
        parameters=[AnnouncementQuery],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List them, newest first, of one kind or of all."""
        return super().get(request, *args, **kwargs)


class Announcement(PublicView):
    """One announcement."""

    of_publications = True

    @extend_schema(
        operation_id="public_announcements_read",
        summary="读取一条公告",
        tags=TAGS,
        auth=[],
        responses={200: AnnouncementSerializer, **problems(404, 410)},
    )
    def get(self, request: Request, pk: int) -> Response:
        """Return it; 410 for one that is public no longer."""
        on = day_of(request._request)
        row = Publication.objects.filter(pk=pk, published_on__lte=on).first()
        if row is None:
            raise NotFound("没有这条公告。")
        if announcements.is_gone(row, on):
            raise Gone("这条公告已经撤下。" if row.withdrawn_on else f"公布期到{in_words(row.until)}为止。")
        return Response(AnnouncementSerializer(row).data)


class UrgentItemSerializer(serializers.Serializer):
    """An occupation on the urgent list."""

    occupation = serializers.CharField(help_text="职业代码")
    name = serializers.CharField()
    since = serializers.DateField()
    until = serializers.DateField(allow_null=True)
    source = serializers.CharField(help_text="公布文件")


class CriterionItemSerializer(serializers.Serializer):
    """A criterion of assessment."""

    key = serializers.CharField()
    label = serializers.CharField()
    full_marks = serializers.IntegerField()
    since = serializers.DateField()
    until = serializers.DateField(allow_null=True)


class Urgent(PublicView):
    """The urgent list."""

    of_publications = True

    @extend_schema(
        operation_id="public_urgent_list",
        summary="急需紧缺目录",
        tags=TAGS,
        auth=[],
        responses=UrgentItemSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Return what holds today of the published list (M37)."""
        return Response(UrgentItemSerializer(lists.holding("urgent", day_of(request._request)), many=True).data)


class Criteria(PublicView):
    """The criteria of assessment."""

    of_publications = True

    @extend_schema(
        operation_id="public_criteria_list",
        summary="评估标准",
        tags=TAGS,
        auth=[],
        responses=CriterionItemSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Return what holds today of the published criteria (M11)."""
        return Response(CriterionItemSerializer(lists.holding("criteria", day_of(request._request)), many=True).data)
