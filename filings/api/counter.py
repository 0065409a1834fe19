"""The counter (窗口): which agencies, one without an account, and the scans of what was signed."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.actors import AUTHORITIES
from core.accounts.models import Role
from core.api.fields import Day
from core.api.registration import RegisteredSerializer
from core.documents.api import UploadSerializer
from core.workflow.api import ActingView, Work, plain
from filings import counter, pending, permissions, workflow
from filings.api.bodies import FileBody
from filings.api.common import FileOnly, verb

TAGS = ["counter"]
ACT = OpenApiParameter(
    "act", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(counter.PAPERS), description="书面材料所据以办理的事项"
)


class NewAgencyBody(serializers.Serializer):
    """An agency without an account, by the two papers that it showed at the counter."""

    name = serializers.CharField(max_length=120, help_text="机构名称，与登记证照一致")
    credit_code = serializers.CharField(max_length=24, help_text="统一社会信用代码，18位")
    code_confirmed = serializers.BooleanField(default=False, help_text="校验位不符，已逐位核对，代码与证照一致")
    licence = serializers.FileField(help_text="登记证照（PDF、JPG、PNG）")
    authorisation = serializers.FileField(help_text="授权委托书（PDF、JPG、PNG）")


class ScanBody(FileBody):
    """The scan of a signed paper, and when it came."""

    counter_on = Day(
        required=False,
        allow_null=True,
        default=None,
        help_text="窗口递交日期，不写为今天；事项从这一天起算。申请表的以代录申请的为准，不写",
    )


class Agencies(ActingView):
    """Agencies at the counter."""

    kinds = AUTHORITIES
    roles = (Role.HANDLER,)
    parser_classes = [MultiPartParser, JSONParser]

    @extend_schema(
        operation_id="counter_agencies_list",
        summary="可以由本窗口代录的机构",
        tags=TAGS,
        parameters=[OpenApiParameter("q", OpenApiTypes.STR, description="信用代码，或名称的一部分", required=True)],
        responses=RegisteredSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Find by credit code or part of a name, at most 20: a county in its area, the centre those with a filing, the
        bureau those for which it stands in."""
        text = request.query_params.get("q", "").strip()[:80]
        found = pending.enterable(self.actor, text) if text else []
        return Response(RegisteredSerializer(found, many=True).data)

    @extend_schema(
        operation_id="counter_agencies_create",
        summary="登记没有账号的机构",
        description="照窗口出示的证照登记，登记即为核实；不开通账号。只供县（市、区）的经办人。",
        tags=TAGS,
        request={"multipart/form-data": NewAgencyBody},
        responses={201: RegisteredSerializer},
    )
    def post(self, request: Request) -> Response:
        """Enter an agency by its licence and authorisation, in the caller's own area."""

        def prepare() -> tuple[Any, Any]:
            data = self.body(NewAgencyBody)
            return None, lambda: workflow.register_agency(**data, **self.by)

        return self.deed(request, "filings.claim.make", prepare, RegisteredSerializer, status=201)


class Scan(FileOnly):
    """The scan of a signed paper."""

    @extend_schema(
        operation_id="applications_counter_scan",
        summary="上传窗口收下的书面材料的扫描件",
        tags=TAGS,
        parameters=[ACT],
        request={"multipart/form-data": ScanBody},
        responses=UploadSerializer,
    )
    def put(self, request: Request, pk: int, act: str) -> Response:
        """Take it as the newest version; the act of that name, done in the agency's name, rests on it."""

        def prepare() -> Work:
            found, actor, data = self.application(), self.actor, self.body(ScanBody)
            if act not in counter.PAPERS or not permissions.is_at_counter.test(actor, found):
                raise NotFound("没有这一项书面材料。")

            def run() -> tuple[int, Any]:
                upload = workflow.upload_scan(found, act, **data, **self.by)
                return 200, plain(UploadSerializer(upload))

            # What lapses first hangs on the day of the paper: the workflow sees to it.
            return Work(verb("counter_scan"), found, run, settle=lambda: None)

        return self.perform(request, prepare)
