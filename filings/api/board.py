"""The board of places and what stands behind each cap (M37)."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.models import OrganisationKind
from core.workflow.api import ActorView
from filings import board, queries
from filings.api.application_serializers import OccupationSerializer
from filings.models import Application, Filing

TAGS = ["places"]


class PlacesSerializer(serializers.Serializer):
    """Places of one cap (M37)."""

    key = serializers.CharField(help_text="超名额决定所指的名额：city，或“市区:6-18-02-04”")
    label = serializers.CharField()
    cap = serializers.IntegerField()
    taken = serializers.IntegerField()
    free = serializers.IntegerField()
    over = serializers.IntegerField(help_text="超出上限的家数：超名额、恢复，或在调低之前已备案")


class AssignedSerializer(serializers.Serializer):
    """Who is assigned from elsewhere in the city."""

    id = serializers.IntegerField()
    filing = serializers.IntegerField(source="filing_id")
    name = serializers.CharField(source="filing.name")
    since = serializers.DateField()


class CellSerializer(serializers.Serializer):
    """One occupation in one quota area."""

    area = serializers.SerializerMethodField(help_text="名额区域")
    places = PlacesSerializer()
    waiting = serializers.IntegerField(help_text="在评估、等待这一名额的申请数")
    assigned = AssignedSerializer(allow_null=True, help_text="从市内别处调配来的机构，不占名额；没有时为空")

    def get_area(self, cell: board.Cell) -> str:
        """The area's name."""
        return cell.places.key.partition(":")[0]


class BoardRowSerializer(serializers.Serializer):
    """One occupation of the board."""

    occupation = OccupationSerializer()
    urgent = serializers.BooleanField(help_text="列入急需紧缺目录")
    cells = CellSerializer(many=True)


class BoardSerializer(serializers.Serializer):
    """Every occupation that is filed or applied for × quota area."""

    areas = serializers.ListField(child=serializers.CharField())
    city = PlacesSerializer()
    city_waiting = serializers.IntegerField(help_text="在评估的首次备案申请数")
    rows = BoardRowSerializer(many=True)


class BoardQuery(serializers.Serializer):
    """What the board can be narrowed to."""

    q = serializers.CharField(required=False, default="", allow_blank=True, max_length=80, help_text="职业名称或代码")
    area = serializers.CharField(required=False, default="", allow_blank=True, max_length=20, help_text="名额区域")
    show = serializers.ChoiceField(
        choices=[*((key, label) for key, (label, _) in board.SHOWN.items()), (board.EVERY, "全部职业")],
        required=False,
        default="",
        allow_blank=True,
        help_text="只看哪些职业；不填为有备案、有申请、有调配或急需紧缺的职业",
    )
    sort = serializers.ChoiceField(
        choices=[(key, label) for key, (label, _) in board.SORTS.items() if key],
        required=False,
        default="",
        allow_blank=True,
        help_text="排序；不填按代码",
    )


class Board(ActorView):
    """The board of places."""

    kinds = (OrganisationKind.CENTRE, OrganisationKind.BUREAU, OrganisationKind.COUNTY)

    @extend_schema(
        operation_id="quota_board", summary="名额看板", tags=TAGS, parameters=[BoardQuery], responses=BoardSerializer
    )
    def get(self, request: Request) -> Response:
        """Return places, who holds them and how many wait, by occupation and area."""
        asked = BoardQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        found = board.board(
            self.actor.on,
            text=wanted["q"].strip(),
            area=wanted["area"],
            show=wanted["show"],
            sort=wanted["sort"],
        )
        return Response(BoardSerializer(found).data)


class HolderSerializer(serializers.ModelSerializer):
    """A filing that holds a place."""

    class Meta:
        model = Filing
        fields = ("id", "code", "name", "area", "valid_until")
        read_only_fields = fields


class WaitingSerializer(serializers.ModelSerializer):
    """An application in assessment that waits for a place."""

    class Meta:
        model = Application
        fields = ("id", "number", "name", "kind", "accepted_on")
        read_only_fields = fields


class PlaceSerializer(serializers.Serializer):
    """What stands behind a cap's figures."""

    places = PlacesSerializer()
    urgent = serializers.BooleanField(help_text="列入急需紧缺目录")
    holders = HolderSerializer(many=True)
    waiting = WaitingSerializer(many=True, help_text="在评估的申请，急需紧缺职业在前；只列调用者可见的")
    waiting_elsewhere = serializers.IntegerField(help_text="另有几件由其他单位办理")
    assigned = AssignedSerializer(allow_null=True)


class PlaceDetail(ActorView):
    """One cap: who holds it, who waits, who is assigned."""

    kinds = (OrganisationKind.CENTRE, OrganisationKind.BUREAU, OrganisationKind.COUNTY)

    @extend_schema(
        operation_id="quota_places",
        summary="一个名额的情况",
        tags=TAGS,
        parameters=[OpenApiParameter("key", str, "path", description="city，或“市区:6-18-02-04”（半角冒号）")],
        responses=PlaceSerializer,
    )
    def get(self, request: Request, key: str) -> Response:
        """Return it. key: "city", or "市区:6-18-02-04"; 404 for one that names no cap."""
        found = board.place(key, self.actor.on)
        if found is None:
            raise NotFound("没有这个名额。")
        waiting = found["waiting"]
        seen = set(queries.visible_to(self.actor).filter(pk__in=[w.pk for w in waiting]).values_list("pk", flat=True))
        listed = [one for one in waiting if one.pk in seen]
        shown = {**found, "waiting": listed, "waiting_elsewhere": len(waiting) - len(listed)}
        return Response(PlaceSerializer(shown).data)
