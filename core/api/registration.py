"""An agency registers itself: the one route that makes an account, as often from one address as the page allows."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.accounts import adapter, new_accounts, registration
from core.accounts.models import Organisation
from core.accounts.sessions import day_of
from core.api.fields import AreaField
from core.api.serializers import AreaSerializer
from core.reference.models import Area
from core.web.api import problems


class RegistrationBody(serializers.Serializer):
    """The agency and its admin's account."""

    name = serializers.CharField(max_length=120, help_text="机构名称，与营业执照或登记证书一致")
    credit_code = serializers.CharField(max_length=24, help_text="统一社会信用代码，18位")
    code_confirmed = serializers.BooleanField(default=False, help_text="校验位不符，已逐位核对，代码与证照一致")
    area = AreaField(help_text="注册地所在县（市、区）的代码，见 /api/v1/public/areas/")
    username = serializers.CharField(
        min_length=new_accounts.SHORTEST_NAME,
        max_length=new_accounts.LONGEST_NAME,
        validators=new_accounts.NAME_VALIDATORS,
        help_text="登录名：字母、数字或 @ . + - _",
    )
    password = serializers.CharField(max_length=128, trim_whitespace=False, write_only=True)
    display_name = serializers.CharField(max_length=40, help_text="称呼")
    email = serializers.EmailField(help_text="用于接收通知和重设密码")
    phone = serializers.RegexField(new_accounts.PHONE, error_messages={"invalid": new_accounts.PHONE_WRONG})


class RegisteredSerializer(serializers.ModelSerializer):
    """The agency as registered: not confirmed yet."""

    class Meta:
        model = Organisation
        fields = ("id", "name", "credit_code", "area", "confirmed_on")
        read_only_fields = fields


class _Public(APIView):
    """No sign-in, and none looked for."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]


class PublicAreas(_Public):
    """Where an agency may be registered."""

    @extend_schema(
        operation_id="public_areas_list",
        summary="县（市、区）",
        tags=["public"],
        auth=[],
        responses=AreaSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Return all areas of the city."""
        return Response(AreaSerializer(Area.objects.all(), many=True).data)


class Registration(_Public):
    """Registering."""

    @extend_schema(
        operation_id="public_registrations_create",
        summary="机构注册",
        description=(
            "建立未核实的机构和它的管理员账号。提交备案申请之前，须由注册地的县（市、区）核实机构身份。"
            "随后请在门户登录并创建接口令牌。"
        ),
        tags=["public"],
        auth=[],
        request=RegistrationBody,
        responses={201: RegisteredSerializer, **problems(422, 429)},
    )
    def post(self, request: Request) -> Response:
        """Make an unconfirmed agency with its admin."""
        adapter.may_register(request._request)
        sent = RegistrationBody(data=request.data)
        sent.is_valid(raise_exception=True)
        agency = registration.register_agency(**sent.validated_data, on=day_of(request._request))
        return Response(RegisteredSerializer(agency).data, status=201)
