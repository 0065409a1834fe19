"""The working-day calculator for programs."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.sessions import day_of
from core.calendars.calculator import reckon
from core.refusals import Invalid
from core.web.api import problems
from registry.api import PublicView
from registry.calendar import published
from regulation.workdays import Unit


class WorkdaySerializer(serializers.Serializer):
    """One day of a period."""

    date = serializers.DateField()
    counted = serializers.BooleanField()
    why = serializers.CharField(help_text="计入或不计入的原因")


class WorkdaysSerializer(serializers.Serializer):
    """A period, explained day by day."""

    start = serializers.DateField(help_text="起算日，不计入")
    amount = serializers.IntegerField(min_value=0)
    unit = serializers.ChoiceField(choices=[unit.value for unit in Unit])
    end = serializers.DateField(help_text="最后一日，当日 24:00 届满")
    provisional = serializers.BooleanField(help_text="有年度节假日安排尚未公布，公布后重新计算")
    days = WorkdaySerializer(many=True)


class Workdays(PublicView):
    """The calculator."""

    of_publications = True

    @extend_schema(
        operation_id="workdays",
        summary="计算期间的最后一日",
        description="工作日、自然日（机构的期限，最后一日顺延）、月或年；2004 年至 2100 年。",
        tags=["workdays"],
        auth=[],
        parameters=[
            OpenApiParameter("start", OpenApiTypes.DATE, required=True, description="起算日，如 2025-09-28"),
            OpenApiParameter(
                "amount", {"type": "integer", "minimum": 0, "maximum": 999_999}, required=True, description="长度"
            ),
            OpenApiParameter(
                "unit", str, enum=[unit.value for unit in Unit], default=Unit.WORKDAY.value, description="单位"
            ),
        ],
        responses={200: WorkdaysSerializer, **problems(400)},
    )
    def get(self, request: Request) -> Response:
        """Reckon; what is wrong with the question is said of each parameter."""
        asked: dict[str, Any] = request.query_params
        calendar = published(day_of(request._request))
        unit = asked.get("unit", Unit.WORKDAY.value)
        try:
            period = reckon(asked.get("start", ""), asked.get("amount", ""), unit, calendar=calendar)
        except Invalid as refused:
            faults: dict[str, list[str]] = {}
            for reason in refused.reasons:
                faults.setdefault(reason.field, []).append(reason.text)
            raise serializers.ValidationError(faults) from refused
        return Response(period.as_dict())
