"""The figures that the authority may choose, each from a day on (期限和参数)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.administration import Administration
from core.api.fields import LARGEST, Day
from core.reference import settings
from core.reference.models import Setting
from core.workflow.api import ActingView
from regulation.settings import SETTINGS

TAGS = ["settings"]


class ChosenSerializer(serializers.ModelSerializer):
    """A figure chosen from a day on."""

    class Meta:
        model = Setting
        fields = ("key", "value", "effective_from", "note")
        read_only_fields = fields


class FigureSerializer(serializers.Serializer):
    """A setting: what it is, what holds today, what was chosen."""

    key = serializers.CharField()
    label = serializers.CharField(source="spec.label")  # type: ignore[assignment]
    unit = serializers.CharField(source="spec.unit")
    minimum = serializers.IntegerField(source="spec.minimum")
    maximum = serializers.IntegerField(source="spec.maximum")
    default = serializers.IntegerField(source="spec.default")
    value = serializers.IntegerField(help_text="今天的值")
    dated = ChosenSerializer(many=True, help_text="设定过的值，旧的在前")


class FigureBody(serializers.Serializer):
    """A figure from a day on, today or later."""

    value = serializers.IntegerField(min_value=-LARGEST, max_value=LARGEST)
    effective_from = Day()
    note = serializers.CharField(max_length=200, help_text="依据或说明")


class Settings(Administration):
    """Every setting."""

    @extend_schema(operation_id="settings_list", summary="期限和参数", tags=TAGS, responses=FigureSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Return every figure with the days it held and will hold from."""
        return Response(FigureSerializer(settings.figures(self.actor.on), many=True).data)


class SetFigure(ActingView, Administration):
    """One setting."""

    @extend_schema(
        operation_id="settings_set",
        summary="设定期限或参数",
        description="自所填日期起生效，已经起算的期限不受影响；同日设过的被替换。",
        tags=TAGS,
        request=FigureBody,
        responses={201: ChosenSerializer},
    )
    def post(self, request: Request, key: str) -> Response:
        """Choose a figure from a day on."""

        def prepare() -> Any:
            if key not in SETTINGS:
                raise NotFound("没有这项设置。")
            data = self.body(FigureBody)
            return None, lambda: settings.set_value(key, data.pop("value"), **data, **self.by)

        return self.deed(request, "setting.set", prepare, ChosenSerializer, status=201)
