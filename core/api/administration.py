"""The administrator's organisations and users. No power over any case, and none over passwords or second factors."""

from collections.abc import Callable
from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts import admin_services, queries, services
from core.accounts.actors import in_force
from core.accounts.models import Organisation, OrganisationKind, Position, Role, User
from core.api.fields import AreaField, Id
from core.api.people import PositionSerializer
from core.api.serializers import AreaSerializer, OrganisationSerializer
from core.web.pagination import NumberedPages
from core.workflow.api import ActingView, ActorView

TAGS = ["administration"]


class OwnOrganisationSerializer(serializers.ModelSerializer):
    """An organisation as the administrator sees it."""

    area = AreaSerializer(read_only=True, allow_null=True)
    parent = OrganisationSerializer(read_only=True, allow_null=True, help_text="上级")

    class Meta:
        model = Organisation
        fields = ("id", "kind", "name", "credit_code", "area", "parent", "confirmed_on", "active")
        read_only_fields = fields


class OrganisationRowSerializer(OwnOrganisationSerializer):
    """The same in a list, with how many hold a position today."""

    people = serializers.IntegerField(read_only=True, help_text="今天在任的岗位数")

    class Meta(OwnOrganisationSerializer.Meta):
        fields = (*OwnOrganisationSerializer.Meta.fields, "people")  # type: ignore[assignment]


class _OfficeField(serializers.PrimaryKeyRelatedField):
    """An organisation that is no agency, by id."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", admin_services.authorities())
        super().__init__(pk_field=Id(), **kwargs)


class OrganisationBody(serializers.ModelSerializer):
    """An authority or the experts' pool; agencies register themselves."""

    area = AreaField(required=False, allow_null=True)
    parent = _OfficeField(  # type: ignore[assignment]
        required=False, allow_null=True, help_text="上级单位的编号"
    )
    active = serializers.BooleanField(required=False, default=True)

    class Meta:
        model = Organisation
        fields = ("name", "area", "parent", "active")


class NewOrganisationBody(OrganisationBody):
    """The same with its kind, which never changes."""

    kind = serializers.ChoiceField(choices=admin_services.AUTHORITY_KINDS)

    class Meta(OrganisationBody.Meta):
        fields = ("kind", *OrganisationBody.Meta.fields)  # type: ignore[assignment]


class OrganisationQuery(serializers.Serializer):
    """What the list can be narrowed to."""

    q = serializers.CharField(required=False, default="", allow_blank=True, max_length=80, help_text="名称或信用代码")
    kind = serializers.ChoiceField(choices=OrganisationKind.choices, required=False, default="")


class UserQuery(serializers.Serializer):
    """What the list can be narrowed to."""

    q = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=80, help_text="登录名、称呼或邮箱"
    )


class UserSerializer(serializers.ModelSerializer):
    """An account and the positions held today."""

    positions = PositionSerializer(source="held", many=True, read_only=True)

    class Meta:
        model = User
        fields = ("id", "username", "display_name", "email", "is_active", "last_login", "positions")
        read_only_fields = fields


class GivePositionBody(serializers.Serializer):
    """A further position for an existing account."""

    organisation = Id(help_text="单位的编号")
    role = serializers.ChoiceField(choices=Role.choices, help_text="这一类单位有的岗位")


class Administration(ActorView):
    """Only the administrator's position comes in."""

    kinds = (OrganisationKind.OPERATOR,)
    roles = (Role.ADMINISTRATOR,)


class _List(ListAPIView, ActingView, Administration):  # type: ignore[misc]
    pagination_class = NumberedPages
    filter_backends: list[Any] = []

    def asked(self, serializer_class: type[serializers.Serializer]) -> dict[str, Any]:
        """Return the filters. Raises ValidationError (400)."""
        sent = serializer_class(data=self.request.query_params)
        sent.is_valid(raise_exception=True)
        return dict(sent.validated_data)


class Organisations(_List):
    """Every organisation."""

    serializer_class = OrganisationRowSerializer

    def get_queryset(self) -> QuerySet[Organisation]:
        """By kind and name."""
        if getattr(self, "swagger_fake_view", False):
            return Organisation.objects.none()
        asked = self.asked(OrganisationQuery)
        return queries.organisations(self.actor, text=asked["q"].strip(), kind=asked["kind"])

    @extend_schema(operation_id="organisations_list", summary="单位", tags=TAGS, parameters=[OrganisationQuery])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List them."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="organisations_create",
        summary="新建单位",
        description="机构自行注册，不在这里新建。",
        tags=TAGS,
        request=NewOrganisationBody,
        responses={201: OwnOrganisationSerializer},
    )
    def post(self, request: Request) -> Response:
        """Create an authority."""

        def prepare() -> Any:
            made = Organisation(**self.body(NewOrganisationBody))
            return None, lambda: admin_services.save_organisation(made, **self.by)

        return self.deed(request, "organisation.created", prepare, OwnOrganisationSerializer, status=201)


