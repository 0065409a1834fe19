"""The public API of what has changed."""

import datetime
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.sessions import day_of
from core.web.api import problems
from registry.api import PublicView
from registry.open_data import changes
from registry.open_data.models import What

MOST = 1000


class ChangesQuery(serializers.Serializer):
    """Where to go on reading."""

    since = serializers.CharField(
        required=False,
        default="0",
        max_length=20,
        help_text="上次答复里的 cursor，或一个日期（如 2026-10-19，含当日）；不写从头读",
    )
    page_size = serializers.IntegerField(
        required=False, default=100, min_value=1, max_value=MOST, help_text=f"每次条数，至多 {MOST}"
    )

    def validate_since(self, given: str) -> int | datetime.date:
        """Return the number or the day. Refuse anything else, and a number that was never given."""
        if given.isascii() and given.isdigit():
            changes.number_waiting()
            if int(given) > changes.last_number():
                raise serializers.ValidationError("没有这个 cursor，请从头读取。")
            return int(given)
        try:
            return datetime.date.fromisoformat(given)
        except ValueError:
            raise serializers.ValidationError("请写上次答复里的 cursor，或写成 2026-10-19 这样的日期。") from None


class PublicChangeSerializer(serializers.Serializer):
    """A change. Of what was withdrawn the key alone is told."""

    number = serializers.IntegerField(source="change.number", help_text="序号，只增不减")
    what = serializers.ChoiceField(choices=What.choices, source="change.what")
    kind = serializers.CharField(source="change.kind", help_text="公告的类别")
    kind_text = serializers.CharField(source="kind_label")
    key = serializers.CharField(source="change.key", help_text="对象：备案编码、通知书文号、年份等")
    announcement = serializers.IntegerField(source="change.publication_id", help_text="公告的编号")
    at = serializers.DateTimeField(source="change.at")
    title = serializers.CharField(allow_null=True, help_text="不再公布的为空")
    url = serializers.SerializerMethodField(help_text="公告内容的接口地址；不再公布的为空")

    def get_url(self, told: changes.Told) -> str | None:
        """Where programs read the record."""
        return self.context["request"].build_absolute_uri(told.url) if told.url else None


class PublicChangesSerializer(serializers.Serializer):
    """A page of changes."""

    cursor = serializers.CharField(help_text="下次用作 since")
    more = serializers.BooleanField(help_text="后面还有没有")
    next = serializers.CharField(allow_null=True, help_text="下一页的地址；没有下一页的为空")
    results = PublicChangeSerializer(many=True)


class Changes(PublicView):
    """What has changed since."""

    @extend_schema(
        operation_id="public_changes",
        summary="某时以来的变化",
        description=(
            "公开信息的公布、变更、终止和撤下，按序号排列。把答复里的 cursor 用作下一次的 since，不会遗漏，"
            "也不会重复；撤下的只告知是哪一条。"
        ),
        tags=["public"],
        auth=[],
        parameters=[ChangesQuery],
        responses={200: PublicChangesSerializer, **problems(400)},
    )
    def get(self, request: Request) -> Response:
        """Return what comes after a number, or from a day on."""
        asked = ChangesQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        since, size = asked.validated_data["since"], asked.validated_data["page_size"]
        rows = changes.since(since) if isinstance(since, int) else changes.since_day(since)
        found = list(rows[: size + 1])
        more, found = len(found) > size, found[:size]
        cursor = found[-1].number if found else since if isinstance(since, int) else changes.last_number()
        following = f"{reverse('open_data:api-changes')}?since={cursor}&page_size={size}"
        told = [changes.told(one, day_of(request._request)) for one in found]
        answer: dict[str, Any] = {
            "cursor": str(cursor),
            "more": more,
            "next": request.build_absolute_uri(following) if more else None,
            "results": told,
        }
        return Response(PublicChangesSerializer(answer, context={"request": request}).data)
