"""The public API of places still free (M37), and of the agencies assigned from elsewhere."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.sessions import day_of
from registry import entries, places
from registry.api import PublicView

TAGS = ["public"]


class PublicAssignedSerializer(serializers.Serializer):
    """An agency assigned from elsewhere in the city; it takes no place."""

    number = serializers.CharField(help_text="通知书文号")
    name = serializers.CharField()
    filing_code = serializers.CharField(help_text="备案编码")
    occupation = serializers.CharField()
    occupation_name = serializers.CharField()
    levels_text = serializers.CharField()
    quota_area = serializers.CharField()
    site = serializers.CharField(help_text="评价地点")
    since = serializers.DateField()
    until = serializers.DateField(allow_null=True, help_text="不再有效的第一日")


class FreeSerializer(serializers.Serializer):
    """One occupation in one quota area."""

    area = serializers.CharField()
    cap = serializers.IntegerField()
    taken = serializers.IntegerField()
    free = serializers.IntegerField()
    assigned = PublicAssignedSerializer(allow_null=True)


class FreeRowSerializer(serializers.Serializer):
    """One occupation."""

    code = serializers.CharField()
    name = serializers.CharField()
    urgent = serializers.BooleanField(help_text="列入急需紧缺目录")
    cells = FreeSerializer(many=True)


class FreeQuery(serializers.Serializer):
    """What the list can be narrowed to."""

    q = serializers.CharField(required=False, default="", allow_blank=True, max_length=80, help_text="职业名称或代码")
    area = serializers.CharField(required=False, default="", allow_blank=True, max_length=20, help_text="名额区域")
    urgent = serializers.BooleanField(required=False, default=False, help_text="只看急需紧缺职业")
    free = serializers.BooleanField(required=False, default=False, help_text="只看有空额的职业")


class Places(PublicView):
    """Free places."""

    @extend_schema(
        operation_id="public_places",
        summary="各职业在各区域的名额",
        tags=TAGS,
        auth=[],
        parameters=[FreeQuery],
        responses=FreeRowSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Return every occupation that can be applied for, the urgent ones in front."""
        asked = FreeQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        wanted, on = asked.validated_data, day_of(request._request)
        rows = places.table(
            entries.in_force(on),
            on,
            text=wanted["q"].strip(),
            area=wanted["area"],
            urgent_only=wanted["urgent"],
            free_only=wanted["free"],
        )
        return Response(FreeRowSerializer(rows, many=True).data)
