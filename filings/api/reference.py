"""What a program must know to fill in a form: who it is, areas, occupations."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.serializers import AreaSerializer
from core.reference.models import Area, Occupation
from core.workflow.api import ActorView
from filings.api.application_serializers import MeSerializer, OccupationSerializer

TAGS = ["reference"]


class Me(ActorView):
    """The caller."""

    @extend_schema(operation_id="me", summary="当前用户、岗位和门户日期", tags=TAGS, responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """Return who calls, in which position, and the portal's day."""
        return Response(MeSerializer(self.actor).data)


class Areas(ActorView):
    """Areas."""

    @extend_schema(operation_id="areas_list", summary="县（市、区）", tags=TAGS, responses=AreaSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Return all areas of the city."""
        return Response(AreaSerializer(Area.objects.all(), many=True).data)


class Occupations(ActorView):
    """Occupations."""

    @extend_schema(
        operation_id="occupations_list",
        summary="可申报的职业（工种）",
        tags=TAGS,
        responses=OccupationSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Return the occupations that can be applied for."""
        return Response(OccupationSerializer(Occupation.objects.filter(active=True), many=True).data)