class OrganisationDetail(ActingView, Administration):
    """One authority."""

    def organisation(self, pk: int) -> Organisation:
        """Return it. Raises NotFound for an agency too: what is known of those comes from their filing."""
        found = admin_services.authorities().filter(pk=pk).first()
        if found is None:
            raise NotFound("没有这个单位。")
        return found

    @extend_schema(
        operation_id="organisations_read", summary="读取单位", tags=TAGS, responses=OwnOrganisationSerializer
    )
    def get(self, request: Request, pk: int) -> Response:
        """Return it."""
        return Response(OwnOrganisationSerializer(self.organisation(pk)).data)

    @extend_schema(
        operation_id="organisations_update",
        summary="修改单位",
        description="只写所列的项；类别不能修改。",
        tags=TAGS,
        request=OrganisationBody(partial=True),
        responses=OwnOrganisationSerializer,
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Change name, area, higher body, or whether it is in use."""

        def prepare() -> Any:
            found = self.organisation(pk)
            sent = OrganisationBody(found, data=request.data, partial=True)
            sent.is_valid(raise_exception=True)
            for name, value in sent.validated_data.items():
                setattr(found, name, value)
            return found, lambda: admin_services.save_organisation(found, **self.by)

        return self.deed(request, "organisation.changed", prepare, OwnOrganisationSerializer)


# -- users -------------------------------------------------------------------------------------------------------


class Users(_List):
    """Every user."""

    serializer_class = UserSerializer
    acts = False

    def get_queryset(self) -> QuerySet[User]:
        """By sign-in name, with the positions held today."""
        if getattr(self, "swagger_fake_view", False):
            return User.objects.none()
        return _with_positions(queries.users(self.asked(UserQuery)["q"].strip()), self)

    @extend_schema(operation_id="users_list", summary="用户", tags=TAGS, parameters=[UserQuery])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List them."""
        return super().get(request, *args, **kwargs)


def _with_positions(rows: QuerySet[User], view: ActorView) -> QuerySet[User]:
    held = Position.objects.filter(in_force(view.actor.on)).select_related("organisation", "user").order_by("id")
    return rows.prefetch_related(Prefetch("positions", held, to_attr="held"))


class _OneUser(ActingView, Administration):
    def user(self, pk: int) -> User:
        """Return the account. Raises NotFound."""
        found = User.objects.filter(pk=pk).first()
        if found is None:
            raise NotFound("没有这个用户。")
        return found

    def change(self, request: Request, pk: int, verb: str, change: Callable[..., Any]) -> Response:
        """Do it to the account, and answer with the account as it stands now."""

        def prepare() -> Any:
            user = self.user(pk)

            def act() -> User:
                change(user, **self.by)
                return _with_positions(User.objects.filter(pk=pk), self).get()

            return user, act

        return self.deed(request, verb, prepare, UserSerializer)


class BlockUser(_OneUser):
    """Blocking."""

    @extend_schema(operation_id="users_block", summary="停用账号", tags=TAGS, request=None, responses=UserSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Let the user in no more, with every session and token."""
        return self.change(request, pk, "user.blocked", admin_services.block)


class UnblockUser(_OneUser):
    """Unblocking."""

    @extend_schema(operation_id="users_unblock", summary="启用账号", tags=TAGS, request=None, responses=UserSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Let the user in again, in the positions that still hold."""
        return self.change(request, pk, "user.unblocked", admin_services.unblock)


class GivePosition(_OneUser):
    """Giving a position."""

    @extend_schema(
        operation_id="users_give_position",
        summary="为已有用户设置岗位",
        tags=TAGS,
        request=GivePositionBody,
        responses={201: PositionSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Give an existing account a further position from today on."""

        def prepare() -> Any:
            user, data = self.user(pk), self.body(GivePositionBody)
            organisation = Organisation.objects.filter(pk=data["organisation"]).first()
            if organisation is None:
                raise serializers.ValidationError({"organisation": "没有这个单位。"}, code="not_found")
            return user, lambda: services.give_position(user, organisation, data["role"], **self.by)

        return self.deed(request, "position.given", prepare, PositionSerializer, status=201)
