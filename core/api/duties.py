"""Deputies of chiefs who are away (代行), and who keeps out of what (回避)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts import permissions, queries, services
from core.accounts.actors import AUTHORITIES
from core.accounts.models import Deputy, OrganisationKind, Recusal, User
from core.api.fields import Day, Id
from core.api.people import PositionSerializer
from core.api.serializers import OrganisationSerializer
from core.workflow.api import ActingView, ActorView

TAGS = ["duties"]
OFFICES = (*AUTHORITIES, OrganisationKind.OPERATOR)
RECUSABLE = (*OFFICES, OrganisationKind.EXPERTS)
MOST = 200


class DeputySerializer(serializers.ModelSerializer):
    """A dated deputy."""

    chief = PositionSerializer(read_only=True)
    deputy = PositionSerializer(read_only=True)

    class Meta:
        model = Deputy
        fields = ("id", "chief", "deputy", "since", "until", "reason")
        read_only_fields = fields


class DeputyBody(serializers.Serializer):
    """Who stands in for whom, both days included."""

    chief = Id(help_text="负责人岗位的编号")
    deputy = Id(help_text="代行人岗位的编号")
    since = Day()
    until = Day()
    reason = serializers.CharField(max_length=200)


class EndedSerializer(serializers.Serializer):
    """The last day; nothing where what had not begun was taken back."""

    until = serializers.DateField(allow_null=True)


class Deputies(ActingView):
    """Deputies."""

    kinds = OFFICES

    @extend_schema(operation_id="deputies_list", summary="代行", tags=TAGS, responses=DeputySerializer(many=True))
    def get(self, request: Request) -> Response:
        """Return those of the caller's office, of all for the administrator, newest first, at most 200."""
        return Response(DeputySerializer(queries.deputies_for(self.actor)[:MOST], many=True).data)

    @extend_schema(
        operation_id="deputies_name",
        summary="指定代行人",
        tags=TAGS,
        request=DeputyBody,
        responses={201: DeputySerializer},
    )
    def post(self, request: Request) -> Response:
        """Let somebody of the office decide in the chief's place for some days."""

        def prepare() -> Any:
            data = self.body(DeputyBody)
            named = data.pop("chief"), data.pop("deputy")
            there = queries.office_positions(self.actor).in_bulk(named)
            if missing := [name for name, pk in zip(("chief", "deputy"), named, strict=True) if pk not in there]:
                raise serializers.ValidationError(dict.fromkeys(missing, "本单位没有这个岗位。"), code="not_found")
            chief, deputy = (there[pk] for pk in named)
            return None, lambda: services.name_deputy(chief, deputy, **data, **self.by)

        return self.deed(request, "deputy.named", prepare, DeputySerializer, status=201)


class EndDeputy(ActingView):
    """Ending a deputy."""

    kinds = OFFICES

    @extend_schema(operation_id="deputies_end", summary="结束代行", tags=TAGS, request=None, responses=EndedSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """End it at once; one that has not begun is taken back."""

        def prepare() -> Any:
            deputy = queries.deputies_for(self.actor).filter(pk=pk).first()
            if deputy is None:
                raise NotFound("没有这次代行。")

            def act() -> dict[str, Any]:
                services.end_deputy(deputy, **self.by)
                return {"until": Deputy.objects.filter(pk=pk).values_list("until", flat=True).first()}

            return deputy, act

        return self.deed(request, "deputy.ended", prepare, EndedSerializer)


# -- recusal -----------------------------------------------------------------------------------------------------


class RecusalSerializer(serializers.ModelSerializer):
    """Who keeps out of what."""

    user = serializers.IntegerField(source="user_id", read_only=True)
    name = serializers.CharField(source="user.__str__", read_only=True)
    agency = OrganisationSerializer(read_only=True, allow_null=True)
    ground = serializers.ChoiceField(choices=Recusal.Ground.choices, read_only=True)
    ground_label = serializers.CharField(source="get_ground_display", read_only=True)
    may_end = serializers.SerializerMethodField(help_text="当前岗位可以解除")

    class Meta:
        model = Recusal
        fields = (
            "id",
            "user",
            "name",
            "agency",
            "matter_type",
            "matter_id",
            "ground",
            "ground_label",
            "note",
            "since",
            "until",
            "may_end",
        )
        read_only_fields = fields

    def get_may_end(self, recusal: Recusal) -> bool:
        """Nobody of oneself."""
        return recusal.until is None and permissions.may_end_recusal(self.context["actor"], recusal)


class RecusalBody(serializers.Serializer):
    """Whom, from which agency, and why."""

    user = Id(required=False, help_text="用户的编号；不填为本人")
    agency = Id(help_text="机构的编号，见 /api/v1/recusals/agencies/")
    ground = serializers.ChoiceField(choices=services.DECLARED_GROUNDS)
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)


class Recusals(ActingView):
    """Recusals."""

    kinds = RECUSABLE

    @extend_schema(operation_id="recusals_list", summary="回避", tags=TAGS, responses=RecusalSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Return one's own, a chief's office's too, all for the administrator; newest first, at most 200."""
        return Response(self.shown(RecusalSerializer, queries.recusals_for(self.actor)[:MOST], many=True))

    @extend_schema(
        operation_id="recusals_declare",
        summary="登记回避",
        tags=TAGS,
        request=RecusalBody,
        responses={201: RecusalSerializer},
    )
    def post(self, request: Request) -> Response:
        """Keep out of what concerns an agency, from today on."""

        def prepare() -> Any:
            data = self.body(RecusalBody)
            user = self._user(data.pop("user", None))
            agency = queries.agencies().filter(pk=data.pop("agency")).first()
            if agency is None:
                raise serializers.ValidationError({"agency": "没有这家机构。"}, code="not_found")
            return None, lambda: services.declare_recusal(user, agency=agency, **data, **self.by)

        return self.deed(request, "recusal.declared", prepare, RecusalSerializer, status=201)

    def _user(self, pk: int | None) -> User:
        found = queries.recusable(self.actor).filter(pk=pk or self.actor.person.pk).first()
        if found is None:
            raise serializers.ValidationError({"user": "只能为本人或本单位人员登记回避。"}, code="not_found")
        return found


class AgenciesQuery(serializers.Serializer):
    """What the list can be narrowed to."""

    q = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=120, help_text="信用代码开头，或名称的一部分"
    )


class RecusalAgencies(ActorView):
    """The agencies to choose from."""

    kinds = RECUSABLE

    @extend_schema(
        operation_id="recusals_agencies",
        summary="可以登记回避的机构",
        tags=TAGS,
        parameters=[AgenciesQuery],
        responses=OrganisationSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Return them by name, at most 200."""
        asked = AgenciesQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        return Response(OrganisationSerializer(queries.agencies(asked.validated_data["q"])[:MOST], many=True).data)


class EndRecusal(ActingView):
    """Ending a recusal."""

    kinds = RECUSABLE

    @extend_schema(
        operation_id="recusals_end", summary="解除回避", tags=TAGS, request=None, responses=RecusalSerializer
    )
    def post(self, request: Request, pk: int) -> Response:
        """End it after today, by the chief or the administrator."""

        def prepare() -> Any:
            recusal = queries.recusals_for(self.actor).filter(pk=pk).first()
            if recusal is None:
                raise NotFound("没有这项回避。")
            return recusal, lambda: services.end_recusal(recusal, **self.by)

        return self.deed(request, "recusal.ended", prepare, RecusalSerializer)
