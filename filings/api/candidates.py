"""Who competes for a place, side by side (M11, M37): for the centre and the bureau."""

from typing import Any

from django.db.models import prefetch_related_objects
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from core.workflow.api import ActorView
from filings import merit, permissions, quota
from filings.api.assessment_serializers import OpinionSerializer, TaskSerializer
from filings.api.board import TAGS, PlacesSerializer


class CandidateSerializer(serializers.Serializer):
    """An application in assessment for the place."""

    application = serializers.IntegerField(source="application.pk")
    number = serializers.CharField(source="application.number")
    kind = serializers.CharField(source="application.kind")
    name = serializers.CharField()
    rank = serializers.IntegerField(allow_null=True, help_text="名次；没有专家评分的为空")
    score = serializers.DecimalField(
        max_digits=5, decimal_places=2, allow_null=True, help_text="各位专家评分的平均，折合百分制"
    )
    urgent = serializers.BooleanField(help_text="全市名额：申请的职业里有急需紧缺的，优先")
    overridden = serializers.BooleanField(help_text="市人社局已同意它超出这一名额")
    sheets = serializers.SerializerMethodField(help_text="评审表，含每项得分和理由")
    opinions = OpinionSerializer(source="application.opinions", many=True)
    received_on = serializers.DateField(source="application.received_on")
    started_on = serializers.DateField(source="application.assessment.started_on")

    @extend_schema_field(TaskSerializer(many=True))
    def get_sheets(self, candidate: merit.Candidate) -> Any:
        """Those that are in."""
        tasks = candidate.application.assessment.tasks.all()
        return TaskSerializer([task for task in tasks if task.done_on], many=True, context=self.context).data


class PlaceCandidatesSerializer(serializers.Serializer):
    """A place and its candidates, the best first."""

    places = PlacesSerializer()
    candidates = CandidateSerializer(many=True)


class Candidates(ActorView):
    """The candidates for one place."""

    kinds = tuple(permissions.COMPARING)

    @extend_schema(
        operation_id="places_candidates",
        summary="候选对照",
        tags=TAGS,
        parameters=[OpenApiParameter("key", str, "path", description="city，或“市区:6-18-02-04”（半角冒号）")],
        responses=PlaceCandidatesSerializer,
    )
    def get(self, request: Request, key: str) -> Response:
        """Return the place and the applications in assessment for it today, the best first."""
        place = quota.find(key, self.actor.on)
        if place is None:
            raise NotFound("没有这一名额。")
        found = merit.standings([key], self.actor.on)[key]
        related = ("assessment__tasks__scores__criterion", "assessment__tasks__expert__user", "opinions")
        prefetch_related_objects(
            [one.application for one in found], *related, "assessment__tasks__expert__organisation"
        )
        return Response(self.shown(PlaceCandidatesSerializer, {"places": place, "candidates": found}))
